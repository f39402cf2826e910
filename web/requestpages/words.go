package requestpages

import (
	"context"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

// tones are the shapes of the states as a municipality sees them.
var tones = map[workflow.State]ui.Tone{
	requests.Draft: ui.StatusDraft, requests.WithApprover: ui.StatusWait, requests.Submitted: ui.StatusNew,
	requests.Registered: ui.StatusWork, requests.InReview: ui.StatusWork, requests.InformationRequested: ui.StatusReady,
	requests.BoardDecision: ui.StatusWork, requests.Approved: ui.StatusDone, requests.Declined: ui.StatusStop,
	requests.Referred: ui.StatusClosed, requests.Withdrawn: ui.StatusClosed,
}

func chip(ctx context.Context, s workflow.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: locale.T(ctx, "requests.state."+string(s))}
}

// writer is a person's name; the union's where the portal itself acted.
func writer(ctx context.Context, name string) string {
	if name == "" {
		return locale.T(ctx, "requests.portal")
	}
	return locale.Person(ctx, name)
}
