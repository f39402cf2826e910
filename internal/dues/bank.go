package dues

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// BankFile is a file of a bank as it was taken in.
type BankFile struct {
	PublicID   string
	Name       string
	Lines      int // that brought money
	Known      int // of them, in an earlier file already
	Outgoing   int // left out
	Matched    int
	Open       int
	Aside      int
	ActorName  string
	RecordedAt time.Time
}

// BankInput is a file as it comes from a form.
type BankInput struct {
	Name     string
	Content  []byte
	Currency string // where the file has no column for it
	Lang     locale.Lang
}

// TakeBankFile reads a bank file and credits every line that names an assessment with as
// much open in its currency; the others wait for staff. A line that an earlier file brought
// is not taken again. It is all or nothing: with a faulty row nothing is stored, and the
// faults say which. Errors: forbidden, invalid.
func (s *Service) TakeBankFile(ctx context.Context, actor identity.Actor, in BankInput) (publicID string, faults []RowFault, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return "", nil, err
	}
	file, err := readBank(in.Content, in.Currency, in.Lang)
	if err != nil {
		return "", nil, err
	}
	if len(file.faults) > 0 {
		return "", sortFaults(file.faults), apperr.Fields(map[string]string{"file": "dues.bank.rows_wrong"})
	}
	if len(file.lines) == 0 {
		return "", nil, apperr.Fields(map[string]string{"file": "dues.bank.nothing"})
	}
	publicID = subject.NewPublicID()
	return publicID, nil, s.db.InTx(ctx, actor, func(tx pgx.Tx) error { return s.storeFile(ctx, tx, actor, publicID, in.Name, file) })
}

func (s *Service) storeFile(ctx context.Context, tx pgx.Tx, actor identity.Actor, publicID, name string, file bankFile) error {
	// One file at a time: what a line is credited to depends on those before it.
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('dues_bank', 0))`); err != nil {
		return err
	}
	known, err := repository{tx}.known(ctx, file.lines)
	if err != nil {
		return err
	}
	var id int64
	err = tx.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('bank_file', union_id(), $1) returning id, org_id),
		f as (insert into dues_bank_files (id, org_id, name, lines, known, outgoing, actor_id)
			select id, org_id, $2, $3, $4, $5, nullif($6::bigint, 0) from s)
		select id from s`, publicID, short(name, 200), len(file.lines), len(known), file.outgoing, actor.UserID).Scan(&id)
	if err != nil {
		return postgres.Explain(err, "")
	}
	matched := 0
	for _, line := range file.lines {
		if known[line.Hash] {
			continue
		}
		ok, err := s.takeLine(ctx, tx, actor, id, line)
		if err != nil {
			return err
		}
		if ok {
			matched++
		}
	}
	return s.record(ctx, tx, actor, subject.Ref{Kind: subject.BankFile, ID: id}, "bank_file.take",
		map[string]any{"name": name, "lines": len(file.lines), "known": len(known), "matched": matched})
}

// known are the hashes that earlier files brought.
func (r repository) known(ctx context.Context, lines []bankLine) (map[string]bool, error) {
	hashes := make([]string, len(lines))
	for i, line := range lines {
		hashes[i] = line.Hash
	}
	out := map[string]bool{}
	var hash string
	rows, _ := r.db.Query(ctx, `select hash from dues_bank_lines where hash = any($1)`, hashes)
	_, err := pgx.ForEachRow(rows, []any{&hash}, func() error {
		out[hash] = true
		return nil
	})
	return out, err
}

// takeLine stores a line, and credits it where it names what it is for.
func (s *Service) takeLine(ctx context.Context, tx pgx.Tx, actor identity.Actor, fileID int64, line bankLine) (matched bool, err error) {
	a, why, err := s.meant(ctx, tx, line)
	if err != nil {
		return false, err
	}
	var lineID int64
	err = tx.QueryRow(ctx, `
		insert into dues_bank_lines (public_id, file_id, row_no, hash, booked_on, amount, currency, payer, purpose, state, why, used)
		values ($1, $2, $3, $4, $5, $6::text::numeric, $7, $8, $9, case when $10 = '' then 'matched' else 'open' end, $10,
			case when $10 = '' then $6::text::numeric else 0 end) returning id`,
		subject.NewPublicID(), fileID, line.Row, line.Hash, line.BookedOn, line.Amount.String(), line.Currency, line.Payer, line.Purpose, why).Scan(&lineID)
	if err != nil || why != "" {
		return false, postgres.Explain(err, "")
	}
	_, err = s.credit(ctx, tx, actor, a, line.payment(line.Amount), lineID)
	return err == nil, err
}

func (l bankLine) payment(amount Amount) PaymentInput {
	return PaymentInput{Amount: amount.String(), Currency: l.Currency, PaidOn: l.BookedOn, Method: "transfer", Note: short(l.Purpose, 400)}
}

// meant is the assessment that a line names and can be credited to whole; else it says why not.
func (s *Service) meant(ctx context.Context, tx pgx.Tx, line bankLine) (a Assessment, why string, err error) {
	reference, ok := FindReference(line.Purpose)
	if !ok {
		return a, "no_reference", nil
	}
	var publicID string
	err = tx.QueryRow(ctx, `select s.public_id from dues_assessments a join subjects s on s.id = a.id where a.reference = $1`, reference).Scan(&publicID)
	if err == pgx.ErrNoRows {
		return a, "unknown_reference", nil
	}
	if err != nil {
		return a, "", err
	}
	if a, err = (repository{tx}).lock(ctx, publicID); err != nil {
		return a, "", err
	}
	switch {
	case line.BookedOn.After(s.today()):
		return a, "no_reference", nil // a day to come is no payment yet
	case a.Currency != line.Currency:
		return a, "other_currency", nil
	case a.Open == 0:
		return a, "nothing_open", nil
	case a.Open < line.Amount:
		return a, "too_much", nil
	}
	return a, "", nil
}

// BankLine is a line of a bank file as staff see it.
type BankLine struct {
	PublicID      string
	FilePublicID  string
	FileName      string
	Row           int
	BookedOn      time.Time
	Amount        Amount
	Left          Amount // not yet credited
	Currency      string
	Payer         string
	Purpose       string
	State         string // open, matched, aside
	Why           string // what kept it from being credited by itself
	AsideReason   string
	id            int64
	Assessments   []string // references that it was credited to
	AssessmentIDs []string // their public ids
}

const lineColumns = `
	select l.public_id, s.public_id, f.name, l.row_no, l.booked_on, l.amount::text, (l.amount - l.used)::text, l.currency, l.payer, l.purpose, l.state, l.why,
		l.aside_reason, l.id,
		coalesce((select array_agg(a.reference order by p.id) from dues_payments p join dues_assessments a on a.id = p.assessment_id
			where p.line_id = l.id and not exists (select from dues_payments b where b.reverses_id = p.id)), '{}'),
		coalesce((select array_agg(x.public_id order by p.id) from dues_payments p join subjects x on x.id = p.assessment_id
			where p.line_id = l.id and not exists (select from dues_payments b where b.reverses_id = p.id)), '{}')
	from dues_bank_lines l join dues_bank_files f on f.id = l.file_id join subjects s on s.id = f.id `

func scanLine(row pgx.CollectableRow) (l BankLine, err error) {
	var amount, left string
	err = row.Scan(&l.PublicID, &l.FilePublicID, &l.FileName, &l.Row, &l.BookedOn, &amount, &left, &l.Currency, &l.Payer, &l.Purpose, &l.State, &l.Why,
		&l.AsideReason, &l.id, &l.Assessments, &l.AssessmentIDs)
	l.Amount, l.Left = stored(amount), stored(left)
	return l, err
}

const (
	maxFiles = 100
	maxOpen  = 200
)

// Bank is what staff see of the bank: files, and the lines that wait to be matched.
type Bank struct {
	Files []BankFile
	Open  []BankLine // the oldest first
}

// Bank reads the newest files and the lines that wait. Errors: sign_in, forbidden.
func (s *Service) Bank(ctx context.Context, actor identity.Actor) (out Bank, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if out.Files, err = (repository{q}).files(ctx, ""); err != nil {
			return err
		}
		rows, _ := q.Query(ctx, lineColumns+`where l.state = 'open' order by l.booked_on, l.id limit $1`, maxOpen)
		out.Open, err = pgx.CollectRows(rows, scanLine)
		return err
	})
	return out, err
}

// files lists the newest files, or the one of a public id.
func (r repository) files(ctx context.Context, publicID string) ([]BankFile, error) {
	rows, _ := r.db.Query(ctx, `
		select s.public_id, f.name, f.lines, f.known, f.outgoing, coalesce(c.matched, 0), coalesce(c.open, 0), coalesce(c.aside, 0), coalesce(u.name, ''), f.recorded_at
		from dues_bank_files f join subjects s on s.id = f.id left join users u on u.id = f.actor_id
		left join lateral (select count(*) filter (where state = 'matched') as matched, count(*) filter (where state = 'open') as open,
			count(*) filter (where state = 'aside') as aside from dues_bank_lines l where l.file_id = f.id) c on true
		where $1 = '' or s.public_id = $1 order by f.id desc limit $2`, publicID, maxFiles)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[BankFile])
}

// File is one bank file with its lines. Errors: sign_in, forbidden, not found.
func (s *Service) File(ctx context.Context, actor identity.Actor, publicID string) (file BankFile, lines []BankLine, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return file, nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		files, err := repository{q}.files(ctx, publicID)
		if err != nil {
			return err
		}
		if len(files) != 1 {
			return apperr.New(apperr.NotFound, "error.not_found")
		}
		file = files[0]
		rows, _ := q.Query(ctx, lineColumns+`where s.public_id = $1 order by l.row_no, l.id`, publicID)
		lines, err = pgx.CollectRows(rows, scanLine)
		return err
	})
	return file, lines, err
}
