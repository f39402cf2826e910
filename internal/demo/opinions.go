package demo

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/requests"
)

// opined is a case of the opinion service that came as far as its text.
type opined struct {
	opinions.Case
	By           int64 // who wrote it
	SignedAt     *time.Time
	SentAt       *time.Time
	AnonymisedAt *time.Time
	PublishedAt  *time.Time
	Signers      []string
}

// addOpinions writes the texts of the cases of opinions, with their papers and what of them
// was published; one of the precedents has been superseded.
func addOpinions(ctx context.Context, tx pgx.Tx, at func(now func() time.Time) *opinions.Service) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from opinion_texts)`).Scan(&there); err != nil || there || at == nil {
		return err
	}
	list, err := opinedCases(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := c.write(ctx, tx, at); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		update precedents o set state = 'superseded', successor_id = n.id, changed_on = n.given_on, version = o.version + 1
		from precedents n where o.title = n.title and o.given_on < n.given_on`)
	return err
}

func opinedCases(ctx context.Context, tx pgx.Tx) ([]opined, error) {
	rows, _ := tx.Query(ctx, `
		with m as (select subject_id, jsonb_object_agg(move, at) as at from moves group by subject_id)
		select r.id, s.public_id, r.org_id, o.name, o.kind, r.country_id, r.reference, r.lang, r.title, '' as asker, r.state, r.urgent,
			(select id from users where email = $1) as by, (m.at->>'sign')::timestamptz, (m.at->>'send')::timestamptz, (m.at->>'anonymise')::timestamptz,
			(m.at->>'publish')::timestamptz,
			array(select u.name from request_signatures x join users u on u.id = x.user_id where x.request_id = r.id order by u.name)
		from requests r join subjects s on s.id = r.id join organisations o on o.id = r.org_id join m on m.subject_id = r.id
		where r.service = 'opinion' and m.at ? 'to_sign' order by (m.at->>'to_sign')::timestamptz, r.id`, deskMail)
	var c opined
	var out []opined
	_, err := pgx.ForEachRow(rows, []any{&c.ID, &c.PublicID, &c.OrgID, &c.OrgName, &c.OrgKind, &c.CountryID, &c.Reference, &c.Lang, &c.Title, &c.Asker, &c.State, &c.Urgent,
		&c.By, &c.SignedAt, &c.SentAt, &c.AnonymisedAt, &c.PublishedAt, &c.Signers}, func() error {
		out = append(out, c)
		return nil
	})
	return out, err
}

// answered is what the union wrote about the case's matter, in the language of its title.
func (c opined) answered() (a answer, lang string) {
	for i, m := range matters["opinion"] {
		switch c.Title {
		case m.tr.title:
			return opinionTexts[i], "tr"
		case m.ru.title:
			return opinionTexts[i], "ru"
		}
	}
	return opinionTexts[0], "tr"
}

func (c opined) write(ctx context.Context, tx pgx.Tx, at func(now func() time.Time) *opinions.Service) error {
	a, lang := c.answered()
	body := a.tr
	if lang == "ru" {
		body = a.ru
	}
	body = strings.ReplaceAll(body, "{city}", c.OrgName)
	_, err := tx.Exec(ctx, `
		insert into opinion_texts (request_id, version, lang, title, body, actor_id, at)
		select $1, 1, $2, $3, $4, $5, max(at) from moves where subject_id = $1 and move = 'to_sign'`, c.ID, lang, c.Title, body, c.By)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		move string
		at   *time.Time
	}{{"sign", c.SignedAt}, {"send", c.SentAt}, {"publish", c.PublishedAt}} {
		if step.at == nil {
			break
		}
		if step.move == "publish" {
			if err := c.redact(ctx, tx, a, lang); err != nil {
				return err
			}
		}
		clock := *step.at
		if err := at(func() time.Time { return clock }).Moved(ctx, tx, identity.Worker(), c.Case, step.move, c.Signers); err != nil {
			return err
		}
	}
	if c.PublishedAt == nil && c.AnonymisedAt != nil {
		return c.redact(ctx, tx, a, lang)
	}
	return nil
}

// redact hides who asked.
func (c opined) redact(ctx context.Context, tx pgx.Tx, a answer, lang string) error {
	title, question, law, word := a.title.title, a.question.title, a.law.title, "Belediye"
	if lang == "ru" {
		title, question, law, word = a.title.text, a.question.text, a.law.text, "Муниципалитет"
	}
	hidden, err := json.Marshal([]opinions.Hidden{{Text: c.OrgName, Word: word}})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into redactions (request_id, title, question, topic, laws, country_id, hidden, actor_id, saved_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.ID, title, question, a.topic, []string{law}, c.CountryID, hidden, c.By, c.AnonymisedAt)
	return err
}

// published are asks for opinions of earlier years that everybody reads today.
func published() []ask {
	return []ask{
		{service: "opinion", town: "edirne", matter: 0, days: 420, end: requests.Published, officer: headMail},
		{service: "opinion", town: "konya", matter: 0, days: 210, end: requests.Published, officer: headMail},
	}
}
