package cards

import (
	"cmp"
	"context"
	"strconv"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/ui"
)

// Happened tells what happened to a request as a timeline. The two sides have words of their
// own for moves, and addresses of their own for files.
type Happened struct {
	Moves   string // what the words of moves begin with: "casework.did."
	Nobody  string // who acted where nobody did
	File    func(publicID string) string
	Message func(id string) string
}

// Moments are the lines of a timeline.
func (h Happened) Moments(ctx context.Context, list []requests.Event) []ui.Moment {
	out := make([]ui.Moment, len(list))
	for i, e := range list {
		out[i] = h.moment(ctx, e)
	}
	return out
}

func (h Happened) moment(ctx context.Context, e requests.Event) ui.Moment {
	m := ui.Moment{Who: cmp.Or(e.Actor, e.Sender), For: h.acted(ctx, e), At: clock.Moment(ctx, e.At), Ago: clock.Ago(ctx, e.At), ISO: clock.ISO(e.At)}
	if m.Who == "" && e.Source != requests.OfMail {
		m.Who = h.Nobody
	}
	switch e.Source {
	case requests.OfMove:
		m.What, m.Text = locale.T(ctx, h.Moves+e.What), e.Text
		m.Bad = e.To == requests.Declined || e.To == requests.Withdrawn
	case requests.OfAnswers:
		m.What = locale.T(ctx, "casefile.answered", "Count", e.N)
	case requests.OfMessage:
		m.What, m.Text = locale.T(ctx, "casefile.said."+e.What), e.Text
		switch {
		case e.Sender != "":
			m.What += " · " + locale.T(ctx, "mailin.by_mail_from")
		case e.N > 0:
			m.What += " · " + locale.T(ctx, "mailin.by_mail")
		}
		m.Links = []ui.Link{{Label: locale.T(ctx, "casefile.read_message"), Href: h.Message(e.Ref)}}
	case requests.OfFile:
		h.file(ctx, e, &m)
	case requests.OfMail:
		m.What = locale.T(ctx, "casefile.mailed", "Sent", e.N, "All", e.M)
	case requests.OfTask:
		m.What, m.Text = locale.T(ctx, "casefile.task_was_done"), e.Text
	case requests.OfList:
		m.Who, m.Text = locale.T(ctx, "casefile.from_list"), e.Text
		m.At, m.Ago = locale.Date(ctx, locale.Own(ctx, e.At)), ""
	case requests.OfAct:
		m.What = act(ctx, e)
	}
	return m
}

// act names an act that moves nothing; who was given a case is a person, what was linked is not.
func act(ctx context.Context, e requests.Event) string {
	if e.What == "request.assign" && e.Text != "" {
		return locale.T(ctx, "casefile.given_to", "Name", e.Text)
	}
	return locale.T(ctx, "audit."+e.What)
}

func (h Happened) file(ctx context.Context, e requests.Event, m *ui.Moment) {
	m.What = locale.T(ctx, "casefile.file_added")
	if e.N > 1 {
		m.What = locale.T(ctx, "casefile.file_replaced", "N", e.N)
	}
	m.Links = []ui.Link{{Label: e.Text, Href: h.File(e.Ref) + "?version=" + strconv.Itoa(e.N)}}
}

// acted is for whom somebody acted, and under which mandate; empty where nobody is named.
func (h Happened) acted(ctx context.Context, e requests.Event) string {
	if e.Actor == "" && e.Sender == "" || e.For == "" {
		return ""
	}
	if e.Role != "" && locale.Has(locale.Of(ctx).Lang, "accounts.role."+e.Role) {
		return e.For + ", " + locale.T(ctx, "accounts.role."+e.Role)
	}
	return e.For
}
