package demo

import (
	"slices"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// ask is one request of a service beside project support: which of its matters a town asks
// about, how long ago it was sent, and how far it came.
type ask struct {
	service, town string
	matter        int
	days          int // since it was sent; for a draft since it was begun
	end           workflow.State
	officer       string // nobody where empty
	urgent        bool
}

// asks are a year of every service: enough that ended for a median to say something, and
// some in each state that the service goes through.
func asks(list []services.Shipped) []ask {
	var out []ask
	for i, s := range list {
		if s.Code == requests.ProjectSupport {
			continue
		}
		for n, end := range ends(s.Definition) {
			a := ask{service: s.Code, town: townNames[(i*5+n*2)%len(townNames)], matter: n % 4, end: end, urgent: (n+i)%9 == 4}
			if n < endedAsks {
				a.days = 330 - n*31 - i*3
			} else {
				a.days = ages[end] + (i*3+n)%4
			}
			if !requests.Private(end) && end != requests.Submitted {
				a.officer = []string{deskMail, headMail}[(i+n)%2]
			}
			out = append(out, a)
		}
	}
	return append(append(out, published()...), ask{service: "urban_guidance", town: "shusha", matter: 3, days: 6, end: requests.WithApprover},
		ask{service: "funding_guidance", town: "shusha", matter: 1, days: 3, end: requests.Draft},
		ask{service: "opinion", town: "canakkale", matter: 1, days: 2, end: requests.Draft},
		ask{service: "opinion", town: "ministry", matter: 2, days: 7, end: requests.InReview, officer: headMail})
}

// endedAsks is how many requests of each service have ended; one of them not as was hoped.
const endedAsks = 7

// ends are the states of a service's requests, those that ended first.
func ends(d services.Definition) []workflow.State {
	out := slices.Repeat([]workflow.State{requests.Closed}, endedAsks)
	switch {
	case d.Has(requests.Declined):
		out[4] = requests.Declined
	case d.Has(requests.Referred):
		out[4] = requests.Referred
	}
	for _, s := range line {
		if d.Has(s) && s != requests.Closed && (s != requests.Published || d.Has(requests.Anonymised)) {
			out = append(out, s)
		}
	}
	return append(out, requests.InformationRequested)
}

// line is the way of a request that nothing holds up; each service takes a part of it.
var line = []workflow.State{requests.Submitted, requests.Registered, requests.InReview, requests.BoardDecision, requests.Approved,
	requests.InDelivery, requests.Delivered, requests.ToSign, requests.Signed, requests.Sent, requests.Anonymised, requests.Published, requests.Closed}

// ages are how many days ago a request was sent that is in a state today.
var ages = map[workflow.State]int{requests.Submitted: 1, requests.Registered: 4, requests.InReview: 9, requests.InformationRequested: 14,
	requests.BoardDecision: 26, requests.Approved: 38, requests.InDelivery: 45, requests.Delivered: 52, requests.ToSign: 24, requests.Signed: 27,
	requests.Sent: 33, requests.Anonymised: 48, requests.Published: 70}

var townNames = []string{"konya", "shusha", "osh", "samarkand", "canakkale", "ufa", "turkistan", "prizren", "ganja", "karakol", "edirne",
	"comrat", "xiva", "aktau", "sheki"}

// way is the states from a request's sending to where it stands.
func (a ask) way(d *services.Definition) []workflow.State {
	var out []workflow.State
	add := func(s workflow.State) {
		if d.Has(s) {
			out = append(out, s)
		}
	}
	for _, s := range line {
		switch {
		case s == requests.BoardDecision && (a.end == requests.Referred || a.end == requests.InformationRequested),
			s == requests.BoardDecision && a.end == requests.Declined && !d.Has(requests.BoardDecision),
			s == requests.Approved && a.end == requests.Declined:
			add(a.end)
			return out
		case (s == requests.Anonymised || s == requests.Published) && a.end == requests.Closed:
			continue // most opinions are not published
		}
		add(s)
		if s == a.end {
			return out
		}
	}
	return out
}

// steps are the moves that lead there, by the service's own rules.
func (a ask) steps(d *services.Definition, c Cases) []step {
	t := towns[a.town]
	editor, mayor := mailbox(identity.MemberEditor, t), mailbox(identity.MemberApprover, t)
	sent := c.Now.AddDate(0, 0, -a.days)
	out := []step{{move: "start", to: requests.Draft, by: editor, at: sent.AddDate(0, 0, -5)}}
	if a.end == requests.Draft {
		out[0].at = sent
		return out
	}
	out = append(out, step{move: "ask_approver", to: requests.WithApprover, by: editor, at: sent.AddDate(0, 0, -1)})
	if a.end == requests.WithApprover {
		return out
	}
	machine := d.Machine(requests.Life)
	at, from := sent, requests.WithApprover
	for i, s := range a.way(d) {
		if i > 0 {
			at = at.AddDate(0, 0, a.took(d, from))
		}
		move := between(machine, from, s, len(out)+a.days)
		out = append(out, step{move: move, to: s, by: a.actor(move, editor, mayor), reason: a.reason(move), at: at})
		from = s
	}
	return past(out, c)
}

// took is how many days a step lasted: some less than it may, some a little more.
func (a ask) took(d *services.Definition, s workflow.State) int {
	return max(1, d.Days(s)*7/5*(40+(a.days+a.matter*17)%70)/100)
}

// past keeps the hours of an office, and everything before now.
func past(steps []step, c Cases) []step {
	for i := range steps {
		at := steps[i].at.In(c.Zone)
		at = time.Date(at.Year(), at.Month(), at.Day(), 9+i%8, (i*17+at.Day()*3)%60, 0, 0, c.Zone)
		if latest := c.Now.Add(-time.Duration(len(steps)-i) * 13 * time.Minute); at.After(latest) {
			at = latest
		}
		if i > 0 && !at.After(steps[i-1].at) {
			at = steps[i-1].at.Add(time.Minute)
		}
		steps[i].at = at
	}
	return steps
}

// between is the name of a move from one state to the next; where there are two, either.
func between(machine workflow.Machine, from, to workflow.State, n int) string {
	var names []string
	for _, m := range machine.Moves {
		if m.To == to && slices.Contains(m.From, from) {
			names = append(names, m.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return names[n%len(names)]
}

// actor is who makes a move.
func (a ask) actor(move, editor, mayor string) string {
	switch move {
	case "submit":
		return mayor
	case "give_feedback":
		return editor
	case "approve", "decline", "refer":
		return "board@union.example"
	}
	if a.officer == "" {
		return deskMail
	}
	return a.officer
}

// reason is the word that goes with some moves.
func (a ask) reason(move string) string {
	switch move {
	case "decline", "turn_down":
		return reasons[requests.Declined]
	case "refer", "pass_on":
		return reasons[requests.Referred]
	case "deliver":
		return delivered[a.service]
	}
	return ""
}
