package caseworkpages

import (
	"context"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/web/clock"
)

// delivered says what became of a message to the city: whether it was read in the portal, and
// of each letter that told of it.
func (v caseView) delivered(ctx context.Context, m messages.Message) string {
	if m.Side != messages.Out {
		return ""
	}
	var out []string
	if m.ReadAt != nil {
		out = append(out, locale.T(ctx, "casework.read_in_portal", "When", clock.When(ctx, *m.ReadAt)))
	}
	letters := v.Letters[m.ID]
	for _, state := range []string{"sent", "waiting", "held", "dropped"} {
		if names := namesOf(ctx, letters, state); names != "" {
			out = append(out, locale.T(ctx, "casework.letter."+state, "Names", names))
		}
	}
	for _, d := range letters {
		if d.State == "refused" {
			out = append(out, locale.T(ctx, "casework.letter.refused", "Name", locale.Person(ctx, d.Name), "Reason", d.Refusal))
		}
	}
	return strings.Join(out, " · ")
}

func namesOf(ctx context.Context, letters []notify.Delivery, state string) string {
	var names []string
	for _, d := range letters {
		if d.State == state {
			names = append(names, locale.Person(ctx, d.Name))
		}
	}
	return strings.Join(names, ", ")
}

// failed reports a message whose letter somebody's mail server refused.
func (v caseView) failed(m messages.Message) bool {
	return slices.ContainsFunc(v.Letters[m.ID], func(d notify.Delivery) bool { return d.State == "refused" })
}
