package requests

import (
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// Stage is one part of the way of a request that nothing goes wrong with, as it is promised
// to who asks.
type Stage struct {
	State workflow.State
	Label string
	Days  int // working days of the union's staff; 0: no promise
}

// Way is how a service goes, from the arrival of a request on. What staff do in two steps
// is promised as one.
func Way(flow *services.Definition, lang locale.Lang) []Stage {
	out := []Stage{{State: Submitted, Label: locale.Text(lang, "requests.stage.registered"), Days: flow.Days(Submitted)}}
	for _, s := range at(InReview, BoardDecision, InDelivery, Delivered, ToSign, Sent) {
		if !flow.Has(s) {
			continue
		}
		stage := Stage{State: s, Label: Label(flow, s, lang)}
		switch s {
		case InReview:
			stage.Days = flow.Days(Registered) + flow.Days(InReview)
		case ToSign:
			stage.Days = flow.Days(ToSign) + flow.Days(Signed)
		case BoardDecision, InDelivery:
			stage.Days = flow.Days(s)
		}
		out = append(out, stage)
	}
	return out
}

// Total is how many working days the union's staff have for all of it together.
func Total(flow *services.Definition) int {
	n := 0
	for _, stage := range Way(flow, locale.Default) {
		n += stage.Days
	}
	return n
}
