package requests

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
)

// OfficeOwner begins the word for an office among those whom a duty can be given to.
const OfficeOwner = "office:"

// WriteTask writes a duty about a request down for an officer (a public identifier) or an
// office (its code after OfficeOwner), until the end of a day (zero: no date).
// Errors: forbidden, not found, invalid by field, conflict (it ended; too many).
func (s *Service) WriteTask(ctx context.Context, actor identity.Actor, publicID, words, owner string, until time.Time) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if !r.Open() {
			return stale()
		}
		own := tasks.Own{Words: words}
		if !until.IsZero() {
			own.Due = s.endOfDay(until)
			if own.Due.Before(s.now()) || own.Due.After(s.now().AddDate(2, 0, 0)) {
				return apperr.Fields(map[string]string{"until": "requests.until_wrong"})
			}
		}
		var err error
		if own.Owner, err = (repository{tx}).taskOwner(ctx, owner); err != nil {
			return err
		}
		_, err = tasks.Write(ctx, tx, actor, r.Ref(), own)
		return err
	})
}

// taskOwner finds whom a duty is given to. Errors: invalid at "owner".
func (r repository) taskOwner(ctx context.Context, owner string) (tasks.Owner, error) {
	wrong := apperr.Fields(map[string]string{"owner": "requests.choose"})
	code, office := strings.CutPrefix(owner, OfficeOwner)
	if !office {
		o, err := r.officer(ctx, owner)
		if apperr.Is(err, apperr.Invalid) || err == nil && o.ID == 0 {
			return tasks.Owner{}, wrong
		}
		return tasks.User(o.ID), err
	}
	list, err := services.Offices(ctx, r.db)
	for _, b := range list {
		if b.Code == code {
			return tasks.Office(code), err
		}
	}
	if err != nil {
		return tasks.Owner{}, err
	}
	return tasks.Owner{}, wrong
}

// FinishTask ends a duty about a request: done, or not needed any more. Its owner may say
// that it is done; whoever handles requests may do both.
// Errors: forbidden, not found, conflict (it was ended meanwhile).
func (s *Service) FinishTask(ctx context.Context, actor identity.Actor, publicID, task string, isDone bool) error {
	return s.change(ctx, actor, identity.ReadRequests, publicID, func(tx pgx.Tx, r *Request) error {
		return tasks.Finish(ctx, tx, actor, r.Ref(), task, isDone, actor.Can(identity.HandleRequests))
	})
}

// Linkable are the kinds of records that a request can be linked to.
func Linkable() []subject.Kind {
	return []subject.Kind{subject.Request, subject.Project, subject.Decision, subject.Letter, subject.Meeting, subject.Support, subject.Event}
}

// Join links a request to another record by its public identifier.
// Errors: forbidden, not found, invalid (itself), conflict (too many).
func (s *Service) Join(ctx context.Context, actor identity.Actor, publicID, other string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		to, err := links.Find(ctx, tx, other, Linkable()...)
		if err != nil {
			return err
		}
		if to.Kind == subject.Request { // a draft is its city's own
			if _, err := (repository{tx}).open(ctx, actor, other); err != nil {
				return err
			}
		}
		return links.Join(ctx, tx, actor, r.Ref(), to)
	})
}

// Part takes a link of a request away. Errors: forbidden, not found.
func (s *Service) Part(ctx context.Context, actor identity.Actor, publicID, link string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		return links.Part(ctx, tx, actor, r.Ref(), link)
	})
}

// FileHistory is a file of a request with all that it has been.
type FileHistory struct {
	*Request
	Document documents.Document
	Versions []documents.Version // the newest first
	Replace  bool                // the reader may bring the next version
}

// FileHistory reads the versions of a request's file. Errors: sign_in, forbidden, not found.
func (s *Service) FileHistory(ctx context.Context, actor identity.Actor, publicID, document string) (h FileHistory, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return h, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if h.Request, err = (repository{q}).open(ctx, actor, publicID); err != nil {
			return err
		}
		if err := s.name(ctx, q, h.Request); err != nil {
			return err
		}
		if h.Document, err = documents.One(ctx, q, h.Ref(), document); err != nil {
			return err
		}
		h.Replace = h.mayReplace(actor, h.Document)
		h.Versions, err = documents.Versions(ctx, q, h.Document.ID)
		return err
	})
	return h, err
}

// mayReplace: each side brings the next version of its own files, as long as the case is
// open; a draft's files belong to its form.
func (r Request) mayReplace(actor identity.Actor, d documents.Document) bool {
	if !r.Open() || r.SubmittedAt == nil {
		return false
	}
	ours := strings.HasPrefix(d.Sort, PaperSort(""))
	if actor.Side == identity.Member {
		return !ours && actor.Can(identity.EditDraft)
	}
	return ours && actor.Can(identity.HandleRequests)
}

// ReplaceFile makes an upload the next version of a request's file; the versions before it
// stay, and the other side is told.
// Errors: forbidden, not found, invalid (the upload), conflict (the case ended; it is the
// other side's file).
func (s *Service) ReplaceFile(ctx context.Context, actor identity.Actor, publicID, document, upload string) error {
	may, event := identity.HandleRequests, "requests.file_out"
	if actor.Side == identity.Member {
		may, event = identity.EditDraft, "requests.file_in"
	}
	return s.change(ctx, actor, may, publicID, func(tx pgx.Tx, r *Request) error {
		d, err := documents.One(ctx, tx, r.Ref(), document)
		if err != nil {
			return err
		}
		if !r.mayReplace(actor, d) {
			return apperr.New(apperr.Conflict, "requests.not_replaceable")
		}
		after, err := documents.Replace(ctx, tx, actor, r.Ref(), document, upload)
		if err != nil || after.Version == d.Version {
			return err
		}
		return s.tell(ctx, tx, actor, *r, event, fmt.Sprintf("file/%d/%d", d.ID, after.Version), map[string]any{"Quote": after.Name})
	})
}
