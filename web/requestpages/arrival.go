package requestpages

import (
	"context"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
)

// cameBy says how a request came that the union registered for its city: "By post, 3 November 2026".
func cameBy(ctx context.Context, a requests.Arrival) string {
	way := locale.T(ctx, "requests.channel."+string(a.Channel))
	if a.CameOn != nil {
		way += ", " + locale.Date(ctx, *a.CameOn)
	}
	return way
}
