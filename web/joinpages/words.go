package joinpages

import (
	"context"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

// tones are the shapes of the states as the applicant sees them.
var tones = map[workflow.State]ui.Tone{
	membership.Draft: ui.StatusNew, membership.Submitted: ui.StatusWork, membership.Incomplete: ui.StatusWait, membership.ExecutiveBoard: ui.StatusWork,
	membership.AdministrativeBoard: ui.StatusWork, membership.Admitted: ui.StatusDone, membership.Declined: ui.StatusStop, membership.Withdrawn: ui.StatusClosed,
}

func chip(ctx context.Context, s workflow.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: locale.T(ctx, "membership.state."+string(s))}
}
