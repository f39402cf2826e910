package formdeskpages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// part is one part of a form in the editor: its title, a section, a page, a question, a rule.
type part struct {
	What, Key string
	New       bool
	In        string     // the section of a new page, the page of a new question
	Kind      forms.Kind // of a question
	Sheet     formpages.Sheet
	Seen      string // what the part was when the page was made
	put       func(d *forms.Definition, a forms.Answers) error
}

// newKey stands in the address for a part that is not there yet.
const newKey = "new"

// partOf finds a part in a definition. Errors: not found.
func (h *Handler) partOf(ctx context.Context, file forms.Folder, d forms.Definition, what, key, in string, kind forms.Kind) (part, error) {
	p := part{What: what, Key: key, New: key == newKey, In: in, Kind: kind}
	switch what {
	case "title":
		p.title(ctx, d)
	case "section":
		p.section(ctx, d)
	case "page":
		p.page(ctx, d)
	case "rule":
		p.rule(ctx, d)
	case "field":
		h.field(ctx, file, d, &p)
	}
	if p.put == nil {
		return p, apperr.New(apperr.NotFound, "forms.element_gone")
	}
	return p, nil
}

// digest tells what a part was apart from what it is.
func digest(v any) string {
	source, _ := json.Marshal(v) // plain data: it cannot fail
	sum := sha256.Sum256(source)
	return hex.EncodeToString(sum[:12])
}

func (p *part) title(ctx context.Context, d forms.Definition) {
	p.Sheet = formpages.Sheet{Fields: inEach(ctx, "title", forms.Text, "form_title", true), Answers: forms.Answers{}}
	putWords(p.Sheet.Answers, "title", d.Title)
	p.Seen = digest(d.Title)
	p.put = func(d *forms.Definition, a forms.Answers) error {
		d.Title = words(a, "title")
		return nil
	}
}

func (p *part) section(ctx context.Context, d forms.Definition) {
	i := slices.IndexFunc(d.Sections, func(s forms.Section) bool { return s.Key == p.Key })
	if i < 0 && !p.New {
		return
	}
	var was forms.Words
	if !p.New {
		was = d.Sections[i].Title
	}
	p.Sheet = formpages.Sheet{Fields: inEach(ctx, "title", forms.Text, "section_title", true), Answers: forms.Answers{}}
	putWords(p.Sheet.Answers, "title", was)
	p.Seen = digest(was)
	p.put = func(d *forms.Definition, a forms.Answers) error {
		key := p.Key
		if p.New {
			key = forms.NewKey(words(a, "title"), func(key string) bool {
				return slices.ContainsFunc(d.Sections, func(s forms.Section) bool { return s.Key == key })
			})
		}
		d.PutSection(key, words(a, "title"))
		return nil
	}
}

func (p *part) page(ctx context.Context, d forms.Definition) {
	was, ok := d.Page(p.Key)
	if !ok && !p.New {
		return
	}
	p.Sheet = formpages.Sheet{Fields: append(inEach(ctx, "title", forms.Text, "page_title", true), inEach(ctx, "lead", forms.LongText, "page_lead", false)...), Answers: forms.Answers{}}
	putWords(p.Sheet.Answers, "title", was.Title)
	putWords(p.Sheet.Answers, "lead", was.Lead)
	p.Seen = digest([]forms.Words{was.Title, was.Lead})
	p.put = func(d *forms.Definition, a forms.Answers) error {
		next := forms.Page{Key: p.Key, Title: words(a, "title"), Lead: words(a, "lead")}
		if p.New {
			next.Key = strings.ReplaceAll(forms.NewKey(next.Title, func(key string) bool {
				_, taken := d.Page(strings.ReplaceAll(key, "_", "-"))
				return taken || forms.Reserved(key)
			}), "_", "-")
		}
		return d.PutPage(p.In, next)
	}
}

func (p *part) rule(ctx context.Context, d forms.Definition) {
	was, ok := d.Rule(p.Key)
	if !ok && !p.New {
		return
	}
	p.Sheet = formpages.Sheet{Fields: ruleSheet(ctx, d), Answers: ruleAnswers(was)}
	p.Seen = digest(was)
	p.put = func(d *forms.Definition, a forms.Answers) error {
		next := ruleOf(was, a)
		if p.New {
			next.Key = forms.NewKey(next.Words, func(key string) bool { _, taken := d.Rule(key); return taken })
		}
		d.PutRule(next)
		return nil
	}
}

func (h *Handler) field(ctx context.Context, file forms.Folder, d forms.Definition, p *part) {
	was, ok := d.Field(p.Key)
	if p.New {
		was = forms.Field{Kind: p.Kind}
		ok = slices.Contains(forms.Kinds(), p.Kind)
	}
	if !ok {
		return
	}
	p.Kind = was.Kind
	p.Sheet = formpages.Sheet{Fields: h.fieldSheet(ctx, d, was), Answers: fieldAnswers(was)}
	p.Seen = digest(was)
	p.put = func(d *forms.Definition, a forms.Answers) error {
		next := fieldOf(was, a)
		if p.New {
			next.Key = forms.NewKey(next.Label, func(key string) bool {
				_, now := d.Field(key)
				return now || file.Taken(key)
			})
		}
		return d.PutField(p.In, next)
	}
}

// editView is a part of the form on its page in the editor.
type editView struct {
	draftView
	Part    part
	Changes []ui.Change // a colleague's words beside the reader's
	Once    string
}

func (h *Handler) editView(r *http.Request) (editView, error) {
	v, err := h.draftView(r)
	if err != nil {
		return editView{}, err
	}
	q := r.URL.Query()
	p, err := h.partOf(r.Context(), v.Folder, v.Draft.Definition, chi.URLParam(r, "what"), chi.URLParam(r, "part"), q.Get("in"), forms.Kind(q.Get("kind")))
	return editView{draftView: v, Part: p, Once: page.OnceKey()}, err
}

func (h *Handler) edit(w http.ResponseWriter, r *http.Request) error {
	if q := r.URL.Query(); chi.URLParam(r, "what") == "field" && chi.URLParam(r, "part") == newKey && q.Get("kind") == "" {
		v, err := h.draftView(r)
		if err != nil {
			return err
		}
		return page.Show(w, r, http.StatusOK, kindsPage(v, q.Get("in")))
	}
	v, err := h.editView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, editPage(v))
}

// where is the place on the draft's page at which a new part was added.
func (p part) where() string {
	switch p.What {
	case "field":
		return anchor("page", p.In)
	case "page":
		return anchor("section", p.In)
	}
	return "rules"
}

// errStale says that a colleague changed the part after the page was made.
var errStale = errors.New("changed meanwhile")

func (h *Handler) save(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editView(r)
	if err != nil {
		return err
	}
	stored := v.Part.Sheet.Answers
	again, err := v.Part.Sheet.Read(r)
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "error.text")
	}
	seen := r.PostFormValue("seen")
	if again {
		v.Part.Seen = seen
		return page.Show(w, r, http.StatusOK, editPage(v))
	}
	if !v.Part.Sheet.Check(r) {
		v.Part.Seen = seen
		return page.Show(w, r, http.StatusUnprocessableEntity, editPage(v))
	}
	err = h.store(r, v, seen)
	if errors.Is(err, errStale) {
		v.Changes = changes(r.Context(), v.Part.Sheet, stored)
		return page.Show(w, r, http.StatusConflict, editPage(v))
	}
	if err != nil {
		return err
	}
	if v.Part.New {
		return page.Redirect(w, r, "/desk/forms/%s/draft?done=saved#%s", v.Key, v.Part.where())
	}
	return page.Redirect(w, r, "/desk/forms/%s/draft?done=saved#%s", v.Key, anchor(v.Part.What, v.Part.Key))
}

// store puts the part into the draft as it stands now, unless a colleague changed the same part.
func (h *Handler) store(r *http.Request, v editView, seen string) error {
	p := v.Part
	return h.forms.Edit(r.Context(), page.Actor(r), v.Key, func(d *forms.Definition) error {
		now, err := h.partOf(r.Context(), v.Folder, *d, p.What, p.Key, p.In, p.Kind)
		if err != nil {
			return err
		}
		if !p.New && now.Seen != seen {
			return errStale
		}
		return now.put(d, p.Sheet.Answers)
	})
}

// changes are the boxes in which what is stored differs from what was typed.
func changes(ctx context.Context, s formpages.Sheet, stored forms.Answers) []ui.Change {
	var out []ui.Change
	for _, f := range s.Fields {
		theirs := strings.Join(formpages.Lines(ctx, f, stored[f.Key]), "\n")
		yours := strings.Join(formpages.Lines(ctx, f, s.Answers[f.Key]), "\n")
		if theirs != yours {
			out = append(out, ui.Change{Field: f.Label.Text(locale.Of(ctx).Lang), Old: theirs, New: yours})
		}
	}
	return out
}

// title names the part.
func (v editView) title(ctx context.Context) string {
	if v.Part.New {
		return locale.T(ctx, "formdesk.new_"+v.Part.What)
	}
	return locale.T(ctx, "formdesk.edit_"+v.Part.What)
}
