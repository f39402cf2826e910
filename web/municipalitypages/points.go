package municipalitypages

import (
	"encoding/json"
	"net/http"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// feature is one point of a GeoJSON file (RFC 7946).
type feature struct {
	Type     string `json:"type"`
	Geometry struct {
		Type        string     `json:"type"`
		Coordinates [2]float64 `json:"coordinates"` // longitude first
	} `json:"geometry"`
	Properties struct {
		Name string `json:"name"`
		Href string `json:"href,omitempty"`
		Note string `json:"note,omitempty"`
	} `json:"properties"`
}

func newFeature(name, href, note string, lat, lon float64) feature {
	f := feature{Type: "Feature"}
	f.Geometry.Type, f.Geometry.Coordinates = "Point", [2]float64{lon, lat}
	f.Properties.Name, f.Properties.Href, f.Properties.Note = name, href, note
	return f
}

func (h *Handler) mapPoints(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	points, err := h.municipalities.Points(ctx, page.Actor(r), page.Lang(r), readFilter(r), municipalities.MaxPoints)
	if err != nil {
		return err
	}
	features := make([]feature, len(points))
	for i, p := range points {
		note := p.Country
		if p.Population != nil {
			note += " · " + locale.Number(ctx, *p.Population)
		}
		features[i] = newFeature(p.Title, ui.Path(ctx, "/municipalities/"+p.Slug), note, p.Lat, p.Lon)
	}
	return writePoints(w, features)
}

func writePoints(w http.ResponseWriter, features []feature) error {
	body, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	_, _ = w.Write(body) // the reader may have gone
	return nil
}
