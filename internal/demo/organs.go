package demo

import (
	"context"
	_ "embed" // the organs
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

//go:embed data/organs.toml
var organsTOML string

// organPlan is the whole of organs.toml.
type organPlan struct {
	Members, Past string
	Committee     map[string]string
	Meeting       []struct {
		Organ, Number, Place, Mode, URL string
		Days                            int
		Away, Agenda                    []string
		Decision                        []plannedDecision
	}
}

// plannedDecision is one decision of a meeting of organs.toml.
type plannedDecision struct {
	Number, Lang, Title, Text string
	Item                      int
	Votes                     []int
	Draft                     bool
}

// organMaker fills the organs in through their service, as staff would.
type organMaker struct {
	organs *organs.Service
	plan   organPlan
	now    time.Time
	slugs  map[string]string // code → slug
}

// addOrgans makes the members, meetings and decisions, where no organ has a member yet. The
// municipalities must be there.
func addOrgans(ctx context.Context, db postgres.DB, service *organs.Service, now time.Time) error {
	var there bool
	err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select exists (select from organ_members) or not exists (select from municipalities)`).Scan(&there)
	})
	if err != nil || there {
		return err
	}
	m := organMaker{organs: service, now: now, slugs: map[string]string{}}
	if _, err := toml.Decode(organsTOML, &m.plan); err != nil {
		return fmt.Errorf("organs.toml: %w", err)
	}
	for _, step := range []func(context.Context) error{m.committee, m.seats, m.meetings} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := nameDelegates(ctx, db); err != nil {
		return err
	}
	return m.assemblies(ctx, db)
}

func (m organMaker) committee(ctx context.Context) error {
	c := m.plan.Committee
	_, err := m.organs.AddCommittee(ctx, identity.Worker(), organs.Profile{Quorum: organs.MoreThanHalf, Listed: true,
		Names:  organs.Titled{locale.TR: c["tr"], locale.EN: c["en"], locale.RU: c["ru"]},
		Abouts: organs.Titled{locale.TR: c["about_tr"], locale.EN: c["about_en"], locale.RU: c["about_ru"]}})
	if err != nil {
		return err
	}
	all, err := m.organs.List(ctx, identity.Worker())
	for _, o := range all {
		m.slugs[string(o.Code)] = o.Slug
	}
	return err
}

// seats gives the members their terms: three years from this one's beginning, and those
// before.
func (m organMaker) seats(ctx context.Context) error {
	begin := time.Date(m.now.Year(), 1, 15, 0, 0, 0, 0, time.UTC)
	last, end := begin.AddDate(0, 0, -1), begin.AddDate(3, 0, -1)
	for _, group := range []struct {
		lines       string
		from, until time.Time
	}{{m.plan.Past, begin.AddDate(-3, 0, 0), last}, {m.plan.Members, begin, end}} {
		for _, line := range strings.Split(strings.TrimSpace(group.lines), "\n") {
			words := strings.Fields(line) // organ, office, two names, city
			t := organs.Term{Office: organs.Office(words[1]), Name: words[2] + " " + words[3], From: group.from, Until: &group.until}
			if len(words) > 4 {
				t.City = words[4]
			}
			if err := m.organs.AddSeat(ctx, identity.Worker(), m.slugs[words[0]], t); err != nil {
				return fmt.Errorf("%s: %w", line, err)
			}
		}
	}
	return nil
}

// day is a working day around now, at ten.
func (m organMaker) day(days int) time.Time {
	d := m.now.AddDate(0, 0, days)
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, -1)
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 10, 0, 0, 0, time.UTC)
}

func (m organMaker) meetings(ctx context.Context) error {
	actor := identity.Worker()
	for _, p := range m.plan.Meeting {
		id, err := m.organs.Plan(ctx, actor, p.Organ, organs.Plan{Number: p.Number, Session: organs.Ordinary, Mode: organs.Mode(p.Mode),
			Place: p.Place, OnlineURL: p.URL, Zone: "Europe/Istanbul", Starts: m.day(p.Days)})
		if err != nil {
			return err
		}
		for _, title := range p.Agenda {
			if err := m.organs.AddItem(ctx, actor, id, title, ""); err != nil {
				return err
			}
		}
		if err := m.hold(ctx, id, p.Away); err != nil {
			return err
		}
		if err := m.decide(ctx, id, p.Decision); err != nil {
			return err
		}
	}
	return nil
}

// hold records who came, and that the meeting was held.
func (m organMaker) hold(ctx context.Context, id string, away []string) error {
	actor := identity.Worker()
	d, err := m.organs.Meeting(ctx, actor, locale.TR, id)
	if err != nil {
		return err
	}
	came := map[string]organs.Presence{}
	for _, a := range d.Attendees {
		came[a.PublicID] = organs.Present
		for _, name := range away {
			if a.Name == name {
				came[a.PublicID] = organs.Excused
			}
		}
	}
	if err := m.organs.Attend(ctx, actor, id, came); err != nil {
		return err
	}
	return m.organs.Move(ctx, actor, id, workflow.In{Move: "hold", Seq: d.Seq})
}

func (m organMaker) decide(ctx context.Context, meeting string, list []plannedDecision) error {
	actor := identity.Worker()
	d, err := m.organs.Meeting(ctx, actor, locale.TR, meeting)
	if err != nil {
		return err
	}
	for _, p := range list {
		x := organs.Resolution{Number: fmt.Sprintf("%d/%s", d.Year, p.Number), Title: p.Title, Text: p.Text, Lang: p.Lang,
			Votes: &decisions.Votes{For: p.Votes[0], Against: p.Votes[1], Abstained: p.Votes[2]}}
		if p.Item > 0 {
			x.Item = d.Agenda[p.Item-1].PublicID
		}
		id, err := m.organs.Decide(ctx, actor, meeting, x)
		if err != nil {
			return fmt.Errorf("decision %s: %w", x.Number, err)
		}
		if p.Draft {
			continue
		}
		if err := m.organs.Publish(ctx, actor, id); err != nil {
			return err
		}
	}
	return nil
}

// assemblies are one that was held, with its arrivals, and one to come.
func (m organMaker) assemblies(ctx context.Context, db postgres.DB) error {
	held, err := m.assembly(ctx, "1", organs.Extraordinary, -150)
	if err != nil {
		return err
	}
	if err := arrivals(ctx, db, held); err != nil {
		return err
	}
	d, err := m.organs.Meeting(ctx, identity.Worker(), locale.TR, held)
	if err != nil {
		return err
	}
	if err := m.organs.Move(ctx, identity.Worker(), held, workflow.In{Move: "hold", Seq: d.Seq}); err != nil {
		return err
	}
	err = m.decide(ctx, held, []plannedDecision{{Number: "3", Item: 1, Lang: "tr", Title: "Tüzükte delege sınıflarının yenilenmesi",
		Text:  "Genel Kurulda delege sayılarının üye belediyelerin nüfus sınıflarına göre belirlenmesine oy çokluğuyla karar verildi.",
		Votes: []int{d.Stands.Present - 40, 28, 12}}})
	if err != nil {
		return err
	}
	_, err = m.assembly(ctx, "2", organs.Ordinary, 18)
	return err
}

// assembly plans one and draws up its credentials.
func (m organMaker) assembly(ctx context.Context, number string, session organs.Session, days int) (string, error) {
	actor := identity.Worker()
	id, err := m.organs.Plan(ctx, actor, "general-assembly", organs.Plan{Number: number, Session: session, Mode: organs.InPerson,
		Place: "Kongre Merkezi, İstanbul", Zone: "Europe/Istanbul", Starts: m.day(days)})
	if err != nil {
		return "", err
	}
	for _, title := range []string{"Tüzük değişikliği", "Çalışma raporu ve hesaplar", "Organ seçimleri"} {
		if err := m.organs.AddItem(ctx, actor, id, title, ""); err != nil {
			return "", err
		}
	}
	return id, m.organs.Draw(ctx, actor, id)
}

// arrivals check in most of those who may vote, without a word for each in the audit log.
func arrivals(ctx context.Context, db postgres.DB, meeting string) error {
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update credentials c set arrived_at = m.starts_at - make_interval(mins => (c.id % 80)::int)
			from meetings m, subjects s, assembly_members a
			where s.public_id = $1 and m.id = s.id and c.meeting_id = m.id and a.meeting_id = m.id and a.org_id = c.org_id
				and c.position <= a.votes and c.org_id % 5 <> 0`, meeting)
		return err
	})
}
