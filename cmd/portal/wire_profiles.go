package main

import (
	"context"
	"path"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/memberpages"
	"github.com/birlik/portal/web/municipalitypages"
	"github.com/birlik/portal/web/profilepages"
	"github.com/birlik/portal/web/requestpages"
	"github.com/birlik/portal/web/ui"
)

// profileRegister tells the register of municipalities what profiles change.
type profileRegister struct{}

// Renew implements profiles.Register.
func (profileRegister) Renew(ctx context.Context, tx pgx.Tx, id int64) error {
	return municipalities.Renew(ctx, tx, id)
}

// Script implements profiles.Register.
func (profileRegister) Script(name string) string { return municipalities.Script(name) }

func (s services) profilePages() *profilepages.Handler {
	return profilepages.New(s.profiles, s.municipalities, s.documents, time.Now)
}

// registerProfiles gives the queue the yearly question.
func (a *app) registerProfiles(s services) {
	river.AddWorker(a.Workers, &profiles.AskWorker{Profiles: s.profiles})
	a.Periodic = append(a.Periodic, every(6*time.Hour, profiles.AskArgs{}))
}

// aboutTies are what a municipality's public page shows of its profile.
func (s services) aboutTies(ctx context.Context, id int64) (municipalitypages.About, error) {
	p, err := s.profiles.Public(ctx, locale.Of(ctx).Lang, id)
	out := municipalitypages.About{Text: p.Text, TextLang: p.TextLang, Seat: p.Seat, Area: p.Area, Head: p.Head, Strengths: p.Strengths, Needs: p.Needs}
	if p.Coat != nil {
		out.Coat = "/files/" + p.Coat.PublicID + "?size=web"
	}
	for _, c := range p.Contacts {
		out.Contacts = append(out.Contacts, municipalitypages.Contact{Office: locale.T(ctx, "people.office."+c.Office), Email: c.Email, Phone: c.Phone})
	}
	return out, err
}

// proposalLines are a member's latest proposals to change its facts.
func (s services) proposalLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	list, err := s.profiles.Of(ctx, actor, orgID, tiedRows)
	out := make([]memberpages.Line, len(list))
	for i, p := range list {
		out[i] = memberpages.Line{Title: profilepages.Summary(ctx, p), Href: ui.Path(ctx, "/desk/proposals/"+p.PublicID),
			Note: locale.T(ctx, "profiles.state."+string(p.State)) + " · " + clock.Day(ctx, p.ProposedAt)}
	}
	return out, err
}

// lacks is what the dashboard of the actor's municipality says of its profile: how far it is,
// and the first thing that is missing. A complete one, and who has none, hears nothing.
func (s services) lacks(ctx context.Context, actor identity.Actor, org string) (*requestpages.Fill, error) {
	if !actor.Can(identity.ReadOwn) {
		return nil, nil
	}
	score, err := s.profiles.OwnScore(ctx, actor, locale.Of(ctx).Lang)
	missing := score.Missing()
	if err != nil || len(missing) == 0 {
		return nil, profiles.NoCity(err)
	}
	out := &requestpages.Fill{Next: locale.T(ctx, "profiles.item."+missing[0].Key),
		Words: locale.T(ctx, "requests.fill", "Score", locale.T(ctx, "profiles.score", "Done", score.Done(), "Total", score.Total()))}
	if actor.Can(identity.EditProfile) {
		out.Href = ui.Path(ctx, path.Clean("/m/"+org+"/profile"+missing[0].Path))
	}
	return out, nil
}

// lackLines are what a member's profile lacks, the score first.
func (s services) lackLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	p, err := s.profiles.OfMember(ctx, actor, locale.Of(ctx).Lang, orgID)
	if err != nil {
		return nil, profiles.NoCity(err)
	}
	score := s.profiles.Score(p)
	confirmed := locale.T(ctx, "profiles.never_confirmed")
	if p.ConfirmedAt != nil {
		confirmed = locale.T(ctx, "profiles.confirmed_on", "Day", clock.Day(ctx, *p.ConfirmedAt))
	}
	out := []memberpages.Line{{Title: locale.T(ctx, "profiles.score", "Done", score.Done(), "Total", score.Total()), Note: confirmed}}
	for _, item := range score.Missing() {
		line := memberpages.Line{Title: locale.T(ctx, "profiles.item."+item.Key), Note: locale.T(ctx, "profiles.lacks."+item.Key)}
		if item.Path == "/facts" && actor.Can(identity.EditMembers) {
			line.Href = ui.Path(ctx, "/desk/members/"+p.City.PublicID+"/facts") // the rest is the municipality's own to say
		}
		out = append(out, line)
	}
	return out, nil
}
