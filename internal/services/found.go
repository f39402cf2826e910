package services

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/search"
)

// index rewrites what a service is found by: in each language, as its public page says it.
// One that the public does not see is found by nobody.
func index(ctx context.Context, tx pgx.Tx, code string) error {
	s, err := repository{tx}.one(ctx, ` where s.code = $1`, code)
	if err != nil {
		return err
	}
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	return search.Put(ctx, tx, s.Ref(), found(s, union))
}

// first puts a service before pages that match as well: who types its name wants to ask.
const first = 100_000

func found(s Service, union int64) []search.Document {
	if s.State == Draft || s.Live == 0 {
		return nil
	}
	var out []search.Document
	for _, lang := range locale.Langs() {
		body := []string{s.Lead.In(lang), s.Outcome.In(lang), strings.Join(s.Needs.Lines(lang), ". ")}
		out = append(out, search.Document{Lang: lang, Scope: search.Public, OrgID: union, Title: s.Title.In(lang), Body: strings.Join(body, " "),
			Path: "/" + string(lang) + "/services/" + s.Slug, Weight: first})
	}
	return out
}
