package page

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// OnceField is the hidden field in which a creating form carries its key, OnceHeader the
// header for scripts. A form with files is read as it comes in, after the key is needed: it
// carries the field in its address; see OnceAt.
const (
	OnceField  = "once"
	OnceHeader = "Idempotency-Key"
)

// OnceKey makes the key of a form that is about to be shown.
func OnceKey() string { return subject.NewPublicID() }

// OnceAt is the address to which a form with files is posted, with a new key.
func OnceAt(address string) string {
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + OnceField + "=" + OnceKey()
}

var onceShape = regexp.MustCompile(`^[a-z2-7]{26}$`)

// How long a repeated post waits for the first to finish, and after which time a first that
// never answered counts as lost with its process.
const (
	onceWait = 10 * time.Second
	onceLost = 2 * time.Minute
)

// Once gives a post that carries a key one effect: whoever repeats it (a double click, a
// retry after a lost answer) is sent where the first was sent. A first that failed leaves no
// trace, so that the corrected form can be posted again. It belongs behind the session:
// keys are counted by person. Without a key or a person it steps aside.
// Errors: conflict (the first is still at work after 10 s; or the key was used elsewhere).
func Once(db postgres.DB) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return Handler(func(w http.ResponseWriter, r *http.Request) error {
			key := onceKey(r)
			if key == "" || !Actor(r).SignedIn() || r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return nil
			}
			post := post{db: db, user: Actor(r).UserID, key: key, path: r.URL.Path}
			location, err := post.claim(r.Context())
			if err != nil {
				return err
			}
			if location != "" {
				http.Redirect(w, r, location, http.StatusSeeOther)
				return nil
			}
			post.serve(w, r, next)
			return nil
		})
	}
}

func onceKey(r *http.Request) string {
	key := r.Header.Get(OnceHeader)
	switch {
	case key != "":
	case isForm(r):
		key = r.PostFormValue(OnceField)
	default:
		key = r.URL.Query().Get(OnceField)
	}
	if !onceShape.MatchString(key) {
		return ""
	}
	return key
}

// post is one keyed post of one person.
type post struct {
	db        postgres.DB
	user      int64
	key, path string
}

// serve runs the handler and keeps where it redirected to; every other answer, a panic
// too, frees the key.
func (p post) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	watched := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
	location := ""
	defer func() {
		// The reader may have gone meanwhile; what was done is still recorded.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
		defer cancel()
		if err := p.finish(ctx, location); err != nil {
			slog.ErrorContext(ctx, "keyed post not recorded", "request_id", middleware.GetReqID(ctx), "error", err)
		}
	}()
	next.ServeHTTP(watched, r)
	if s := watched.Status(); s >= 300 && s < 400 {
		location = watched.Header().Get("Location")
	}
}

// claim takes the key: "" means that this post is the first and shall be served.
func (p post) claim(ctx context.Context) (location string, err error) {
	deadline := time.Now().Add(onceWait)
	for {
		location, first, err := p.try(ctx)
		if err != nil || first || location != "" {
			return location, err
		}
		if time.Now().After(deadline) {
			return "", apperr.New(apperr.Conflict, "page.still_working")
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p post) try(ctx context.Context) (location string, first bool, err error) {
	err = p.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var path string
		err := tx.QueryRow(ctx, `
			insert into post_keys as k (user_id, key, path) values ($1, $2, $3)
			on conflict (user_id, key) do update set started_at = now()
			where k.path = $3 and k.location = '' and k.started_at < now() - make_interval(secs => $4)
			returning path`, p.user, p.key, p.path, onceLost.Seconds()).Scan(&path)
		if first = err == nil; first {
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		err = tx.QueryRow(ctx, `select path, location from post_keys where user_id = $1 and key = $2`, p.user, p.key).Scan(&path, &location)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // the first failed between our two looks: try again
		}
		if err == nil && path != p.path {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		return err
	})
	return location, first, postgres.Explain(err, "error.not_found")
}

func (p post) finish(ctx context.Context, location string) error {
	return p.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if location == "" {
			_, err := tx.Exec(ctx, `delete from post_keys where user_id = $1 and key = $2`, p.user, p.key)
			return err
		}
		_, err := tx.Exec(ctx, `update post_keys set location = $3 where user_id = $1 and key = $2`, p.user, p.key, location)
		return err
	})
}
