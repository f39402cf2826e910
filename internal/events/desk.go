package events

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// Desk is an event as staff see it.
type Desk struct {
	*Event
	Statuses []translations.Status
	Moves    []workflow.Move
	Steps    []workflow.Step
}

// Title is what staff call the event: its newest title in the source language.
func (d Desk) Title() string {
	if len(d.Statuses) == 0 {
		return ""
	}
	return d.Statuses[0].Title
}

// Desk reads an event for its staff page. Errors: sign_in, forbidden, not found.
func (s *Service) Desk(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (Desk, error) {
	var d Desk
	if err := actor.May(identity.EditContent); err != nil {
		return d, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if d.Event, err = (repository{q}).byPublicID(ctx, lang, publicID); err != nil {
			return err
		}
		all, err := translations.StatusOf(ctx, q, d.ID)
		if err != nil {
			return err
		}
		d.Statuses, d.Moves = all[d.ID], Life.Available(actor, d.State)
		d.Steps, err = workflow.History(ctx, q, d.Ref())
		return err
	})
	return d, err
}

// DeskFilter narrows the staff's list; empty fields do not.
type DeskFilter struct {
	Text  string
	State workflow.State
}

// DeskLine is an event in the staff's list, with how far each language is.
type DeskLine struct {
	*Event
	Statuses []translations.Status
}

// Title is what staff call the event.
func (l DeskLine) Title() string { return Desk{Statuses: l.Statuses}.Title() }

// DeskList is one page of every event, the latest first. Errors: sign_in, forbidden.
func (s *Service) DeskList(ctx context.Context, actor identity.Actor, lang locale.Lang, f DeskFilter, at Place) (postgres.Page[DeskLine], error) {
	var out postgres.Page[DeskLine]
	if err := actor.May(identity.EditContent); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		sel := &selection{args: []any{string(lang)}, parts: []string{"true"}, desc: true}
		if f.State != "" {
			sel.and(`e.state = ?`, string(f.State))
		}
		if f.Text != "" {
			if err := sel.matching(ctx, q, actor, lang, f.Text); err != nil {
				return err
			}
		}
		page, err := repository{q}.page(ctx, sel, at)
		if err != nil {
			return err
		}
		out.Next, out.Prev = page.Next, page.Prev
		out.Rows, err = deskLines(ctx, q, page.Rows)
		return err
	})
	return out, err
}

func deskLines(ctx context.Context, q postgres.Querier, list []*Event) ([]DeskLine, error) {
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	all, err := translations.StatusOf(ctx, q, ids...)
	out := make([]DeskLine, len(list))
	for i, e := range list {
		out[i] = DeskLine{Event: e, Statuses: all[e.ID]}
	}
	return out, err
}

// Offers are what the form of an event offers.
type Offers struct {
	Kinds     []Choice
	Countries []Choice
	Zones     []string
	City      string // name of the city that is chosen
}

// Offers reads what a form offers, and the name of the city in it.
// Errors: sign_in, forbidden.
func (s *Service) Offers(ctx context.Context, actor identity.Actor, lang locale.Lang, city string) (Offers, error) {
	var out Offers
	if err := actor.May(identity.EditContent); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Kinds, err = r.kinds(ctx, lang, true); err != nil {
			return err
		}
		if out.Countries, err = r.allCountries(ctx, lang); err != nil {
			return err
		}
		if out.Zones, err = r.zones(ctx); err != nil || city == "" {
			return err
		}
		out.City, err = r.cityTitle(ctx, lang, city)
		return err
	})
	return out, err
}

// Locate names events for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.id, s.public_id, x.title from subjects s
			join translations t on t.subject_id = s.id and t.source join texts x on x.subject_id = s.id and x.lang = t.lang and x.version = t.version
			where s.id = any($1)`, ids)
		var id int64
		var publicID, title string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title}, func() error {
			out[id] = subject.Place{Title: title, Path: "/" + lang + "/desk/events/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
