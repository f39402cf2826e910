package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Put replaces everything that ref is found by, in the caller's transaction. No documents
// take it out of the search.
func Put(ctx context.Context, tx pgx.Tx, ref subject.Ref, docs []Document) error {
	if err := check(ref, docs); err != nil {
		return err
	}
	return postgres.Engine(ctx, tx, func() error {
		for _, statement := range []string{
			`delete from search_documents where subject_id = $1`,
			`delete from search_words where subject_id = $1`,
		} {
			if _, err := tx.Exec(ctx, statement, ref.ID); err != nil {
				return err
			}
		}
		if len(docs) == 0 {
			return nil
		}
		words := wordsOf(docs)
		if err := learn(ctx, tx, words); err != nil {
			return err
		}
		rows := newRows(ref, docs, words)
		return rows.insert(ctx, tx)
	})
}

// Remove takes a record out of the search, in the caller's transaction.
func Remove(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
	return Put(ctx, tx, ref, nil)
}

// check refuses documents that would be found by nobody or lead nowhere: an area's mistake.
func check(ref subject.Ref, docs []Document) error {
	if ref.Zero() {
		return errors.New("search: no subject")
	}
	for _, d := range docs {
		if d.Title == "" || d.Scope == "" || d.OrgID == 0 || len(d.Path) == 0 || d.Path[0] != '/' {
			return fmt.Errorf("search: %s in %s (%s) lacks a title, scope, organisation or path", ref, d.Lang, d.Scope)
		}
	}
	return nil
}

// learn adds the public words of names that no record had so far to the dictionary. It looks
// before it inserts, so that two transactions wait for each other only over a new word, and
// always in the same order.
func learn(ctx context.Context, tx pgx.Tx, words []word) error {
	var public []string
	for _, w := range words { // sorted by word within a scope
		if w.scope == Public && w.class < bodyWord {
			public = append(public, w.word)
		}
	}
	_, err := tx.Exec(ctx, `
		insert into search_dictionary (word)
		select w.word from (select distinct word collate "C" as word from unnest($1::text[]) x (word)) w
		left join lateral (select true as known from search_dictionary d where d.word = w.word limit 1) k on true -- by index, however many there are
		where k.known is null
		order by 1
		on conflict do nothing`, public)
	return err
}

// rows are the columns of one subject's documents and words.
type rows struct {
	ref                                               subject.Ref
	scopes, langs, titles, excerpts, references, path []string
	names                                             [][]string
	orgs                                              []int64
	words                                             []word
}

func newRows(ref subject.Ref, docs []Document, words []word) rows {
	r := rows{ref: ref, words: words}
	for _, d := range docs {
		r.scopes = append(r.scopes, string(d.Scope))
		r.langs = append(r.langs, string(d.Lang))
		r.titles = append(r.titles, clean(d.Title))
		r.excerpts = append(r.excerpts, excerpt(clean(d.Body)))
		r.references = append(r.references, d.Reference)
		r.path = append(r.path, d.Path)
		r.orgs = append(r.orgs, d.OrgID)
		r.names = append(r.names, cleanAll(d.Names))
	}
	return r
}

func cleanAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = clean(n)
	}
	return out
}

func (r rows) insert(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	for i := range r.scopes {
		batch.Queue(`insert into search_documents (scope, subject_id, lang, kind, org_id, title, names, excerpt, reference, path)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			r.scopes[i], r.ref.ID, r.langs[i], string(r.ref.Kind), r.orgs[i], r.titles[i], r.names[i], r.excerpts[i], r.references[i], r.path[i])
	}
	scopes, texts, classes, standings := columns(r.words)
	batch.Queue(`insert into search_words (scope, kind, word, class, standing, subject_id)
		select w.scope, $1, w.word, w.class, w.standing, $2
		from unnest($3::text[], $4::text[], $5::smallint[], $6::int[]) w (scope, word, class, standing)`,
		string(r.ref.Kind), r.ref.ID, scopes, texts, classes, standings)
	return tx.SendBatch(ctx, batch).Close()
}

func columns(words []word) (scopes, texts []string, classes []int16, standings []int32) {
	for _, w := range words {
		scopes = append(scopes, string(w.scope))
		texts = append(texts, w.word)
		classes = append(classes, w.class)
		standings = append(standings, w.standing)
	}
	return scopes, texts, classes, standings
}
