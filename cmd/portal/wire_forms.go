package main

import (
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formdeskpages"
)

// newFormPages makes the desk's pages of forms; the portal says which questions it reads itself.
func newFormPages(s services) *formdeskpages.Handler {
	needs := requests.Needs()
	needs[membership.FormKey] = forms.NeedsOf(membership.Form(nil)) // an admission reads every answer
	builder := forms.NewBuilder(s.db, needs, time.Now)
	return formdeskpages.New(builder, s.requests, s.documents, profiles.Known())
}
