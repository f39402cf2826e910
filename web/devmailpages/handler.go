// Package devmailpages shows the mail of a portal that has no SMTP server. It is mounted
// in demonstration and development only.
package devmailpages

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Handler serves the inbox.
type Handler struct{ inbox *mail.Inbox }

// New makes the handler of an inbox.
func New(inbox *mail.Inbox) *Handler { return &Handler{inbox: inbox} }

// Routes mounts the inbox at /dev/mail. ?to= shows the mail of one address.
func (h *Handler) Routes(r chi.Router) {
	r.Method(http.MethodGet, "/dev/mail", page.Handler(h.list))
	r.Method(http.MethodGet, "/dev/mail/{id}", page.Handler(h.show))
}

// most is how many letters the list shows.
const most = 100

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	letters, err := h.inbox.List(r.Context(), r.URL.Query().Get("to"), most)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, list(letters))
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return apperr.New(apperr.NotFound, "devmail.not_found")
	}
	l, err := h.inbox.Open(r.Context(), id)
	if err == pgx.ErrNoRows {
		return apperr.New(apperr.NotFound, "devmail.not_found")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Show(w, r, http.StatusOK, letter(l))
}

func columns(ctx context.Context) []ui.Column {
	return []ui.Column{{Label: locale.T(ctx, "devmail.subject")}, {Label: locale.T(ctx, "devmail.to")}, {Label: locale.T(ctx, "devmail.when")}}
}

// spoken marks the letter's own language.
func spoken(l mail.Kept) templ.Attributes {
	if l.Lang == "" {
		return nil
	}
	return templ.Attributes{"lang": l.Lang}
}

// piece is a stretch of a letter: words, or an address to follow.
type piece struct {
	Text string
	URL  bool
}

var address = regexp.MustCompile(`https?://\S+`)

func paragraphs(body string) [][]piece {
	var out [][]piece
	for _, p := range strings.Split(strings.TrimSpace(body), "\n\n") {
		var pieces []piece
		at := 0
		for _, span := range address.FindAllStringIndex(p, -1) {
			pieces = append(pieces, piece{Text: p[at:span[0]]}, piece{Text: p[span[0]:span[1]], URL: true})
			at = span[1]
		}
		out = append(out, append(pieces, piece{Text: p[at:]}))
	}
	return out
}
