package memberpages

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

// tones are the shapes of the states as staff see them.
var tones = map[workflow.State]ui.Tone{
	membership.Submitted: ui.StatusNew, membership.Incomplete: ui.StatusWait, membership.ExecutiveBoard: ui.StatusReady,
	membership.AdministrativeBoard: ui.StatusReady, membership.Admitted: ui.StatusDone, membership.Declined: ui.StatusStop, membership.Withdrawn: ui.StatusClosed,
}

func chip(ctx context.Context, s workflow.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: locale.T(ctx, "membership.state."+string(s))}
}

// standingTones are the shapes of standings.
var standingTones = map[string]ui.Tone{"active": ui.StatusDone, "suspended": ui.StatusWait, "resigned": ui.StatusClosed, "expelled": ui.StatusStop}

func standing(ctx context.Context, s string) ui.StatusChip {
	return ui.StatusChip{Tone: standingTones[s], Label: locale.T(ctx, "members.standing."+s)}
}

func kindName(ctx context.Context, k membership.Kind) string {
	return locale.T(ctx, "membership.kind."+string(k))
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range membership.Kinds() {
		out = append(out, ui.Option{Value: string(k), Label: kindName(ctx, k)})
	}
	return out
}

// dayOr is a day, or the words for one that nobody knows.
func dayOr(ctx context.Context, t *time.Time, otherwise string) string {
	if t == nil {
		return locale.T(ctx, otherwise)
	}
	return locale.Date(ctx, *t)
}
