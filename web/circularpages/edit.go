package circularpages

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// textForm is a circular as staff type it.
type textForm struct {
	Replaces string `form:"replaces"`
	Version  int    `form:"version"`
	Kind     string `form:"kind"`
	Due      string `form:"due"`
	Answers  bool   `form:"answers"`
	Public   bool   `form:"public"`
	Refs     string `form:"refs"`
	TitleTR  string `form:"title_tr"`
	BodyTR   string `form:"body_tr"`
	TodoTR   string `form:"todo_tr"`
	TitleEN  string `form:"title_en"`
	BodyEN   string `form:"body_en"`
	TodoEN   string `form:"todo_en"`
	TitleRU  string `form:"title_ru"`
	BodyRU   string `form:"body_ru"`
	TodoRU   string `form:"todo_ru"`
}

// at are the fields of a language's text.
func (f *textForm) at(lang locale.Lang) (title, body, todo *string) {
	switch lang {
	case locale.TR:
		return &f.TitleTR, &f.BodyTR, &f.TodoTR
	case locale.RU:
		return &f.TitleRU, &f.BodyRU, &f.TodoRU
	}
	return &f.TitleEN, &f.BodyEN, &f.TodoEN
}

// input reads the form; a day that is none is said to be wrong.
func (f *textForm) input() (circulars.Input, map[string]string) {
	in := circulars.Input{Kind: circulars.Kind(f.Kind), Refs: f.Refs, Answers: f.Answers, Public: f.Public}
	for _, lang := range locale.Langs() {
		if title, body, todo := f.at(lang); *title+*body+*todo != "" {
			in.Texts = append(in.Texts, circulars.Text{Lang: string(lang), Title: *title, Body: *body, Todo: *todo})
		}
	}
	if f.Due == "" {
		return in, nil
	}
	iso, ok := forms.ParseDate(f.Due)
	day, err := time.Parse(time.DateOnly, iso)
	if !ok || err != nil {
		return in, map[string]string{"due": "circulars.due_wrong"}
	}
	in.Due = day
	return in, nil
}

func formOf(ctx context.Context, c circulars.Circular) textForm {
	f := textForm{Version: c.Version, Kind: string(c.Kind), Answers: c.Answers, Public: c.Public, Refs: c.Refs}
	if c.Due != nil {
		f.Due = locale.ShortDate(ctx, *c.Due)
	}
	for _, t := range c.Texts {
		title, body, todo := f.at(locale.Lang(t.Lang))
		*title, *body, *todo = t.Title, t.Body, t.Todo
	}
	return f
}

// editView is the form of a circular.
type editView struct {
	PublicID string // empty: a new one
	Replaces string // number of the one that it puts right; empty: none
	Form     textForm
	Theirs   *circulars.Circular // what a colleague stored meanwhile
	Faults   page.Faults
	Refused  string
	Once     string
}

// open reports whether a language's fields stand open.
func (v *editView) open(ctx context.Context, lang locale.Lang) bool {
	title, body, todo := v.Form.at(lang)
	code := string(lang)
	return lang == locale.Of(ctx).Lang || *title+*body+*todo != "" || v.Faults["title_"+code]+v.Faults["body_"+code]+v.Faults["todo_"+code] != ""
}

func (h *Handler) showNew(w http.ResponseWriter, r *http.Request) error {
	v := editView{Form: textForm{Kind: string(circulars.Administrative), Replaces: page.Tidy(r.URL.Query().Get("replaces"))}}
	if v.Form.Replaces != "" {
		old, err := h.circulars.Show(r.Context(), page.Actor(r), string(page.Lang(r)), v.Form.Replaces)
		if err != nil {
			return err
		}
		v.Form = formOf(r.Context(), old.Circular)
		v.Form.Version, v.Form.Replaces, v.Form.Due = 0, old.PublicID, ""
	}
	return h.showForm(w, r, http.StatusOK, v)
}

// showForm fills in the number of the circular that this one puts right.
func (h *Handler) showForm(w http.ResponseWriter, r *http.Request, status int, v editView) error {
	if v.Form.Replaces != "" {
		old, err := h.circulars.Show(r.Context(), page.Actor(r), string(page.Lang(r)), v.Form.Replaces)
		if err != nil {
			return err
		}
		v.Replaces = old.Reference()
	}
	v.Once = page.OnceKey()
	return page.Show(w, r, status, editPage(v))
}

func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	v := editView{}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	in, wrong := v.Form.input()
	publicID, err := "", apperr.Fields(wrong)
	if err == nil {
		publicID, err = h.circulars.Create(r.Context(), page.Actor(r), in, v.Form.Replaces)
	}
	if err == nil {
		return page.Redirect(w, r, "%s/%s/audience", deskPath, publicID)
	}
	return h.again(w, r, v, err)
}

// again shows the form as it was typed with what is wrong about it.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, v editView, err error) error {
	if apperr.Is(err, apperr.Conflict) {
		v.Refused = page.Message(r, err)
		return h.showForm(w, r, http.StatusConflict, v)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return h.showForm(w, r, http.StatusUnprocessableEntity, v)
}

func (h *Handler) showEdit(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheet(r)
	if err != nil {
		return err
	}
	if s.State.Out() {
		return page.Redirect(w, r, "%s/%s", deskPath, s.PublicID)
	}
	return h.showForm(w, r, http.StatusOK, editView{PublicID: s.PublicID, Form: formOf(r.Context(), s.Circular)})
}

func (h *Handler) edit(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheet(r)
	if err != nil {
		return err
	}
	v := editView{PublicID: s.PublicID}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	in, wrong := v.Form.input()
	if err = apperr.Fields(wrong); err == nil {
		err = h.circulars.Edit(r.Context(), page.Actor(r), s.PublicID, v.Form.Version, in)
	}
	if err == nil {
		return page.Redirect(w, r, "%s/%s?done=edited", deskPath, s.PublicID)
	}
	if apperr.Is(err, apperr.Conflict) && !s.State.Out() { // as it stands, beside what was typed
		v.Theirs, v.Form.Version = &s.Circular, s.Version
	}
	return h.again(w, r, v, err)
}

// audienceForm is whom a circular is to go to, as staff choose it.
type audienceForm struct {
	Version   int      `form:"version"`
	Members   []string `form:"members"`
	Gov       bool     `form:"governments"`
	Countries []string `form:"countries"`
	From      string   `form:"from"`
	To        string   `form:"to"`
	Named     []string `form:"named"`
	Find      string   `form:"find"`
	Then      string   `form:"then"` // "find": look for organisations first
}

// audience reads the form; a number that is none is -1, which is said to be wrong.
func (f audienceForm) audience() circulars.Audience {
	named := slices.Clone(f.Named)
	slices.Sort(named)
	return circulars.Audience{Members: f.Members, Governments: f.Gov, Countries: f.Countries, From: count(f.From), To: count(f.To), Named: slices.Compact(named)}
}

func count(text string) int64 {
	var digits []rune
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case c != '.' && c != ',' && c != ' ' && c != '\u00a0' && c != '\u202f':
			return -1
		}
	}
	if len(digits) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func audienceOf(ctx context.Context, c circulars.Sheet) audienceForm {
	a := c.Audience
	f := audienceForm{Version: c.Version, Members: a.Members, Gov: a.Governments, Countries: a.Countries, Named: a.Named}
	if a.Empty() {
		f.Members = []string{"full"}
	}
	if a.From > 0 {
		f.From = locale.Number(ctx, a.From)
	}
	if a.To > 0 {
		f.To = locale.Number(ctx, a.To)
	}
	return f
}

// audienceView is the page on which the recipients are chosen.
type audienceView struct {
	circulars.Choices
	PublicID string
	Title    string
	Form     audienceForm
	Faults   page.Faults
	Refused  string
}

func (h *Handler) showAudience(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheet(r)
	if err != nil {
		return err
	}
	if s.State.Out() {
		return page.Redirect(w, r, "%s/%s/recipients", deskPath, s.PublicID)
	}
	return h.audiencePage(w, r, http.StatusOK, audienceView{PublicID: s.PublicID, Title: s.title(), Form: audienceOf(r.Context(), s.Sheet)})
}

func (h *Handler) audiencePage(w http.ResponseWriter, r *http.Request, status int, v audienceView) error {
	var err error
	if v.Choices, err = h.circulars.Choices(r.Context(), page.Actor(r), string(page.Lang(r)), v.Form.Named, v.Form.Find); err != nil {
		return err
	}
	return page.Show(w, r, status, choosePage(v))
}

func (h *Handler) setAudience(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheet(r)
	if err != nil {
		return err
	}
	v := audienceView{PublicID: s.PublicID, Title: s.title()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	if v.Form.Then == "find" {
		return h.audiencePage(w, r, http.StatusOK, v)
	}
	err = h.circulars.SetAudience(r.Context(), page.Actor(r), s.PublicID, v.Form.Version, v.Form.audience())
	if err == nil {
		return h.audienceSaved(w, r, s.PublicID)
	}
	if apperr.Is(err, apperr.Conflict) {
		v.Refused, v.Form.Version = page.Message(r, err), s.Version
		return h.audiencePage(w, r, http.StatusConflict, v)
	}
	var invalid bool
	if v.Faults, invalid = page.FaultsOf(r, err); !invalid {
		return err
	}
	return h.audiencePage(w, r, http.StatusUnprocessableEntity, v)
}

// audienceSaved leads back to the circular, which says so where the choice reaches nobody.
func (h *Handler) audienceSaved(w http.ResponseWriter, r *http.Request, publicID string) error {
	reach, err := h.circulars.Reach(r.Context(), page.Actor(r), string(page.Lang(r)), publicID, "")
	if err != nil {
		return err
	}
	done := "audience"
	if reach.Count == 0 {
		done = "audience_nobody"
	}
	return page.Redirect(w, r, "%s/%s?done=%s", deskPath, publicID, done)
}

func memberChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, kind := range circulars.MemberKinds() {
		out = append(out, ui.Choice{Value: kind, Label: locale.T(ctx, "membership.kind."+kind)})
	}
	return out
}

// asChoices offers what has a code and a name.
func asChoices(list []circulars.Choice) []ui.Choice {
	out := make([]ui.Choice, len(list))
	for i, c := range list {
		out[i] = ui.Choice{Value: c.Code, Label: c.Name}
	}
	return out
}

// attach takes files, sent with the form or before it in parts, or takes one away.
func (h *Handler) attach(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "circular")
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), page.Actor(r)
	var uploads []string
	var refused error
	err = page.ReadFiles(w, r, circulars.MaxFiles*h.documents.MaxBytes()+1<<20, func(_, name string, content io.Reader) error {
		upload, err := h.documents.Receive(ctx, actor, name, content)
		if apperr.Is(err, apperr.Invalid) {
			refused = err
			return nil
		}
		uploads = append(uploads, upload)
		return err
	})
	if err != nil {
		return err
	}
	uploads = slices.Concat(r.PostForm["files_upload"], uploads)
	switch remove := r.PostFormValue("remove"); {
	case remove != "":
		refused = h.circulars.Detach(ctx, actor, publicID, remove)
	case refused == nil && len(uploads) == 0:
		refused = apperr.Fields(map[string]string{"files": "circulars.choose_file"})
	case refused == nil:
		refused = h.circulars.Attach(ctx, actor, publicID, uploads)
	}
	return h.after(w, r, publicID, "files", refused)
}
