package mailings

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/postgres"
)

// Recipient is one address that a mailing goes to.
type Recipient struct {
	PublicID string
	OrgID    int64
	UserID   int64
	Email    string
	Name     string // empty: a mailbox without one
	City     string // in the letter's language
	Wanted   string // the language it asked for
	Lang     string // the language it gets
	State    Delivery
}

// Values fill the placeholders of the recipient's letter.
func (r Recipient) Values() Values {
	name := r.Name
	if name == "" {
		name = r.City
	}
	return Values{"city": r.City, "name": name}
}

// Org is a member that nobody can be written to.
type Org struct{ PublicID, Name string }

// Audience is whom a mailing would reach, were it sent now.
type Audience struct {
	Members      int // that the filter leaves
	Total        int // letters that would leave
	ByLang       []LangCount
	Repeated     int // addresses that stand for several members or offices
	Unsubscribed int
	Unasked      int // people who never asked for news
	Invalid      int
	Without      []Org // the first of those without any address
	Withouts     int
	Written      []Written
}

// LangCount is how many are written to in a language, and how many of them asked for another.
type LangCount struct {
	Lang    string
	Count   int
	Instead int
}

// maxWithout is how many members without an address a page names.
const maxWithout = 50

// found is what is gathered of a mailing's addressees.
type found struct {
	list     []Recipient
	orgs     []int64
	repeated int
	reached  map[int64]bool // organisations that some good address stands for
}

// gather finds who would be written to, each address once. A mailbox comes before a person:
// it outlives whoever reads it.
func (s *Service) gather(ctx context.Context, q postgres.Querier, actor identity.Actor, m Mailing, written []string) (out found, err error) {
	if out.orgs, err = s.members.Matching(ctx, q, actor, m.Filter); err != nil {
		return out, err
	}
	all, err := repository{q}.addresses(ctx, out.orgs, m)
	if err != nil {
		return out, err
	}
	refused, err := repository{q}.refusing(ctx, m.Kind, all)
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	out.reached = map[int64]bool{}
	for _, r := range all {
		key := fold.Email(r.Email)
		if mail.ValidAddress(r.Email) {
			out.reached[r.OrgID] = true
		}
		if seen[key] {
			out.repeated++
			continue
		}
		seen[key] = true
		r.Lang, r.State = locale.Nearest(r.Wanted, written), Waiting
		switch {
		case !mail.ValidAddress(r.Email):
			r.State = Invalid
		case refused[key] != "":
			r.State = refused[key]
		}
		out.list = append(out.list, r)
	}
	return out, repository{q}.nameCities(ctx, out.list)
}

// addresses lists mailboxes and people of some organisations, in the order of members.
func (r repository) addresses(ctx context.Context, orgs []int64, m Mailing) ([]Recipient, error) {
	rows, _ := r.db.Query(ctx, `
		select x.org_id, x.user_id, x.email, x.name, o.name, x.lang from (
			select c.org_id, 0::bigint as user_id, c.email, c.name, c.lang, 0 as person, c.id as at from contacts c
			where c.org_id = any($1) and c.office = any($2)
			union all
			select distinct d.org_id, u.id, u.email, u.name, u.lang, 1, u.id from mandates d join users u on u.id = d.user_id and u.active
			where d.org_id = any($1) and d.role = any($3) and now() >= d.starts_at and now() < d.ends_at
		) x join organisations o on o.id = x.org_id
		order by x.person, array_position($1::bigint[], x.org_id), x.at`, orgs, m.Offices, m.Roles)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Recipient, err error) {
		err = row.Scan(&x.OrgID, &x.UserID, &x.Email, &x.Name, &x.City, &x.Wanted)
		return x, err
	})
}

// refusing are the addresses that get no news, and as what they count: mailboxes and people
// that were taken off, and people with an account who never asked for any. Nobody refuses
// what is official.
func (r repository) refusing(ctx context.Context, kind Kind, list []Recipient) (map[string]Delivery, error) {
	out := map[string]Delivery{}
	if kind != News {
		return out, nil
	}
	keys, users := make([]string, len(list)), make([]int64, len(list))
	for i, x := range list {
		keys[i], users[i] = fold.Email(x.Email), x.UserID
	}
	rows, _ := r.db.Query(ctx, `
		select r.email_key, case when r.user_id <> 0 and not consent_asked(r.user_id, 'news') then 'unasked' else 'unsubscribed' end
		from unnest($1::text[], $2::bigint[]) r (email_key, user_id) where `+noNews, keys, users)
	var key string
	var as Delivery
	_, err := pgx.ForEachRow(rows, []any{&key, &as}, func() error {
		out[key] = as
		return nil
	})
	return out, err
}

// noNews holds for a row r of an address, and of the account that it belongs to, whose reader
// gets no news: a person is asked for consent, which the account's page shows and every link
// changes; a mailbox gets news until it is taken off.
const noNews = ` case when coalesce(r.user_id, 0) = 0 then exists (select from mailing_optouts o where o.email_key = r.email_key)
	else not consented(r.user_id, 'news') end `

// nameCities puts a municipality's name in the letter's language in place of its own.
func (r repository) nameCities(ctx context.Context, list []Recipient) error {
	type named struct {
		org  int64
		lang string
	}
	orgs := make([]int64, len(list))
	for i, x := range list {
		orgs[i] = x.OrgID
	}
	rows, _ := r.db.Query(ctx, `select municipality_id, lang, title from municipality_titles where municipality_id = any($1)`, orgs)
	titles := map[named]string{}
	var at named
	var title string
	_, err := pgx.ForEachRow(rows, []any{&at.org, &at.lang, &title}, func() error {
		titles[at] = title
		return nil
	})
	for i, x := range list {
		if title := titles[named{x.OrgID, x.Lang}]; title != "" {
			list[i].City = title
		}
	}
	return err
}

// Audience looks whom a mailing would reach now. Errors: sign_in, forbidden, not found.
func (s *Service) Audience(ctx context.Context, actor identity.Actor, publicID string) (out Audience, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		m, err := r.open(ctx, publicID)
		if err != nil {
			return err
		}
		if out.Written, err = r.written(ctx, m.ID); err != nil {
			return err
		}
		all, err := s.gather(ctx, q, actor, m, langsOf(out.Written))
		if err != nil {
			return err
		}
		out.count(all)
		return r.without(ctx, all, &out)
	})
	return out, err
}

// count sums up what was found.
func (a *Audience) count(all found) {
	a.Members, a.Repeated = len(all.orgs), all.repeated
	by := map[string]*LangCount{}
	for _, w := range a.Written {
		by[w.Lang] = &LangCount{Lang: w.Lang}
	}
	for _, r := range all.list {
		switch r.State {
		case Invalid:
			a.Invalid++
		case Unsubscribed:
			a.Unsubscribed++
		case Unasked:
			a.Unasked++
		default:
			a.Total++
			if c := by[r.Lang]; c != nil {
				c.Count++
				if r.Lang != r.Wanted {
					c.Instead++
				}
			}
		}
	}
	for _, w := range a.Written {
		a.ByLang = append(a.ByLang, *by[w.Lang])
	}
}

// without names members that nobody can be written to, so that staff can mend that.
func (r repository) without(ctx context.Context, all found, out *Audience) error {
	var missing []int64
	for _, org := range all.orgs {
		if !all.reached[org] {
			missing = append(missing, org)
		}
	}
	out.Withouts = len(missing)
	rows, _ := r.db.Query(ctx, `
		select s.public_id, o.name from organisations o join subjects s on s.id = o.id where o.id = any($1)
		order by array_position($1::bigint[], o.id)`, missing[:min(len(missing), maxWithout)])
	var err error
	out.Without, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Org])
	return err
}
