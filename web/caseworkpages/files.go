package caseworkpages

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/page"
)

// columns name the file's columns as data files do: in English, for every language.
var fileColumns = []string{"reference", "title", "municipality", "country", "sector", "kind", "state", "urgent", "officer",
	"received", "due", "cost", "currency"}

// exportCSV sends exactly the requests that the filter leaves, in the list's order.
func (h *Handler) exportCSV(w http.ResponseWriter, r *http.Request) error {
	out := csv.NewWriter(w)
	begun := false
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="requests-%s.csv"`, h.now().In(h.zone).Format(time.DateOnly)))
		_, _ = w.Write([]byte("\ufeff")) // spreadsheets take the file for UTF-8 by it
		return out.Write(fileColumns)
	}
	err := h.requests.Each(r.Context(), page.Actor(r), page.Lang(r), readFilter(r.URL.Query()), func(row requests.Row) error {
		if !begun { // an error before the first row is still answered as one
			if err := begin(); err != nil {
				return err
			}
		}
		return out.Write(h.cells(row))
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

// cells are a row of a file; days are the union's.
func (h *Handler) cells(r requests.Row) []string {
	urgent, due, cost, currency := "no", "", "", ""
	if r.Urgent {
		urgent = "yes"
	}
	if r.DueAt != nil {
		due = r.DueAt.In(h.zone).Format(time.DateOnly)
	}
	if r.Cost != nil && r.Currency != nil {
		cost, currency = *r.Cost, *r.Currency
	}
	out := []string{r.Reference, r.Title, r.OrgName, r.Country, r.Sector, r.Kind, string(r.State), urgent, r.OfficerName,
		r.SubmittedAt.In(h.zone).Format(time.DateOnly), due, cost, currency}
	for i, cell := range out {
		out[i] = harmless(cell)
	}
	return out
}

// harmless keeps a spreadsheet from reading a text as a formula.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	return "'" + cell
}
