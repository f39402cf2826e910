package mailingpages

import (
	"context"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/ui"
)

// tones are the shapes of a mailing's states.
var tones = map[mailings.State]ui.Tone{mailings.Draft: ui.StatusDraft, mailings.Sending: ui.StatusWork, mailings.Paused: ui.StatusWait,
	mailings.Sent: ui.StatusDone, mailings.Cancelled: ui.StatusStop}

func chip(ctx context.Context, s mailings.State) ui.StatusChip {
	return ui.StatusChip{Tone: tones[s], Label: locale.T(ctx, "mailings.state."+string(s))}
}

// deliveryTones are the shapes of what became of a letter.
var deliveryTones = map[mailings.Delivery]ui.Tone{mailings.Waiting: ui.StatusWait, mailings.Claimed: ui.StatusWork, mailings.Delivered: ui.StatusDone,
	mailings.Refused: ui.StatusStop, mailings.Unsure: ui.StatusLate, mailings.Unsubscribed: ui.StatusClosed, mailings.Unasked: ui.StatusClosed, mailings.Invalid: ui.StatusStop, mailings.Dropped: ui.StatusClosed}

func delivery(ctx context.Context, d mailings.Delivery) ui.StatusChip {
	return ui.StatusChip{Tone: deliveryTones[d], Label: deliveryName(ctx, d)}
}

func deliveryName(ctx context.Context, d mailings.Delivery) string {
	return locale.T(ctx, "mailings.delivery."+string(d))
}

func kindName(ctx context.Context, k mailings.Kind) string {
	return locale.T(ctx, "mailings.kind."+string(k))
}

func titleOf(ctx context.Context, m mailings.Mailing) string {
	if m.Title == "" {
		return locale.T(ctx, "mailings.untitled")
	}
	return m.Title
}

// people are the offices and mandates that a mailing goes to, in words.
func people(ctx context.Context, in mailings.Input) string {
	var out []string
	for _, office := range in.Offices {
		out = append(out, locale.T(ctx, "people.office."+office))
	}
	for _, role := range in.Roles {
		out = append(out, locale.T(ctx, "accounts.role."+role))
	}
	return strings.Join(out, ", ")
}

// filterWords say which members a filter leaves.
func (h *Handler) filterWords(ctx context.Context, actor identity.Actor, f mailings.Filter) string {
	var out []string
	say := func(value, prefix string) {
		if value != "" && locale.Has(locale.Of(ctx).Lang, prefix+value) {
			out = append(out, locale.T(ctx, prefix+value))
		}
	}
	if f.Text != "" {
		out = append(out, locale.Quoted(ctx, f.Text))
	}
	say(f.Kind, "membership.kind.")
	if f.Standing == "" {
		out = append(out, locale.T(ctx, "members.today"))
	}
	say(f.Standing, "members.standing.")
	if f.Country != "" {
		out = append(out, h.country(ctx, actor, f.Country))
	}
	say(f.Size, "members.size.")
	if f.Late {
		out = append(out, locale.T(ctx, "members.late"))
	}
	return strings.Join(out, " · ")
}

func officeChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, office := range mailings.Offices() {
		out = append(out, ui.Choice{Value: office, Label: locale.T(ctx, "people.office."+office)})
	}
	return out
}

func roleChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, role := range mailings.Roles() {
		out = append(out, ui.Choice{Value: role, Label: locale.T(ctx, "accounts.role."+role)})
	}
	return out
}

func kindChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, k := range mailings.Kinds() {
		out = append(out, ui.Choice{Value: string(k), Label: kindName(ctx, k), Hint: locale.T(ctx, "mailings.kind_hint."+string(k))})
	}
	return out
}

// languages are the record's texts and those of the interface that it lacks.
func languages(written []mailings.Written) []string {
	var out []string
	for _, w := range written {
		out = append(out, w.Lang)
	}
	for _, lang := range locale.Langs() {
		if !slices.Contains(out, string(lang)) {
			out = append(out, string(lang))
		}
	}
	return out
}

func editTitle(ctx context.Context, fresh bool) string {
	if fresh {
		return locale.T(ctx, "mailings.new")
	}
	return locale.T(ctx, "mailings.edit")
}

func editAction(ctx context.Context, v editView, fresh bool) string {
	if fresh {
		return ui.Path(ctx, deskPath)
	}
	return mailingPath(ctx, v.Mailing, "/edit")
}

// whom are the facts of whom a mailing is for.
func whom(ctx context.Context, v showView) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "mailings.members_chosen"), Value: v.Words}, {Label: locale.T(ctx, "mailings.people"), Value: people(ctx, v.Input())},
		{Label: locale.T(ctx, "mailings.kind_label"), Value: kindName(ctx, v.Kind)}, {Label: locale.T(ctx, "mailings.writer"), Value: v.WriterName}}
	if v.StartedAt != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "mailings.sent_off"), Value: locale.DateTime(ctx, locale.Own(ctx, *v.StartedAt)) + " · " + v.SenderName})
	}
	if v.FinishedAt != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "mailings.finished"), Value: locale.DateTime(ctx, locale.Own(ctx, *v.FinishedAt))})
	}
	return rows
}

func previewLink(ctx context.Context, v showView) ui.Link {
	if len(v.Audience.Written) == 0 {
		return ui.Link{}
	}
	return ui.Link{Label: locale.T(ctx, "mailings.preview"), Href: mailingPath(ctx, v.Mailing, "/preview")}
}

// previewLead names the recipient whose letter is shown.
func previewLead(ctx context.Context, v previewView) string {
	if v.Post.To.Email == "" {
		return locale.T(ctx, "mailings.preview_nobody")
	}
	return locale.T(ctx, "mailings.preview_to", "City", v.Post.To.City, "Address", v.Post.To.Email)
}

func stateQuery(d mailings.Delivery) string {
	if d == "" {
		return ""
	}
	return "?state=" + string(d)
}
