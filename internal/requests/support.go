package requests

import (
	"context"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
)

// Granting reads a request that a support is to be recorded on, the decision that approved
// it (nil: none did), and whether supports are granted on it at all: its service, by the
// version that it began under or by the one in force, grants them, and it was approved. The
// caller has asked permission. Errors: not found.
func (s *Service) Granting(ctx context.Context, q postgres.Querier, actor identity.Actor, publicID string) (r *Request, by *decisions.Made, grants bool, err error) {
	if r, err = (repository{q}).open(ctx, actor, publicID); err != nil {
		return nil, nil, false, err
	}
	if err := flows(ctx, q, r); err != nil {
		return nil, nil, false, err
	}
	list, err := decisions.About(ctx, q, r.Ref())
	if err != nil {
		return nil, nil, false, err
	}
	for i := range list {
		if list[i].ID == r.DecisionID && list[i].Outcome == decisions.Approve {
			by = &list[i]
		}
	}
	if r.Decided != string(decisions.Approve) {
		return r, by, false, nil
	}
	if r.flow.Support {
		return r, by, true, nil
	}
	live, err := services.Open(ctx, q, r.Service)
	if apperr.Is(err, apperr.NotFound) {
		return r, by, false, nil
	}
	if err != nil && !apperr.Is(err, apperr.Conflict) { // what is closed now was open then
		return nil, nil, false, err
	}
	return r, by, live.Support, nil
}
