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
	requests.Referred: ui.StatusClosed, requests.Withdrawn: ui.StatusClosed, requests.InDelivery: ui.StatusWork, requests.Delivered: ui.StatusReady,
	requests.ToSign: ui.StatusWork, requests.Signed: ui.StatusWork, requests.Sent: ui.StatusDone, requests.Anonymised: ui.StatusDone,
	requests.Published: ui.StatusDone, requests.Closed: ui.StatusClosed,
}

// shown is the state that the municipality is told of: that the union asks around among its
// own offices is a part of the review.
func shown(s workflow.State) workflow.State {
	if s == requests.CoOpinion {
		return requests.InReview
	}
	return s
}

func chip(ctx context.Context, r *requests.Request) ui.StatusChip {
	s := shown(r.State)
	return ui.StatusChip{Tone: tones[s], Label: requests.Label(r.Flow(), s, locale.Of(ctx).Lang)}
}

// writer is a person's name; the union's where the portal itself acted.
func writer(ctx context.Context, name string) string {
	if name == "" {
		return locale.T(ctx, "requests.portal")
	}
	return locale.Person(ctx, name)
}
