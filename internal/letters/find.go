package letters

import (
	"context"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Found is a member that a letter can be written to.
type Found struct{ PublicID, Name, Title string }

// maxFound is how many members a search for an addressee shows.
const maxFound = 20

// FindAddressees finds members by name, those that left too: they are written to as well.
// title is their name in the reader's language. Errors: sign_in, forbidden.
func (s *Service) FindAddressees(ctx context.Context, actor identity.Actor, lang, text string) (out []Found, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		orgs, err := s.books.Matching(ctx, q, actor, Filter{Text: text, Standing: "all"})
		if err != nil {
			return err
		}
		list, err := repository{q}.addressees(ctx, orgs[:min(len(orgs), maxFound)])
		for _, a := range list {
			out = append(out, Found{PublicID: a.PublicID, Name: a.Name, Title: a.Titles[lang]})
		}
		return err
	})
	return out, err
}
