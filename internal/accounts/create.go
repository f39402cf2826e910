package accounts

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// NewAccount is an account that the system itself makes: from the command line, or as
// demonstration data.
type NewAccount struct {
	Email, Name, Lang, Zone string
	Password                string // empty: none yet
	Grants                  []GrantInput
}

// Create makes an account, or leaves the one that has the address as it is and reports
// false. Only the system may.
// Errors: forbidden, invalid (by field).
func (s *Service) Create(ctx context.Context, actor identity.Actor, n NewAccount) (created bool, err error) {
	if actor.Side != identity.System {
		return false, apperr.New(apperr.Forbidden, "error.forbidden")
	}
	if !ValidEmail(n.Email) {
		return false, apperr.Fields(map[string]string{"email": "accounts.email_format"})
	}
	if key := nameFault(n.Name); key != "" {
		return false, apperr.Fields(map[string]string{"name": key})
	}
	var hash string
	if n.Password != "" {
		if strength := Measure(n.Password, n.Name, n.Email); !strength.OK {
			return false, apperr.Fields(map[string]string{"password": strength.Advice})
		}
		if hash, err = hashPassword(ctx, n.Password); err != nil {
			return false, err
		}
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		created, err = s.create(ctx, tx, actor, n, hash)
		return err
	})
	return created, err
}

func (s *Service) create(ctx context.Context, tx pgx.Tx, actor identity.Actor, n NewAccount, hash string) (bool, error) {
	var there bool
	err := tx.QueryRow(ctx, `select exists (select from users where email_key = $1)`, EmailKey(n.Email)).Scan(&there)
	if err != nil || there {
		return false, err
	}
	id, _, err := insertUser(ctx, tx, newUser{email: n.Email, name: n.Name, lang: n.Lang, zone: n.Zone, hash: hash})
	if err != nil {
		return false, err
	}
	if err := s.record(ctx, tx, actor, "account_created", id, nil); err != nil {
		return false, err
	}
	for _, g := range n.Grants {
		if err := s.give(ctx, tx, actor, id, g); err != nil {
			return false, err
		}
	}
	return true, nil
}

// Listed is one account in the command line's list.
type Listed struct {
	Email, Name string
	State       State
	Roles       []string
	Orgs        []string
}

// List is every account by address. Only the system may. Errors: forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor) ([]Listed, error) {
	if actor.Side != identity.System {
		return nil, apperr.New(apperr.Forbidden, "error.forbidden")
	}
	var out []Listed
	var after cursor
	for {
		var rows []Row
		err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
			rows, err = listUsers(ctx, q, Filter{Limit: 500}, after, s.now())
			return err
		})
		for _, r := range rows {
			out = append(out, Listed{Email: r.Email, Name: r.Name, State: r.State, Roles: r.Roles, Orgs: r.Orgs})
			after = cursor{r.Name, r.PublicID}
		}
		if err != nil || len(rows) <= 500 {
			return out, err
		}
	}
}

// ResetPath makes a link to set a password for the operator to hand over: a path of the
// portal, which works for an hour and once. Only the system may.
// Errors: forbidden, not found.
func (s *Service) ResetPath(ctx context.Context, actor identity.Actor, email string) (path string, err error) {
	if actor.Side != identity.System {
		return "", apperr.New(apperr.Forbidden, "error.forbidden")
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		now, token := s.now(), newToken()
		var lang string
		err := tx.QueryRow(ctx, `
			with l as (
				insert into access_links (purpose, user_id, created_at, expires_at)
				select 'reset', id, $2, $3 from users where email_key = $1 and active
				returning id, user_id
			), t as (
				insert into access_tokens (token_hash, link_id) select $4, id from l
			)
			select u.lang from l join users u on u.id = l.user_id`,
			EmailKey(email), now, now.Add(lives[Reset]), hashToken(token)).Scan(&lang)
		if errors.Is(err, pgx.ErrNoRows) {
			return apperr.Wrap(err, apperr.NotFound, "accounts.user_not_found")
		}
		path = fmt.Sprintf("/%s/%s/%s", lang, Reset, token)
		return err
	})
	return path, err
}
