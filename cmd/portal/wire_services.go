package main

import (
	"context"

	catalogue "github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/homepages"
	"github.com/birlik/portal/web/servicepages"
)

// newServicePages makes the public pages of what can be asked of the union.
func newServicePages(s services) *servicepages.Handler {
	return servicepages.New(s.catalogue, s.requests, s.municipalities, s.db)
}

// shownServices is how many services the home page shows.
const shownServices = 4

func (s services) homeServices(ctx context.Context, v *homepages.View) error {
	list, err := s.catalogue.Offered(ctx)
	for _, x := range list {
		if x.State == catalogue.Published && len(v.Services) < shownServices {
			v.Services = append(v.Services, servicepages.Way(ctx, x))
		}
	}
	return err
}
