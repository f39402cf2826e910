package caseworkpages

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

func stateName(ctx context.Context, s workflow.State) string {
	return locale.T(ctx, "requests.state."+string(s))
}

func sectorName(ctx context.Context, sector string) string {
	if sector == "" {
		return ""
	}
	return locale.T(ctx, "requests.sector."+sector)
}

func kindName(ctx context.Context, kind string) string {
	if kind == "" {
		return ""
	}
	return locale.T(ctx, "requests.kind."+kind)
}

// tones are the shapes of the states as staff see them.
var tones = map[workflow.State]ui.Tone{
	requests.Submitted: ui.StatusNew, requests.Registered: ui.StatusWork, requests.InReview: ui.StatusWork,
	requests.InformationRequested: ui.StatusWait, requests.BoardDecision: ui.StatusReady, requests.Approved: ui.StatusDone,
	requests.Declined: ui.StatusStop, requests.Referred: ui.StatusClosed, requests.Withdrawn: ui.StatusClosed,
	requests.CoOpinion: ui.StatusWait, requests.InDelivery: ui.StatusWork, requests.Delivered: ui.StatusWait, requests.ToSign: ui.StatusReady,
	requests.Signed: ui.StatusReady, requests.Sent: ui.StatusDone, requests.Anonymised: ui.StatusReady, requests.Published: ui.StatusDone,
	requests.Closed: ui.StatusClosed,
}

func chip(ctx context.Context, flow *services.Definition, s workflow.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: requests.Label(flow, s, locale.Of(ctx).Lang)}
}

func serviceOptions(ctx context.Context, list []services.Service) []ui.Option {
	var out []ui.Option
	for _, s := range list {
		out = append(out, ui.Option{Value: s.Code, Label: s.Title.In(locale.Of(ctx).Lang)})
	}
	return out
}

func officeOptions(ctx context.Context, list []services.Bureau) []ui.Option {
	var out []ui.Option
	for _, b := range list {
		out = append(out, ui.Option{Value: b.Code, Label: b.Names.In(locale.Of(ctx).Lang)})
	}
	return out
}

// labelOf is what an option is called; its value where the list does not know it.
func labelOf(list []ui.Option, value string) string {
	for _, o := range list {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// day is how a date stands in a field: as the reader's language writes it, so that it can
// be typed back.
func day(ctx context.Context, t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if locale.Of(ctx).Lang == locale.EN {
		return t.In(zone).Format("02/01/2006")
	}
	return t.In(zone).Format("02.01.2006")
}

// nameOr is a person's name, or the portal's word where the system acted.
func nameOr(ctx context.Context, name string) string {
	if name == "" {
		return locale.T(ctx, "casework.system")
	}
	return name
}

// roles in which somebody stands behind a case's acts.
func handles(a identity.Actor) bool { return a.Can(identity.HandleRequests) }

func decides(a identity.Actor) bool { return a.Can(identity.DecideRequests) }

func sectorOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range requests.Sectors() {
		out = append(out, ui.Option{Value: s, Label: sectorName(ctx, s)})
	}
	return out
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range requests.Kinds() {
		out = append(out, ui.Option{Value: k, Label: kindName(ctx, k)})
	}
	return out
}

func stateOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range requests.StaffStates() {
		out = append(out, ui.Option{Value: string(s), Label: stateName(ctx, s)})
	}
	return out
}

func countryOptions(list []requests.Choice) []ui.Option {
	var out []ui.Option
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Code, Label: c.Title})
	}
	return out
}

// officerOptions are the staff who handle requests; the filter offers oneself and nobody too.
func officerOptions(list []requests.Officer) []ui.Option {
	var out []ui.Option
	for _, o := range list {
		out = append(out, ui.Option{Value: o.PublicID, Label: o.Name})
	}
	return out
}

// langName is a language by its name in the reader's language, or its code.
func langName(ctx context.Context, lang string) string {
	if locale.Has(locale.Of(ctx).Lang, "language."+lang) {
		return locale.T(ctx, "language."+lang)
	}
	return lang
}

// kindOf names the kind of a record.
func kindOf(ctx context.Context, kind subject.Kind) string {
	return locale.T(ctx, "admin.kind."+string(kind))
}
