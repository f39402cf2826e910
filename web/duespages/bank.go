package duespages

import (
	"context"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/tables"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// bankView is the bank's room: take a file in, match what waits.
type bankView struct {
	dues.Bank
	May      bool
	Currency string
	Faults   page.Faults
	Rows     []dues.RowFault
	Done     string
}

func (h *Handler) bank(w http.ResponseWriter, r *http.Request) error {
	return h.showBank(w, r, http.StatusOK, bankView{Currency: "EUR", Done: done(r)})
}

func (h *Handler) showBank(w http.ResponseWriter, r *http.Request, status int, v bankView) error {
	actor := page.Actor(r)
	v.May = actor.Can(identity.EditDues)
	var err error
	if v.Bank, err = h.dues.Bank(r.Context(), actor); err != nil {
		return err
	}
	return page.Show(w, r, status, bankPage(v))
}

// takeFile takes a bank file in. The form's fields come after the file or before it.
func (h *Handler) takeFile(w http.ResponseWriter, r *http.Request) error {
	in := dues.BankInput{Lang: page.Lang(r)}
	err := page.ReadFiles(w, r, tables.MaxBytes+1<<20, func(_, name string, content io.Reader) error {
		var err error
		in.Name = name
		in.Content, err = io.ReadAll(io.LimitReader(content, tables.MaxBytes+1))
		return err
	})
	if err != nil {
		return err
	}
	var form struct {
		Currency string `form:"currency"`
	}
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	in.Currency = form.Currency
	v := bankView{Currency: in.Currency}
	if in.Name == "" {
		err = apperr.Fields(map[string]string{"file": "dues.bank.choose_file"})
	} else {
		var id string
		if id, v.Rows, err = h.dues.TakeBankFile(r.Context(), page.Actor(r), in); err == nil {
			return page.Redirect(w, r, "%s/files/%s?done=file", bankPath, id)
		}
	}
	faults, invalid := page.FaultsOf(r, err)
	if !invalid {
		return err
	}
	if v.Faults = faults; faults[""] != "" {
		v.Faults = page.Faults{"file": faults[""]}
	}
	return h.showBank(w, r, http.StatusUnprocessableEntity, v)
}

type fileView struct {
	dues.BankFile
	Listed []dues.BankLine
	May    bool
	Done   string
}

func (h *Handler) bankFile(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "file")
	if err != nil {
		return err
	}
	v := fileView{May: page.Actor(r).Can(identity.EditDues), Done: done(r)}
	if v.BankFile, v.Listed, err = h.dues.File(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, filePage(v))
}

// lineView is one line with what it may be for.
type lineView struct {
	dues.BankLine
	Offers  []dues.Assessment
	Query   string
	May     bool
	Form    matchForm
	Aside   string
	Faults  page.Faults
	Refused string
	Once    string
}

type matchForm struct {
	Assessment string `form:"assessment"`
	Amount     string `form:"amount"`
}

func (h *Handler) bankLine(w http.ResponseWriter, r *http.Request) error {
	return h.showLine(w, r, http.StatusOK, lineView{Query: page.Tidy(r.URL.Query().Get("q"))})
}

func (h *Handler) showLine(w http.ResponseWriter, r *http.Request, status int, v lineView) error {
	id, err := page.PublicID(r, "line")
	if err != nil {
		return err
	}
	v.May, v.Once = page.Actor(r).Can(identity.EditDues), page.OnceKey()
	if v.BankLine, v.Offers, err = h.dues.Line(r.Context(), page.Actor(r), page.Lang(r), id, v.Query); err != nil {
		return err
	}
	return page.Show(w, r, status, linePage(v))
}

// lineFailed shows a line again with what stands in the way.
func (h *Handler) lineFailed(w http.ResponseWriter, r *http.Request, err error, v lineView) error {
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); invalid {
		return h.showLine(w, r, http.StatusUnprocessableEntity, v)
	}
	if apperr.Is(err, apperr.Conflict) {
		v.Refused = page.Message(r, err)
		return h.showLine(w, r, http.StatusConflict, v)
	}
	return err
}

func (h *Handler) match(w http.ResponseWriter, r *http.Request) error {
	var form matchForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id := chi.URLParam(r, "line")
	amount := ""
	if form.Amount != "" {
		amount = readNumber(form.Amount, page.Lang(r), 2)
	}
	if err := h.dues.Match(r.Context(), page.Actor(r), id, form.Assessment, amount); err != nil {
		return h.lineFailed(w, r, err, lineView{Form: form, Query: page.Tidy(r.PostFormValue("q"))})
	}
	return page.Redirect(w, r, "%s?done=matched", bankPath)
}

func (h *Handler) setAside(w http.ResponseWriter, r *http.Request) error {
	reason := page.Tidy(r.PostFormValue("reason"))
	if err := h.dues.SetAside(r.Context(), page.Actor(r), chi.URLParam(r, "line"), reason); err != nil {
		return h.lineFailed(w, r, err, lineView{Aside: reason})
	}
	if reason == "" {
		return page.Redirect(w, r, "%s?done=back", bankPath)
	}
	return page.Redirect(w, r, "%s?done=aside", bankPath)
}

// lineWords say what became of a line, or what it waits for.
func lineWords(ctx context.Context, l dues.BankLine) string {
	switch {
	case l.State == "aside":
		return locale.T(ctx, "dues.bank.is_aside", "Reason", l.AsideReason)
	case l.State == "matched":
		return locale.T(ctx, "dues.bank.is_matched")
	case l.Why == "":
		return locale.T(ctx, "dues.bank.waits")
	}
	return locale.T(ctx, "dues.bank.why."+l.Why)
}

func lineChip(ctx context.Context, l dues.BankLine) ui.StatusChip {
	tone := map[string]ui.Tone{"open": ui.StatusWait, "matched": ui.StatusDone, "aside": ui.StatusClosed}[l.State]
	return ui.StatusChip{Tone: tone, Label: locale.T(ctx, "dues.bank.state."+l.State)}
}

// offerChoices are the assessments that a line can be credited to.
func (v lineView) offerChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, a := range v.Offers {
		out = append(out, ui.Choice{Value: a.PublicID, Label: a.OrgTitle + " · " + yearText(a.Year),
			Hint: a.Reference + " · " + locale.T(ctx, "dues.open_sum", "Amount", money(ctx, a.Open, a.Currency))})
	}
	return out
}

// fileFigures say what became of a file's lines.
func fileFigures(ctx context.Context, f dues.BankFile) []ui.Figure {
	number := func(key string, n int) ui.Figure {
		return ui.Figure{Label: locale.T(ctx, key), Value: locale.Number(ctx, int64(n))}
	}
	return []ui.Figure{number("dues.bank.lines", f.Lines), number("dues.bank.state.matched", f.Matched),
		number("dues.bank.state.open", f.Open), number("dues.bank.state.aside", f.Aside), number("dues.bank.known", f.Known), number("dues.bank.outgoing", f.Outgoing)}
}
