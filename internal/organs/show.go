package organs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Line is a decision in a list.
type Line struct {
	ID        int64
	PublicID  string
	Organ     decisions.Organ
	OrganSlug string
	OrganName string
	Number    string
	Date      time.Time
	Title     string // empty where only its text and what it rules on tell
	Text      string // in a list: its beginning
	Lang      string // that it is written in
	Shown     bool   // to the public
}

// Ruling is a decision with all that is known of it.
type Ruling struct {
	Line
	Votes     *decisions.Votes
	Meeting   *Meeting // number, day and zone alone where a visitor asks
	Replaces  Citation
	Replaced  Citation         // by a later decision
	Items     []decisions.Item // what it says about records; nil for visitors and members
	Links     []links.Link     // what staff say belongs to it; the same
	Published *time.Time
}

// Citation leads to another decision; empty where there is none to show.
type Citation struct{ PublicID, Label string }

// DecisionFilter narrows a list of decisions; empty fields do not.
type DecisionFilter struct {
	Organ string // slug
	Year  int
	Text  string
}

// Published is one page of the decisions that the public sees, the newest first.
func (s *Service) Published(ctx context.Context, actor identity.Actor, lang locale.Lang, f DecisionFilter, at Place) (postgres.Page[Line], error) {
	return s.lines(ctx, actor, lang, f, at, true)
}

// Decisions is one page of all decisions, the newest first. Errors: sign_in, forbidden.
func (s *Service) Decisions(ctx context.Context, actor identity.Actor, lang locale.Lang, f DecisionFilter, at Place) (postgres.Page[Line], error) {
	if err := actor.May(identity.ReadOrgans); err != nil {
		return postgres.Page[Line]{}, err
	}
	return s.lines(ctx, actor, lang, f, at, false)
}

func (s *Service) lines(ctx context.Context, actor identity.Actor, lang locale.Lang, f DecisionFilter, at Place, public bool) (out postgres.Page[Line], err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var ids []int64
		if f.Text != "" {
			hits, err := search.Find(ctx, q, actor, search.Query{Text: f.Text, Kinds: []subject.Kind{subject.Decision}, Lang: lang, Limit: 200})
			if err != nil || len(hits) == 0 {
				return err
			}
			for _, hit := range hits {
				ids = append(ids, hit.Ref.ID)
			}
		}
		out, err = repository{q}.lines(ctx, lang, f, ids, at, public)
		return err
	})
	return out, err
}

// Decision reads a decision: for visitors and members one that is published.
// Errors: not found; for staff sign_in and forbidden too.
func (s *Service) Decision(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (d Ruling, err error) {
	if actor.Side == identity.Staff {
		if err := actor.May(identity.ReadOrgans); err != nil {
			return d, err
		}
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if d, err = (repository{q}).decision(ctx, lang, publicID); err != nil || actor.Side != identity.Staff {
			return err
		}
		if d.Items, err = decisions.Items(ctx, q, d.ID); err != nil {
			return err
		}
		d.Links, err = links.Of(ctx, q, subject.Ref{Kind: subject.Decision, ID: d.ID})
		return err
	})
	return d, err
}

// showDecision puts a decision into the search: for everybody once it is published, for
// staff before.
func (s *Service) showDecision(ctx context.Context, tx pgx.Tx, publicID string) error {
	var docs []search.Document
	ref := subject.Ref{Kind: subject.Decision}
	for _, lang := range locale.Langs() {
		d, err := (repository{tx}).decision(ctx, lang, publicID)
		if err != nil {
			return err
		}
		ref.ID = d.ID
		doc := search.Document{Lang: lang, Scope: search.Staff, Title: d.Heading(), Names: []string{d.Number}, Body: d.Text,
			Path: "/" + string(lang) + "/desk/decisions/" + publicID, Weight: d.Date.Unix() / 86400}
		if d.Shown {
			doc.Scope, doc.Path = search.Public, "/"+string(lang)+"/decisions/"+publicID
		}
		docs = append(docs, doc)
	}
	return put(ctx, tx, ref, docs)
}

// Heading names the decision: its title, and where it has none its organ and number.
func (l Line) Heading() string {
	if l.Title != "" {
		return l.Title
	}
	return l.OrganName + " " + l.Number
}

// showMeeting puts a meeting into the search, for staff.
func (s *Service) showMeeting(ctx context.Context, tx pgx.Tx, publicID string) error {
	var docs []search.Document
	ref := subject.Ref{Kind: subject.Meeting}
	for _, lang := range locale.Langs() {
		m, err := (repository{tx}).meeting(ctx, lang, publicID, "")
		if err != nil {
			return err
		}
		items, err := (repository{tx}).agenda(ctx, m.ID)
		if err != nil {
			return err
		}
		body := m.Place
		for _, item := range items {
			body += " " + item.Title
		}
		ref.ID = m.ID
		docs = append(docs, search.Document{Lang: lang, Scope: search.Staff, Title: m.OrganName + " " + m.Label(), Body: body,
			Path: "/" + string(lang) + "/desk/meetings/" + publicID, Weight: m.StartsAt.Unix() / 86400})
	}
	return put(ctx, tx, ref, docs)
}

// put stores the documents as the union's.
func put(ctx context.Context, tx pgx.Tx, ref subject.Ref, docs []search.Document) error {
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	for i := range docs {
		docs[i].OrgID = union
	}
	return search.Put(ctx, tx, ref, docs)
}

// SeatIn is a seat with its organ, in the reader's language.
type SeatIn struct {
	Seat
	OrganName, OrganSlug string
}

// SeatsOf lists the seats that people of a municipality hold or held, the latest terms first.
// Errors: sign_in, forbidden.
func (s *Service) SeatsOf(ctx context.Context, actor identity.Actor, lang locale.Lang, municipality int64) (out []SeatIn, err error) {
	if err := actor.May(identity.ReadOrgans); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		rows, _ := q.Query(ctx, seatColumns+` where m.municipality_id = $2 order by m.starts_on desc, m.id desc limit 50`, string(lang), municipality)
		seats, err := pgx.CollectRows(rows, scanSeat)
		if err != nil || len(seats) == 0 {
			return err
		}
		organs, err := r.organs(ctx, s.today())
		for _, seat := range seats {
			held := SeatIn{Seat: seat}
			for _, o := range organs {
				if o.Code == seat.Organ {
					held.OrganName, held.OrganSlug = o.Names.In(lang), o.Slug
				}
			}
			out = append(out, held)
		}
		return err
	})
	return out, err
}
