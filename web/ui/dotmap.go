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

// DotMap is the region as a mosaic of dots. A dot with places glows, and its neighbours a
// little; a place with a label is a star of its own. It is a picture: an equal list and a
// search stand beside it. Give labels to few: one or two a country.
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
const dotShape = "m0-3.3 3.3 3.3-3.3 3.3-3.3-3.3z"

func (d DotMap) picture() art {
	var b strings.Builder
	stars, held := d.places()
	for _, layer := range []struct {
		name string
		in   func(mosaic.Cell) bool
	}{
		{"land", func(c mosaic.Cell) bool { return mosaic.IsLand(c) && !near(held, c) }},
		{"near", func(c mosaic.Cell) bool { return mosaic.IsLand(c) && near(held, c) && !held[c] }},
		{"held", func(c mosaic.Cell) bool { return held[c] }},
	} {
		id := d.ID + "-" + layer.name
		fmt.Fprintf(&b, `<g class="%s"><pattern id="%s" width="13" height="22.5" patternUnits="userSpaceOnUse"><path fill="currentColor" d="M6.5 5.625%[3]sM13 16.875%[3]sM0 16.875%[3]s"/></pattern><path fill="url(#%[2]s)" d="%[4]s"/></g>`,
			layer.name, id, dotShape, runs(layer.in))
	}
	drawStars(&b, stars)
	drawLabels(&b, stars)
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
	label string
}

// places are the stars, and the cells of the lattice that hold a place.
func (d DotMap) places() (stars []spot, held map[mosaic.Cell]bool) {
	held = map[mosaic.Cell]bool{}
	for _, p := range d.Points {
		x, y, ok := mosaic.Project(p.Lon, p.Lat)
		if !ok {
			continue
		}
		held[mosaic.At(x, y)] = true
		if p.Label != "" {
			stars = append(stars, spot{x, y, p.Label})
		}
	}
	return stars, held
}

// near reports whether a cell lies within two steps of a place.
func near(held map[mosaic.Cell]bool, c mosaic.Cell) bool {
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			if dx*dx+dy*dy <= 5 && held[mosaic.Cell{Col: c.Col + dx, Row: c.Row + dy}] {
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

func drawStars(b *strings.Builder, stars []spot) {
	shape := star(6)
	b.WriteString(`<path class="stars" d="`)
	for _, one := range stars {
		fmt.Fprintf(b, "M%.1f %.1f%s", one.x, one.y, shape)
	}
	b.WriteString(`"/>`)
}

// box is a rectangle that a label or a star takes.
type box struct{ x1, y1, x2, y2 float64 }

func (a box) hits(b box) bool { return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2 }

// drawLabels writes each label on the first side where it touches no star and no label, and
// leaves it out where there is none.
func drawLabels(b *strings.Builder, stars []spot) {
	taken := make([]box, 0, 2*len(stars))
	for _, one := range stars {
		taken = append(taken, box{one.x - 6, one.y - 6, one.x + 6, one.y + 6})
	}
	b.WriteString(`<g class="labels" aria-hidden="true">`)
	for i, one := range stars {
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
