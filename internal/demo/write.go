package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// write stores one file: its moves, the decision, the request with its answers and
// messages, and what became of it.
func (w *writer) write(ctx context.Context, n int, f file, ids trio) error {
	steps := f.steps(w.cases)
	w.moves("request", ids.request, w.towns[f.town].id, steps)
	last := steps[len(steps)-1]
	var sent *time.Time
	reference := ""
	for _, s := range steps {
		if s.move == "submit" {
			sent = &s.at
			var number int
			year := s.at.In(w.cases.Zone).Year()
			if err := w.tx.QueryRow(ctx, `select next_reference($1, $2)`, requests.Prefix, year).Scan(&number); err != nil {
				return err
			}
			reference = requests.Number(year, number)
		}
	}
	w.decision(n, f, ids, last)
	w.request(n, f, ids, steps, sent, reference)
	if err := w.answers(n, f, ids.request, steps[0].at, sent); err != nil {
		return err
	}
	w.talk(f, ids.request, steps)
	w.duty(f, ids.request, last)
	if ids.project != 0 {
		w.project(n, f, ids, last)
		w.projects = append(w.projects, ids.project)
	}
	return nil
}

// moves are the steps as rows, with their entries of the log.
func (w *writer) moves(kind string, id, org int64, steps []step) {
	var from workflow.State
	for i, s := range steps {
		acts := org
		if strings.HasSuffix(s.by, "@union.example") {
			acts = w.union
		}
		w.batch.Queue(`insert into moves (subject_id, seq, from_state, to_state, move, reason, actor_id, org_id, at) values ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9)`,
			id, i+1, from, s.to, s.move, s.reason, w.users[s.by], acts, s.at)
		w.batch.Queue(`insert into audit_entries (at, subject_id, action, actor_id, org_id, payload) values ($1, $2, $3, $4, $5, $6)`,
			s.at, id, kind+"."+s.move, w.users[s.by], acts, map[string]string{"from": string(from), "to": string(s.to), "reason": s.reason})
		from = s.to
	}
}

// decision is what the board decided about the file.
func (w *writer) decision(n int, f file, ids trio, last step) {
	says := outcome(f.end)
	if says == "" {
		return
	}
	day := last.at.In(w.cases.Zone).AddDate(0, 0, -1)
	w.batch.Queue(`insert into decisions (id, org_id, organ, number, year, decided_on, text, actor_id, recorded_at) values ($1, $2, 'executive_board', $3, $4, $5, '', $6, $7)`,
		ids.decision, w.union, fmt.Sprintf("%d/%d", day.Year(), n+3), day.Year(), day, w.users[last.by], last.at)
	var amount, currency *string
	if says == "approve" {
		cost, _ := f.sums(n)
		whole, _ := strconv.Atoi(cost) // digits by construction
		share, in := strconv.Itoa(whole*6/10), towns[f.town].currency
		amount, currency = &share, &in
	}
	w.batch.Queue(`insert into decision_items (decision_id, subject_id, outcome, reason, amount, currency) values ($1, $2, $3, $4, $5::numeric, $6)`,
		ids.decision, ids.request, says, last.reason, amount, currency)
}

// request is the file's own row.
func (w *writer) request(n int, f file, ids trio, steps []step, sent *time.Time, reference string) {
	t, th, last := towns[f.town], themes[f.theme], steps[len(steps)-1]
	lang, words := f.words()
	lat, lon := w.spot(n, f)
	cost, own := f.sums(n)
	var asked, closed, due *time.Time
	if f.end == requests.WithApprover {
		asked = &last.at
	}
	if w.ended(f) {
		closed = &last.at
	}
	if days := w.live.Days(f.end); days > 0 && closed == nil {
		at := workdays.Calendar{}.After(last.at.In(w.cases.Zone), days)
		at = time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, w.cases.Zone)
		if at.Before(w.cases.Now) && n%3 != 0 { // somebody gave it more time
			at = w.cases.Now.AddDate(0, 0, 1+n%9)
		}
		due = &at
	}
	title, kind, sector, where := words.title, th.kind, th.sector, t.where
	if sent == nil { // a draft's columns are filled when it is sent
		title, kind, sector, where, cost, own = "", "", "", "", "", ""
	}
	w.batch.Queue(`
		insert into requests (id, org_id, service, state, seq, lang, reference, title, kind, sector, place, lat, lon, beneficiaries,
			cost, cost_currency, own, own_currency, land, permit, country_id, officer_id, urgent, created_by, created_at, asked_at,
			submitted_at, closed_at, due_at, decision_id, decided, service_version, advisor)
		values ($1, $2, 'project_support', $3, $4, $5, nullif($6, ''), $7, $8, $9, $10, case when $11 then $12::float8 end, case when $11 then $13::float8 end,
			case when $11 then $14::bigint end, nullif($15, '')::numeric, case when $15 <> '' then $16 end, nullif($17, '')::numeric, case when $17 <> '' then $16 end,
			case when $11 then 'own' else '' end, case when $11 then 'applied' else '' end, $18, nullif($19::bigint, 0), $20, $21, $22, $23, $24, $25,
			coalesce($26::timestamptz, 'infinity'), nullif($27::bigint, 0), nullif($28, ''), $29, case when $3 = 'co_opinion' then 'finance' end)`,
		ids.request, w.towns[f.town].id, f.end, len(steps), lang, reference, title, kind, sector, where, sent != nil, lat, lon, th.people,
		cost, t.currency, own, w.towns[f.town].country, w.users[f.officer], f.urgent, w.users[steps[0].by], steps[0].at, asked, sent, closed,
		due, ids.decision, outcome(f.end), w.version(f))
}

// ended reports whether a file's life is over. What was decided before services were data
// ended with the decision, as the first version of the service says.
func (w *writer) ended(f file) bool { return f.end == requests.Withdrawn || outcome(f.end) != "" }

// version is the version of the service that a file is handled by.
func (w *writer) version(f file) int {
	if w.ended(f) {
		return 1
	}
	return w.live.Live
}

// spot is where the project stands: near the town's centre, always at the same place.
func (w *writer) spot(n int, f file) (lat, lon float64) {
	at := w.towns[f.town]
	round := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	return round(at.lat + float64(n*37%21-10)/1500), round(at.lon + float64(n*53%21-10)/1200)
}

// answers are the filled-in form.
func (w *writer) answers(n int, f file, id int64, begun time.Time, sent *time.Time) error {
	t, th := towns[f.town], themes[f.theme]
	_, words := f.words()
	lat, lon := w.spot(n, f)
	cost, own := f.sums(n)
	one := func(s string) forms.Value { return forms.Value{Text: s} }
	all := forms.Answers{"kind": one(th.kind), "title": one(words.title), "description": one(words.text), "need": one(words.text), "sector": one(th.sector),
		"place":         {Place: &forms.Point{Lat: lat, Lon: lon, Known: true, Address: t.where}},
		"beneficiaries": {Number: strconv.Itoa(th.people)}, "cost": {Number: cost, Currency: t.currency}, "own": {Number: own, Currency: t.currency},
		"land": one("own"), "permit": one("applied"), "studied": one("none"),
		"contact": {Person: &forms.Contact{Name: t.editor, Email: "editor@" + t.mail}}, "declaration": {Agreed: true}}
	var digest *string
	if sent == nil { // a draft in the middle of the form
		if f.end == requests.Draft {
			all = forms.Answers{"kind": all["kind"], "title": all["title"], "sector": all["sector"]}
		}
	} else {
		sum := fmt.Sprintf("%064x", fold.Slug(words.title))
		sum = sum[:64]
		digest = &sum
	}
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	var seen []string
	for _, section := range requests.Form().Sections {
		for _, p := range section.Pages {
			seen = append(seen, p.Key)
		}
	}
	if f.end == requests.Draft {
		seen = seen[:5]
	}
	w.batch.Queue(`
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, seen, version, created_at, saved_at, submitted_at, digest)
		values ($1, $2, 'application', 1, $3, $4, $5, $6, 2, $7, $7, $8, $9)`,
		id, w.towns[f.town].id, requests.FormKey, w.form, data, seen, begun, sent, digest)
	return nil
}

const (
	question = "Uygulama projesinin keşif özetini ve arazinin tapu kaydını gönderir misiniz?"
	reply    = "Keşif özeti ve tapu kaydı belediyemizde hazırdır; aslını kargoyla da ilettik. Toplam tutar keşifle aynıdır."
	asked    = "Eş finansman tablosu belediyenin gelir durumuna göre taşınabilir mi? Kur farkını kim üstlenmeli?"
	note     = "Keşif tutarları bölge ortalamasına uygun. Kurul gündemine hazırlanabilir."
)

// talk is what was written about the file.
func (w *writer) talk(f file, id int64, steps []step) {
	for i, s := range steps {
		switch s.move {
		case "ask_opinion":
			w.batch.Queue(`insert into co_opinions (public_id, request_id, office, question, asked_by, asked_at, due_at)
				select $1, r.id, r.advisor, $3, $4, $5, r.due_at from requests r where r.id = $2`, subject.NewPublicID(), id, asked, w.users[s.by], s.at)
		case "request_information":
			w.message(id, "out", question, s, f)
		case "answer":
			w.message(id, "in", reply, s, f)
			s.by, s.at = deskMail, s.at.Add(time.Hour)
			if i == len(steps)-1 || s.at.Before(steps[i+1].at) {
				w.message(id, "note", note, s, f)
			}
		}
	}
}

func (w *writer) message(id int64, side, body string, s step, f file) {
	org := w.union
	if side == "in" {
		org = w.towns[f.town].id
	}
	w.batch.Queue(`
		with m as (insert into messages (subject_id, side, body, lang, actor_id, org_id, at) values ($1, $2, $3, 'tr', $4, $5, $6) returning id)
		insert into message_orgs (message_id, side, org_id) select id, $2, $7 from m where $2 <> 'note'`,
		id, side, body, w.users[s.by], org, s.at, w.towns[f.town].id)
}

// duty is the file's one open task.
func (w *writer) duty(f file, id int64, last step) {
	if w.ended(f) || f.end == requests.Draft {
		return
	}
	key := requests.Duty(f.end)
	var user, org int64
	office, holder, role := "", "", ""
	switch {
	case f.end == requests.WithApprover:
		org, role = w.towns[f.town].id, "member_approver"
	case f.end == requests.InformationRequested:
		org = w.towns[f.town].id
	case f.end == requests.CoOpinion:
		office = "finance"
	case f.end == requests.BoardDecision:
		holder = "board_secretary"
	case f.officer != "":
		user = w.users[f.officer]
	default:
		office = w.live.OfficeOf(f.end)
	}
	w.batch.Queue(`
		insert into tasks (subject_id, key, user_id, office, org_id, org_role, due_at, opened_at, role)
		select r.id, $2, nullif($3::bigint, 0), nullif($4, ''), nullif($5::bigint, 0), $6, r.due_at, $7, nullif($8, '') from requests r where r.id = $1`,
		id, key, user, office, org, role, last.at, holder)
}

// project is what an approved file became, with its texts and indicators.
func (w *writer) project(n int, f file, ids trio, decided step) {
	t, th, town := towns[f.town], themes[f.theme], w.towns[f.town]
	steps := f.grows(w.cases, decided.at)
	w.moves("project", ids.project, town.id, steps)
	lat, lon := w.spot(n, f)
	cost, _ := f.sums(n)
	on := decided.at.In(w.cases.Zone).AddDate(0, 0, -1)
	w.batch.Queue(`
		insert into projects (id, org_id, state, seq, request_id, kind, sector, place, lat, lon, beneficiaries, cost, cost_currency, country_id, approved_on, starts_on, ends_on, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::numeric, $13, $14, $15, $16, $17, $18)`,
		ids.project, town.id, f.grown.state, len(steps), ids.request, th.kind, th.sector, t.where, lat, lon, th.people, cost, t.currency, town.country,
		on, on.AddDate(0, 2, 0), on.AddDate(1, 2+n%8, 0), decided.at)
	w.batch.Queue(`insert into project_indicators (project_id, indicator, target, reached) values ($1, $2, $3, round($3::numeric * $4 / 100, 1))`,
		ids.project, th.measure, th.target, f.grown.done)
	lang, _ := f.words()
	w.text(n, f, ids.project, lang, true, decided.at)
	for other := range strings.FieldsSeq(f.grown.told) {
		if other != lang {
			w.text(n, f, ids.project, other, false, decided.at.AddDate(0, 0, 6))
		}
	}
}

// text is one language of a project, published.
func (w *writer) text(n int, f file, id int64, lang string, source bool, at time.Time) {
	words := themes[f.theme].in[lang]
	if at.After(w.cases.Now) {
		at = w.cases.Now
	}
	slug := fold.Slug(words.title) + "-" + f.town
	w.batch.Queue(`
		insert into translations (subject_id, org_id, kind, lang, source, slug, version, source_version, meaning_version, live_version, live_at)
		values ($1, $2, 'project', $3, $4, $5, 1, 1, 1, 1, $6)`, id, w.towns[f.town].id, lang, source, slug, at)
	w.batch.Queue(`insert into texts (subject_id, lang, version, title, summary, body, words, at) values ($1, $2, 1, $3, $4, $4, $5, $6)`,
		id, lang, words.title, words.text, len(strings.Fields(words.text)), at)
}
