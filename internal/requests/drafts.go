package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Needs are the questions of each form that the portal itself reads, by the form's key: what
// its service copies to columns, and what is filed as a document of its own.
func Needs() map[string]forms.Needs {
	out := map[string]forms.Needs{}
	byKey := map[string]forms.Definition{}
	for _, d := range Forms() {
		byKey[d.Key] = d
	}
	for _, s := range Shipped() {
		keys := []string{FieldStudy, FieldPhotos}
		for _, key := range s.Definition.Bind {
			keys = append(keys, key)
		}
		out[s.Definition.Form] = forms.NeedsOf(byKey[s.Definition.Form], keys...)
	}
	return out
}

// draft locks a draft that its own city may still change, and lets fn act on it.
func (s *Service) draft(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, r *Request) error) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State != Draft {
			return apperr.New(apperr.Conflict, "requests.not_a_draft")
		}
		return fn(tx, r)
	})
}

// PlanCarry says what carrying a draft to the newest version of its form would do.
// Errors: sign_in, forbidden, not found, conflict (it is there already).
func (s *Service) PlanCarry(ctx context.Context, actor identity.Actor, publicID string) (plan forms.Carriage, err error) {
	p, err := s.Paper(ctx, actor, publicID)
	if err != nil {
		return plan, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		plan, err = forms.PlanCarry(ctx, q, p.Form)
		return err
	})
	return plan, err
}

// Carry moves a draft to the newest version of its form.
// Errors: sign_in, forbidden, not found, conflict (not a draft, or it is there already).
func (s *Service) Carry(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.draft(ctx, actor, publicID, func(tx pgx.Tx, r *Request) error {
		if err := forms.Carry(ctx, tx, actor, r.Ref(), part, s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.carried", Subject: r.Ref()})
	})
}

// LetHelp lets the union's staff write in a draft until a moment.
// Errors: sign_in, forbidden, not found, conflict (not a draft), invalid (the day).
func (s *Service) LetHelp(ctx context.Context, actor identity.Actor, publicID string, until time.Time) error {
	return s.draft(ctx, actor, publicID, func(tx pgx.Tx, r *Request) error {
		return forms.LetHelp(ctx, tx, actor, r.Ref(), until, s.now())
	})
}

// EndHelp takes that back. Errors: sign_in, forbidden, not found, conflict (not a draft).
func (s *Service) EndHelp(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.draft(ctx, actor, publicID, func(tx pgx.Tx, r *Request) error {
		return forms.EndHelp(ctx, tx, actor, r.Ref(), s.now())
	})
}

// Helping is what a draft's page tells of help: the consent, and what staff wrote.
type Helping struct {
	Consent *forms.Help
	Touched []forms.Touch
}

// HelpWith reads what help a draft gets. Errors: sign_in, forbidden.
func (s *Service) HelpWith(ctx context.Context, actor identity.Actor, p Paper) (h Helping, err error) {
	if err := actor.May(reads(actor)); err != nil || p.State != Draft {
		return h, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if h.Consent, err = forms.HelpOf(ctx, q, p.Ref(), s.now()); err != nil {
			return err
		}
		h.Touched, err = forms.ByStaff(ctx, q, p.Form)
		return err
	})
	return h, err
}

// byHelp finds a draft whose city lets the union's staff write in it. It repeats in the query
// what the service has asked.
const byHelp = ` where s.public_id = $1 and s.kind = 'request' and r.state = 'draft' and ` + forms.Helped

// Helped reads a draft with which staff may help. Errors: sign_in, forbidden, not found.
func (s *Service) Helped(ctx context.Context, actor identity.Actor, publicID string) (Paper, error) {
	var p Paper
	if err := actor.May(identity.HelpDrafts); err != nil {
		return p, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if p.Request, err = r.one(ctx, `select `+columns+sources+byHelp, publicID); err != nil {
			return err
		}
		if err := s.name(ctx, q, p.Request); err != nil {
			return err
		}
		if p.Currency, p.Home, err = r.home(ctx, p.OrgID); err != nil {
			return err
		}
		p.Form, err = s.answers.Load(ctx, q, p.Ref())
		return err
	})
	return p, err
}

// SaveHelped stores a page that staff wrote in a city's draft, and says so in its history.
// Errors: sign_in, forbidden, not found (the consent has ended).
func (s *Service) SaveHelped(ctx context.Context, actor identity.Actor, publicID string, in forms.In) (saved forms.Saved, err error) {
	if err := actor.May(identity.HelpDrafts); err != nil {
		return saved, err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r, err := repository{tx}.one(ctx, `select `+columns+sources+byHelp+` for update of r`, publicID)
		if err != nil {
			return err
		}
		before, err := s.answers.Load(ctx, tx, r.Ref())
		if err != nil {
			return err
		}
		if saved, err = s.answers.Save(ctx, tx, actor, r.Ref(), in); err != nil || saved.Version == before.Version {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.helped", Subject: r.Ref(), Payload: map[string]string{"page": in.Page}})
	})
	return saved, err
}

// Waiting is a draft whose city asked for help.
type Waiting struct {
	PublicID, Org, Title string
	Until                time.Time
}

// ToHelp lists the drafts with which staff may help, what ends first on top.
// Errors: sign_in, forbidden.
func (s *Service) ToHelp(ctx context.Context, actor identity.Actor) (list []Waiting, err error) {
	if err := actor.May(identity.HelpDrafts); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.public_id, o.name, coalesce(x.data -> 'title' ->> 'text', ''), h.until
			from form_helps h join requests r on r.id = h.subject_id and r.state = $1 join subjects s on s.id = r.id join organisations o on o.id = r.org_id
			left join lateral (select data from submissions where subject_id = r.id and submitted_at is null order by n desc limit 1) x on true
			where h.ended_at is null and h.until > now() order by h.until, h.id limit 200`, string(Draft))
		list, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (w Waiting, err error) {
			return w, r.Scan(&w.PublicID, &w.Org, &w.Title, &w.Until)
		})
		return err
	})
	return list, err
}
