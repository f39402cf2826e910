package main

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web"
	"github.com/birlik/portal/web/formdeskpages"
	"github.com/birlik/portal/web/formpages"
)

// mostCities is how many municipalities a name typed in a form may mean.
const mostCities = 8

// findCities lets every form ask for a municipality.
func (s services) findCities(p web.Pages) {
	find := func(ctx context.Context, _ identity.Actor, name string) ([]formpages.City, error) {
		rows, err := s.municipalities.Suggest(ctx, identity.Anyone(), locale.Of(ctx).Lang, name, mostCities)
		out := make([]formpages.City, len(rows))
		for i, row := range rows {
			out[i] = formpages.City{City: forms.City{ID: row.ID, Key: row.Slug, Name: row.Title}, Hint: row.Region + ", " + row.Country}
		}
		return out, err
	}
	p.Requests.Find(find)
	p.Join.Find(find)
	p.Forms.Find(find)
	p.Intake.Find(find)
}

// newFormPages makes the desk's pages of forms; the portal says which questions it reads itself.
func newFormPages(s services) *formdeskpages.Handler {
	needs := requests.Needs()
	needs[membership.FormKey] = forms.NeedsOf(membership.Form(nil)) // an admission reads every answer
	builder := forms.NewBuilder(s.db, needs, time.Now)
	return formdeskpages.New(builder, s.requests, s.documents, profiles.Known())
}
