package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Store implements imports.Session: each new case with its first move, its number, its
// answers, its duty and what it is found by; then the lines of all. Nobody is told.
func (t *takeover) Store(ctx context.Context, results []*imports.Result) error {
	var heads []*earlierCase
	for _, r := range results {
		if b := r.Draft.(brought); b.head {
			heads = append(heads, b.of)
		}
	}
	if err := t.takeIn(ctx, heads); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, r := range results {
		b := r.Draft.(brought)
		r.Target = b.of.id
		for _, line := range b.lines {
			queueLine(batch, b.of.id, line)
		}
	}
	return t.w.Tx.SendBatch(ctx, batch).Close()
}

func queueLine(batch *pgx.Batch, id int64, l earlierLine) {
	batch.Queue(`insert into request_earlier (request_id, happened_on, words, audience) values ($1, $2, $3, $4) on conflict do nothing`,
		id, l.on.Format(time.DateOnly), l.words, l.audience)
}

// takeIn stores new cases.
func (t *takeover) takeIn(ctx context.Context, heads []*earlierCase) error {
	if len(heads) == 0 {
		return nil
	}
	cases, err := t.identify(ctx, heads)
	if err != nil {
		return err
	}
	taken := make([]workflow.Taken, len(cases))
	for i, r := range cases {
		heads[i].id, taken[i] = r.ID, workflow.Taken{Ref: r.Ref(), State: r.State}
	}
	if err := Life.TakeOver(ctx, t.w.Tx, t.w.By, taken); err != nil {
		return err
	}
	if err := t.number(ctx, cases); err != nil {
		return err
	}
	if err := t.insert(ctx, cases); err != nil {
		return err
	}
	if err := t.answer(ctx, cases, heads); err != nil {
		return err
	}
	return t.settle(ctx, cases)
}

// identify makes the requests of new cases, with their subjects and dates.
func (t *takeover) identify(ctx context.Context, heads []*earlierCase) ([]*Request, error) {
	cities, publicIDs := make([]int64, len(heads)), make([]string, len(heads))
	out, byID := make([]*Request, len(heads)), map[string]*Request{}
	for i, c := range heads {
		cities[i], publicIDs[i] = c.city.ID, subject.NewPublicID()
		out[i] = t.request(c, publicIDs[i])
		byID[publicIDs[i]] = out[i]
	}
	var x Request
	rows, _ := t.w.Tx.Query(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) select 'request', x.org, x.public from unnest($1::bigint[], $2::text[]) x (org, public)
			returning id, org_id, public_id)
		select s.id, s.public_id, o.name, o.lang, b.public_id, m.country_id from s join organisations o on o.id = s.org_id
		join subjects b on b.id = s.org_id join municipalities m on m.id = s.org_id`, cities, publicIDs)
	_, err := pgx.ForEachRow(rows, []any{&x.ID, &x.PublicID, &x.OrgName, &x.OrgLang, &x.OrgPublicID, &x.CountryID}, func() error {
		r := byID[x.PublicID]
		r.ID, r.OrgName, r.OrgLang, r.OrgPublicID, r.CountryID = x.ID, x.OrgName, x.OrgLang, x.OrgPublicID, x.CountryID
		if r.Lang == "" {
			r.Lang = r.OrgLang
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, r := range out {
		if err := t.schedule(ctx, r, heads[i].due); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// request is a case as the portal will hold it.
func (t *takeover) request(c *earlierCase, publicID string) *Request {
	sent := time.Date(c.asked.Year(), c.asked.Month(), c.asked.Day(), 12, 0, 0, 0, t.s.zone)
	if sent.After(t.w.Now) {
		sent = t.w.Now
	}
	asked := c.asked
	r := &Request{PublicID: publicID, OrgID: c.city.ID, Service: c.service.Code, Pinned: c.service.Live, Office: c.office, State: c.state, Seq: 1,
		Lang: c.lang, OfficerID: c.officer, CreatedBy: t.w.By.UserID, SubmittedAt: &sent,
		Arrival: Arrival{Channel: FromList, CameOn: &asked, AskedBy: c.askedBy, EarlierReference: c.number}, flow: c.service.Definition}
	if r.Office == "" {
		r.Office = r.flow.OfficeOf(c.state)
	}
	r.Summary.Title = c.title
	return r
}

// schedule gives a case the date that the list says, or the days of its step from today on:
// what nobody promised is not late on its first day. Of a date that has passed nobody is
// told anew.
func (t *takeover) schedule(ctx context.Context, r *Request, due time.Time) error {
	days := r.flow.Days(r.State)
	switch {
	case !due.IsZero():
		at := t.s.endOfDay(due)
		if r.DueAt = &at; at.Before(t.w.Now) {
			r.Alarm = alarmLate
		}
	case days > 0:
		country := int64(0)
		if cityClock(r.State) {
			country = r.CountryID
		}
		calendar, ok := t.calendar[country]
		if !ok {
			var err error
			if calendar, err = t.s.calendar(ctx, t.w.Tx, *r, r.State); err != nil {
				return err
			}
			t.calendar[country] = calendar
		}
		at := t.s.endOfDay(calendar.After(t.w.Now.In(t.s.zone), days))
		r.DueAt = &at
	}
	return nil
}

// number gives cases their references, of this year: the one of the list stays beside it.
func (t *takeover) number(ctx context.Context, cases []*Request) error {
	year := t.w.Now.In(t.s.zone).Year()
	rows, _ := t.w.Tx.Query(ctx, `select next_reference($1, $2) from generate_series(1, $3::int)`, Prefix, year, len(cases))
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return err
	}
	for i, r := range cases {
		r.Reference = Number(year, numbers[i])
	}
	return nil
}

func (t *takeover) insert(ctx context.Context, cases []*Request) error {
	batch := &pgx.Batch{}
	for _, r := range cases {
		batch.Queue(`
			insert into requests (id, org_id, service, service_version, office, state, seq, lang, country_id, created_by, created_at, submitted_at,
				reference, title, channel, came_on, asked_by, earlier_reference, officer_id, due_at, alarm)
			values ($1, $2, $3, $4, $5, $6, 1, $7, $8, nullif($9::bigint, 0), now(), $10, $11, $12, $13, $14::date, $15, $16, nullif($17::bigint, 0),
				coalesce($18::timestamptz, 'infinity'), $19)`,
			r.ID, r.OrgID, r.Service, r.Pinned, r.Office, r.State, r.Lang, r.CountryID, r.CreatedBy, r.SubmittedAt,
			r.Reference, r.Summary.Title, r.Channel, r.CameOn.Format(time.DateOnly), r.AskedBy, r.EarlierReference, r.OfficerID, r.DueAt, r.Alarm)
	}
	return t.w.Tx.SendBatch(ctx, batch).Close()
}

// answer begins the answers of cases with what the list says. What the form has no question
// for stands as the first line of the history: its city wrote it.
func (t *takeover) answer(ctx context.Context, cases []*Request, heads []*earlierCase) error {
	batch := &pgx.Batch{}
	list := make([]forms.Begun, len(cases))
	for i, r := range cases {
		list[i] = forms.Begun{Ref: r.Ref(), Form: r.flow.Form, Answers: forms.Answers{}}
		for _, x := range [][2]string{{colTitle, heads[i].title}, {colDescription, heads[i].words}} {
			if field := r.flow.Bind[x[0]]; field != "" && x[1] != "" {
				list[i].Answers[field] = forms.Value{Text: x[1]}
			}
		}
	}
	left, err := t.s.answers.Take(ctx, t.w.Tx, list)
	if err != nil {
		return err
	}
	for i := range cases {
		if words := heads[i].words; words != "" && (left[i] || cases[i].flow.Bind[colDescription] == "") {
			for start := 0; start < len([]rune(words)); start += maxEarlierLine {
				runes := []rune(words)[start:]
				queueLine(batch, heads[i].id, earlierLine{on: heads[i].asked, words: string(runes[:min(len(runes), maxEarlierLine)]), audience: readCity})
			}
		}
	}
	return t.w.Tx.SendBatch(ctx, batch).Close()
}

// settle gives cases their duties, and makes them found.
func (t *takeover) settle(ctx context.Context, cases []*Request) error {
	handed := make([]tasks.Handed, len(cases))
	entries := make([]search.Entry, len(cases))
	for i, r := range cases {
		duty := tasks.Duty{Key: duties[r.State], Owner: r.owner()}
		if r.DueAt != nil {
			duty.Due = *r.DueAt
		}
		handed[i] = tasks.Handed{Ref: r.Ref(), Duty: duty}
		entries[i] = search.Entry{Ref: r.Ref(), Documents: found(*r)}
	}
	if err := tasks.OpenMany(ctx, t.w.Tx, handed); err != nil {
		return err
	}
	return search.Load(ctx, t.w.Tx, entries)
}
