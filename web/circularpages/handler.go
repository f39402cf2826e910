// Package circularpages is where staff write circulars and see who has read them, where an
// organisation reads and confirms its own, and where everybody reads the public ones.
package circularpages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const (
	deskPath   = "/desk/circulars"
	publicPath = "/circulars"
)

// Handler answers the pages below /{lang}/circulars, /{lang}/desk/circulars and
// /{lang}/m/{org}/circulars.
type Handler struct {
	circulars *circulars.Service
	documents *documents.Service
}

// New makes the handler.
func New(service *circulars.Service, files *documents.Service) *Handler {
	return &Handler{circulars: service, documents: files}
}

// Public mounts what everybody reads.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/circulars", page.Handler(h.published))
	r.Method(http.MethodGet, "/circulars.atom", page.Handler(h.feed))
	r.Method(http.MethodGet, "/circulars/{slug}", page.Handler(h.leaf))
	r.Method(http.MethodGet, "/circulars/{slug}/circular.pdf", page.Handler(h.leafPDF))
}

// Member mounts an organisation's own pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.GetCirculars))
		r.Method(http.MethodGet, "/circulars", page.Handler(h.own))
		r.Method(http.MethodGet, "/circulars/{copy}", page.Handler(h.read))
		r.Method(http.MethodGet, "/circulars/{copy}/circular.pdf", page.Handler(h.readPDF))
	})
	r.With(page.Only(identity.AnswerCirculars)).Method(http.MethodPost, "/circulars/{copy}/confirm", page.Handler(h.confirm))
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.ReadCirculars))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		get("/circulars", h.list)
		get("/circulars/{circular}", h.show)
		get("/circulars/{circular}/circular.pdf", h.pdf)
		get("/circulars/{circular}/recipients", h.recipients)
		get("/circulars/{circular}/recipients.csv", h.recipientsFile(export.CSV))
		get("/circulars/{circular}/recipients.xlsx", h.recipientsFile(export.XLSX))
	})
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.WriteCirculars))
		get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
		post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
		get("/circulars/new", h.showNew)
		post("/circulars", h.create)
		get("/circulars/{circular}/edit", h.showEdit)
		post("/circulars/{circular}/edit", h.edit)
		get("/circulars/{circular}/audience", h.showAudience)
		post("/circulars/{circular}/audience", h.setAudience)
		post("/circulars/{circular}/files", h.attach)
		post("/circulars/{circular}/ask", h.step("asked", h.circulars.Ask))
		post("/circulars/{circular}/approve", h.step("approved", h.circulars.Approve))
		get("/circulars/{circular}/issue", h.askIssue)
		post("/circulars/{circular}/issue", h.step("issued", h.circulars.Issue))
		post("/circulars/{circular}/remind", h.remind)
		post("/circulars/{circular}/withdraw", h.withdraw)
	})
}

// below is an address below a circular at the desk.
func below(ctx context.Context, publicID, rest string) string {
	return ui.Path(ctx, deskPath+"/"+publicID+rest)
}

// done is what the page says was just done, from the address that a post led back to.
func done(r *http.Request) string {
	what := r.URL.Query().Get("done")
	if what == "" || !locale.Has(page.Lang(r), "circulars.done."+what) {
		return ""
	}
	return locale.T(r.Context(), "circulars.done."+what)
}

// paper answers with a circular as a file.
func paper(w http.ResponseWriter, r *http.Request, c circulars.Circular) error {
	content, err := c.PDF(inLang(r))
	if err != nil {
		return err
	}
	return page.Attachment(w, r, c.FileName(), "application/pdf", content)
}

// inLang is the language in which a text is asked for: ?in=, else the reader's.
func inLang(r *http.Request) locale.Lang {
	if in := r.URL.Query().Get("in"); locale.Known(in) {
		return locale.Lang(in)
	}
	return page.Lang(r)
}

func kindName(ctx context.Context, kind circulars.Kind) string {
	return locale.T(ctx, "circulars.kind."+string(kind))
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, kind := range circulars.Kinds() {
		out = append(out, ui.Option{Value: string(kind), Label: kindName(ctx, kind)})
	}
	return out
}

// readKind is a kind from an address; what is none narrows nothing.
func readKind(text string) circulars.Kind {
	for _, kind := range circulars.Kinds() {
		if string(kind) == text {
			return kind
		}
	}
	return ""
}

func readYear(text string) int {
	year, err := strconv.Atoi(text)
	if err != nil || year < 1990 || year > 2200 {
		return 0
	}
	return year
}

var tones = map[circulars.State]ui.Tone{circulars.Draft: ui.StatusDraft, circulars.Review: ui.StatusWait, circulars.Approved: ui.StatusReady,
	circulars.Issued: ui.StatusDone, circulars.Withdrawn: ui.StatusStop}

// chip is how a circular stands.
func chip(ctx context.Context, c circulars.Circular) ui.StatusChip {
	if c.State == circulars.Issued && c.Replaced.ID != 0 {
		return ui.StatusChip{Tone: ui.StatusClosed, Label: locale.T(ctx, "circulars.is_replaced")}
	}
	return ui.StatusChip{Tone: tones[c.State], Label: locale.T(ctx, "circulars.state."+string(c.State))}
}

// foreign is the language of a text where it is not the page's.
func foreign(ctx context.Context, lang string) string {
	if lang == string(locale.Of(ctx).Lang) {
		return ""
	}
	return lang
}

// facts are what is known of a circular beside its text.
func facts(ctx context.Context, c circulars.Circular) []ui.SummaryRow {
	var rows []ui.SummaryRow
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, label), Value: value})
		}
	}
	add("circulars.number", c.Reference())
	if c.IssuedOn != nil {
		add("circulars.issued_on", locale.Date(ctx, *c.IssuedOn))
	}
	add("circulars.kind_label", kindName(ctx, c.Kind))
	if c.Due != nil {
		add(byKey(c.Answers), locale.Date(ctx, *c.Due))
	}
	return rows
}

func byKey(answers bool) string {
	if answers {
		return "circulars.answer_by"
	}
	return "circulars.read_by"
}

func fileList(ctx context.Context, base string, list []circulars.File) []ui.File {
	var out []ui.File
	for _, d := range list {
		out = append(out, ui.File{ID: d.PublicID, Name: d.Name, About: locale.Size(ctx, d.Size), Href: base + "/files/" + d.PublicID})
	}
	return out
}
