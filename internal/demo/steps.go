package demo

import (
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
)

// step is one move of a record: who made it, when, and why.
type step struct {
	move   string
	to     workflow.State
	at     time.Time
	by     string // e-mail
	reason string
}

// outcome is what a decision says in the states that rest on one.
func outcome(s workflow.State) string {
	switch s {
	case requests.Approved:
		return "approve"
	case requests.Declined:
		return "decline"
	case requests.Referred:
		return "refer"
	}
	return ""
}

// reasons are why the board said no, and why a municipality withdrew.
var reasons = map[workflow.State]string{
	requests.Declined:  "Bu yılın bütçesi dolmuştur; aynı konuda fizibilite dosyasıyla yeniden başvurulması uygun olur.",
	requests.Referred:  "Konu kalkınma ajansının açık çağrısının kapsamındadır; başvuru oraya iletilmiştir.",
	requests.Withdrawn: "Kaynak başka bir programdan bulundu.",
}

// stages are how a request gets to its state: the days after it was sent on which each move
// was made. A short life is pressed together so that nothing happens in the future.
func (f file) stages() []struct {
	step
	day int
} {
	type stage = struct {
		step
		day int
	}
	t := towns[f.town]
	editor, mayor, desk := mailbox(identity.MemberEditor, t), mailbox(identity.MemberApprover, t), f.officer
	if desk == "" {
		desk = deskMail
	}
	out := []stage{{step{move: "start", to: requests.Draft, by: editor}, -9}}
	if f.end == requests.Draft {
		return out
	}
	out = append(out, stage{step{move: "ask_approver", to: requests.WithApprover, by: editor}, -2})
	if f.end == requests.WithApprover {
		return out
	}
	out = append(out, stage{step{move: "submit", to: requests.Submitted, by: mayor}, 0})
	rest := []stage{
		{step{move: "register", to: requests.Registered, by: desk}, 2},
		{step{move: "review", to: requests.InReview, by: desk}, 5},
		{step{move: "request_information", to: requests.InformationRequested, by: desk}, 9},
		{step{move: "answer", to: requests.InReview, by: editor}, 19},
		{step{move: "to_board", to: requests.BoardDecision, by: desk}, 27},
	}
	switch f.end {
	case requests.Submitted:
		return out
	case requests.Registered:
		return append(out, rest[:1]...)
	case requests.InReview:
		if f.days < 25 {
			return append(out, rest[:2]...)
		}
		return append(out, rest[:4]...)
	case requests.CoOpinion:
		return append(append(out, rest[:4]...), stage{step{move: "ask_opinion", to: requests.CoOpinion, by: desk}, 47})
	case requests.InformationRequested:
		return append(out, rest[:3]...)
	case requests.BoardDecision:
		return append(out, rest...)
	case requests.Withdrawn:
		return append(append(out, rest[:4]...), stage{step{move: "withdraw", to: requests.Withdrawn, by: mayor, reason: reasons[f.end]}, 24})
	}
	return append(append(out, rest...), stage{step{move: outcome(f.end), to: f.end, by: "board@union.example", reason: reasons[f.end]}, 41})
}

// steps are the moves with their times.
func (f file) steps(c Cases) []step {
	stages := f.stages()
	sent := c.Now.Add(-time.Duration(f.days) * 24 * time.Hour)
	begun := f.end == requests.Draft || f.end == requests.WithApprover
	var out []step
	for i, s := range stages {
		at := sent.AddDate(0, 0, s.day)
		if begun {
			at = sent.Add(time.Duration(i) * 26 * time.Hour)
		}
		at = time.Date(at.Year(), at.Month(), at.Day(), 9+(i*3+f.days)%8, (f.days*7+i*13)%60, 0, 0, c.Zone)
		if latest := c.Now.Add(-time.Duration(len(stages)-i) * 11 * time.Minute); at.After(latest) {
			at = latest
		}
		s.at = at
		out = append(out, s.step)
	}
	return out
}

// way is how a project gets to its state.
var way = map[workflow.State][]struct {
	move string
	to   workflow.State
}{}

func init() {
	type leg = struct {
		move string
		to   workflow.State
	}
	line := []leg{{"begin", projects.Approved}, {"procure", projects.Procurement}, {"implement", projects.Implementation},
		{"hand_over", projects.Handover}, {"close", projects.Closed}}
	for i, l := range line {
		way[l.to] = line[:i+1]
	}
	way[projects.Suspended] = append(append([]leg{}, line[:3]...), leg{"suspend", projects.Suspended})
	way[projects.Cancelled] = append(append([]leg{}, line[:1]...), leg{"cancel", projects.Cancelled})
}

var projectReasons = map[workflow.State]string{
	projects.Suspended: "Kazıda çıkan duvar kalıntısı için koruma kurulunun kararı bekleniyor.",
	projects.Cancelled: "Belediye meydanın yenilenmesini kendi bütçesiyle yapmaya karar verdi.",
}

// grows are the moves of the project, from the decision on to today.
func (f file) grows(c Cases, decided time.Time) []step {
	legs := way[f.grown.state]
	span := c.Now.Sub(decided) * 8 / 10
	var out []step
	for i, l := range legs {
		at := decided
		by := headMail
		if i == 0 {
			by = "board@union.example"
		} else {
			at = decided.Add(span * time.Duration(i) / time.Duration(len(legs)))
		}
		out = append(out, step{move: l.move, to: l.to, at: at, by: by, reason: projectReasons[l.to]})
	}
	return out
}
