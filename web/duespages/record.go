package duespages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// recordView is one assessment with its forms.
type recordView struct {
	dues.Record
	Today     time.Time
	May       bool
	Audit     bool
	Done      string
	Refused   string
	Once      string
	Pay       payForm
	Waive     waiveForm
	Back      backForm
	Cancel    cancelForm
	Faults    page.Faults
	Decisions []decisions.Cited
}

type payForm struct {
	Amount   string `form:"amount"`
	Currency string `form:"amount_currency"`
	PaidOn   string `form:"paid_on"`
	Method   string `form:"method"`
	Note     string `form:"note"`
}

type waiveForm struct {
	Amount   string `form:"waived"`
	Decision string `form:"decision"`
	Reason   string `form:"why"`
}

type backForm struct {
	Reason  string `form:"reason"`
	payment string
}

type cancelForm struct {
	Reason string `form:"cancel_reason"`
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.record(r)
	if err != nil {
		return err
	}
	v.Done = done(r)
	return page.Show(w, r, http.StatusOK, recordPage(v))
}

func (h *Handler) record(r *http.Request) (recordView, error) {
	v := recordView{Today: h.today(), Once: page.OnceKey()}
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return v, err
	}
	ctx, actor := r.Context(), page.Actor(r)
	v.May, v.Audit = actor.Can(identity.EditDues), actor.Can(identity.ReadAudit)
	if v.Record, err = h.dues.Assessment(ctx, actor, page.Lang(r), id); err != nil {
		return v, err
	}
	v.Pay = payForm{Amount: typed(page.Lang(r), v.Open), Currency: v.Currency, PaidOn: shown(v.Today), Method: "transfer"}
	v.Waive.Amount = typed(page.Lang(r), v.Open)
	if v.May && v.Open > 0 {
		v.Decisions, err = h.dues.Decisions(ctx, actor)
	}
	return v, err
}

// failed shows the record again with what was typed and what is wrong with it.
func (h *Handler) failed(w http.ResponseWriter, r *http.Request, err error, fill func(v *recordView)) error {
	faults, invalid := page.FaultsOf(r, err)
	if !invalid && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, failure := h.record(r)
	if failure != nil {
		return failure
	}
	status := http.StatusUnprocessableEntity
	if !invalid {
		status, v.Refused = http.StatusConflict, page.Message(r, err)
	}
	v.Faults = faults
	fill(&v)
	return page.Show(w, r, status, recordPage(v))
}

func (h *Handler) back(w http.ResponseWriter, r *http.Request, what string) error {
	return page.Redirect(w, r, "%s/assessments/%s?done=%s", deskPath, chi.URLParam(r, "assessment"), what)
}

func (h *Handler) pay(w http.ResponseWriter, r *http.Request) error {
	var form payForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return err
	}
	_, err = h.dues.Pay(r.Context(), page.Actor(r), id, dues.PaymentInput{Amount: readNumber(form.Amount, page.Lang(r), 2), Currency: form.Currency,
		PaidOn: readDay(form.PaidOn), Method: form.Method, Note: form.Note})
	if err != nil {
		return h.failed(w, r, err, func(v *recordView) { v.Pay = form })
	}
	return h.back(w, r, "paid")
}

func (h *Handler) takeBack(w http.ResponseWriter, r *http.Request) error {
	var form backForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return err
	}
	if form.payment, err = page.PublicID(r, "payment"); err != nil {
		return err
	}
	if err := h.dues.TakeBack(r.Context(), page.Actor(r), id, form.payment, form.Reason); err != nil {
		return h.failed(w, r, err, func(v *recordView) { v.Back = form })
	}
	return h.back(w, r, "taken_back")
}

func (h *Handler) waive(w http.ResponseWriter, r *http.Request) error {
	var form waiveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return err
	}
	err = h.dues.Waive(r.Context(), page.Actor(r), id, dues.WaiverInput{Amount: readNumber(form.Amount, page.Lang(r), 2), Decision: form.Decision, Reason: form.Reason})
	if err != nil {
		return h.failed(w, r, err, func(v *recordView) { v.Waive = form })
	}
	return h.back(w, r, "waived")
}

func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) error {
	var form cancelForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return err
	}
	if err := h.dues.Cancel(r.Context(), page.Actor(r), id, form.Reason); err != nil {
		return h.failed(w, r, err, func(v *recordView) { v.Cancel = form })
	}
	return h.back(w, r, "cancelled")
}

func (h *Handler) remind(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "assessment")
	if err != nil {
		return err
	}
	if err := h.dues.Remind(r.Context(), page.Actor(r), id); err != nil {
		return h.failed(w, r, err, func(*recordView) {})
	}
	return h.back(w, r, "reminded")
}

func (v recordView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, v.DeskPath()+below)
}

// failing reports whether one of a form's fields is at fault, so that it stands open.
func (v recordView) failing(fields ...string) bool {
	for _, f := range fields {
		if v.Faults[f] != "" {
			return true
		}
	}
	return false
}

// facts stand beside the record.
func (v recordView) facts(ctx context.Context) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Label: locale.T(ctx, "dues.reference"), Content: ui.Reference(v.Reference)},
		{Label: locale.T(ctx, "dues.due"), Value: locale.Date(ctx, v.DueOn)},
		{Label: locale.T(ctx, "dues.issued"), Value: locale.Date(ctx, locale.Own(ctx, v.IssuedAt))},
	}
	if v.RulesVersion > 0 {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "dues.rules"), Content: rulesLink(v.Year, v.RulesVersion)})
	}
	if v.Base != v.Amount {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "dues.base"), Value: money(ctx, v.Base, v.BaseCurrency)})
	}
	if v.RemindedAt != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "dues.reminded"), Value: locale.Date(ctx, locale.Own(ctx, *v.RemindedAt))})
	}
	return rows
}

// balance are the sums of an assessment.
func balance(ctx context.Context, a dues.Assessment) []ui.Figure {
	items := []ui.Figure{{Label: locale.T(ctx, "dues.amount"), Value: money(ctx, a.Amount, a.Currency)},
		{Label: locale.T(ctx, "dues.paid"), Value: money(ctx, a.Paid, a.Currency)}}
	if a.Waived > 0 {
		items = append(items, ui.Figure{Label: locale.T(ctx, "dues.waived"), Value: money(ctx, a.Waived, a.Currency)})
	}
	return append(items, ui.Figure{Label: locale.T(ctx, "dues.open"), Value: money(ctx, a.Open, a.Currency)})
}

// came says how a payment came.
func came(ctx context.Context, p dues.Payment) string {
	words := methodName(ctx, p.Method)
	if p.FromBank {
		words = locale.T(ctx, "dues.from_bank")
	}
	if p.Rate != "" {
		words += " · " + locale.T(ctx, "dues.converted", "Money", money(ctx, p.Received, p.ReceivedCurrency), "Rate", p.Rate)
	}
	if p.Note != "" {
		words += " · " + p.Note
	}
	return words
}

// waiverWords say on which decision a waiver rests.
func waiverWords(ctx context.Context, w dues.Waiver) string {
	words := w.Organ.In(locale.Of(ctx).Lang) + " · " + w.Number + " · " + locale.ShortDate(ctx, w.DecidedOn)
	if w.Reason != "" {
		words += " · " + w.Reason
	}
	return words
}

func methodOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, m := range dues.Methods() {
		out = append(out, ui.Option{Value: m, Label: methodName(ctx, m)})
	}
	return out
}

// typed is an amount as a person of the language would type it.
func typed(lang locale.Lang, a dues.Amount) string {
	mark := ","
	if lang == locale.EN {
		mark = "."
	}
	cents := strconv.FormatInt(int64(a)%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return strconv.FormatInt(int64(a)/100, 10) + mark + cents
}

func shown(day time.Time) string { return day.Format("02.01.2006") }
