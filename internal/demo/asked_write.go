package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// Asked fills in the requests of all other services, unless there are some already.
func Asked(ctx context.Context, tx pgx.Tx, c Cases) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from requests where service <> $1)`, requests.ProjectSupport).Scan(&there); err != nil || there {
		return err
	}
	if err := shipServices(ctx, tx, c); err != nil {
		return err
	}
	w := &writer{tx: tx, cases: c, batch: &pgx.Batch{}, users: map[string]int64{}, towns: map[string]spot{}}
	if err := w.read(ctx); err != nil {
		return err
	}
	var all []int64
	for n, a := range asks(requests.Shipped()) {
		id, err := w.ask(ctx, n, a)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", a.service, a.town, err)
		}
		all = append(all, id)
	}
	if err := tx.SendBatch(ctx, w.batch).Close(); err != nil {
		return err
	}
	return c.Requests.Reindex(ctx, tx, all)
}

// shipServices puts forms and services in force where nobody has done so yet.
func shipServices(ctx context.Context, tx pgx.Tx, c Cases) error {
	for _, d := range requests.Forms() {
		if _, err := forms.Publish(ctx, tx, d); err != nil {
			return err
		}
	}
	return services.New(nil, requests.Rules(), func() time.Time { return c.Now }).Ship(ctx, tx, requests.Shipped())
}

// asking is an ask with what it is written with.
type asking struct {
	ask
	n       int
	ids     trio
	service services.Service
	form    forms.Definition
	answers forms.Answers
	steps   []step
	sent    *time.Time
}

// ask writes one request with all that belongs to it.
func (w *writer) ask(ctx context.Context, n int, a ask) (int64, error) {
	x := asking{ask: a, n: n}
	var err error
	if x.service, err = services.Open(ctx, w.tx, a.service); err != nil {
		return 0, err
	}
	if x.form, err = forms.Newest(ctx, w.tx, x.service.Form); err != nil {
		return 0, err
	}
	lat, lon := w.spot(n, file{town: a.town})
	x.answers = filler{form: x.form, town: towns[a.town], about: matters[a.service][a.matter], n: n, at: spot{lat: lat, lon: lon}, today: w.cases.Now}.fill()
	x.steps = a.steps(x.service.Definition, w.cases)
	if err := w.identify(ctx, &x); err != nil {
		return 0, err
	}
	w.moves("request", x.ids.request, w.towns[a.town].id, x.steps)
	if x.decided() != "" {
		w.ruling(x)
	}
	if err := w.asked(ctx, x); err != nil {
		return 0, err
	}
	if err := w.answered(x); err != nil {
		return 0, err
	}
	w.handled(x)
	w.turn(x)
	return x.ids.request, nil
}

// identify makes the subjects of the request and of the decision about it.
func (w *writer) identify(ctx context.Context, x *asking) error {
	for i, s := range x.steps {
		if s.move == "submit" {
			x.sent = &x.steps[i].at
		}
	}
	var err error
	if x.ids.request, err = w.subject(ctx, "request", w.towns[x.town].id); err == nil && x.decided() != "" {
		x.ids.decision, err = w.subject(ctx, "decision", w.union)
	}
	return err
}

func (w *writer) subject(ctx context.Context, kind string, org int64) (id int64, err error) {
	err = w.tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ($1, $2, $3) returning id`, kind, org, subject.NewPublicID()).Scan(&id)
	return id, err
}

// decided is what the board said about it; nothing where it was not asked.
func (x asking) decided() string {
	for _, s := range x.steps {
		switch s.move {
		case "approve", "decline", "refer":
			return s.move
		}
	}
	return ""
}

func (w *writer) ruling(x asking) {
	for _, s := range x.steps {
		if s.move != x.decided() {
			continue
		}
		day := s.at.In(w.cases.Zone).AddDate(0, 0, -1)
		w.batch.Queue(`insert into decisions (id, org_id, organ, number, year, decided_on, text, actor_id, recorded_at) values ($1, $2, 'executive_board', $3, $4, $5, '', $6, $7)`,
			x.ids.decision, w.union, fmt.Sprintf("%d/%d", day.Year(), 200+x.n), day.Year(), day, w.users[s.by], s.at)
		var amount, currency *string
		if cost := x.answers["cost"]; s.move == "approve" && cost.Number != "" {
			amount, currency = &cost.Number, &cost.Currency
		}
		w.batch.Queue(`insert into decision_items (decision_id, subject_id, outcome, reason, amount, currency) values ($1, $2, $3, $4, $5::numeric, $6)`,
			x.ids.decision, x.ids.request, s.move, s.reason, amount, currency)
	}
}

// asked is the request's own row, with the columns that its service fills from the answers.
func (w *writer) asked(ctx context.Context, x asking) error {
	t, last, bind := w.towns[x.town], x.steps[len(x.steps)-1], x.service.Bind
	reference := ""
	if x.sent != nil {
		var number int
		year := x.sent.In(w.cases.Zone).Year()
		if err := w.tx.QueryRow(ctx, `select next_reference($1, $2)`, requests.Prefix, year).Scan(&number); err != nil {
			return err
		}
		reference = requests.Number(year, number)
	}
	value := func(column string) forms.Value {
		if x.sent == nil { // a draft's columns are filled when it is sent
			return forms.Value{}
		}
		return x.answers[bind[column]]
	}
	place := forms.Point{}
	if p := value("place").Place; p != nil {
		place = *p
	}
	people, _ := strconv.ParseInt(value("beneficiaries").Number, 10, 64) // digits by construction
	cost, own := value("cost"), value("own")
	w.batch.Queue(`
		insert into requests (id, org_id, service, service_version, office, advisor, state, seq, lang, reference, title, sector, place, lat, lon,
			beneficiaries, cost, cost_currency, own, own_currency, country_id, officer_id, urgent, created_by, created_at, asked_at,
			submitted_at, closed_at, due_at, decision_id, decided)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12, $13, case when $14 then $15::float8 end, case when $14 then $16::float8 end,
			nullif($17::bigint, 0), nullif($18, '')::numeric, nullif($19, ''), nullif($20, '')::numeric, nullif($21, ''), $22, nullif($23::bigint, 0), $24, $25, $26, $27,
			$28, $29, coalesce($30::timestamptz, 'infinity'), nullif($31::bigint, 0), nullif($32, ''))`,
		x.ids.request, t.id, x.service.Code, x.service.Live, x.service.OfficeOf(x.end), nil, x.end, len(x.steps), interfaceLang(towns[x.town].lang), reference,
		value("title").Text, value("sector").Text, place.Address, place.Known, place.Lat, place.Lon, people, cost.Number, cost.Currency, own.Number, own.Currency,
		t.country, w.users[x.officer], x.urgent, w.users[x.steps[0].by], x.steps[0].at, x.in(requests.WithApprover, last.at), x.sent, x.closed(), w.due(x), x.ids.decision, x.decided())
	return nil
}

// in is a time that a request has in one state only.
func (x asking) in(s workflow.State, at time.Time) *time.Time {
	if x.end != s {
		return nil
	}
	return &at
}

func (x asking) closed() *time.Time {
	if !requests.Over(x.end) && !x.service.Ends(x.end) {
		return nil
	}
	return &x.steps[len(x.steps)-1].at
}

// due is the date of an open step; a few are late.
func (w *writer) due(x asking) *time.Time {
	days := x.service.Days(x.end)
	if days == 0 || x.closed() != nil {
		return nil
	}
	at := workdays.Calendar{}.After(x.steps[len(x.steps)-1].at.In(w.cases.Zone), days)
	at = time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, w.cases.Zone)
	if at.Before(w.cases.Now) && x.n%7 != 0 {
		at = w.cases.Now.AddDate(0, 0, 1+x.n%9)
	}
	return &at
}

// answered is the filled-in form; a draft stands in the middle of it.
func (w *writer) answered(x asking) error {
	var seen []string
	for _, step := range x.form.Path(x.answers) {
		seen = append(seen, step.Page.Key)
	}
	answers := x.answers
	if x.end == requests.Draft {
		seen, answers = seen[:3], forms.Answers{}
		for _, step := range x.form.Path(x.answers)[:3] {
			for _, f := range step.Fields {
				answers[f.Key] = x.answers[f.Key]
			}
		}
	}
	data, err := json.Marshal(answers)
	if err != nil {
		return err
	}
	var digest *string
	if x.sent != nil {
		sum := fmt.Sprintf("%064x", x.ids.request)
		digest = &sum
	}
	w.batch.Queue(`
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, seen, version, created_at, saved_at, submitted_at, digest)
		values ($1, $2, 'application', 1, $3, $4, $5, $6, 2, $7, $7, $8, $9)`,
		x.ids.request, w.towns[x.town].id, x.form.Key, x.form.Version, data, seen, x.steps[0].at, x.sent, digest)
	return nil
}

// handled is what staff left behind on the way: what they ticked off, who signed, what the
// city said in the end.
func (w *writer) handled(x asking) {
	for i, s := range x.steps {
		step, _ := x.service.Step(s.to)
		for _, item := range step.Checklist {
			if i+1 < len(x.steps) {
				w.batch.Queue(`insert into request_checks (request_id, item, user_id, at) values ($1, $2, $3, $4)`, x.ids.request, item.Key, w.users[deskMail], s.at)
			}
		}
		switch s.move {
		case "sign":
			for _, who := range []string{deskMail, headMail} {
				w.batch.Queue(`insert into request_signatures (request_id, seq, user_id, at) values ($1, $2, $3, $4)`, x.ids.request, i, w.users[who], s.at)
			}
		case "give_feedback":
			words := praise[interfaceLang(towns[x.town].lang)]
			w.batch.Queue(`insert into request_feedback (request_id, org_id, stars, words, user_id, at) values ($1, $2, $3, $4, $5, $6)`,
				x.ids.request, w.towns[x.town].id, 5-x.n%3, words[x.n%len(words)], w.users[s.by], s.at)
		}
	}
	if x.end == requests.InformationRequested {
		last := x.steps[len(x.steps)-1]
		w.message(x.ids.request, "out", "Meclis kararının bir örneğini ve son bütçe özetini gönderir misiniz?", last, file{town: x.town})
	}
}

// turn is the request's one open task.
func (w *writer) turn(x asking) {
	if x.closed() != nil || x.end == requests.Draft {
		return
	}
	var user, org int64
	office, holder, role := "", "", ""
	switch {
	case x.end == requests.WithApprover:
		org, role = w.towns[x.town].id, "member_approver"
	case x.end == requests.InformationRequested || x.end == requests.Delivered:
		org = w.towns[x.town].id
	case x.end == requests.BoardDecision:
		holder = "board_secretary"
	case x.officer != "":
		user = w.users[x.officer]
	default:
		office = x.service.OfficeOf(x.end)
	}
	w.batch.Queue(`
		insert into tasks (subject_id, key, user_id, office, org_id, org_role, due_at, opened_at, role)
		select r.id, $2, nullif($3::bigint, 0), nullif($4, ''), nullif($5::bigint, 0), $6, r.due_at, $7, nullif($8, '') from requests r where r.id = $1`,
		x.ids.request, requests.Duty(x.end), user, office, org, role, x.steps[len(x.steps)-1].at, holder)
}
