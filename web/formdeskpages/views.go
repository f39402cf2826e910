package formdeskpages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is every form.
type listView struct {
	Forms []forms.Listed
	Done  string
}

// folderView is a form with its versions.
type folderView struct {
	forms.Folder
	Done   string
	Export bool // the reader may take the answers away
}

// name is what the form is called now.
func name(ctx context.Context, f forms.Folder) string {
	lang := locale.Of(ctx).Lang
	if f.Draft != nil {
		if title := f.Draft.Definition.Title.Text(lang); title != "" {
			return title
		}
	}
	if v, ok := f.Latest(); ok {
		return v.Definition.Title.Text(lang)
	}
	return f.Key
}

// since is what a version changed of the one before it.
func (v folderView) since(n int) (differences []forms.Difference, rules, known bool) {
	at, _ := v.At(n)
	before, ok := v.At(n - 1)
	if !ok {
		return nil, false, false
	}
	return forms.Differences(before.Definition, at.Definition), forms.RulesDiffer(before.Definition, at.Definition), true
}

// summary says in a line what a version changed.
func (v folderView) summary(ctx context.Context, n int) string {
	all, rules, known := v.since(n)
	switch {
	case !known:
		return locale.T(ctx, "formdesk.first_version")
	case len(all) == 0 && rules:
		return locale.T(ctx, "formpages.rules_differ")
	}
	return locale.T(ctx, "formdesk.questions_differ", "Count", len(all))
}

// versionView is a published version beside another.
type versionView struct {
	forms.Folder
	Version forms.Version
	Against *forms.Version
}

// path is an address below the form.
func path(ctx context.Context, f forms.Folder, rest string) string {
	return ui.Path(ctx, "/desk/forms/"+f.Key+rest)
}

// answers hands out the answers that were sent as one table: the form's own, or that of a
// question that asks for rows.
func (h *Handler) answers(w http.ResponseWriter, r *http.Request) error {
	sheets, err := h.forms.Answers(r.Context(), page.Actor(r), chi.URLParam(r, "form"), page.Lang(r))
	if err != nil {
		return err
	}
	for _, s := range sheets {
		if s.Key == r.URL.Query().Get("table") {
			return page.Download(w, r, s.Table, export.CSV, s.Rows)
		}
	}
	return apperr.New(apperr.NotFound, "forms.not_found")
}

// book hands out all of them, each as a sheet.
func (h *Handler) book(w http.ResponseWriter, r *http.Request) error {
	form := chi.URLParam(r, "form")
	sheets, err := h.forms.Answers(r.Context(), page.Actor(r), form, page.Lang(r))
	if err != nil {
		return err
	}
	return page.DownloadBook(w, r, form, books(sheets))
}

func books(sheets []forms.AnswerSheet) []export.Sheet {
	out := make([]export.Sheet, len(sheets))
	for i, s := range sheets {
		out[i] = export.SheetOf(s.Table, s.Rows)
	}
	return out
}
