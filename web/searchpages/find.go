package searchpages

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/birlik/portal/internal/fold"
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
	reference, _ := requests.ParseReference(text)
	hits, err := h.numbered(r, text, reference)
	if err != nil {
		return err
	}
	out := []answer{}
	for _, hit := range hits[:min(quick, len(hits))] {
		out = append(out, h.answer(r, hit, text, reference))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(out)
}

// numbered finds a text, and before it the record whose reference it spells: a number from
// before the portal may look like one of ours.
func (h *Handler) numbered(r *http.Request, text, reference string) ([]search.Hit, error) {
	hits, err := h.find(r, text)
	if err != nil || reference == "" || reference == text {
		return hits, err
	}
	first, err := h.find(r, reference)
	for _, hit := range hits {
		if !slices.ContainsFunc(first, func(x search.Hit) bool { return x.Ref == hit.Ref }) {
			first = append(first, hit)
		}
	}
	return first, err
}

// answer is a hit as the palette shows it; exact, where its number, of today or of before the
// portal, is what was typed.
func (h *Handler) answer(r *http.Request, hit search.Hit, text, reference string) answer {
	sub := kindName(r.Context(), hit.Ref.Kind)
	if hit.Reference != "" && hit.Ref.Kind != subject.Municipality { // a city's is of the list that it came from, and says nothing
		sub += " · " + hit.Reference
	}
	exact := reference != "" && hit.Reference == reference
	if hit.Ref.Kind == subject.Request && hit.Name != "" && fold.Key(hit.Name) == fold.Key(text) {
		exact, sub = true, sub+" · "+hit.Name
	}
	return answer{Text: hit.Title, Sub: sub, Href: hit.Path, Exact: exact}
}
