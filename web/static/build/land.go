package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/birlik/portal/web/ui/mosaic"
)

// The zoomable map shows this window of the world, in degrees.
const west, east, south, north = -20.0, 160.0, 0.0, 82.0

// topology is what the land file of world-atlas holds (TopoJSON with one object).
type topology struct {
	Arcs      [][][2]float64 `json:"arcs"`
	Transform struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	Objects struct {
		Land struct {
			Geometries []struct {
				Arcs [][][]int `json:"arcs"`
			} `json:"geometries"`
		} `json:"land"`
	} `json:"objects"`
}

type ring [][2]float64 // lon, lat

// addLand makes the land shapes of the zoomable map, and the mosaic's cells.
func addLand(o *output) error {
	raw, err := os.ReadFile(filepath.Join(source, "vendor", "world-atlas", "land-50m.json"))
	if err != nil {
		return err
	}
	var topo topology
	if err := json.Unmarshal(raw, &topo); err != nil {
		return err
	}
	rings := topo.rings()
	if err := os.WriteFile("web/ui/mosaic/land.txt", []byte(lattice(rings)), 0o644); err != nil {
		return err
	}
	shapes, err := json.Marshal(deltas(rings))
	if err != nil {
		return err
	}
	return o.add("land.json", shapes)
}

// rings joins the arcs of every outline; holes in the land (the Caspian Sea) are rings too.
func (t topology) rings() []ring {
	var out []ring
	for _, geometry := range t.Objects.Land.Geometries {
		for _, polygon := range geometry.Arcs {
			for _, outline := range polygon {
				var points ring
				for _, arc := range outline {
					points = append(points, t.arc(arc)...)
				}
				out = append(out, points)
			}
		}
	}
	return out
}

// arc decodes one arc; a negative number is an arc walked backwards.
func (t topology) arc(i int) ring {
	backwards := i < 0
	if backwards {
		i = ^i
	}
	var x, y float64
	out := make(ring, 0, len(t.Arcs[i]))
	for _, d := range t.Arcs[i] {
		x, y = x+d[0], y+d[1]
		out = append(out, [2]float64{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
	}
	if backwards {
		for a, b := 0, len(out)-1; a < b; a, b = a+1, b-1 {
			out[a], out[b] = out[b], out[a]
		}
	}
	return out
}

// lattice writes one line a row: # is land.
func lattice(rings []ring) string {
	var b strings.Builder
	for row := range mosaic.Rows {
		for col := range mosaic.Cols {
			lon, lat := mosaic.Unproject(mosaic.Cell{Col: col, Row: row}.Center())
			if inside(rings, lon, lat) {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// inside counts the outlines that a line to the east crosses: odd is land.
func inside(rings []ring, lon, lat float64) bool {
	in := false
	for _, r := range rings {
		for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
			a, b := r[i], r[j]
			if (a[1] > lat) != (b[1] > lat) && lon < (b[0]-a[0])*(lat-a[1])/(b[1]-a[1])+a[0] {
				in = !in
			}
		}
	}
	return in
}

// deltas writes each outline that touches the window as steps of a hundredth of a degree.
func deltas(rings []ring) [][]int {
	var out [][]int
	for _, r := range rings {
		if !touches(r) {
			continue
		}
		var steps []int
		px, py := 0, 0
		for _, p := range r {
			x, y := int(math.Round(p[0]*20)*5), int(math.Round(p[1]*20)*5)
			if len(steps) > 0 && x == px && y == py {
				continue
			}
			steps = append(steps, x-px, y-py)
			px, py = x, y
		}
		if len(steps) > 6 {
			out = append(out, steps)
		}
	}
	return out
}

func touches(r ring) bool {
	for _, p := range r {
		if p[0] > west && p[0] < east && p[1] > south && p[1] < north {
			return true
		}
	}
	return false
}
