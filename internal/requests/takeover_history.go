package requests

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
)

// HistoryKind is how further lines about cases are brought that were taken over before, as
// where a workbook has them on a sheet of their own.
func (s *Service) HistoryKind() imports.Kind {
	fields := append(earlierFields()[:1:1], historyFields()...)
	for i, f := range fields {
		switch f.Code {
		case earlierHistory:
			fields[i].Required = true
			fields[i].Words = append(f.Words, "metin", "açıklama", "işlem", "text", "what happened", "текст", "запись")
		case earlierDay:
			fields[i].Example = "2024-03-14"
			fields[i].Words = append(f.Words, "tarih", "date", "дата", "tarix")
		}
	}
	return imports.Kind{Code: "request_history", Needs: identity.ImportRecords, Fields: fields,
		Open: func(_ context.Context, w imports.Work) (imports.Session, error) {
			return &historySession{takeover{s: s, w: w, first: map[string]*earlierCase{}}}, nil
		}}
}

// historySession is the session of a table of lines.
type historySession struct{ takeover }

// Check implements imports.Session.
func (h *historySession) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	known, err := h.known(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(rows))
	for i, row := range rows {
		out[i] = &imports.Result{Row: row.Number}
		number, _ := imports.Text(row.Get(earlierNumber), maxEarlierNumber)
		key := keyOfNumber(number)
		switch {
		case h.first[key] == nil && known[key] == nil:
			out[i].Title = number
			out[i].Fault(earlierNumber, "imports.no_case", number)
		case row.Get(earlierHistory) == "":
			out[i].Title = number
			out[i].Fault(earlierHistory, "imports.history_missing", "")
		default:
			h.check(row, imports.Found{}, known, out[i])
		}
		out[i].Settle()
	}
	return out, nil
}

// Store implements imports.Session.
func (h *historySession) Store(ctx context.Context, results []*imports.Result) error {
	batch := &pgx.Batch{}
	for _, r := range results {
		b := r.Draft.(brought)
		for _, line := range b.lines {
			queueLine(batch, b.of.id, line)
		}
	}
	return h.w.Tx.SendBatch(ctx, batch).Close()
}
