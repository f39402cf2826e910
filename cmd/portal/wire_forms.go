package main

import (
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formdeskpages"
)

// newFormPages makes the desk's pages of forms; the portal says which questions it reads itself.
func newFormPages(s services) *formdeskpages.Handler {
	builder := forms.NewBuilder(s.db, map[string]forms.Needs{requests.FormKey: requests.Needs()}, time.Now)
	return formdeskpages.New(builder, s.requests, s.documents, profiles.Known())
}
