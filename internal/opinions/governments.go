package opinions

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Government is a body of a state that asks the union without being its member: a ministry, an
// agency, a governor's office.
type Government struct {
	PublicID string
	Name     string
	Lang     string // of its letters
	Country  string // in the reader's language
	Active   bool
	People   int // who may act for it today
	Asked    int // cases that it sent
}

// NewGovernment is one as staff enter it.
type NewGovernment struct {
	Name    string
	Lang    string
	Country string // code
}

func (n NewGovernment) check() error {
	fields := map[string]string{}
	sentence(fields, "name", n.Name, 200, "opinions.gov_name_missing")
	if !locale.Known(n.Lang) {
		fields["lang"] = "opinions.choose"
	}
	if n.Country == "" {
		fields["country"] = "opinions.choose"
	}
	return apperr.Fields(fields)
}

// maxGovernments is how many of them a page lists: they are few.
const maxGovernments = 300

// Governments lists them by name, with the countries that one can be of.
// Errors: sign_in, forbidden.
func (s *Service) Governments(ctx context.Context, actor identity.Actor, lang locale.Lang) (list []Government, countries []Choice, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.public_id, o.name, o.lang, coalesce(n.name, ''), o.active,
				(select count(distinct m.user_id) from mandates m where m.org_id = o.id and now() >= m.starts_at and now() < m.ends_at),
				(select count(*) from requests r where r.org_id = o.id and r.submitted_at is not null)
			from organisations o join subjects s on s.id = o.id left join country_names n on n.country_id = o.country_id and n.lang = $1
			where o.kind = 'government' order by o.name collate "tr-x-icu", o.id limit $2`, string(lang), maxGovernments)
		if list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Government]); err != nil {
			return err
		}
		rows, _ = q.Query(ctx, `
			select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1 order by n.name collate "tr-x-icu"`, string(lang))
		countries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
		return err
	})
	return list, countries, err
}

// AddGovernment enters one; who acts for it is invited like a municipality's people.
// Errors: sign_in, forbidden, invalid by field.
func (s *Service) AddGovernment(ctx context.Context, actor identity.Actor, n NewGovernment) (publicID string, err error) {
	if err := actor.May(identity.EditGovernments); err != nil {
		return "", err
	}
	if err := n.check(); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		publicID, err = Enter(ctx, tx, actor, n)
		return err
	})
	return publicID, err
}

// Enter is AddGovernment in the caller's transaction, who has asked whether the actor may.
// Errors: invalid (no such country).
func Enter(ctx context.Context, tx pgx.Tx, actor identity.Actor, n NewGovernment) (publicID string, err error) {
	publicID = subject.NewPublicID()
	ref := subject.Ref{Kind: subject.Organisation}
	err = tx.QueryRow(ctx, `
		with c as (select id from countries where code = $1),
		n as (select nextval(pg_get_serial_sequence('subjects', 'id')) as id from c),
		s as (insert into subjects (id, kind, org_id, public_id) overriding system value select id, 'organisation', id, $2 from n returning id)
		insert into organisations (id, kind, subject_kind, name, lang, country_id) select s.id, 'government', 'organisation', $3, $4, c.id from s, c returning id`,
		n.Country, publicID, n.Name, n.Lang).Scan(&ref.ID)
	if err != nil {
		return "", postgres.Explain(err, "opinions.no_country")
	}
	return publicID, audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "government.add", Subject: ref, Payload: n})
}
