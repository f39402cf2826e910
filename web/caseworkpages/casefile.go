package caseworkpages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// tied names the records that a case is linked to.
func (h *Handler) tied(r *http.Request, v *caseView) (err error) {
	refs := make([]subject.Ref, len(v.Links))
	for i, l := range v.Links {
		refs[i] = l.To
	}
	if v.Places, err = h.places(r.Context(), page.Lang(r), refs); err != nil || h.Supports == nil {
		return err
	}
	v.Granted, err = h.Supports(r.Context(), v.Actor, v.Case)
	return err
}

// timeline is all that happened to the case, first to last, and what comes next.
func (v caseView) timeline(ctx context.Context) ui.Timeline {
	words := cards.Happened{Moves: "casework.did.", Nobody: locale.T(ctx, "casework.system"),
		File:    func(id string) string { return filePath(ctx, id) },
		Message: func(id string) string { return "#" + messageID(id) }}
	out := ui.Timeline{Moments: words.Moments(ctx, v.Happened), OnPage: true}
	if next := v.moments(ctx); len(next) > 0 && next[len(next)-1].Next {
		out.Moments = append(out.Moments, next[len(next)-1])
	}
	if v.Earlier != "" {
		mark := "?"
		if v.In != "" {
			mark = "&"
		}
		out.Earlier = ui.Link{Label: locale.T(ctx, "casefile.earlier"), Href: v.path(ctx, "") + mark + "before=" + v.Earlier + "#happened"}
	}
	return out
}

// messageID is where a message stands on the page.
func messageID(id string) string { return "message-" + id }

// history leads to what a file has been; named by its version where it has several.
func (v caseView) history(ctx context.Context, d documents.Document) ui.Link {
	label := locale.T(ctx, "casefile.versions")
	if d.Version > 1 {
		label = locale.T(ctx, "casefile.version", "N", d.Version)
	}
	return ui.Link{Label: label, Href: v.path(ctx, "/files/"+d.PublicID)}
}

// taskForm is a duty in somebody's own words.
type taskForm struct {
	Words string `form:"words"`
	Owner string `form:"owner"`
	Until string `form:"until"`
}

func (h *Handler) writeTask(w http.ResponseWriter, r *http.Request) error {
	var form taskForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	until, ok := h.readDay(form.Until)
	if ok {
		err = h.requests.WriteTask(r.Context(), page.Actor(r), publicID, form.Words, form.Owner, until)
	}
	if ok && err == nil {
		return done(w, r, publicID, "task_written")
	}
	faults, wrong := page.FaultsOf(r, err)
	switch {
	case !ok:
		faults = page.Faults{"until": say(r, "requests.until_wrong")}
	case !wrong:
		return h.refused(w, r, err)
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Faults, v.Task = faults, form
	return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
}

func (h *Handler) finishTask(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	what, isDone := "task_dropped", r.PostFormValue("act") != "drop"
	if isDone {
		what = "task_done"
	}
	if err := h.requests.FinishTask(r.Context(), page.Actor(r), publicID, chi.URLParam(r, "task"), isDone); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, what)
}

// mayFinish reports whether the reader may say that a duty is done.
func (v caseView) mayFinish(t tasks.Written) bool {
	return v.Handle || t.UserID == v.Actor.UserID || t.Office != "" && v.Actor.Of(t.Office)
}

// owner is whose duty it is, by name.
func (v caseView) ownerOf(ctx context.Context, t tasks.Written) string {
	if t.Office != "" {
		return v.officeName(ctx, t.Office)
	}
	return locale.Person(ctx, t.OwnerName)
}

// owners are those whom a duty can be given to: the reader's own colleagues, then offices.
func (v caseView) owners(ctx context.Context) []ui.Option {
	out := officerOptions(v.Officers)
	for _, o := range officeOptions(ctx, v.Offices) {
		out = append(out, ui.Option{Value: requests.OfficeOwner + o.Value, Label: locale.T(ctx, "casefile.office", "Name", o.Label)})
	}
	return out
}

// taskStatus says when a duty is due.
func (v caseView) taskStatus(ctx context.Context, t tasks.Written) ui.StatusChip {
	switch {
	case t.DueAt == nil:
		return ui.StatusChip{Tone: ui.StatusReady, Label: locale.T(ctx, "casework.no_date")}
	case t.DueAt.Before(v.Now):
		return ui.StatusChip{Tone: ui.StatusLate, Label: locale.T(ctx, "casework.due_was", "Ago", locale.Relative(ctx, *t.DueAt))}
	}
	return ui.StatusChip{Tone: ui.StatusWait, Label: clock.Day(ctx, *t.DueAt)}
}

// why says what an earlier case shares with this one.
func (v caseView) why(ctx context.Context, x requests.Similar) string {
	var out []string
	for _, same := range []struct {
		is  bool
		key string
	}{{x.SameService, "casefile.same_service"}, {x.SameSector, "casefile.same_sector"}, {x.SameCountry, "casefile.same_country"}} {
		if same.is {
			out = append(out, locale.T(ctx, same.key))
		}
	}
	if words := sharedWords(x.Title, x.Words); len(words) > 0 {
		out = append(out, locale.T(ctx, "casefile.same_words", "Words", strings.Join(words, ", ")))
	}
	return strings.Join(out, " · ")
}

// sharedWords are the words of a title as they are written there.
func sharedWords(title string, folded []string) []string {
	var out []string
	for word := range strings.FieldsSeq(title) {
		word = strings.Trim(word, ".,;:!?()«»“”\"'")
		if key := fold.Key(word); slices.Contains(folded, key) && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// linksView is where records are looked for, to link a case to them.
type linksView struct {
	caseView
	Text  string
	Hits  []search.Hit
	IDs   map[int64]string // public identifiers of what was found
	There map[int64]bool   // linked already
}

// linkable are the kinds that are found by words; any other is named by its address.
var linkable = []subject.Kind{subject.Request, subject.Project, subject.Decision, subject.Meeting, subject.Event, subject.Support, subject.Precedent}

func (h *Handler) showLinks(w http.ResponseWriter, r *http.Request) error {
	base, err := h.view(r)
	if err != nil {
		return err
	}
	v := linksView{caseView: base, Text: page.Tidy(r.URL.Query().Get("q")), There: map[int64]bool{base.ID: true}}
	for _, l := range v.Links {
		v.There[l.To.ID] = true
	}
	err = h.db.Read(r.Context(), page.Actor(r), func(q postgres.Querier) (err error) {
		if v.Hits, err = search.Find(r.Context(), q, page.Actor(r), search.Query{Text: v.Text, Kinds: linkable, Lang: page.Lang(r), Limit: 8}); err != nil {
			return err
		}
		ids := make([]int64, len(v.Hits))
		for i, hit := range v.Hits {
			ids[i] = hit.Ref.ID
		}
		v.IDs, err = links.PublicIDs(r.Context(), q, ids)
		return err
	})
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, linksPage(v))
}

func (h *Handler) join(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Join(r.Context(), page.Actor(r), publicID, recordOf(r.PostFormValue("record"))); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "linked")
}

// recordOf is the identifier in an address of the portal, or the word itself.
func recordOf(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "?")
	for part := range strings.SplitSeq(text, "/") {
		if len(part) == 26 {
			text = part
		}
	}
	return text
}

func (h *Handler) part(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Part(r.Context(), page.Actor(r), publicID, chi.URLParam(r, "link")); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "unlinked")
}

// showFile shows what a file of the case has been.
func (h *Handler) showFile(w http.ResponseWriter, r *http.Request) error {
	return h.fileHistory(w, r, http.StatusOK, nil)
}

func (h *Handler) fileHistory(w http.ResponseWriter, r *http.Request, status int, refused error) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	history, err := h.requests.FileHistory(r.Context(), page.Actor(r), publicID, chi.URLParam(r, "document"))
	if err != nil {
		return err
	}
	v := cards.FileHistory{FileHistory: history, Back: casePath(r.Context(), publicID, "", r.URL.Query().Get("in")),
		File: filePath(r.Context(), history.Document.PublicID), Uploads: ui.Path(r.Context(), "/desk/uploads"), MaxBytes: h.documents.MaxBytes()}
	if refused != nil {
		v.Refused = page.Message(r, refused)
	}
	return page.Show(w, r, status, filePage(v))
}

// replaceFile brings the next version of a file.
func (h *Handler) replaceFile(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	upload, err := h.upload(w, r)
	if err == nil {
		err = h.requests.ReplaceFile(r.Context(), page.Actor(r), publicID, chi.URLParam(r, "document"), upload)
	}
	if err == nil {
		return done(w, r, publicID, "replaced")
	}
	if status := page.Status(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
		return h.fileHistory(w, r, status, err)
	}
	return err
}

// taskWrong reports whether the form of a duty came back with faults.
func (v caseView) taskWrong() bool {
	return v.Faults["words"] != "" || v.Faults["owner"] != "" || v.Faults["until"] != ""
}

// taskOwner is who is chosen for a new duty: at first the reader.
func (v caseView) taskOwner() string {
	if v.Task.Owner != "" || v.taskWrong() {
		return v.Task.Owner
	}
	for _, o := range v.Officers {
		if o.ID == v.Actor.UserID {
			return o.PublicID
		}
	}
	return ""
}
