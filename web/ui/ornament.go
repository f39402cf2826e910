package ui

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The star-and-cross tiling of Seljuk and Timurid walls is the portal's only ornament. A
// star fills a cell of 72 units, a cross the gap between four stars.
const (
	starPath  = "M34.6 0 24.4 10.1V24.4H10.1L0 34.6-10.1 24.4H-24.4V10.1L-34.6 0-24.4-10.1V-24.4H-10.1L0-34.6 10.1-24.4H24.4V-10.1z"
	innerPath = "M17.3 7.2 10.1 10.1 7.2 17.3 0 14.3-7.2 17.3-10.1 10.1-17.3 7.2-14.3 0-17.3-7.2-10.1-10.1-7.2-17.3 0-14.3 7.2-17.3 10.1-10.1 17.3-7.2 14.3 0z"
	corePath  = "M7.2 0 5.1 2.1V5.1H2.1L0 7.2-2.1 5.1H-5.1V2.1L-7.2 0-5.1-2.1V-5.1H-2.1L0-7.2 2.1-5.1H5.1V-2.1z"
	crossPath = "M-36 0-25.5-10.5H-10.5V-25.5L0-36 10.5-25.5V-10.5H25.5L36 0 25.5 10.5H10.5V25.5L0 36-10.5 25.5V10.5H-25.5z"
	cell      = 72
)

// art is a picture of tiles, written once when the program starts.
type art string

// Render implements templ.Component.
func (a art) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(a))
	return err
}

// tiling draws rows of letters: 1 to 4 are stars in that tint, o a star in outline, a dot nothing.
// crosses are drawn between stars where wanted says so.
type tiling struct {
	id    string // prefix of the shapes' ids, different for each art on a page
	class string
	rows  []string
	cross func(x, y int) byte // 'f' filled, 'l' in outline, 0 none; between cell (x, y) and its right lower neighbour
	slice string              // preserveAspectRatio
}

func (t tiling) draw() art {
	var b strings.Builder
	wide, high := len(t.rows[0])*cell, len(t.rows)*cell
	fmt.Fprintf(&b, `<svg class="tiles %s" viewBox="0 0 %d %d" aria-hidden="true" focusable="false"`, t.class, wide, high)
	if t.slice != "" {
		fmt.Fprintf(&b, ` preserveAspectRatio="%s"`, t.slice)
	}
	fmt.Fprintf(&b, `><defs><g id="%[1]ss"><path d="%[2]s"/><path class="ti" d="%[3]s"/><path class="tc" d="%[4]s"/></g><path id="%[1]so" d="%[2]s"/><path id="%[1]sx" d="%[5]s"/></defs>`,
		t.id, starPath, innerPath, corePath, crossPath)
	t.crosses(&b)
	t.stars(&b)
	b.WriteString("</svg>")
	return art(b.String())
}

func (t tiling) crosses(b *strings.Builder) {
	if t.cross == nil {
		return
	}
	for y := range len(t.rows) - 1 {
		for x := range len(t.rows[0]) - 1 {
			class := map[byte]string{'f': "t3", 'l': "tl"}[t.cross(x, y)]
			if class != "" {
				t.use(b, "x", (x+1)*cell, (y+1)*cell, class)
			}
		}
	}
}

func (t tiling) stars(b *strings.Builder) {
	for y, row := range t.rows {
		for x, letter := range []byte(row) {
			cx, cy := x*cell+cell/2, y*cell+cell/2
			switch letter {
			case '.':
			case 'o':
				t.use(b, "o", cx, cy, "tl")
			default:
				t.use(b, "s", cx, cy, "t"+string(letter))
			}
		}
	}
}

func (t tiling) use(b *strings.Builder, shape string, x, y int, class string) {
	fmt.Fprintf(b, `<use href="#%s%s" x="%d" y="%d" class="%s"/>`, t.id, shape, x, y, class)
}

// heroArt is the home page's rosette: dense in the middle, thinning to lines at the rim.
var heroArt = tiling{
	id: "h", class: "hero-art",
	rows: []string{
		"..333..",
		".32224.",
		"o41112o",
		"o21412o",
		"321112o",
		".32243.",
		"..o3o..",
	},
	cross: func(x, y int) byte {
		dx, dy := 2*x-5, 2*y-5 // distance from the middle, in halves
		switch d := dx*dx + dy*dy; {
		case d <= 18:
			return 'f'
		case d <= 34:
			return 'l'
		}
		return 0
	},
}.draw()

// coverArts stand for pictures that an article does not have; one of them by its seed.
var coverArts = []art{
	coverArt("ca", "32333233", "33233332", "33434323"),
	coverArt("cb", "33323343", "34332333", "23333323"),
	coverArt("cc", "23334333", "33233233", "34333332"),
	coverArt("cd", "33233343", "32334333", "33323323"),
}

func coverArt(id string, rows ...string) art {
	return tiling{id: id, class: "on-deep", rows: rows, cross: func(x, y int) byte {
		if (x*3+y*5)%4 == 0 {
			return 'l'
		}
		return 0
	}}.draw()
}

var (
	doneArt  = tiling{id: "d", class: "art on-deep", rows: []string{"3233", "2423", "3332", "2343", "3323", "3233", "2332"}, slice: "xMidYMid slice"}.draw()
	errorArt = tiling{id: "e", class: "art", rows: []string{"o3o", "2.1", "o3o"}, cross: func(int, int) byte { return 'l' }}.draw()
	emptyArt = tiling{id: "m", rows: []string{"o"}}.draw()
	noneArt  = tiling{id: "n", rows: []string{"3"}}.draw()
	smallArt = []art{
		tiling{id: "sa", class: "on-deep", rows: []string{"34", "23", "32"}}.draw(),
		tiling{id: "sb", class: "on-deep", rows: []string{"23", "33", "42"}}.draw(),
		tiling{id: "sc", class: "on-deep", rows: []string{"32", "43", "33"}}.draw(),
	}
	logo   = art(`<svg class="logo" viewBox="-36 -36 72 72" aria-hidden="true" focusable="false"><path class="t1" d="` + starPath + `"/><path class="li" d="` + innerPath + `"/><path class="lc" d="` + corePath + `"/></svg>`)
	frieze = art(`<svg class="frieze" aria-hidden="true" focusable="false"><defs><pattern id="fz" width="28" height="28" patternUnits="userSpaceOnUse"><g fill="none" stroke="currentColor" stroke-width="2.6" transform="scale(.389) translate(36 36)"><path d="` +
		starPath + `"/><path d="` + innerPath + `"/><path d="` + strings.TrimSpace(corePath) + `" transform="translate(36 36)"/></g></pattern></defs><rect width="100%" height="28" fill="url(#fz)"/></svg>`)
)

// HeroArt is the home page's rosette.
func HeroArt() art { return heroArt }

// CoverArt is a band of tiles in place of a picture.
func CoverArt(seed int) art { return pick(coverArts, "c", seed) }

// SmallCover is a small upright cover.
func SmallCover(seed int) art { return pick(smallArt, "s", seed) }

// pick chooses an art by its seed, and names its shapes by it: a page that shows many has
// every id once.
func pick(list []art, kind string, seed int) art {
	n := abs(seed) % len(list)
	old, own := kind+string(rune('a'+n)), kind+strconv.Itoa(abs(seed))
	return art(strings.NewReplacer(`id="`+old, `id="`+own, `"#`+old, `"#`+own).Replace(string(list[n])))
}

// DoneArt stands in a confirmation, beside its text, never under it.
func DoneArt() art { return doneArt }

// ErrorArt is a tiling with one star missing.
func ErrorArt() art { return errorArt }

// EmptyArt is one star: in outline where nothing is there, faint where a filter hides it.
func EmptyArt(noMatch bool) art {
	if noMatch {
		return emptyArt
	}
	return noneArt
}

// Frieze is the band above the footer.
func Frieze() art { return frieze }

// Logo is the portal's star.
func Logo() art { return logo }

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
