package profiles

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
)

// Sector is a field of activity with what a municipality says of it.
type Sector struct {
	Code, Title    string
	Strength, Need bool
}

// Name is one of a municipality's names beside the official ones.
type Name struct {
	Name   string
	Lang   string // BCP 47; "und": not known
	Script string // ISO 15924
	Kind   string // alternate, historical, exonym
}

// Sister is a sister city.
type Sister struct {
	Slug, Title, Country string
	Since                *int // the year; nil: not known
}

// Profile is everything that a municipality keeps of itself.
type Profile struct {
	City        City
	Member      bool // it is a member today: only members are asked once a year
	Facts       Facts
	FactsEdited Edited
	Regions     map[string]string
	Website     string
	Texts       []translations.Status // by language, the source first
	Names       []Name
	Sectors     []Sector // every field that can be named
	Sisters     []Sister
	Coat        *documents.Document
	Listed      int // contacts on the public page
	Maturity    Maturity
	MaturityAt  *time.Time
	ConfirmedAt *time.Time
	ConfirmedBy string // empty: not known to the reader
	Proposals   []Proposal
}

func (p Profile) has(of func(Sector) bool) bool {
	for _, s := range p.Sectors {
		if of(s) {
			return true
		}
	}
	return false
}

// Confirmed reports that the municipality said within the year that all is right.
func (p Profile) Confirmed(today time.Time) bool {
	return p.ConfirmedAt != nil && p.ConfirmedAt.AddDate(ConfirmEvery, 0, 0).After(today)
}

// Score is how complete the profile is today.
func (s *Service) Score(p Profile) Score { return Completeness(p, s.Today()) }

// shownProposals is how many proposals a profile shows; the latest tell how it stands.
const shownProposals = 5

// Own reads the actor's municipality. Errors: sign_in, forbidden, not found (the
// organisation is no municipality).
func (s *Service) Own(ctx context.Context, actor identity.Actor, lang locale.Lang) (p Profile, err error) {
	if err := actor.May(identity.ReadOwn); err != nil {
		return p, err
	}
	return s.read(ctx, actor, lang, actor.OrgID)
}

// OwnScore is how complete the actor's municipality is, without its history.
// Errors: sign_in, forbidden, not found (the organisation is no municipality).
func (s *Service) OwnScore(ctx context.Context, actor identity.Actor, lang locale.Lang) (Score, error) {
	if err := actor.May(identity.ReadOwn); err != nil {
		return Score{}, err
	}
	var p Profile
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if p.City, err = r.city(ctx, actor.OrgID, ""); err != nil {
			return err
		}
		if p.Facts, err = r.facts(ctx, actor.OrgID); err != nil {
			return err
		}
		for _, part := range []func(context.Context, locale.Lang, *Profile) error{r.said, r.texts, r.lists} {
			if err := part(ctx, lang, &p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Score{}, err
	}
	return s.Score(p), nil
}

// Of a member reads its profile for staff. Errors: sign_in, forbidden, not found.
func (s *Service) OfMember(ctx context.Context, actor identity.Actor, lang locale.Lang, org int64) (p Profile, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return p, err
	}
	return s.read(ctx, actor, lang, org)
}

func (s *Service) read(ctx context.Context, actor identity.Actor, lang locale.Lang, org int64) (p Profile, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if p.City, err = r.city(ctx, org, ""); err != nil {
			return err
		}
		if p.Facts, err = r.facts(ctx, org); err != nil {
			return err
		}
		for _, part := range []func(context.Context, locale.Lang, *Profile) error{r.said, r.texts, r.lists, r.history} {
			if err := part(ctx, lang, &p); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// said reads the single things.
func (r repository) said(ctx context.Context, _ locale.Lang, p *Profile) error {
	err := r.db.QueryRow(ctx, `
		select m.website, m.standing in ('active', 'suspended'), (select count(*) from contacts c where c.org_id = m.id and c.listed),
			coalesce(x.maturity, '{}'), x.maturity_at, x.confirmed_at, coalesce(u.name, '')
		from municipalities m left join profiles x on x.org_id = m.id left join users u on u.id = x.confirmed_by where m.id = $1`, p.City.ID).
		Scan(&p.Website, &p.Member, &p.Listed, &p.Maturity, &p.MaturityAt, &p.ConfirmedAt, &p.ConfirmedBy)
	return postgres.Explain(err, "profiles.not_found")
}

func (r repository) texts(ctx context.Context, _ locale.Lang, p *Profile) error {
	all, err := translations.StatusOf(ctx, r.db, p.City.ID)
	if err != nil {
		return err
	}
	for _, status := range all[p.City.ID] {
		if status.Live > 0 {
			p.Texts = append(p.Texts, status)
		}
	}
	list, err := documents.Of(ctx, r.db, cityRef(p.City.ID), coatSort)
	if len(list) > 0 {
		p.Coat = &list[0]
	}
	return err
}

func (r repository) lists(ctx context.Context, lang locale.Lang, p *Profile) (err error) {
	if p.Sectors, err = r.sectors(ctx, lang, p.City.ID); err != nil {
		return err
	}
	rows, _ := r.db.Query(ctx, `
		select name, lang, script, kind from municipality_names where municipality_id = $1 and kind <> 'official'
		order by script, name collate "und-x-icu" limit $2`, p.City.ID, maxNames)
	if p.Names, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Name]); err != nil {
		return err
	}
	p.Sisters, err = r.sisters(ctx, lang, p.City.ID)
	return err
}

func (r repository) history(ctx context.Context, _ locale.Lang, p *Profile) (err error) {
	if p.Proposals, err = r.proposals(ctx, `where p.org_id = $1 order by p.id desc limit $2`, p.City.ID, shownProposals); err != nil {
		return err
	}
	list := append([]Proposal{{OrgID: p.City.ID}}, p.Proposals...)
	if p.Regions, err = r.regionNames(ctx, list...); err != nil {
		return err
	}
	p.FactsEdited, err = r.edited(ctx, p.City.ID, PartFacts)
	return err
}

// sectors lists every field that municipalities may name, with what this one says.
func (r repository) sectors(ctx context.Context, lang locale.Lang, id int64) ([]Sector, error) {
	rows, _ := r.db.Query(ctx, `
		select f.code, x.title, coalesce(mf.strength, false), coalesce(mf.need, false)
		from fields f join field_texts x on x.field_id = f.id and x.lang = $1
		left join municipality_fields mf on mf.field_id = f.id and mf.municipality_id = $2
		where f.listed and f.of_interest order by f.position, f.id`, string(lang), id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Sector])
}

func (r repository) sisters(ctx context.Context, lang locale.Lang, id int64) ([]Sister, error) {
	rows, _ := r.db.Query(ctx, `
		select m.slug, t.title, n.name, x.since
		from (select b_id as id, since from sister_cities where a_id = $1 union all select a_id, since from sister_cities where b_id = $1) x
		join municipalities m on m.id = x.id
		join municipality_titles t on t.municipality_id = m.id and t.lang = $2
		join country_names n on n.country_id = m.country_id and n.lang = $2
		order by t.title collate "`+locale.Collation(lang)+`", m.id limit $3`, id, string(lang), maxSisters)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Sister])
}
