package projectpages

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r, publicPath)
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, results(v))
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (h *Handler) onMap(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r, publicPath+"/map")
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, mapResults(v))
	}
	return page.Show(w, r, http.StatusOK, mapPage(v))
}

func (h *Handler) read(r *http.Request, path string) (listView, error) {
	v := listView{Path: path, Filter: readFilter(r)}
	actor := page.Actor(r)
	if path != deskPath {
		actor = identity.Anyone()
	}
	var err error
	v.Listing, err = h.projects.List(r.Context(), actor, page.Lang(r), v.Filter, readPlace(r))
	return v, err
}

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

func newFeature(name, href, note string, at projects.Point) feature {
	f := feature{Type: "Feature"}
	f.Geometry.Type, f.Geometry.Coordinates = "Point", [2]float64{at.Lon, at.Lat}
	f.Properties.Name, f.Properties.Href, f.Properties.Note = name, href, note
	return f
}

// points are the projects of the filter that have a place.
func (h *Handler) points(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.projects.All(ctx, identity.Anyone(), page.Lang(r), readFilter(r), projects.MaxPoints)
	if err != nil {
		return err
	}
	features := make([]feature, 0, len(list))
	for _, line := range list {
		if line.Point != nil {
			features = append(features, newFeature(line.Text.Title, ui.Path(ctx, publicPath+"/"+line.Text.Slug), line.OrgName+" · "+stateName(ctx, line.State), *line.Point))
		}
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

// exported sends exactly the projects that the filter leaves.
func (h *Handler) exported(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		list, err := h.projects.All(r.Context(), identity.Anyone(), page.Lang(r), readFilter(r), projects.MaxExport)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", format.Type())
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, format.FileName("projects", h.now().In(h.zone))))
		return table.Write(w, format, func(each func(projects.Line) error) error {
			for _, line := range list {
				if err := each(line); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func column(name string, kind export.Kind, value func(projects.Line) string) export.Column[projects.Line] {
	return export.Column[projects.Line]{Name: name, Kind: kind, Value: value}
}

// table declares the columns of the file.
var table = export.Table[projects.Line]{Name: "projects", Columns: []export.Column[projects.Line]{
	column("slug", export.Text, func(p projects.Line) string { return p.Text.Slug }),
	column("title", export.Text, func(p projects.Line) string { return p.Text.Title }),
	column("title_lang", export.Text, func(p projects.Line) string { return p.Text.Lang }),
	column("municipality", export.Text, func(p projects.Line) string { return p.OrgName }),
	column("country_code", export.Text, func(p projects.Line) string { return p.CountryCode }),
	column("country", export.Text, func(p projects.Line) string { return p.Country }),
	column("kind", export.Text, func(p projects.Line) string { return p.Kind }),
	column("sector", export.Text, func(p projects.Line) string { return p.Sector }),
	column("state", export.Text, func(p projects.Line) string { return string(p.State) }),
	column("place", export.Text, func(p projects.Line) string { return p.Place }),
	column("lat", export.Number, func(p projects.Line) string {
		return degrees(p.Point, func(at projects.Point) float64 { return at.Lat })
	}),
	column("lon", export.Number, func(p projects.Line) string {
		return degrees(p.Point, func(at projects.Point) float64 { return at.Lon })
	}),
	column("beneficiaries", export.Number, func(p projects.Line) string { return count(p.Beneficiaries) }),
	column("cost", export.Number, func(p projects.Line) string { return p.Cost }),
	column("currency", export.Text, func(p projects.Line) string { return p.Currency }),
	column("approved_on", export.Day, func(p projects.Line) string { return export.Date(p.ApprovedOn) }),
	column("updated", export.Day, func(p projects.Line) string { return export.Date(p.Text.UpdatedAt) }),
}}

func degrees(at *projects.Point, of func(projects.Point) float64) string {
	if at == nil {
		return ""
	}
	return fmt.Sprintf("%.5f", of(*at))
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
