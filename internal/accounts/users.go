package accounts

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// State is how far an account is.
type State string

// The states of an account; they follow from its columns.
const (
	Active  State = "active"
	Invited State = "invited" // has not set a password yet
	Off     State = "off"     // switched off: cannot sign in
)

// States lists them in the order of the filter.
func States() []State { return []State{Active, Invited, Off} }

// Filter narrows the list of users; empty fields do not.
type Filter struct {
	Text  string // part of a name or address, in any spelling
	Role  identity.Role
	State State
	After string // cursor of the page before
	Limit int
}

// Row is one user in the list.
type Row struct {
	ID       int64
	PublicID string
	Name     string
	Email    string
	State    State
	Roles    []string // staff roles in force
	Orgs     []string // organisations acted for
	Created  time.Time
}

// mayRead lets administrators and auditors look at accounts.
func mayRead(actor identity.Actor) error {
	if actor.Can(identity.ReadAudit) {
		return nil
	}
	return actor.May(identity.ManageUsers)
}

// Users lists accounts by name.
// Errors: sign_in, forbidden, invalid (a cursor that is none).
func (s *Service) Users(ctx context.Context, actor identity.Actor, f Filter) (postgres.Page[Row], error) {
	var out postgres.Page[Row]
	if err := mayRead(actor); err != nil {
		return out, err
	}
	after, err := readCursor(f.After)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out.Rows, err = listUsers(ctx, q, f, after, s.now())
		return err
	})
	if len(out.Rows) > f.Limit {
		out.Rows = out.Rows[:f.Limit]
		last := out.Rows[f.Limit-1]
		out.Next = cursor{last.Name, last.PublicID}.String()
	}
	return out, postgres.Explain(err, "error.not_found")
}

// listUsers reads one row more than the page holds.
func listUsers(ctx context.Context, q postgres.Querier, f Filter, after cursor, now time.Time) ([]Row, error) {
	rows, _ := q.Query(ctx, `
		select u.id, s.public_id, u.name, u.email,
		       case when not u.active then 'off' when u.password_hash = '' then 'invited' else 'active' end as state,
		       array(select r.role from staff_roles r
		             where r.user_id = u.id and r.starts_at <= $6 and r.ends_at > $6 order by r.role) as roles,
		       array(select distinct o.name from mandates m join organisations o on o.id = m.org_id
		             where m.user_id = u.id and m.starts_at <= $6 and m.ends_at > $6) as orgs,
		       u.created_at as created
		from users u
		join subjects s on s.id = u.id
		where (u.name collate "tr-x-icu", s.public_id) > ($1 collate "tr-x-icu", $2)
		  and ($4 = '' or $3 <> '' and u.name_key like '%' || $3 || '%' or u.email_key like '%' || $4 || '%'
		       or u.name like '%' || $4 || '%')
		  and ($5 = '' or exists (select from staff_roles r where r.user_id = u.id and r.role = $5
		                          and r.starts_at <= $6 and r.ends_at > $6)
		                or exists (select from mandates m where m.user_id = u.id and m.role = $5
		                          and m.starts_at <= $6 and m.ends_at > $6))
		  and ($7 = '' or $7 = case when not u.active then 'off' when u.password_hash = '' then 'invited' else 'active' end)
		order by u.name collate "tr-x-icu", s.public_id
		limit $8`,
		after.Name, after.PublicID, likeText(nameKey(f.Text)), likeText(EmailKey(f.Text)), string(f.Role), now, string(f.State), f.Limit+1)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Row])
}

// cursor is where a page of users ended.
type cursor struct {
	Name     string
	PublicID string
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // two plain fields
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		return c, apperr.Wrap(err, apperr.Invalid, "error.check_fields")
	}
	return c, nil
}
