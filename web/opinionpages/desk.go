package opinionpages

import (
	"context"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// redactionForm is what is hidden, line by line, and what is told.
type redactionForm struct {
	Version  int      `form:"version"`
	Title    string   `form:"title"`
	Question string   `form:"question"`
	Topic    string   `form:"topic"`
	Laws     string   `form:"laws"`
	Country  string   `form:"country"`
	Hide     []string `form:"hide"`
	Word     []string `form:"word"`
}

// redaction reads the form; empty lines count as nothing.
func (f redactionForm) redaction() opinions.Redaction {
	x := opinions.Redaction{Version: f.Version, Title: f.Title, Question: f.Question, Topic: f.Topic, Country: strings.ToUpper(f.Country)}
	for _, law := range strings.Split(f.Laws, "\n") {
		if law = strings.TrimSpace(law); law != "" {
			x.Laws = append(x.Laws, law)
		}
	}
	for i, text := range f.Hide {
		h := opinions.Hidden{Text: strings.TrimSpace(text)}
		if i < len(f.Word) {
			h.Word = strings.TrimSpace(f.Word[i])
		}
		if h.Text != "" {
			x.Hidden = append(x.Hidden, h)
		}
	}
	return x
}

// redactionView shows the signed text beside what the public would read.
type redactionView struct {
	opinions.Drafted
	Faults  page.Faults
	Done    string
	Refused string
}

// spare is how many empty lines the form offers.
const spare = 3

func (v redactionView) rows() []opinions.Hidden {
	return slices.Concat(v.Redaction.Hidden, make([]opinions.Hidden, spare))
}

// marked is a text with its hidden passages marked: as they stood, or as others read them.
func marked(parts []opinions.Part, shown bool) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for _, p := range parts {
			text := p.Text
			if shown {
				text = p.Shown
			}
			text = html.EscapeString(text)
			if p.Hidden {
				text = "<mark>" + text + "</mark>"
			}
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
		}
		return nil
	})
}

func (v redactionView) laws() string { return strings.Join(v.Redaction.Laws, "\n") }

func (h *Handler) showRedaction(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	v := redactionView{Done: done(r)}
	if v.Drafted, err = h.opinions.Preview(r.Context(), page.Actor(r), publicID, nil); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, redactionPage(v))
}

func (h *Handler) redact(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	var form redactionForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	x := form.redaction()
	err = h.opinions.Redact(r.Context(), page.Actor(r), publicID, x)
	if err == nil {
		return page.Redirect(w, r, "%s/%s/redaction?done=redacted", casesPath, publicID)
	}
	v := redactionView{}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		if !apperr.Is(err, apperr.Conflict) {
			return err
		}
		v.Refused = page.Message(r, err)
	}
	status := page.Status(err)
	if v.Drafted, err = h.opinions.Preview(r.Context(), page.Actor(r), publicID, &x); err != nil {
		return err
	}
	return page.Show(w, r, status, redactionPage(v))
}

// validityForm says whether a precedent still holds.
type validityForm struct {
	Version   int    `form:"version"`
	State     string `form:"state"`
	Successor string `form:"successor"`
	Note      string `form:"note"`
}

// validityView is a precedent for staff.
type validityView struct {
	opinions.Sheet
	May    bool
	Form   validityForm
	Faults page.Faults
	Done   string
}

func (h *Handler) readValidity(r *http.Request) (v validityView, err error) {
	publicID, err := page.PublicID(r, "precedent")
	if err != nil {
		return v, err
	}
	v = validityView{May: page.Actor(r).Can(identity.WriteOpinions), Done: done(r)}
	if v.Sheet, err = h.opinions.Desk(r.Context(), page.Actor(r), page.Lang(r), publicID); err != nil {
		return v, err
	}
	v.Form = validityForm{Version: v.Version, State: v.State, Note: v.Note}
	if v.Successor != nil {
		v.Form.Successor = v.Successor.Reference
	}
	return v, nil
}

func (h *Handler) showValidity(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readValidity(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, validityPage(v))
}

func (h *Handler) setValidity(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readValidity(r)
	if err != nil {
		return err
	}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	f := v.Form
	err = h.opinions.SetValidity(r.Context(), page.Actor(r), v.PublicID, opinions.Validity{Version: f.Version, State: f.State, Successor: f.Successor, Note: f.Note})
	if err == nil {
		return page.Redirect(w, r, "/desk/precedents/%s?done=validity", v.PublicID)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, validityPage(v))
}

func stateChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, state := range opinions.States() {
		out = append(out, ui.Choice{Value: state, Label: locale.T(ctx, "opinions.state."+state)})
	}
	return out
}
