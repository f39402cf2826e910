package accountpages

import (
	"net/http"

	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/web/page"
)

// lettersView is the page on which people choose how fast they are told of what.
type lettersView struct {
	Chosen map[string]notify.Pace
	Faults page.Faults
	Saved  bool
}

func (h *Handler) showLetters(w http.ResponseWriter, r *http.Request) error {
	chosen, err := h.Letters.Of(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, lettersPage(lettersView{Chosen: chosen, Saved: r.URL.Query().Get("saved") == "1"}))
}

func (h *Handler) saveLetters(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	chosen := map[string]notify.Pace{}
	for _, topic := range notify.Topics() {
		chosen[topic] = notify.Pace(r.PostFormValue(topic))
	}
	err := h.Letters.Save(r.Context(), page.Actor(r), chosen)
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, lettersPage(lettersView{Chosen: chosen, Faults: faults}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/letters?saved=1")
}
