package search

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Shared is a record that shares words of its title with a text.
type Shared struct {
	ID    int64
	Words []string // as they are compared, folded
}

// Bounds of Alike: shorter words say little, and of a common word the newest records are
// looked at only.
const (
	minAlike   = 4
	perWord    = 200
	alikeWords = 12
)

// Alike lists the records of a kind whose titles share the most words with a text, as far as
// the actor may find them.
func Alike(ctx context.Context, q postgres.Querier, actor identity.Actor, kind subject.Kind, text string, limit int) ([]Shared, error) {
	words := telling(text)
	if len(words) == 0 {
		return nil, nil
	}
	rows, _ := q.Query(ctx, `
		select h.subject_id, array_agg(distinct h.word order by h.word)
		from unnest($1::text[]) s (scope), unnest($3::text[]) t (word), lateral (
			select w.subject_id, w.word from search_words w
			where w.scope = s.scope collate "C" and w.kind = $2 and w.word = t.word collate "C" and w.class <= 2
			order by w.class, w.standing limit $4) h
		group by h.subject_id order by count(distinct h.word) desc, h.subject_id desc limit $5`, scopesOf(actor), string(kind), words, perWord, limit)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Shared])
}

// telling are the different words of a text that are long enough to say something.
func telling(text string) []string {
	seen := map[string]bool{}
	var out []string
	for w := range strings.FieldsSeq(fold.Key(text)) {
		if utf8.RuneCountInString(w) >= minAlike && len(w) <= maxWord && !seen[w] && len(out) < alikeWords {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}
