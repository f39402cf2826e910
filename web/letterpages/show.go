package letterpages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// showView is an issued letter.
type showView struct {
	letters.Letter
	Servings []letters.Serving
	May      bool
	Form     serveForm
	Once     string
	Faults   page.Faults
	Done     string
}

// serveForm is how a letter was served, as it is typed.
type serveForm struct {
	Way    string `form:"way"`
	Number string `form:"number"`
	Day    string `form:"day"`
	Hour   string `form:"hour"`
	Note   string `form:"note"`
}

// serving reads the form; the day and the hour are the union's.
func (f serveForm) serving(zone *time.Location) letters.Serving {
	out := letters.Serving{Way: f.Way, Number: f.Number, Note: f.Note}
	hour := strings.ReplaceAll(f.Hour, ".", ":")
	if hour == "" {
		hour = "00:00"
	}
	if iso, ok := forms.ParseDate(f.Day); ok {
		if at, err := time.ParseInLocation("2006-01-02 15:04", iso+" "+hour, zone); err == nil {
			out.At = at
		}
	}
	return out
}

func (h *Handler) read(r *http.Request) (v showView, err error) {
	id, err := page.PublicID(r, "letter")
	if err != nil {
		return v, err
	}
	v = showView{May: page.Actor(r).Can(identity.WriteMembers), Done: done(r), Once: page.OnceKey(), Form: serveForm{Way: letters.Ways()[0]}}
	v.Letter, v.Servings, err = h.letters.Show(r.Context(), page.Actor(r), id)
	return v, err
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, showPage(v))
}

// serve records how the letter reached its addressee.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	err = h.letters.Serve(r.Context(), page.Actor(r), v.PublicID, v.Form.serving(h.zone))
	if err == nil {
		return page.Redirect(w, r, "%s/%s?done=served", deskPath, v.PublicID)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, showPage(v))
}

// facts are what is known of a letter beside its text.
func (v showView) facts(ctx context.Context) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "letters.kind_label"), Value: kindName(ctx, v.Kind)}, {Label: locale.T(ctx, "letters.issued_on"), Value: locale.Date(ctx, v.IssuedOn)},
		{Label: locale.T(ctx, "letters.language"), Value: locale.LanguageName(ctx, v.Lang)}, {Label: locale.T(ctx, "letters.signs"), Value: locale.T(ctx, "letters.office."+v.Office)},
		{Label: locale.T(ctx, "letters.writer"), Value: v.WriterName}}
	if v.DecisionNo != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "letters.decision"), Value: v.DecisionNo})
	}
	return rows
}

// correct leads to a new letter that puts this one right.
func (v showView) correct(ctx context.Context) string {
	return ui.Path(ctx, deskPath+"/new?"+url.Values{"record": {v.OrgPublic}, "corrects": {v.PublicID}, "about": {string(v.Kind)}}.Encode())
}

// servedWords say how and when a letter was served.
func servedWords(ctx context.Context, s letters.Serving) string {
	words := locale.T(ctx, "letters.way."+s.Way)
	if s.Number != "" {
		words += " · " + s.Number
	}
	return words
}

func wayOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, way := range letters.Ways() {
		out = append(out, ui.Option{Value: way, Label: locale.T(ctx, "letters.way."+way)})
	}
	return out
}
