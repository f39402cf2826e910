package caseworkpages

import (
	"net/http"
	"slices"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// editable reads a case for one of its forms, which opens in some states only.
// Errors: not found, conflict (the case is not there).
func (h *Handler) editable(r *http.Request, states ...workflow.State) (caseView, error) {
	v, err := h.view(r)
	if err == nil && !slices.Contains(states, v.State) {
		return v, apperr.New(apperr.Conflict, "workflow.moved_on")
	}
	return v, err
}

// readDay reads a day as people write it; its zone is the union's.
func (h *Handler) readDay(text string) (time.Time, bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, text == ""
	}
	t, err := time.ParseInLocation(time.DateOnly, iso, h.zone)
	return t, err == nil
}

// askForm asks the municipality for information.
type askForm struct {
	Seq   int    `form:"seq"`
	Body  string `form:"body"`
	Until string `form:"until"`

	Kept ui.Checkboxes // files that are here already
}

func (h *Handler) showAsk(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editable(r, requests.Registered, requests.InReview)
	if err != nil {
		return err
	}
	var until time.Time
	err = h.db.Read(r.Context(), page.Actor(r), func(q postgres.Querier) (err error) {
		until, err = h.requests.Suggest(r.Context(), q, *v.Request)
		return err
	})
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, askPage(v, askForm{Seq: v.Seq, Until: day(r.Context(), until, h.zone)}))
}

func (h *Handler) ask(w http.ResponseWriter, r *http.Request) error {
	files, err := formpages.Enclose(w, r, h.documents, "files_upload", messages.MaxFiles)
	if err != nil {
		return err
	}
	form := askForm{}
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	until, ok := h.readDay(form.Until)
	if err = files.Refused; err == nil {
		err = h.requests.Inquire(r.Context(), page.Actor(r), v.PublicID, form.Seq, form.Body, until, files.Uploads...)
	}
	if err == nil {
		return done(w, r, v.PublicID, "request_information")
	}
	if v.Faults, err = h.questionFaults(r, err, ok); err != nil {
		return h.refused(w, r, err)
	}
	form.Kept = formpages.KeptFiles(r, h.documents, "files_upload", files.Uploads)
	return page.Show(w, r, http.StatusUnprocessableEntity, askPage(v, form))
}

// questionFaults are what is wrong with a question that has a day; dated says that the day
// could be read. What is no fault of the form comes back as the error.
func (h *Handler) questionFaults(r *http.Request, err error, dated bool) (page.Faults, error) {
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return nil, err
	}
	if !dated {
		faults["until"] = say(r, "casework.day_format")
	}
	if message := faults[""]; message != "" { // a file that was not taken
		faults["files"] = message
		delete(faults, "")
	}
	return faults, nil
}

// factsForm corrects what stands in the register.
type factsForm struct {
	Version int    `form:"version"`
	Kind    string `form:"kind"`
	Sector  string `form:"sector"`
	Place   string `form:"place"`
	Due     string `form:"due"`
	Urgent  bool   `form:"urgent"`

	Privileged bool `form:"privileged"`
}

func (h *Handler) factsOf(r *http.Request, x requests.Request) factsForm {
	e := requests.EditOf(x)
	return factsForm{Version: e.Version, Kind: e.Kind, Sector: e.Sector, Place: e.Place, Urgent: e.Urgent, Privileged: e.Privileged, Due: day(r.Context(), e.Due, h.zone)}
}

func (h *Handler) showFacts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editable(r, requests.StaffStates()...)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, factsPage(v, h.factsOf(r, *v.Request), nil))
}

// saveFacts stores a correction; a stale one is shown beside what is stored.
func (h *Handler) saveFacts(w http.ResponseWriter, r *http.Request) error {
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	due, ok := h.readDay(form.Due)
	if !ok {
		v.Faults = page.Faults{"due": say(r, "casework.day_format")}
		return page.Show(w, r, http.StatusUnprocessableEntity, factsPage(v, form, nil))
	}
	err = h.requests.Correct(r.Context(), page.Actor(r), v.PublicID, requests.Edit{Version: form.Version, Kind: form.Kind,
		Sector: form.Sector, Place: form.Place, Due: due, Urgent: form.Urgent, Privileged: form.Privileged})
	if err == nil {
		return done(w, r, v.PublicID, "corrected")
	}
	if conflict(err) {
		theirs := h.factsOf(r, *v.Request)
		form.Version = theirs.Version // saving again replaces what is shown
		return page.Show(w, r, http.StatusConflict, factsPage(v, form, &theirs))
	}
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, factsPage(v, form, nil))
}

// rulingForm records what an organ decided.
type rulingForm struct {
	Seq      int    `form:"seq"`
	Organ    string `form:"organ"`
	Number   string `form:"number"`
	Date     string `form:"date"`
	Outcome  string `form:"outcome"`
	Reason   string `form:"reason"`
	Amount   string `form:"amount"`
	Currency string `form:"amount_currency"`
}

func (h *Handler) showDecision(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editable(r, requests.BoardDecision)
	if err != nil {
		return err
	}
	form := rulingForm{Seq: v.Seq, Organ: string(decisions.ExecutiveBoard), Currency: v.currency()}
	return page.Show(w, r, http.StatusOK, decisionPage(v, form))
}

func (h *Handler) decide(w http.ResponseWriter, r *http.Request) error {
	var form rulingForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	ruling, faults := h.ruling(r, form)
	if len(faults) == 0 {
		err = h.requests.Decide(r.Context(), page.Actor(r), v.PublicID, ruling)
		if err == nil {
			return done(w, r, v.PublicID, form.Outcome)
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return h.refused(w, r, err)
		}
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, decisionPage(v, form))
}

// ruling reads the form: its date and its amount are typed.
func (h *Handler) ruling(r *http.Request, form rulingForm) (requests.Ruling, page.Faults) {
	faults := page.Faults{}
	date, ok := h.readDay(form.Date)
	if !ok {
		faults["date"] = say(r, "casework.day_format")
	}
	out := requests.Ruling{Seq: form.Seq, Organ: decisions.Organ(form.Organ), Number: form.Number, Date: date,
		Outcome: decisions.Outcome(form.Outcome), Reason: form.Reason}
	if form.Amount == "" {
		return out, faults
	}
	amount, ok := forms.ParseNumber(form.Amount, page.Lang(r), 2)
	if !ok || amount[0] == '-' {
		faults["amount"] = say(r, "casework.amount_format")
	}
	out.Amount, out.Currency = amount, form.Currency
	return out, faults
}

// currency is the one that the municipality's costs are in.
func (v caseView) currency() string {
	if v.Summary.Cost != nil {
		return v.Summary.Cost.Currency
	}
	return "USD"
}
