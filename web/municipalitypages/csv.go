package municipalitypages

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
)

type row = municipalities.ExportRow

// directoryTable names its columns as data files do: in English, for every language.
var directoryTable = export.Table[row]{Name: "municipalities", Columns: []export.Column[row]{
	{Name: "source_id", Value: func(r row) string { return r.SourceID }},
	{Name: "slug", Value: func(r row) string { return r.Slug }},
	{Name: "name", Value: func(r row) string { return r.Title }},
	{Name: "official_name", Value: func(r row) string { return r.Name }},
	{Name: "standing", Value: func(r row) string { return string(r.Standing) }},
	{Name: "country_code", Value: func(r row) string { return r.CountryCode }},
	{Name: "country", Value: func(r row) string { return r.Country }},
	{Name: "region", Value: func(r row) string { return r.Region }},
	{Name: "lat", Kind: export.Number, Value: func(r row) string { return degrees(r.Lat) }},
	{Name: "lon", Kind: export.Number, Value: func(r row) string { return degrees(r.Lon) }},
	{Name: "population", Kind: export.Number, Value: func(r row) string { return export.Integer(r.Population) }},
	{Name: "population_year", Kind: export.Number, Value: func(r row) string { return export.Integer(r.PopulationYear) }},
	{Name: "time_zone", Value: func(r row) string { return r.Zone }},
	{Name: "fields", Value: func(r row) string { return strings.Join(r.Fields, "; ") }},
	{Name: "figures_at", Kind: export.Day, Value: func(r row) string { return export.Date(r.FiguresAt) }},
}}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 5, 64) }

// directoryFile sends exactly the municipalities that the filter leaves, in the list's order.
func (h *Handler) directoryFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return page.Download(w, r, directoryTable, format, func(each func(row) error) error {
			return h.municipalities.Export(r.Context(), page.Actor(r), page.Lang(r), readFilter(r), each)
		})
	}
}

// files mounts the list as a file in every format.
func (h *Handler) files(r chi.Router) {
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		r.Method(http.MethodGet, "/municipalities."+string(format), h.directoryFile(format))
	}
}
