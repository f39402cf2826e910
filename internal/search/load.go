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
	p, err := Prepare(entries)
	if err != nil {
		return err
	}
	return p.Load(ctx, tx)
}

// RemoveMany takes many records out of the search; as Load it is the database's owner's.
func RemoveMany(ctx context.Context, tx pgx.Tx, refs []subject.Ref) error {
	p := Prepared{ids: make([]int64, len(refs))}
	for i, ref := range refs {
		p.ids[i] = ref.ID
	}
	return p.clear(ctx, tx)
}

// Prepared are the rows of the index that records will have. Making them is the larger part
// of the work and needs no database, so that it can go on beside it.
type Prepared struct {
	ids              []int64
	documents, words [][]any
	learned          []word
}

// Prepare makes the rows of records. Errors: as Put.
func Prepare(entries []Entry) (p Prepared, err error) {
	p.ids = make([]int64, len(entries))
	for i, e := range entries {
		if err := check(e.Ref, e.Documents); err != nil {
			return p, err
		}
		p.ids[i] = e.Ref.ID
		p.documents = appendDocuments(p.documents, e)
		found := wordsOf(e.Documents)
		p.words = appendWords(p.words, e.Ref, found)
		p.learned = append(p.learned, found...)
	}
	return p, nil
}

// Load is the function of that name, with the rows made before.
func (p Prepared) Load(ctx context.Context, tx pgx.Tx) error {
	if err := p.clear(ctx, tx); err != nil {
		return err
	}
	if err := learn(ctx, tx, p.learned); err != nil {
		return err
	}
	return copyRows(ctx, tx, p.documents, p.words)
}

// clear takes the records out of the index.
func (p Prepared) clear(ctx context.Context, tx pgx.Tx) error {
	for _, statement := range []string{
		`delete from search_documents where subject_id = any ($1)`,
		`delete from search_words where subject_id = any ($1)`,
	} {
		if _, err := tx.Exec(ctx, statement, p.ids); err != nil {
			return err
		}
	}
	return nil
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
