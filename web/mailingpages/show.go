package mailingpages

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

type listView struct {
	Rows []mailings.Row
	Next string
	May  bool
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{May: page.Actor(r).Can(identity.WriteMembers)}
	var err error
	if v.Rows, v.Next, err = h.mailings.List(r.Context(), page.Actor(r), r.URL.Query().Get("after")); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// showView is a mailing: a draft with whom it would reach, or how far it has come.
type showView struct {
	mailings.Mailing
	Audience mailings.Audience // of a draft
	Counts   map[mailings.Delivery]int
	Words    string
	May      bool
	Export   bool
	Done     string
	Refused  string
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	return h.showAgain(w, r, http.StatusOK, "")
}

func (h *Handler) showAgain(w http.ResponseWriter, r *http.Request, status int, refused string) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	v.Refused = refused
	if page.Fragment(r) {
		if v.State != mailings.Sending {
			w.Header().Set("HX-Refresh", "true") // what can be done now is another thing
		}
		return page.Show(w, r, http.StatusOK, progress(v))
	}
	return page.Show(w, r, status, showPage(v))
}

// read fills in what the pages of one mailing show.
func (h *Handler) read(r *http.Request) (v showView, err error) {
	ctx, actor := r.Context(), page.Actor(r)
	v = showView{May: actor.Can(identity.WriteMembers), Export: actor.Can(identity.ExportRecords), Done: done(r)}
	if v.Mailing, err = h.mailing(r); err != nil {
		return v, err
	}
	v.Words = h.filterWords(ctx, actor, v.Filter)
	if v.State == mailings.Draft {
		v.Audience, err = h.mailings.Audience(ctx, actor, v.PublicID)
		return v, err
	}
	v.Counts, err = h.mailings.Counts(ctx, actor, v.ID)
	return v, err
}

// total is how many letters a mailing is: whoever unsubscribed, never asked or has no address
// gets none.
func (v showView) total() (n int) {
	for state, count := range v.Counts {
		if state.Letter() {
			n += count
		}
	}
	return n
}

// over is of how many letters it is known what became of them.
func (v showView) over() int {
	return v.Counts[mailings.Delivered] + v.Counts[mailings.Refused] + v.Counts[mailings.Unsure]
}

func (v showView) bar(ctx context.Context) ui.Progress {
	return ui.Progress{ID: "progress", Label: locale.T(ctx, "mailings.progress"), Value: 100 * v.over() / max(1, v.total()),
		Text: locale.T(ctx, "mailings.progress_text", "Done", locale.Number(ctx, int64(v.over())), "Total", locale.Number(ctx, int64(v.total())))}
}

// poll lets the box ask for itself while letters leave.
func (v showView) poll(ctx context.Context) templ.Attributes {
	if v.State != mailings.Sending {
		return nil
	}
	return templ.Attributes{"hx-get": mailingPath(ctx, v.Mailing, ""), "hx-trigger": "every 2s", "hx-swap": "outerHTML"}
}

// figures are what became of the letters, each number leading to its rows.
func (v showView) figures(ctx context.Context) []ui.Figure {
	var out []ui.Figure
	for _, d := range mailings.Deliveries() {
		if n := v.Counts[d]; n > 0 {
			out = append(out, ui.Figure{Value: locale.Number(ctx, int64(n)), Label: deliveryName(ctx, d),
				Href: mailingPath(ctx, v.Mailing, "/recipients?state="+string(d))})
		}
	}
	return out
}

// reach are the figures of a draft's audience.
func (v showView) reach(ctx context.Context) []ui.Figure {
	a := v.Audience
	number := func(n int) string { return locale.Number(ctx, int64(n)) }
	out := []ui.Figure{{Value: number(a.Members), Label: locale.T(ctx, "mailings.members")}, {Value: number(a.Total), Label: locale.T(ctx, "mailings.letters")}}
	if a.Repeated > 0 {
		out = append(out, ui.Figure{Value: number(a.Repeated), Label: locale.T(ctx, "mailings.repeated")})
	}
	if a.Unsubscribed > 0 {
		out = append(out, ui.Figure{Value: number(a.Unsubscribed), Label: locale.T(ctx, "mailings.left")})
	}
	if a.Unasked > 0 {
		out = append(out, ui.Figure{Value: number(a.Unasked), Label: locale.T(ctx, "mailings.unasked")})
	}
	if a.Invalid > 0 {
		out = append(out, ui.Figure{Value: number(a.Invalid), Label: locale.T(ctx, "mailings.invalid")})
	}
	return out
}

// tabs are the languages of a text with how far each is.
func (v showView) tabs(ctx context.Context) []ui.LangTab {
	var out []ui.LangTab
	for _, lang := range languages(v.Audience.Written) {
		tab := ui.LangTab{Lang: locale.Lang(lang), State: ui.StatusPlain, Label: locale.T(ctx, "writing.condition.missing"), Href: mailingPath(ctx, v.Mailing, "/texts/"+lang)}
		for _, w := range v.Audience.Written {
			if w.Lang == lang {
				tab.State, tab.Label = ui.StatusDone, locale.T(ctx, "writing.written")
			}
			if w.Lang == lang && w.Outdated {
				tab.State, tab.Label = ui.StatusLate, locale.T(ctx, "writing.condition.outdated")
			}
		}
		out = append(out, tab)
	}
	return out
}

// previewView is a letter as one of the recipients would see it.
type previewView struct {
	Mailing mailings.Mailing
	Post    mailings.Post
	Langs   []string
}

func (h *Handler) preview(w http.ResponseWriter, r *http.Request) error {
	m, err := h.mailing(r)
	if err != nil {
		return err
	}
	v := previewView{Mailing: m}
	if v.Langs, err = h.mailings.Languages(r.Context(), page.Actor(r), m.ID); err != nil {
		return err
	}
	lang := r.URL.Query().Get("in")
	if lang == "" && len(v.Langs) > 0 {
		lang = v.Langs[0]
	}
	if v.Post, err = h.mailings.Sample(r.Context(), page.Actor(r), m.PublicID, lang); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, previewPage(v))
}

func (v previewView) tabs(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, lang := range v.Langs {
		out = append(out, ui.Link{Label: locale.LanguageName(ctx, lang), Href: mailingPath(ctx, v.Mailing, "/preview?in="+lang), Current: lang == v.Post.To.Lang})
	}
	return out
}

// unready is why a draft cannot leave yet, as a message key; empty: it can.
func (v showView) unready() string {
	switch {
	case len(v.Audience.Written) == 0:
		return "mailings.nothing_written"
	case v.Audience.Total == 0:
		return "mailings.nobody"
	}
	return ""
}

// askSend is the last look before a mailing leaves.
func (h *Handler) askSend(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if v.State != mailings.Draft {
		return page.Redirect(w, r, "%s/%s", deskPath, v.PublicID)
	}
	if why := v.unready(); why != "" {
		return h.showAgain(w, r, http.StatusConflict, locale.T(r.Context(), why))
	}
	return page.Show(w, r, http.StatusOK, sendPage(v))
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "mailing")
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	return h.after(w, r, id, "sent", h.mailings.SendOff(r.Context(), page.Actor(r), id, version))
}

// after leads back to the mailing, which says what was done, or why it was not.
func (h *Handler) after(w http.ResponseWriter, r *http.Request, id, done string, err error) error {
	if apperr.Is(err, apperr.Conflict) {
		return h.showAgain(w, r, http.StatusConflict, page.Message(r, err))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s/%s?done=%s", deskPath, id, done)
}

// step is one act on a mailing that is on its way.
func (h *Handler) step(done string, act func(ctx context.Context, actor identity.Actor, publicID string) error) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := page.PublicID(r, "mailing")
		if err != nil {
			return err
		}
		return h.after(w, r, id, done, act(r.Context(), page.Actor(r), id))
	}
}

func (h *Handler) retry(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "mailing")
	if err != nil {
		return err
	}
	return h.after(w, r, id, "retried", h.mailings.Retry(r.Context(), page.Actor(r), id, mailings.Delivery(r.PostFormValue("state"))))
}

// sendTest sends the draft to the writer's own address, once a language.
func (h *Handler) sendTest(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "mailing")
	if err != nil {
		return err
	}
	posts, err := h.mailings.Samples(r.Context(), page.Actor(r), id)
	for _, p := range posts {
		p.To.Email, p.Key = page.Actor(r).Email, "test."+subject.NewPublicID()
		if err == nil {
			err = h.test(r.Context(), p)
		}
		if err != nil {
			slog.WarnContext(r.Context(), "a test letter did not leave", "mailing", id, "error", err)
			return h.showAgain(w, r, http.StatusConflict, locale.T(r.Context(), "mailings.test_failed"))
		}
	}
	return h.after(w, r, id, "tested", err)
}
