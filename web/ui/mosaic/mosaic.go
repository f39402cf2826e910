// Package mosaic lays the region out as a lattice of dots: a conic projection, a grid, and
// which cells of the grid are land. It draws no border and names no country.
package mosaic

import (
	_ "embed" // land.txt
	"math"
	"strings"
)

// The picture's size and the lattice: rows are Row apart, dots Step apart, every other row
// is shifted by half a step.
const (
	Width  = 1120
	Height = 495
	Step   = 13.0
	Row    = 11.25
)

// The projection is Albers' equal-area conic with two standard parallels, set so that the
// union's region, from the Balkans to southern Siberia, fills the picture.
const (
	lat1, lat2 = 35.0, 60.0
	lat0, lon0 = 46.5, 66.0
	scale      = 971.0
	midX, midY = 642.0, 292.0
)

var (
	cone   = (math.Sin(rad(lat1)) + math.Sin(rad(lat2))) / 2
	shape  = math.Pow(math.Cos(rad(lat1)), 2) + 2*cone*math.Sin(rad(lat1))
	origin = radius(lat0)
)

func rad(degrees float64) float64 { return degrees * math.Pi / 180 }

func radius(lat float64) float64 {
	return math.Sqrt(math.Max(0, shape-2*cone*math.Sin(rad(lat)))) / cone
}

// Project is where a place stands in the picture; ok is false outside of it.
func Project(lon, lat float64) (x, y float64, ok bool) {
	r, angle := radius(lat), cone*rad(lon-lon0)
	x = midX + scale*r*math.Sin(angle)
	y = midY - scale*(origin-r*math.Cos(angle))
	return x, y, x >= 0 && x <= Width && y >= 0 && y <= Height
}

// Unproject is the place of a point of the picture.
func Unproject(x, y float64) (lon, lat float64) {
	dx, dy := (x-midX)/scale, origin+(y-midY)/scale
	r := math.Hypot(dx, dy)
	lon = lon0 + math.Atan2(dx, dy)/cone*180/math.Pi
	lat = math.Asin((shape-r*r*cone*cone)/(2*cone)) * 180 / math.Pi
	return lon, lat
}

// Cell is a place in the lattice.
type Cell struct{ Col, Row int }

// Cols and Rows are the lattice's extent.
var (
	Cols = int(math.Floor(Width / Step))
	Rows = int(math.Floor(Height / Row))
)

// Center is where a cell's dot stands.
func (c Cell) Center() (x, y float64) {
	x = Step/2 + float64(c.Col)*Step
	if c.Row%2 == 1 {
		x += Step / 2
	}
	return x, Row/2 + float64(c.Row)*Row
}

// At is the cell whose dot is nearest to a point.
func At(x, y float64) Cell {
	row := min(Rows-1, max(0, int(y/Row)))
	shift := Step / 2
	if row%2 == 1 {
		shift += Step / 2
	}
	return Cell{Col: min(Cols-1, max(0, int(math.Round((x-shift)/Step)))), Row: row}
}

//go:embed land.txt
var landText string

var land = readLand(landText)

// IsLand reports whether a cell lies on land.
func IsLand(c Cell) bool {
	return c.Row >= 0 && c.Row < len(land) && c.Col >= 0 && c.Col < len(land[c.Row]) && land[c.Row][c.Col] == '#'
}

func readLand(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
