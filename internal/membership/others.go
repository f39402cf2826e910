package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Other is a member that is no municipality, as everybody may know it.
type Other struct {
	ID       int64
	PublicID string
	Name     string
	Lang     string
	Kind     Kind
	Country  string     // in the reader's language; empty: nobody said
	Joined   *time.Time // nil: not known
	Contacts []Mailbox  // of a page only
}

// Mailbox is an office's address that stands in public.
type Mailbox struct{ Office, Email, Phone string }

// Path is the member's public page, without the language.
func (o Other) Path() string { return "/members/" + o.PublicID }

const otherColumns = `
	select o.id, s.public_id, o.name, o.lang, ms.kind, coalesce(n.name, ''), nullif(ms.joined_on, '-infinity')
	from memberships ms join organisations o on o.id = ms.org_id and o.subject_kind = 'organisation' join subjects s on s.id = o.id
	left join country_names n on n.country_id = o.country_id and n.lang = $1
	where ms.standing in ('active', 'suspended') `

func scanOther(row pgx.CollectableRow) (o Other, err error) {
	err = row.Scan(&o.ID, &o.PublicID, &o.Name, &o.Lang, &o.Kind, &o.Country, &o.Joined)
	return o, err
}

// maxOthers is how many of them a page lists: associations are few.
const maxOthers = 300

// Others lists the members that are no municipalities, by kind and name; they are everybody's
// to know.
func (s *Service) Others(ctx context.Context, lang locale.Lang) (out []Other, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, otherColumns+`order by ms.kind, o.name collate "`+locale.Collation(lang)+`", o.id limit $2`, string(lang), maxOthers)
		out, err = pgx.CollectRows(rows, scanOther)
		return err
	})
	return out, err
}

// Other is one of them with the mailboxes that it shows. Errors: not found (also: it is a
// member no more).
func (s *Service) Other(ctx context.Context, lang locale.Lang, publicID string) (o Other, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, otherColumns+`and s.public_id = $2`, string(lang), publicID)
		if o, err = pgx.CollectExactlyOneRow(rows, scanOther); err != nil {
			return postgres.Explain(err, "membership.not_found")
		}
		rows, _ = q.Query(ctx, `select office, email, phone from contacts where org_id = $1 and listed order by office <> 'general', office limit 20`, o.ID)
		o.Contacts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Mailbox])
		return err
	})
	return o, err
}

// NewOther is a member that is no municipality, as an application or an earlier register
// names it.
type NewOther struct {
	Name, Lang string
	Kind       Kind
	CountryID  int64 // 0: none of the union's, or not known
}

// addOther makes the record of a member that is no municipality; its membership is a fact of
// its own.
func (r repository) addOther(ctx context.Context, n NewOther) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		with n as (select nextval(pg_get_serial_sequence('subjects', 'id')) as id),
		s as (insert into subjects (id, kind, org_id, public_id) overriding system value select id, 'organisation', id, $1 from n returning id)
		insert into organisations (id, kind, subject_kind, name, lang, country_id) select id, $2, 'organisation', $3, $4, nullif($5::bigint, 0) from s returning id`,
		subject.NewPublicID(), orgKinds[n.Kind], n.Name, n.Lang, n.CountryID).Scan(&id)
	return id, err
}

// TakeOver enters a member of an earlier register that is no municipality, a member since a
// day; the zero day is not known. tx is the portal's own.
func (s *Service) TakeOver(ctx context.Context, tx pgx.Tx, n NewOther, since time.Time) (int64, error) {
	id, err := repository{tx}.addOther(ctx, n)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `
		insert into membership_facts (org_id, fact, kind, effective_on, source) values ($1, 'admitted', $2, coalesce($3::date, '-infinity'), 'register')`, id, n.Kind, day(since))
	if err != nil {
		return 0, err
	}
	return id, s.count(ctx, tx, id)
}

// count computes a membership from its facts, and tells all that shows it.
func (s *Service) count(ctx context.Context, tx pgx.Tx, orgID int64) error {
	if _, err := tx.Exec(ctx, `select count_membership($1, $2)`, orgID, s.Today().Format(time.DateOnly)); err != nil {
		return err
	}
	if err := (repository{tx}).index(ctx, tx, orgID); err != nil {
		return err
	}
	return s.register.Changed(ctx, tx, orgID)
}

// index lets a member that is no municipality be found: by everybody while it is a member,
// by staff afterwards. Municipalities have an index of their own.
func (r repository) index(ctx context.Context, tx pgx.Tx, orgID int64) error {
	var o Other
	var member bool
	err := r.db.QueryRow(ctx, `
		select s.public_id, o.name, ms.standing in ('active', 'suspended') from memberships ms
		join organisations o on o.id = ms.org_id and o.subject_kind = 'organisation' join subjects s on s.id = o.id where o.id = $1`, orgID).
		Scan(&o.PublicID, &o.Name, &member)
	if err == pgx.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	scope, path := search.Staff, "/desk/members/"+o.PublicID
	if member {
		scope, path = search.Public, o.Path()
	}
	var docs []search.Document
	for _, lang := range locale.Langs() {
		docs = append(docs, search.Document{Lang: lang, Scope: scope, OrgID: orgID, Title: o.Name, Path: "/" + string(lang) + path})
	}
	return search.Put(ctx, tx, subject.Ref{Kind: subject.Organisation, ID: orgID}, docs)
}
