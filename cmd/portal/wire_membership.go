package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	official "github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/memberpages"
	"github.com/birlik/portal/web/organpages"
	"github.com/birlik/portal/web/ui"
)

// toRegister tells the register and the accounts what an admission makes, in their own words.
type toRegister struct{ accounts *accounts.Service }

// Municipality implements membership.Register. The place is listed at once, and a member by
// the fact of its admission alone.
func (r toRegister) Municipality(ctx context.Context, tx pgx.Tx, p membership.NewPlace) (id int64, err error) {
	record := municipalities.Record{SourceID: p.SourceID, Name: p.Name, Latin: p.Latin, Standing: municipalities.Reference, Country: p.Country, Region: p.Region,
		Lat: p.Lat, Lon: p.Lon, Population: p.Population, PopulationYear: p.PopulationYear, FiguresAt: p.At,
		Titles: municipalities.Titled{locale.EN: p.English}}
	if err := tx.QueryRow(ctx, `select zone from countries where code = $1`, p.Country).Scan(&record.Zone); err != nil {
		return 0, err
	}
	for _, n := range []municipalities.Name{{Name: p.Latin, Lang: "und"}, {Name: p.English, Lang: "en"}} {
		if n.Name != "" && n.Name != p.Name {
			n.Script, n.Kind = municipalities.Script(n.Name), municipalities.Alternate
			record.Names = append(record.Names, n)
		}
	}
	if municipalities.Script(p.Name) != "Latn" && p.Latin != "" {
		record.Titles[locale.TR] = p.Latin
	}
	if _, err := municipalities.Load(ctx, tx, []municipalities.Record{record}); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `select id from municipalities where source_id = $1`, p.SourceID).Scan(&id)
	return id, err
}

// Invite implements membership.Register.
func (r toRegister) Invite(ctx context.Context, tx pgx.Tx, actor identity.Actor, orgID int64, p membership.NewPerson) error {
	return r.accounts.Seat(ctx, tx, actor, orgID, accounts.SeatInput{Email: p.Email, Name: p.Name, Lang: p.Lang, Role: p.Role})
}

// Changed implements membership.Register.
func (r toRegister) Changed(ctx context.Context, tx pgx.Tx, _ int64) error {
	return freshness.Touch(ctx, tx, municipalities.Tag)
}

// asLetters is the register of letters as admissions ask it.
type asLetters struct{ papers *official.Service }

// Welcome implements membership.Letters.
func (l asLetters) Welcome(ctx context.Context, tx pgx.Tx, actor identity.Actor, a membership.Application, in membership.Admission, head, more string) error {
	return l.papers.Welcome(ctx, tx, actor, official.Admission{OrgID: a.PlaceID, DecisionID: a.DecisionID, Starts: in.Starts, Lang: a.Lang, Head: head, More: more})
}

// Welcomed implements membership.Letters.
func (l asLetters) Welcomed(ctx context.Context, q postgres.Querier, a membership.Application) (content []byte, name string, err error) {
	return l.papers.Welcomed(ctx, q, a.PlaceID, a.DecisionID)
}

// registerMembership gives the queue the work of membership.
func (a *app) registerMembership(s services) {
	river.AddWorker(a.Workers, &membership.DailyWorker{Membership: s.membership})
	a.Periodic = append(a.Periodic, every(time.Hour, membership.DailyArgs{})) // a day begins with its zone
	river.AddWorker(a.Workers, &accounts.SeatWorker{Accounts: s.accounts, Send: func(ctx context.Context, m accounts.SeatMail) error {
		letter, err := s.letters.FromSeat(ctx, m)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	}})
}

// tiedRows is how many records of one area a member's record shows; its list has them all.
const tiedRows = 12

// memberTies are what other areas know of a member.
func memberTies(s services) []memberpages.Tie {
	return []memberpages.Tie{
		{ID: "profile", Title: "members.profile", Empty: "profiles.no_city", Lines: s.lackLines},
		{ID: "proposals", Title: "profiles.proposals", Empty: "profiles.no_proposals", Lines: s.proposalLines},
		{ID: "requests", Title: "members.requests", Empty: "members.no_requests", Lines: s.ofEntries(s.requestLines)},
		{ID: "dues", Title: "members.dues", Empty: "members.no_dues", Lines: s.ofEntries(s.dueLines)},
		{ID: "organs", Title: "members.seats", Empty: "members.no_seats", Lines: s.seatLines},
		{ID: "letters", Title: "members.letters", Empty: "members.no_letters", Lines: s.ofEntries(s.letterLines)},
	}
}

// tied reads what an area knows of a member.
type tied = func(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error)

// ofEntries reads it of the entries that were merged into the member, too.
func (s services) ofEntries(lines tied) tied {
	return func(ctx context.Context, actor identity.Actor, orgID int64) (out []memberpages.Line, err error) {
		ids, err := s.municipalities.Entries(ctx, actor, orgID)
		for _, id := range ids {
			more, err := lines(ctx, actor, id)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return out, err
	}
}

func (s services) seatLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	list, err := s.organs.SeatsOf(ctx, actor, locale.Of(ctx).Lang, orgID)
	out := make([]memberpages.Line, len(list))
	for i, seat := range list {
		out[i] = memberpages.Line{Title: seat.OrganName + " · " + locale.T(ctx, "organs.office."+string(seat.Office)), Note: seat.Name + " · " + organpages.Term(ctx, seat.Seat),
			Href: ui.Path(ctx, "/desk/organs/"+seat.OrganSlug)}
	}
	return out, err
}

func (s services) requestLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	list, err := s.requests.SentBy(ctx, actor, orgID, tiedRows)
	out := make([]memberpages.Line, len(list))
	for i, r := range list {
		out[i] = memberpages.Line{Title: r.Reference + " · " + r.Summary.Title, Href: ui.Path(ctx, "/desk/requests/"+r.PublicID),
			Note: locale.T(ctx, "requests.state."+string(r.State)) + " · " + clock.Day(ctx, *r.SubmittedAt)}
	}
	return out, err
}

func (s services) dueLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	account, err := s.dues.Of(ctx, actor, locale.Of(ctx).Lang, orgID)
	out := make([]memberpages.Line, len(account.Records))
	for i, r := range account.Records {
		note := locale.Money(ctx, r.Amount.String(), r.Currency)
		switch {
		case r.CancelledAt != nil:
			note += " · " + locale.T(ctx, "dues.state.cancelled")
		case r.Open > 0:
			note += " · " + locale.T(ctx, "members.dues_open", "Amount", locale.Money(ctx, r.Open.String(), r.Currency))
		default:
			note += " · " + locale.T(ctx, "members.dues_settled")
		}
		out[i] = memberpages.Line{Title: r.Reference, Note: note, Href: ui.Path(ctx, "/desk/dues/assessments/"+r.PublicID)}
	}
	return out, err
}
