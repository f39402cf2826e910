package opinions

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Precedents is one page of what everybody reads, the newest first.
func (s *Service) Precedents(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, after, before string) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := filtered(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		if err := r.offers(ctx, lang, &out); err != nil {
			return err
		}
		if out.Count, err = r.count(ctx, lang, w); err != nil {
			return err
		}
		out.Count, out.Capped = min(out.Count, maxCount), out.Count > maxCount
		return r.page(ctx, lang, w, after, before, &out)
	})
	return out, err
}

func filtered(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, f Filter) (*where, error) {
	w := &where{}
	if slices.Contains(Topics(), f.Topic) {
		w.and(`x.topic = ?`, f.Topic)
	}
	if f.Country != "" {
		w.and(`x.country_id = (select id from countries where code = ?)`, f.Country)
	}
	if f.Law != "" {
		w.and(`x.law_keys @> array[?::text] collate "C"`, fold.Key(f.Law))
	}
	if f.Year != 0 {
		w.and(`x.given_on >= make_date(?, 1, 1)`, f.Year)
		w.and(`x.given_on < make_date(?, 1, 1)`, f.Year+1)
	}
	if f.Text == "" {
		return w, nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: f.Text, Kinds: []subject.Kind{subject.Precedent}, Lang: lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = len(ids) == 0
	w.and(`x.id = any(?)`, ids)
	return w, err
}

// Sheet reads a precedent at its address. Errors: not found.
func (s *Service) Sheet(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (Sheet, error) {
	return s.sheet(ctx, actor, lang, ` where x.slug = $2`, slug)
}

// Desk reads a precedent for staff. Errors: sign_in, forbidden, not found.
func (s *Service) Desk(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (Sheet, error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return Sheet{}, err
	}
	return s.sheet(ctx, actor, lang, ` where s.public_id = $2`, publicID)
}

func (s *Service) sheet(ctx context.Context, actor identity.Actor, lang locale.Lang, sql, key string) (out Sheet, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Precedent, err = r.precedent(ctx, lang, sql, key); err != nil {
			return err
		}
		after, err := r.precedents(ctx, lang, ` where x.id = (select successor_id from precedents where id = $2)`, out.ID)
		if err != nil {
			return err
		}
		if len(after) > 0 {
			out.Successor = &after[0]
		}
		out.Predecessors, err = r.precedents(ctx, lang, ` where x.successor_id = $2 order by x.given_on desc, x.id desc limit 20`, out.ID)
		return err
	})
	return out, err
}

// SetValidity says whether a precedent still holds, and what came after it.
// Errors: sign_in, forbidden, not found, invalid by field (no such successor, or one that was
// superseded by this), conflict (a colleague changed it).
func (s *Service) SetValidity(ctx context.Context, actor identity.Actor, publicID string, v Validity) error {
	if err := actor.May(identity.WriteOpinions); err != nil {
		return err
	}
	if err := v.check(); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		// One after another: two that name each other at once would close a circle.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('precedents'))`); err != nil {
			return err
		}
		p, err := r.precedent(ctx, locale.Default, ` where s.public_id = $2 for update of x`, publicID)
		if err != nil {
			return err
		}
		if p.Version != v.Version {
			return apperr.New(apperr.Conflict, "opinions.changed")
		}
		successor, err := r.successor(ctx, p, v)
		if err != nil {
			return err
		}
		if err := r.setValidity(ctx, p.ID, v, successor, s.today()); err != nil {
			return err
		}
		p.State = v.State
		if err := s.show(ctx, tx, p); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "precedent.validity", Subject: p.Ref(), Payload: v}); err != nil {
			return err
		}
		return freshness.Touch(ctx, tx, Tag)
	})
}

// successor finds what came after a precedent. Errors: invalid (none; or it leads back).
func (r repository) successor(ctx context.Context, p Precedent, v Validity) (int64, error) {
	if v.State != Superseded {
		return 0, nil
	}
	key := strings.TrimSpace(v.Successor)
	if at := strings.LastIndex(key, "/"); at >= 0 {
		key = key[at+1:] // a whole address was pasted
	}
	var id int64
	var back bool
	err := r.db.QueryRow(ctx, `
		with recursive chain as (
			select id, successor_id from precedents where slug = lower($1) or reference = upper($1)
			union select x.id, x.successor_id from precedents x join chain c on x.id = c.successor_id)
		select coalesce((select id from precedents where slug = lower($1) or reference = upper($1)), 0), exists (select from chain where id = $2)`, key, p.ID).Scan(&id, &back)
	switch {
	case err != nil:
		return 0, err
	case id == 0:
		return 0, apperr.Fields(map[string]string{"successor": "opinions.successor_missing"})
	case back:
		return 0, apperr.Fields(map[string]string{"successor": "opinions.successor_back"})
	}
	return id, nil
}

func (r repository) setValidity(ctx context.Context, id int64, v Validity, successor int64, day time.Time) error {
	_, err := r.db.Exec(ctx, `
		update precedents set state = $2, successor_id = nullif($3::bigint, 0), note = $4, changed_on = case when $2 = 'in_force' then null else $5::date end, version = version + 1
		where id = $1`, id, v.State, successor, v.Note, day)
	return err
}

// show puts a precedent into the search; one that was withdrawn is found no more.
func (s *Service) show(ctx context.Context, tx pgx.Tx, p Precedent) error {
	if p.State == Withdrawn {
		return search.Remove(ctx, tx, p.Ref())
	}
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	var docs []search.Document
	for _, lang := range locale.Langs() {
		docs = append(docs, search.Document{Lang: lang, Scope: search.Public, OrgID: union, Title: p.Title, Names: p.Laws, Reference: p.Reference,
			Body: p.Question + " " + p.Body, Path: "/" + string(lang) + p.Path(), Weight: p.GivenOn.Unix() / 86400})
	}
	return search.Put(ctx, tx, p.Ref(), docs)
}

// Locate names precedents for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		list, err := repository{q}.precedents(ctx, locale.Default, ` where x.id = any($2)`, ids)
		for _, p := range list {
			out[p.ID] = subject.Place{Title: p.Reference + " · " + p.Title, Path: "/" + lang + "/desk/precedents/" + p.PublicID}
		}
		return err
	})
	return out, err
}
