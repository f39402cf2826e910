package opinions

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

// file reads a case whose service ends with an opinion; lock holds its row until the
// transaction ends. A case that its city still writes is nobody's to see.
func (r repository) file(ctx context.Context, publicID string, lock bool) (f File, err error) {
	sql := `
		select r.id, s.public_id, r.org_id, o.name, o.kind, r.country_id, coalesce(r.reference, ''), r.lang, r.title, coalesce(u.name, ''), r.state, r.urgent, r.privileged
		from requests r join subjects s on s.id = r.id join organisations o on o.id = r.org_id left join users u on u.id = r.created_by
		join service_versions v on v.service = r.service and v.version = r.service_version
		where s.public_id = $1 and s.kind = 'request' and r.submitted_at is not null and v.definition @? '$.steps[*] ? (@.state == "to_sign")'`
	if lock {
		sql += ` for update of r`
	}
	c := &f.Case
	err = r.db.QueryRow(ctx, sql, publicID).Scan(&c.ID, &c.PublicID, &c.OrgID, &c.OrgName, &c.OrgKind, &c.CountryID, &c.Reference, &c.Lang, &c.Title, &c.Asker, &c.State, &c.Urgent, &c.Privileged)
	if err != nil {
		return f, postgres.Explain(err, "opinions.not_found")
	}
	return f, r.fill(ctx, &f)
}

// fill reads what was made of a case's opinion.
func (r repository) fill(ctx context.Context, f *File) (err error) {
	rows, _ := r.db.Query(ctx, `
		select t.version, t.lang, t.title, t.body, u.name, t.at from opinion_texts t join users u on u.id = t.actor_id where t.request_id = $1 order by t.version desc`, f.ID)
	if f.Texts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Text]); err != nil {
		return err
	}
	if f.Paper, err = r.paper(ctx, `where p.request_id = $1`, f.ID); err != nil || f.Paper == nil {
		return err
	}
	f.Redaction, err = r.redaction(ctx, f.ID)
	return err
}

// paper reads a signed opinion; nil where there is none.
func (r repository) paper(ctx context.Context, where string, args ...any) (*Paper, error) {
	var p Paper
	err := r.db.QueryRow(ctx, `
		select p.request_id, p.org_id, p.year, p.number, p.version, p.lang, p.title, p.body, p.case_reference, p.sender, p.addressee, p.signers, p.issued_on, p.sent_at,
			coalesce(x.slug, ''), coalesce(xs.public_id, '')
		from opinion_papers p left join precedents x on x.id = p.precedent_id left join subjects xs on xs.id = x.id `+where, args...).
		Scan(&p.RequestID, &p.OrgID, &p.Year, &p.Number, &p.Version, &p.Lang, &p.Title, &p.Body, &p.CaseReference, &p.Sender, &p.Addressee, &p.Signers, &p.IssuedOn, &p.SentAt,
			&p.Precedent, &p.PrecedentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &p, err
}

// redaction reads what staff hide of an opinion; nil where nobody began.
func (r repository) redaction(ctx context.Context, id int64) (*Redaction, error) {
	var x Redaction
	var hidden []byte
	err := r.db.QueryRow(ctx, `
		select x.version, x.title, x.question, x.topic, x.laws, coalesce(c.code, ''), x.hidden
		from redactions x left join countries c on c.id = x.country_id where x.request_id = $1`, id).
		Scan(&x.Version, &x.Title, &x.Question, &x.Topic, &x.Laws, &x.Country, &hidden)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &x, json.Unmarshal(hidden, &x.Hidden)
}

func (r repository) saveRedaction(ctx context.Context, actor identity.Actor, id int64, x Redaction, at time.Time) error {
	hidden, err := json.Marshal(append([]Hidden{}, x.Hidden...)) // a list, never null
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, `
		insert into redactions (request_id, title, question, topic, laws, country_id, hidden, actor_id, saved_at)
		values ($1, $2, $3, $4, $5, (select id from countries where code = $6), $7, $8, $9)
		on conflict (request_id) do update set title = excluded.title, question = excluded.question, topic = excluded.topic, laws = excluded.laws,
			country_id = excluded.country_id, hidden = excluded.hidden, actor_id = excluded.actor_id, saved_at = excluded.saved_at, version = redactions.version + 1`,
		id, x.Title, x.Question, x.Topic, append([]string{}, x.Laws...), x.Country, hidden, actor.UserID, at)
	return err
}

// names are those of the asker that must not stand in what the public reads: in every
// spelling that the register has, with its people and the case's number.
func (r repository) names(ctx context.Context, c Case) ([]string, error) {
	rows, _ := r.db.Query(ctx, `
		select name from organisations where id = $1
		union select title from municipality_titles where municipality_id = $1
		union select u.name from mandates m join users u on u.id = m.user_id where m.org_id = $1
		union select $2 where $2 <> ''
		order by 1`, c.OrgID, c.Reference)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// issue stores a signed opinion under the next number of its year.
func (r repository) issue(ctx context.Context, p *Paper, at time.Time) error {
	return r.db.QueryRow(ctx, `
		insert into opinion_papers (request_id, org_id, year, number, version, lang, title, body, case_reference, sender, addressee, signers, issued_on, issued_at)
		values ($1, $2, $3, next_reference($4, $3), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning number`,
		p.RequestID, p.OrgID, p.Year, Series, p.Version, p.Lang, p.Title, p.Body, p.CaseReference, p.Sender, p.Addressee, p.Signers, p.IssuedOn, at).Scan(&p.Number)
}

// fileOf is file for the machine of cases, which has locked the row already.
func (r repository) fileOf(ctx context.Context, c Case) (f File, err error) {
	f.Case = c
	return f, r.fill(ctx, &f)
}
