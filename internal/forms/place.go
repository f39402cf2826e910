package forms

import (
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/locale"
)

// readPlace takes latitude and longitude in their own boxes, or both in the first one as
// maps write them ("39.7615, 46.7496"), and an address in words.
func (f Field) readPlace(typed Typed) Value {
	var v Value
	address, _ := Clean(first(typed, f.Key+AddressBox))
	lat, lon := first(typed, f.Key+LatBox), first(typed, f.Key+LonBox)
	if strings.TrimSpace(lon) == "" {
		if a, b, ok := pair(lat); ok {
			lat, lon = a, b
		}
	}
	p := Point{Address: cut(address, 500)}
	y, okLat := degrees(lat, 90)
	x, okLon := degrees(lon, 180)
	if okLat && okLon {
		p.Lat, p.Lon, p.Known = y, x, true
	} else {
		v.raw(LatBox, lat)
		v.raw(LonBox, lon)
	}
	if p != (Point{}) {
		v.Place = &p
	}
	return v
}

// pair cuts "39.7615, 46.7496", "39,7615 46,7496" and "39.7615;46.7496" in two.
func pair(s string) (lat, lon string, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ' ' || r == '\t' || r == '\u00a0' })
	if len(parts) == 1 && strings.Count(s, ",") == 1 && strings.Contains(s, ".") {
		parts = strings.Split(s, ",")
	}
	if len(parts) != 2 {
		return "", "", false
	}
	return strings.Trim(parts[0], ", "), strings.Trim(parts[1], ", "), true
}

// degrees reads a coordinate with a decimal dot or comma, to five decimals (about a metre).
func degrees(s string, most float64) (float64, bool) {
	s, ok := Clean(s)
	if !ok || s == "" || len(s) > 30 {
		return 0, false
	}
	s = strings.TrimSuffix(strings.NewReplacer(",", ".", "−", "-", " ", "").Replace(s), "°")
	if strings.Trim(s, "+-.0123456789") != "" { // neither "inf" nor "1e5"
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < -most || n > most {
		return 0, false
	}
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'f', 5, 64), 64)
	return n, true
}

// ShowDegrees writes a coordinate as the language writes decimals.
func ShowDegrees(n float64, lang locale.Lang) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if lang == locale.EN {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}
