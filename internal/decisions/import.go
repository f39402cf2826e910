package decisions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// The columns of a table of past decisions, beside those that name a municipality.
const (
	fieldOrgan   = "organ"
	fieldNumber  = "number"
	fieldDate    = "date"
	fieldText    = "text"
	fieldOutcome = "outcome"
	fieldReason  = "reason"
)

// voteFields count the votes; all three or none are filled in.
var voteFields = []string{"votes_for", "votes_against", "votes_abstained"}

// organWords are the organs with what minutes call them.
var organWords = imports.Options{
	string(ExecutiveBoard):      {"yürütme kurulu", "executive board", "исполнительный комитет", "исполком"},
	string(AdministrativeBoard): {"yönetim kurulu", "administrative board", "board", "правление", "административный совет"},
	string(GeneralAssembly):     {"genel kurul", "general assembly", "assembly", "генеральная ассамблея", "общее собрание"},
	string(SecretaryGeneral):    {"genel sekreter", "secretary general", "генеральный секретарь"},
}

var outcomeWords = imports.Options{
	string(Approve): {"kabul", "onay", "onaylandı", "approved", "yes", "принято", "одобрено"},
	string(Decline): {"ret", "red", "reddedildi", "declined", "no", "отклонено", "отказано"},
	string(Refer):   {"iade", "havale", "referred", "возвращено", "передано"},
}

// ImportKind is how the decisions of earlier years are brought. A row is a decision, or what
// it says of one municipality; rows of one number are one decision. A decision never
// changes: one that stands already must say the same.
func ImportKind(find imports.FindPlaces) imports.Kind {
	fields := []imports.Field{
		{Code: fieldOrgan, Required: true, ForAll: true, Options: []string{string(ExecutiveBoard), string(AdministrativeBoard), string(GeneralAssembly), string(SecretaryGeneral)},
			Example: "administrative_board", Words: []string{"kurul", "karar organı", "body", "орган"}},
		{Code: fieldNumber, Required: true, Example: "14", Words: []string{"karar no", "sayı", "karar sayısı", "decision number", "no", "номер", "№"}},
		{Code: fieldDate, Required: true, Kind: export.Day, Example: "2019-03-21", Words: []string{"tarih", "karar tarihi", "date", "дата", "tarix"}},
		{Code: fieldText, Words: []string{"metin", "karar", "konu", "decision", "subject", "текст", "решение"}},
		{Code: voteFields[0], Kind: export.Number, Words: []string{"kabul oyu", "lehte", "for", "за"}},
		{Code: voteFields[1], Kind: export.Number, Words: []string{"ret oyu", "aleyhte", "against", "против"}},
		{Code: voteFields[2], Kind: export.Number, Words: []string{"çekimser", "abstained", "воздержались"}},
		{Code: fieldOutcome, ForAll: true, Options: []string{string(Approve), string(Decline), string(Refer)}, Words: []string{"sonuç", "result", "результат"}},
		{Code: fieldReason, Words: []string{"gerekçe", "reason", "причина", "основание"}},
	}
	for _, f := range imports.PlaceFields() {
		f.Required = false
		fields = append(fields, f)
	}
	return imports.Kind{Code: "decisions", Needs: identity.ImportRecords, Fields: fields,
		Open: func(_ context.Context, w imports.Work) (imports.Session, error) {
			return &importer{w: w, find: find, first: map[string]past{}, ids: map[string]int64{}, seen: map[string]int{}}, nil
		}}
}

// importer is the session of one table of past decisions.
type importer struct {
	w     imports.Work
	find  imports.FindPlaces
	first map[string]past  // key → the first row of a decision
	ids   map[string]int64 // key → the decision that was stored
	seen  map[string]int   // key and record → row
}

// past is a row that was read.
type past struct {
	Decision
	row  int
	item *Item
}

// key names a decision: an organ has each number once a year.
func (p past) key() string { return keyOf(p.Organ, p.Date.Year(), p.Number) }

func keyOf(organ Organ, year int, number string) string {
	return fmt.Sprintf("%s %d %s", organ, year, number)
}

// Check implements imports.Session.
func (im *importer) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	places, err := im.find.Find(ctx, im.w.Tx, rows)
	if err != nil {
		return nil, err
	}
	out, drafts := make([]*imports.Result, len(rows)), make([]past, len(rows))
	for i, row := range rows {
		out[i] = &imports.Result{Row: row.Number}
		drafts[i] = read(row, places[i], out[i], im.w.Now)
	}
	known, err := im.known(ctx, drafts)
	if err != nil {
		return nil, err
	}
	for i, d := range drafts {
		im.compare(d, known[d.key()], out[i])
	}
	return out, nil
}

func read(row imports.Row, at imports.Found, r *imports.Result, now time.Time) past {
	p := past{row: row.Number}
	organ, ok := organWords.Choose(row.Get(fieldOrgan))
	if !ok {
		r.Fault(fieldOrgan, "imports.no_choice", row.Get(fieldOrgan))
	}
	p.Organ = Organ(organ)
	if p.Number, ok = imports.Text(row.Get(fieldNumber), 40); !ok || p.Number == "" {
		r.Fault(fieldNumber, "imports.no_decision_number", "")
	}
	if p.Date, ok = imports.Day(row.Get(fieldDate)); !ok || p.Date.After(now) || p.Date.Year() < 1990 {
		r.Fault(fieldDate, "imports.no_day", row.Get(fieldDate))
	}
	p.Text = strings.TrimSpace(row.Get(fieldText))
	r.Title = p.Number + " · " + row.Get(fieldDate)
	p.readVotes(row, r)
	p.readItem(row, at, r)
	return p
}

func (p *past) readVotes(row imports.Row, r *imports.Result) {
	var counts []int
	for _, field := range voteFields {
		cell := row.Get(field)
		if cell == "" {
			continue
		}
		n, ok := imports.Whole(cell)
		if !ok || n < 0 || n > 100_000 {
			r.Fault(field, "imports.no_number", cell)
			return
		}
		counts = append(counts, int(n))
	}
	switch len(counts) {
	case 3:
		p.Votes = &Votes{For: counts[0], Against: counts[1], Abstained: counts[2]}
	case 1, 2:
		r.Fault(voteFields[0], "imports.half_votes", "")
	}
}

// readItem reads what the decision says of a municipality, where the row names one.
func (p *past) readItem(row imports.Row, at imports.Found, r *imports.Result) {
	if at.Fault.Key != "" {
		r.Faults = append(r.Faults, at.Fault)
		return
	}
	if at.ID == 0 {
		return
	}
	r.Title += " · " + at.Name
	outcome := string(Approve)
	if cell := row.Get(fieldOutcome); cell != "" {
		var ok bool
		if outcome, ok = outcomeWords.Choose(cell); !ok {
			r.Fault(fieldOutcome, "imports.no_choice", cell)
		}
	}
	reason, ok := imports.Text(row.Get(fieldReason), 4000)
	if !ok || reason == "" && outcome != string(Approve) {
		r.Fault(fieldReason, "imports.no_reason", "")
	}
	p.item = &Item{Subject: subject.Ref{Kind: subject.Municipality, ID: at.ID}, Outcome: Outcome(outcome), Reason: reason}
}

// stands is a decision of the register.
type stands struct {
	id    int64
	date  time.Time
	text  string
	about []int64
}

// known reads the decisions that stand under the numbers of rows.
func (im *importer) known(ctx context.Context, drafts []past) (map[string]stands, error) {
	organs, years, numbers := make([]string, len(drafts)), make([]int, len(drafts)), make([]string, len(drafts))
	for i, d := range drafts {
		organs[i], years[i], numbers[i] = string(d.Organ), d.Date.Year(), d.Number
	}
	out := map[string]stands{}
	var organ, number string
	var year int
	var s stands
	rows, _ := im.w.Tx.Query(ctx, `
		select distinct on (d.id) d.organ, d.year, d.number, d.id, d.decided_on, d.text,
			array(select i.subject_id from decision_items i where i.decision_id = d.id)
		from unnest($1::text[], $2::int[], $3::text[]) k (organ, year, number) join decisions d using (organ, year, number)`, organs, years, numbers)
	_, err := pgx.ForEachRow(rows, []any{&organ, &year, &number, &s.id, &s.date, &s.text, &s.about}, func() error {
		out[keyOf(Organ(organ), year, number)], s.about = s, nil
		return nil
	})
	return out, err
}

func (im *importer) compare(p past, known stands, r *imports.Result) {
	r.Draft = p
	if len(r.Faults) == 0 {
		im.weigh(p, known, r)
	}
	r.Settle()
}

// weigh compares a row with the decision that stands, and with earlier rows of its number.
func (im *importer) weigh(p past, known stands, r *imports.Result) {
	about := int64(0)
	if p.item != nil {
		about = p.item.Subject.ID
	}
	place := fmt.Sprintf("%s %d", p.key(), about)
	if twin, ok := im.seen[place]; ok {
		r.Faults = append(r.Faults, imports.Fault{Field: fieldNumber, Key: "imports.twin", Value: p.Number, Row: twin})
		return
	}
	im.seen[place] = p.row
	if first, ok := im.first[p.key()]; ok && (!first.Date.Equal(p.Date) || p.Text != "" && p.Text != first.Text) {
		r.Faults = append(r.Faults, imports.Fault{Field: fieldNumber, Key: "imports.decision_rows_differ", Value: p.Number, Row: first.row})
		return
	} else if !ok {
		im.first[p.key()] = p
	}
	if known.id != 0 && im.ids[p.key()] != known.id {
		if !known.date.Equal(p.Date) || p.Text != "" && p.Text != known.text || about != 0 && !slices.Contains(known.about, about) {
			r.Fault(fieldNumber, "imports.decision_stands", p.Number)
			return
		}
		r.Target = known.id
		return
	}
	r.Change(fieldOrgan, "", string(p.Organ))
	r.Change(fieldNumber, "", p.Number)
	r.Change(fieldDate, "", p.Date.Format(time.DateOnly))
	r.Change(fieldText, "", p.Text)
	if p.item != nil {
		r.Change(fieldOutcome, "", string(p.item.Outcome))
		r.Change(fieldReason, "", p.item.Reason)
	}
}

// Store implements imports.Session.
func (im *importer) Store(ctx context.Context, results []*imports.Result) error {
	for _, r := range results {
		p := r.Draft.(past)
		id, stored := im.ids[p.key()]
		var err error
		switch {
		case !stored:
			d := p.Decision
			if p.item != nil {
				d.Items = []Item{*p.item}
			}
			id, err = Record(ctx, im.w.Tx, im.w.By, d)
			im.ids[p.key()] = id
		case p.item != nil:
			err = postgres.Engine(ctx, im.w.Tx, func() error { return insertItems(ctx, im.w.Tx, id, []Item{*p.item}) })
		}
		if err != nil {
			return err
		}
		r.Target = id
	}
	return nil
}

// Undo implements imports.Session. A decision that something rests on by now stays.
func (im *importer) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	ids := make([]int64, len(done))
	for i, d := range done {
		ids[i] = d.Target
	}
	used, err := imports.InUse(ctx, im.w.Tx, []string{"decisions", "subjects"}, []string{"decision_items"}, ids)
	if err != nil {
		return nil, err
	}
	var refusals []imports.Refusal
	for _, d := range done {
		if used[d.Target] {
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: "imports.in_use"})
		}
	}
	if len(refusals) > 0 {
		return refusals, nil
	}
	for _, table := range []string{`delete from decision_items where decision_id = any ($1)`, `delete from decisions where id = any ($1)`} {
		if _, err := im.w.Tx.Exec(ctx, table, ids); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
