package dues

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/subject"
)

// PartTakenOver explains a sum that an earlier register says is owed; Source is its number there.
const PartTakenOver = "taken_over"

// The columns of a table of open balances, beside those that name the municipality.
const (
	balanceYear      = "year"
	balanceOpen      = "open_amount"
	balanceCurrency  = "currency"
	balanceDue       = "due_on"
	balanceReference = "earlier_reference"
)

// BalanceKind is how the dues that were owed before the portal kept them are brought. A row
// is what a municipality still owes for one year; a year that has its assessment already
// must owe the same, because an assessment never changes.
func BalanceKind(find imports.FindPlaces) imports.Kind {
	return imports.Kind{Code: "balances", Needs: identity.EditDues,
		Fields: append(imports.PlaceFields(),
			imports.Field{Code: balanceYear, Required: true, ForAll: true, Kind: export.Number, Example: "2024", Words: []string{"yıl", "aidat yılı", "dönem", "год"}},
			imports.Field{Code: balanceOpen, Required: true, Kind: export.Number, Example: "1250.00",
				Words: []string{"açık tutar", "borç", "kalan", "bakiye", "tutar", "open", "balance", "amount", "owed", "долг", "остаток", "сумма", "задолженность", "borc"}},
			imports.Field{Code: balanceCurrency, Required: true, ForAll: true, Example: "EUR", Words: []string{"para birimi", "döviz", "валюта", "valyuta"}},
			imports.Field{Code: balanceDue, ForAll: true, Kind: export.Day, Example: "2024-06-30", Words: []string{"vade", "son ödeme", "son ödeme tarihi", "due", "due date", "срок", "срок оплаты"}},
			imports.Field{Code: balanceReference, Words: []string{"fatura no", "tahakkuk no", "referans", "reference", "invoice", "номер счёта", "счёт"}},
			imports.Field{Code: "ignored", Ignored: true, Words: []string{"sıra", "no", "№", "id"}}),
		Open: func(_ context.Context, w imports.Work) (imports.Session, error) {
			return &balanceImporter{w: w, find: find, rowOf: map[balanceKey]int{}}, nil
		}}
}

// balanceKey is what an assessment is found by: a member has one a year.
type balanceKey struct {
	org  int64
	year int
}

// balance is a row that was read.
type balance struct {
	balanceKey
	name, reference string
	open            Amount
	currency        string
	due             time.Time
}

type balanceImporter struct {
	w     imports.Work
	find  imports.FindPlaces
	rowOf map[balanceKey]int
}

// stands is an assessment that is there already.
type stands struct {
	ID       int64
	Open     Amount
	Currency string
}

// Check implements imports.Session.
func (im *balanceImporter) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	places, err := im.find.Find(ctx, im.w.Tx, rows)
	if err != nil {
		return nil, err
	}
	members, known, err := im.known(ctx, places)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(rows))
	for i, row := range rows {
		out[i] = &imports.Result{Row: row.Number}
		b := im.read(row, places[i], members, out[i])
		im.compare(b, known, out[i])
	}
	return out, nil
}

// known reads which of the places are or were members, and which assessments they have.
func (im *balanceImporter) known(ctx context.Context, places []imports.Found) (map[int64]bool, map[balanceKey]stands, error) {
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	members, known := map[int64]bool{}, map[balanceKey]stands{}
	rows, _ := im.w.Tx.Query(ctx, `select org_id from memberships where org_id = any ($1)`, ids)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, nil, err
	}
	for _, id := range found {
		members[id] = true
	}
	var key balanceKey
	var s stands
	var open string
	rows, _ = im.w.Tx.Query(ctx, `select org_id, year, id, open::text, currency from dues_assessments where org_id = any ($1) and cancelled_at is null`, ids)
	_, err = pgx.ForEachRow(rows, []any{&key.org, &key.year, &s.ID, &open, &s.Currency}, func() error {
		s.Open = stored(open)
		known[key] = s
		return nil
	})
	return members, known, err
}

func (im *balanceImporter) read(row imports.Row, at imports.Found, members map[int64]bool, r *imports.Result) balance {
	b := balance{balanceKey: balanceKey{org: at.ID}, name: at.Name}
	r.Title = strings.Trim(at.Name+" · "+row.Get(balanceYear), " ·")
	switch {
	case at.Fault.Key != "":
		r.Faults = append(r.Faults, at.Fault)
	case at.ID == 0:
		r.Fault(imports.PlaceName, "imports.no_name", "")
	case !members[at.ID]:
		r.Fault(imports.PlaceName, "imports.never_member", at.Name)
	}
	b.readYear(row, im.w.Now, r)
	b.readMoney(row, r)
	var ok bool
	if b.reference, ok = imports.Text(row.Get(balanceReference), 100); !ok {
		r.Fault(balanceReference, "imports.too_long", b.reference[:40])
	}
	return b
}

// readYear reads the year and the day that the sum was due on: the year's last where none is named.
func (b *balance) readYear(row imports.Row, now time.Time, r *imports.Result) {
	year, ok := imports.Whole(row.Get(balanceYear))
	if b.year = int(year); !ok || year < 1990 || b.year > now.Year() {
		r.Fault(balanceYear, "imports.no_year", row.Get(balanceYear))
		return
	}
	b.due = time.Date(b.year, time.December, 31, 0, 0, 0, 0, time.UTC)
	if cell := row.Get(balanceDue); cell != "" {
		if b.due, ok = imports.Day(cell); !ok || b.due.Year() < b.year || b.due.Year() > b.year+1 {
			r.Fault(balanceDue, "imports.no_day", cell)
		}
	}
}

func (b *balance) readMoney(row imports.Row, r *imports.Result) {
	cell := row.Get(balanceOpen)
	if whole, two := imports.TwoReadings(cell); two {
		r.Fault(balanceOpen, "imports.two_readings", cell+" = "+whole)
	}
	text, ok := imports.Money(cell)
	if ok {
		b.open, ok = ParseAmount(text)
	}
	if !ok || b.open <= 0 {
		r.Fault(balanceOpen, "imports.no_money", cell)
	}
	if b.currency = strings.ToUpper(row.Get(balanceCurrency)); !Currency(b.currency) {
		r.Fault(balanceCurrency, "imports.no_currency", row.Get(balanceCurrency))
	}
}

func (im *balanceImporter) compare(b balance, known map[balanceKey]stands, r *imports.Result) {
	r.Draft = b
	defer r.Settle()
	if len(r.Faults) > 0 {
		return
	}
	if twin, ok := im.rowOf[b.balanceKey]; ok {
		r.Faults = append(r.Faults, imports.Fault{Field: balanceYear, Key: "imports.twin", Value: r.Title, Row: twin})
		return
	}
	im.rowOf[b.balanceKey] = r.Row
	if s, ok := known[b.balanceKey]; ok {
		if r.Target = s.ID; s.Open != b.open || s.Currency != b.currency {
			r.Fault(balanceOpen, "imports.balance_stands", s.Open.String()+" "+s.Currency)
		}
		return
	}
	r.Change(balanceYear, "", strconv.Itoa(b.year))
	r.Change(balanceOpen, "", b.open.String())
	r.Change(balanceCurrency, "", b.currency)
	r.Change(balanceDue, "", b.due.Format(time.DateOnly))
	r.Change(balanceReference, "", b.reference)
}

// Store implements imports.Session.
func (im *balanceImporter) Store(ctx context.Context, results []*imports.Result) error {
	entries := make([]audit.Entry, len(results))
	for i, r := range results {
		b := r.Draft.(balance)
		var err error
		if r.Target, err = im.insert(ctx, b); err != nil {
			return err
		}
		entries[i] = audit.Entry{Actor: im.w.By, Action: "assessment.taken_over", Subject: assessmentRef(r.Target),
			Payload: map[string]string{"amount": b.open.String(), "currency": b.currency}}
	}
	return audit.RecordMany(ctx, im.w.Tx, entries)
}

func (im *balanceImporter) insert(ctx context.Context, b balance) (id int64, err error) {
	why, err := json.Marshal([]Part{{Kind: PartTakenOver, Amount: b.open.String(), Currency: b.currency, Source: b.reference}})
	if err != nil {
		return 0, err
	}
	inputs, err := json.Marshal(Member{Name: b.name})
	if err != nil {
		return 0, err
	}
	err = im.w.Tx.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('assessment', $1, $2) returning id, org_id)
		insert into dues_assessments (id, org_id, year, reference, source, amount, currency, base_amount, base_currency, inputs, explanation, due_on, actor_id, issued_at)
		select id, org_id, $3::int, 'DUE-' || $3::int || '-' || to_char(next_reference('DUE', $3::int), 'FM99999900000'), 'taken_over',
			$4::text::numeric, $5, $4::text::numeric, $5, $6, $7, $8, nullif($9::bigint, 0), $10 from s returning id`,
		b.org, subject.NewPublicID(), b.year, b.open.String(), b.currency, inputs, why, b.due, im.w.By.UserID, im.w.Now).Scan(&id)
	return id, err
}

// Undo implements imports.Session: a sum on which money or a waiver came meanwhile stands in
// the way.
func (im *balanceImporter) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	ids := make([]int64, len(done))
	for i, d := range done {
		ids[i] = d.Target
	}
	used, err := imports.InUse(ctx, im.w.Tx, []string{"dues_assessments", "subjects"}, nil, ids)
	if err != nil {
		return nil, err
	}
	var refusals []imports.Refusal
	entries := make([]audit.Entry, len(done))
	for i, d := range done {
		if used[d.Target] {
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: "imports.in_use"})
		}
		entries[i] = audit.Entry{Actor: im.w.By, Action: "assessment.taken_over_undone", Subject: assessmentRef(d.Target)}
	}
	if len(refusals) > 0 {
		return refusals, nil
	}
	if _, err := im.w.Tx.Exec(ctx, `delete from dues_assessments where id = any ($1)`, ids); err != nil {
		return nil, err
	}
	return nil, audit.RecordMany(ctx, im.w.Tx, entries)
}
