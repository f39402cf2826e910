package municipalitypages

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/web/page"
)

// csvHeader names the columns as data files do: in English, for every language.
var csvHeader = []string{"source_id", "slug", "name", "official_name", "standing", "country_code", "country", "region", "lat", "lon",
	"population", "population_year", "time_zone", "fields", "figures_at"}

// directoryCSV sends exactly the municipalities that the filter leaves, in the list's order.
func (h *Handler) directoryCSV(w http.ResponseWriter, r *http.Request) error {
	header := w.Header()
	out := csv.NewWriter(w)
	begun := false
	begin := func() error {
		begun = true
		header.Set("Content-Type", "text/csv; charset=utf-8")
		header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="municipalities-%s.csv"`, h.now().Format(time.DateOnly)))
		_, _ = w.Write([]byte("\ufeff")) // spreadsheets take the file for UTF-8 by it
		return out.Write(csvHeader)
	}
	err := h.municipalities.Export(r.Context(), page.Actor(r), page.Lang(r), readFilter(r), func(row municipalities.ExportRow) error {
		if !begun { // an error before the first row is still answered as one
			if err := begin(); err != nil {
				return err
			}
		}
		return out.Write(csvRow(row))
	})
	if err != nil && !begun {
		return err
	}
	if !begun {
		err = begin()
	}
	out.Flush()
	return err
}

func csvRow(row municipalities.ExportRow) []string {
	population, year := "", ""
	if row.Population != nil && row.PopulationYear != nil {
		population, year = strconv.FormatInt(*row.Population, 10), strconv.Itoa(*row.PopulationYear)
	}
	out := []string{row.SourceID, row.Slug, row.Title, row.Name, string(row.Standing), row.CountryCode, row.Country, row.Region,
		strconv.FormatFloat(row.Lat, 'f', 5, 64), strconv.FormatFloat(row.Lon, 'f', 5, 64), population, year,
		row.Zone, strings.Join(row.Fields, "; "), row.FiguresAt.Format(time.DateOnly)}
	for i, cell := range out {
		out[i] = harmless(cell, i)
	}
	return out
}

// harmless keeps a spreadsheet from reading a name as a formula; numbers stay numbers.
func harmless(cell string, column int) string {
	if csvHeader[column] == "lat" || csvHeader[column] == "lon" || cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	return "'" + cell
}
