package searchpages

import (
	"encoding/json"
	"net/http"

	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
)

// answer is one hit as the command palette shows it.
type answer struct {
	Text  string `json:"text"`
	Sub   string `json:"sub"` // what it is, and its number
	Href  string `json:"href"`
	Exact bool   `json:"exact"` // its number is what was typed
}

// quick is how many hits the palette shows.
const quick = 12

// quickFind answers the command palette: what the reader may see and the text fits, the
// record whose number was typed, in any spelling, first.
func (h *Handler) quickFind(w http.ResponseWriter, r *http.Request) error {
	text := page.Tidy(r.URL.Query().Get("q"))
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText])
	}
	reference, known := requests.ParseReference(text)
	if known {
		text = reference
	}
	hits, err := h.find(r, text)
	if err != nil {
		return err
	}
	out := []answer{}
	for _, hit := range hits[:min(quick, len(hits))] {
		out = append(out, h.answer(r, hit, reference))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(out)
}

func (h *Handler) answer(r *http.Request, hit search.Hit, typed string) answer {
	sub := kindName(r.Context(), hit.Ref.Kind)
	if hit.Reference != "" && hit.Ref.Kind != subject.Municipality { // a city's is of the list that it came from, and says nothing
		sub += " · " + hit.Reference
	}
	return answer{Text: hit.Title, Sub: sub, Href: hit.Path, Exact: typed != "" && hit.Reference == typed}
}
