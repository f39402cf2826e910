package mosaic

import (
	"math"
	"testing"
)

func TestProjectionReturns(t *testing.T) {
	for _, p := range [][2]float64{{32.85, 39.93}, {19.04, 47.5}, {94.45, 51.72}, {58.38, 37.95}} {
		x, y, ok := Project(p[0], p[1])
		if !ok {
			t.Errorf("%v falls outside of the picture", p)
		}
		if lon, lat := Unproject(x, y); math.Abs(lon-p[0]) > 1e-6 || math.Abs(lat-p[1]) > 1e-6 {
			t.Errorf("%v returns as %g %g", p, lon, lat)
		}
	}
	if _, _, ok := Project(-74, 40.7); ok {
		t.Error("New York stands in the picture")
	}
}

func TestLandAndSea(t *testing.T) {
	for name, c := range map[string]struct {
		lon, lat float64
		land     bool
	}{
		"Ankara": {32.85, 39.93, true}, "Astana": {71.43, 51.16, true},
		"Black Sea": {35, 43.2, false}, "Caspian Sea": {50.8, 41.5, false},
	} {
		x, y, _ := Project(c.lon, c.lat)
		if IsLand(At(x, y)) != c.land {
			t.Errorf("%s: land is %v", name, !c.land)
		}
	}
}
