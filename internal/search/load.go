package search

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/subject"
)

// Load fills the index with many records at once, for seeds, imports and rebuilding. Only
// the database's owner may: it copies past row-level security. Records that are already in
// the index are replaced.
func Load(ctx context.Context, tx pgx.Tx, entries []Entry) error {
	ids := make([]int64, len(entries))
	for i, e := range entries {
		if err := check(e.Ref, e.Documents); err != nil {
			return err
		}
		ids[i] = e.Ref.ID
	}
	for _, statement := range []string{
		`delete from search_documents where subject_id = any ($1)`,
		`delete from search_words where subject_id = any ($1)`,
	} {
		if _, err := tx.Exec(ctx, statement, ids); err != nil {
			return err
		}
	}
	var documents, words [][]any
	var learned []word
	for _, e := range entries {
		documents = appendDocuments(documents, e)
		found := wordsOf(e.Documents)
		words = appendWords(words, e.Ref, found)
		learned = append(learned, found...)
	}
	if err := learn(ctx, tx, learned); err != nil {
		return err
	}
	return copyRows(ctx, tx, documents, words)
}

func appendDocuments(out [][]any, e Entry) [][]any {
	for _, d := range e.Documents {
		out = append(out, []any{string(d.Scope), e.Ref.ID, string(d.Lang), string(e.Ref.Kind), d.OrgID, clean(d.Title),
			cleanAll(d.Names), excerpt(clean(d.Body)), d.Reference, d.Path})
	}
	return out
}

func appendWords(out [][]any, ref subject.Ref, words []word) [][]any {
	for _, w := range words {
		out = append(out, []any{string(w.scope), string(ref.Kind), w.word, w.class, w.standing, ref.ID})
	}
	return out
}

func copyRows(ctx context.Context, tx pgx.Tx, documents, words [][]any) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"search_documents"},
		[]string{"scope", "subject_id", "lang", "kind", "org_id", "title", "names", "excerpt", "reference", "path"},
		pgx.CopyFromRows(documents))
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"search_words"},
		[]string{"scope", "kind", "word", "class", "standing", "subject_id"}, pgx.CopyFromRows(words))
	return err
}
