package membership

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Admission is the Administrative Board's decision to admit, and what follows from it.
type Admission struct {
	Ruling
	Place  string    // public identifier of the municipality that it turned out to be; empty: a new one
	Starts time.Time // first day of the membership
	Invite []NewPerson
}

// Admit records the decision, and in the same transaction: the municipality (a new one, or
// the place that the register holds already), its head, contacts and delegates, the fact of
// its admission, and the invitations of its people.
// Errors: forbidden, not found, invalid by field, conflict (it moved on; a member already).
func (s *Service) Admit(ctx context.Context, actor identity.Actor, publicID string, in Admission) error {
	if err := actor.May(identity.DecideMembers); err != nil {
		return err
	}
	in.Outcome = decisions.Approve
	if err := s.checkAdmission(in); err != nil {
		return err
	}
	return s.changeAs(ctx, actor, identity.Worker(), identity.DecideMembers, publicID, func(tx pgx.Tx, a *Application) error {
		if a.State != AdministrativeBoard || a.Seq != in.Seq {
			return stale()
		}
		id, err := s.decide(ctx, tx, actor, *a, in.Ruling)
		if err != nil {
			return err
		}
		a.DecisionID = id
		if err := s.establish(ctx, tx, actor, a, in); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, a, workflow.In{Move: moveAdmit, Seq: in.Seq, Decision: id, Reason: in.Reason, Tell: in.told()})
	})
}

func (s *Service) checkAdmission(in Admission) error {
	fields := map[string]string{}
	var ruling *apperr.Error
	if errors.As(s.Check(in.Ruling), &ruling) {
		maps.Copy(fields, ruling.Fields)
	}
	if in.Starts.IsZero() || in.Starts.Year() < 1990 || in.Starts.After(s.Today().AddDate(1, 0, 0)) {
		fields["starts"] = "requests.date_wrong"
	}
	for _, p := range in.Invite {
		if !mail.ValidAddress(p.Email) || p.Name == "" {
			fields["invite"] = "membership.invite_wrong"
		}
	}
	return apperr.Fields(fields)
}

// establish makes the member's record out of the answers.
func (s *Service) establish(ctx context.Context, tx pgx.Tx, actor identity.Actor, a *Application, in Admission) error {
	paper, err := forms.LoadSubmitted(ctx, tx, a.Ref(), part)
	if err != nil {
		return err
	}
	facts := factsOf(paper.Answers)
	if a.PlaceID, err = s.place(ctx, tx, *a, facts, in.Place); err != nil {
		return err
	}
	e := establishing{tx: tx, org: a.PlaceID, facts: facts, lang: a.Lang, on: in.Starts}
	for _, step := range []func(context.Context) error{e.figures, e.head, e.contacts, e.delegates} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	fact := Fact{OrgID: a.PlaceID, What: FactAdmitted, Kind: a.Kind, On: in.Starts, DecisionID: a.DecisionID, Reason: in.Reason}
	if err := s.state(ctx, tx, actor, fact); err != nil {
		return err
	}
	if err := s.welcome(ctx, tx, actor, *a, facts, in); err != nil {
		return err
	}
	for _, p := range in.Invite {
		if err := s.register.Invite(ctx, tx, actor, a.PlaceID, p); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.admitted", Subject: a.place(), Payload: map[string]any{
		"application": a.Reference, "decision": in.Number, "starts": in.Starts.Format(time.DateOnly)}})
}

// place points at who the application made a member.
func (a Application) place() subject.Ref {
	kind := subject.Organisation
	if a.Kind.Local() {
		kind = subject.Municipality
	}
	return subject.Ref{Kind: kind, ID: a.PlaceID}
}

// place finds the chosen place of the register, or makes a new record.
func (s *Service) place(ctx context.Context, tx pgx.Tx, a Application, f Facts, chosen string) (int64, error) {
	if !a.Kind.Local() {
		return repository{tx}.addOther(ctx, NewOther{Name: a.Name, Lang: a.Lang, Kind: a.Kind, CountryID: a.CountryID})
	}
	if chosen != "" {
		return repository{tx}.chosenPlace(ctx, chosen, a.CountryID)
	}
	if a.CountryID == 0 || f.Point == nil {
		return 0, apperr.Fields(map[string]string{"place": "membership.place_needed"})
	}
	return s.register.Municipality(ctx, tx, NewPlace{SourceID: "app:" + strings.ToLower(a.Reference), Country: f.Country, Name: f.Name, Latin: f.Latin, English: f.English,
		Region: f.Region, Lat: f.Point.Lat, Lon: f.Point.Lon, Population: f.Population, PopulationYear: f.PopulationYear, At: s.Today()})
}

// orgKinds are what organisations of a kind of member are.
var orgKinds = map[Kind]string{NationalAssociation: "association", RegionalAssociation: "association", InternationalOrganization: "institution",
	Observer: "partner", Honorary: "partner", Partner: "partner"}

// chosenPlace is a municipality of the application's country that is no member now.
// Errors: invalid (no such place, or a member).
func (r repository) chosenPlace(ctx context.Context, publicID string, country int64) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		select m.id from municipalities m join subjects s on s.id = m.id
		where s.public_id = $1 and m.country_id = $2 and m.standing in ('reference', 'resigned', 'expelled') for update of m`, publicID, country).Scan(&id)
	if err == pgx.ErrNoRows {
		return 0, apperr.Fields(map[string]string{"place": "membership.place_taken"})
	}
	return id, err
}

// Place is a municipality of the register that an application may be about.
type Place struct {
	PublicID   string
	Title      string
	Region     string
	Population *int64
	Standing   string
	ID         int64
}

// candidates finds municipalities of the country that are called as the applicant is.
func (r repository) candidates(ctx context.Context, actor identity.Actor, lang string, f Facts, country int64) ([]Place, error) {
	var ids []int64
	for _, name := range []string{f.Name, f.English} {
		if name == "" {
			continue
		}
		hits, err := search.Find(ctx, r.db, actor, search.Query{Text: name, Kinds: []subject.Kind{subject.Municipality}, Lang: locale.Lang(lang), Limit: 30})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			ids = append(ids, h.Ref.ID)
		}
	}
	rows, _ := r.db.Query(ctx, `
		select s.public_id, m.name, r.name, m.population, m.standing, m.id from municipalities m
		join subjects s on s.id = m.id join regions r on r.id = m.region_id
		where m.id = any($1) and m.country_id = $2 order by array_position($1::bigint[], m.id) limit 8`, ids, country)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Place])
}
