package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/circularpages"
	"github.com/birlik/portal/web/ui"
)

func newCirculars(cfg config.Config, db postgres.DB) *circulars.Service {
	return circulars.New(db, cfg.Union.Names(), cfg.Union.Location(), time.Now)
}

// registerCirculars gives the queue the work of telling and reminding.
func (a *app) registerCirculars(s services) {
	river.AddWorker(a.Workers, &circulars.TellWorker{Circulars: s.circulars})
	river.AddWorker(a.Workers, &circulars.RemindWorker{Circulars: s.circulars})
}

// circularPages makes the pages, and lets an organisation's home know what waits.
func (s services) circularPages(p *web.Pages) {
	p.Circulars = circularpages.New(s.circulars, s.documents)
	p.Requests.Circulars = s.waitingCirculars
}

// shownCirculars is how many circulars that wait an organisation's home page names.
const shownCirculars = 3

// waitingCirculars are the circulars that wait to be confirmed, for the organisation's home.
func (s services) waitingCirculars(ctx context.Context, actor identity.Actor, org string) (cards.Circulars, error) {
	list, more, err := s.circulars.Waiting(ctx, actor, locale.Of(ctx).Lang, shownCirculars)
	out := cards.Circulars{All: ui.Path(ctx, "/m/"+org+"/circulars"), More: more}
	for _, l := range list {
		note := l.Reference() + " · " + locale.Date(ctx, l.IssuedOn)
		if l.Due != nil {
			key := "circulars.read_by"
			if l.Answers {
				key = "circulars.answer_by"
			}
			note += " · " + locale.T(ctx, key) + ": " + locale.Date(ctx, *l.Due)
		}
		out.Items = append(out.Items, cards.Circular{Title: l.Title.Title, Lang: l.Title.Lang, Note: note, Href: ui.Path(ctx, "/m/"+org+"/circulars/"+l.PublicID),
			Late: l.Late(s.circulars.Today()), New: l.Stage == circulars.Unopened})
	}
	return out, err
}
