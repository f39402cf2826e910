package supports

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Origin is the request that a support is granted on.
type Origin struct {
	ID         int64
	OrgID      int64
	PublicID   string
	Reference  string
	Title      string
	DecisionID int64 // that approved it; 0: none
	DecisionNo string
	Amount     string // that it names; empty: none
	Currency   string
	Grants     bool // its service grants supports, and it was approved
}

// Requests are the requests that supports are granted on.
type Requests interface {
	// Origin reads a request for its support. Errors: sign_in, forbidden, not found.
	Origin(ctx context.Context, q postgres.Querier, actor identity.Actor, publicID string) (Origin, error)
}

// Service is everything that can be done with supports.
type Service struct {
	db       postgres.DB
	requests Requests
	zone     *time.Location // the union's, for days
	now      func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, requests Requests, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, requests: requests, zone: zone, now: now}
}

// Today is the union's day, as days are stored.
func (s *Service) Today() time.Time {
	now := s.now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// reads is what reading asks for, and the organisation that it is narrowed to.
func reads(actor identity.Actor) (identity.Permission, int64) {
	if actor.Side == identity.Member {
		return identity.ReadOwnRequests, actor.OrgID
	}
	return identity.ReadSupports, 0
}

// Limits in characters.
const (
	maxTitle = 200
	maxNote  = 4000
)

func (in Input) check(today time.Time) error {
	faults := map[string]string{}
	if in.Kind != Financial && in.Kind != Technical && in.Kind != Administrative {
		faults["kind"] = "supports.choose"
	}
	if in.Title == "" {
		faults["title"] = "error.required"
	} else if utf8.RuneCountInString(in.Title) > maxTitle {
		faults["title"] = "error.too_long"
	}
	if in.GrantedOn.IsZero() || in.GrantedOn.Year() < 1990 || in.GrantedOn.After(today) {
		faults["granted_on"] = "supports.day_wrong"
	}
	if (in.Amount == "") != (in.Currency == "") || in.Kind == Financial && in.Amount == "" {
		faults["amount"] = "supports.amount_wrong"
	}
	if utf8.RuneCountInString(in.Note) > maxNote {
		faults["note"] = "error.too_long"
	}
	return apperr.Fields(faults)
}

// Grant records a support on a request, under the decision that approved it, and returns
// its public id. Errors: forbidden, not found, invalid by field, conflict (the request's
// service grants none, or no board approved it and money is granted).
func (s *Service) Grant(ctx context.Context, actor identity.Actor, request string, in Input) (publicID string, err error) {
	if err := s.mayEdit(actor, in); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		from, err := s.requests.Origin(ctx, tx, actor, request)
		if err != nil {
			return err
		}
		if !from.Grants {
			return apperr.New(apperr.Conflict, "supports.not_granting")
		}
		publicID = subject.NewPublicID()
		var id int64
		err = tx.QueryRow(ctx, `
			with s as (insert into subjects (kind, org_id, public_id) values ('support', $1, $2) returning id, org_id)
			insert into supports (id, org_id, request_id, kind, title, amount, currency, decision_id, granted_on, note, created_by, created_at)
			select id, org_id, $3, $4, $5, nullif($6, '')::numeric, nullif($7, ''), nullif($8::bigint, 0), $9, $10, $11, $12 from s returning id`,
			from.OrgID, publicID, from.ID, in.Kind, in.Title, in.Amount, in.Currency, from.DecisionID, in.GrantedOn, in.Note, actor.UserID, s.now()).Scan(&id)
		if err != nil {
			return refusal(err)
		}
		return s.record(ctx, tx, actor, publicID, "support.grant", in)
	})
	return publicID, err
}

func (s *Service) mayEdit(actor identity.Actor, in Input) error {
	if err := actor.May(identity.EditSupports); err != nil {
		return err
	}
	return in.check(s.Today())
}

// refusal says which rule of the table a support breaks.
func refusal(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch {
	case pg.ConstraintName == "supports_decided", pg.ConstraintName == "supports_decision":
		return apperr.Wrap(err, apperr.Conflict, "supports.no_decision")
	case pg.Code == "22003", pg.Code == "23514":
		return apperr.Fields(map[string]string{"amount": "supports.amount_wrong"})
	}
	return postgres.Explain(err, "supports.not_found")
}

// record writes the act into the log of the support and what the search finds of it.
func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, publicID, action string, payload any) error {
	x, err := repository{tx}.open(ctx, 0, publicID, "")
	if err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: x.Ref(), Payload: payload}); err != nil {
		return err
	}
	return search.Put(ctx, tx, x.Ref(), found(x))
}

// found is what a support is found by, on both sides.
func found(x Support) []search.Document {
	var out []search.Document
	for _, lang := range locale.Langs() {
		doc := search.Document{Lang: lang, Scope: search.Staff, OrgID: x.OrgID, Title: x.Title, Names: []string{x.OrgName},
			Body: x.OrgName + ". " + x.Reference + " " + x.DecisionNo, Path: "/" + string(lang) + "/desk/supports/" + x.PublicID, Weight: x.GrantedOn.Unix() / 86400}
		own := doc
		own.Scope, own.Names, own.Path = search.Org(x.OrgID), nil, "/"+string(lang)+"/m/"+x.OrgPublicID+"/supports/"+x.PublicID
		out = append(out, doc, own)
	}
	return out
}

// change locks a support that staff may edit, lets fn act, and records the act.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID, action string, payload any, fn func(tx pgx.Tx, x Support) error) error {
	if err := actor.May(identity.EditSupports); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		x, err := repository{tx}.open(ctx, 0, publicID, ` for update of x`)
		if err != nil {
			return err
		}
		if err := fn(tx, x); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, publicID, action, payload)
	})
}

// Edit corrects a support. version is the one that the writer saw.
// Errors: forbidden, not found, invalid by field, conflict (changed meanwhile; money without
// a decision; less than its instalments).
func (s *Service) Edit(ctx context.Context, actor identity.Actor, publicID string, version int, in Input) error {
	if err := s.mayEdit(actor, in); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, "support.edit", in, func(tx pgx.Tx, x Support) error {
		if x.Version != version {
			return apperr.New(apperr.Conflict, "supports.changed")
		}
		_, err := tx.Exec(ctx, `
			update supports set kind = $2, title = $3, amount = nullif($4, '')::numeric, currency = nullif($5, ''), granted_on = $6, note = $7, version = version + 1
			where id = $1`, x.ID, in.Kind, in.Title, in.Amount, in.Currency, in.GrantedOn, in.Note)
		if err != nil {
			return refusal(err)
		}
		return s.fits(ctx, tx, x.ID)
	})
}

// fits refuses instalments that together are more than what was granted.
func (s *Service) fits(ctx context.Context, tx pgx.Tx, id int64) error {
	var over bool
	err := tx.QueryRow(ctx, `
		select coalesce((select sum(i.amount) from support_instalments i where i.support_id = x.id), 0) > coalesce(x.amount, 0) from supports x where x.id = $1`, id).Scan(&over)
	if err == nil && over {
		err = apperr.Fields(map[string]string{"amount": "supports.over"})
	}
	return err
}
