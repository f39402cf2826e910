package ui

import (
	"context"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"github.com/birlik/portal/web/ui/mosaic"
)

// Point is a place on the mosaic.
type Point struct {
	Lon, Lat float64
	Label    string // written beside the star where there is room; most important first
}

// DotMap is the region as a mosaic of dots, with a star a place. It is a picture: an equal
// list and a search stand beside it. More than 80 places are gathered into the lattice, and
// a star's size says how many stand there.
type DotMap struct {
	ID     string
	Title  string // what it shows, in words
	Points []Point
	Start  float64 // where a phone begins to look: 0 west, 1 east
}

// Render implements templ.Component.
func (d DotMap) Render(ctx context.Context, w io.Writer) error {
	return dotMap(d, d.picture()).Render(ctx, w)
}

// The dots are a pattern under a mask of runs: a few kilobytes instead of thousands of shapes.
const dotShape = "m0-3.3 3.3 3.3L0 3.3-3.3 0z"

func (d DotMap) picture() art {
	var b strings.Builder
	spots := d.spots()
	for _, layer := range []struct {
		name string
		in   func(mosaic.Cell) bool
	}{
		{"land", func(c mosaic.Cell) bool { return mosaic.IsLand(c) && !spots.near(c) }},
		{"near", func(c mosaic.Cell) bool { return mosaic.IsLand(c) && spots.near(c) }},
	} {
		id := d.ID + "-" + layer.name
		fmt.Fprintf(&b, `<g class="%s"><pattern id="%s" width="13" height="22.5" patternUnits="userSpaceOnUse"><path fill="currentColor" d="M6.5 5.625%[3]sM13 16.875%[3]sM0 16.875%[3]s"/></pattern><path fill="url(#%[2]s)" d="%[4]s"/></g>`,
			layer.name, id, dotShape, runs(layer.in))
	}
	spots.drawStars(&b)
	spots.drawLabels(&b)
	return art(b.String())
}

// runs is the outline of the cells that belong, as one rectangle a run of neighbours.
func runs(in func(mosaic.Cell) bool) string {
	var b strings.Builder
	for row := range mosaic.Rows {
		for col := 0; col < mosaic.Cols; col++ {
			from := col
			for col < mosaic.Cols && in(mosaic.Cell{Col: col, Row: row}) {
				col++
			}
			if col > from {
				x, y := mosaic.Cell{Col: from, Row: row}.Center()
				fmt.Fprintf(&b, "M%g %gh%dv11.25h-%dz", x-mosaic.Step/2, y-mosaic.Row/2, (col-from)*mosaic.Step, (col-from)*mosaic.Step)
			}
		}
	}
	return b.String()
}

// spot is one star of the picture.
type spot struct {
	x, y  float64
	count int
	label string
}

type spots struct {
	list []spot
	held map[mosaic.Cell]bool
}

// gatherAbove is how many places are drawn each for itself.
const gatherAbove = 80

func (d DotMap) spots() spots {
	out := spots{held: map[mosaic.Cell]bool{}}
	at := map[mosaic.Cell]int{}
	for _, p := range d.Points {
		x, y, ok := mosaic.Project(p.Lon, p.Lat)
		if !ok {
			continue
		}
		c := mosaic.At(x, y)
		out.held[c] = true
		if len(d.Points) <= gatherAbove {
			out.list = append(out.list, spot{x, y, 1, p.Label})
			continue
		}
		if i, known := at[c]; known {
			out.list[i].count++
			out.list[i].label = or(out.list[i].label, p.Label)
			continue
		}
		at[c] = len(out.list)
		x, y = c.Center()
		out.list = append(out.list, spot{x, y, 1, p.Label})
	}
	return out
}

// near reports whether a cell lies within two steps of a place.
func (s spots) near(c mosaic.Cell) bool {
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			if dx*dx+dy*dy <= 5 && s.held[mosaic.Cell{Col: c.Col + dx, Row: c.Row + dy}] {
				return true
			}
		}
	}
	return false
}

// star is the eight-pointed star of the tiling with radius r, from its middle.
func star(r float64) string {
	// Two squares laid over each other: corners at r on the axes and on the diagonals, and
	// notches between them.
	side := r * .7071
	notch := r - side
	return fmt.Sprintf("m0-%[1]g %[2]g %[2]gh%[3]gv%[3]gl%[2]g %[2]g-%[2]g %[2]gv%[3]gh-%[3]gl-%[2]g %[2]g-%[2]g-%[2]gh-%[3]gv-%[3]gl-%[2]g-%[2]g %[2]g-%[2]gv-%[3]gh%[3]gz",
		tenth(r), tenth(notch), tenth(side-notch))
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

func (s spots) drawStars(b *strings.Builder) {
	b.WriteString(`<path class="stars" d="`)
	for _, one := range s.list {
		fmt.Fprintf(b, "M%.0f %.0f%s", one.x, one.y, star(size(one.count, len(s.list))))
	}
	b.WriteString(`"/>`)
}

// size grows with how many places a star stands for.
func size(count, all int) float64 {
	switch {
	case all <= gatherAbove && count == 1:
		return 5.5
	case count >= 8:
		return 6.4
	case count >= 3:
		return 5
	}
	return 3.6
}

// box is a rectangle that a label or a star takes.
type box struct{ x1, y1, x2, y2 float64 }

func (a box) hits(b box) bool { return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2 }

// drawLabels writes each label on the first side where it touches no star and no label, and
// leaves it out where there is none.
func (s spots) drawLabels(b *strings.Builder) {
	taken := make([]box, 0, 2*len(s.list))
	for _, one := range s.list {
		taken = append(taken, box{one.x - 6, one.y - 6, one.x + 6, one.y + 6})
	}
	b.WriteString(`<g class="labels" aria-hidden="true">`)
	for i, one := range s.list {
		if one.label == "" {
			continue
		}
		wide := float64(len([]rune(one.label)))*9.2 + 4
		for _, side := range []struct {
			class  string
			dx, dy float64
			area   box
		}{
			{"", 10, 5, box{one.x + 8, one.y - 10, one.x + 8 + wide, one.y + 10}},
			{"e", -10, 5, box{one.x - 8 - wide, one.y - 10, one.x - 8, one.y + 10}},
			{"m", 0, -11, box{one.x - wide/2, one.y - 27, one.x + wide/2, one.y - 7}},
			{"m", 0, 22, box{one.x - wide/2, one.y + 7, one.x + wide/2, one.y + 27}},
		} {
			if !free(side.area, taken, i) {
				continue
			}
			taken = append(taken, side.area)
			fmt.Fprintf(b, `<text class="%s" x="%.0f" y="%.0f">%s</text>`, side.class, one.x+side.dx, one.y+side.dy, html.EscapeString(one.label))
			break
		}
	}
	b.WriteString(`</g>`)
}

func free(area box, taken []box, own int) bool {
	if area.x1 < 0 || area.y1 < 0 || area.x2 > mosaic.Width || area.y2 > mosaic.Height {
		return false
	}
	for i, t := range taken {
		if i != own && area.hits(t) {
			return false
		}
	}
	return true
}
