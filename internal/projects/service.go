package projects

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// Tag names public pages that show projects.
const Tag freshness.Tag = "projects"

// Service is everything that can be done with projects.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service.
func New(db postgres.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Origin is what a project grows out of: a request that a decision has just approved.
type Origin struct {
	RequestID, OrgID, CountryID int64
	Lang                        string // of the texts, BCP 47
	Title, Summary              string
	Kind, Sector, Place         string
	Point                       *Point
	Beneficiaries               int64
	Cost, Currency              string
	ApprovedOn                  time.Time
}

// Create makes the project of an approved request, with its public page, in the caller's
// transaction. Errors: forbidden.
func (s *Service) Create(ctx context.Context, tx pgx.Tx, actor identity.Actor, n Origin) error {
	r := repository{tx}
	ref, publicID, err := r.identify(ctx, n.OrgID)
	if err != nil {
		return err
	}
	state, err := Life.Begin(ctx, tx, actor, ref, moveBegin)
	if err != nil {
		return err
	}
	if err := r.insert(ctx, ref, n, string(state)); err != nil {
		return err
	}
	text := translations.Text{Title: n.Title, Summary: cut(n.Summary, translations.MaxSummary), Body: n.Summary}
	status, err := translations.Save(ctx, tx, actor, ref, translations.In{Lang: n.Lang, Text: text})
	if err != nil {
		return err
	}
	if err := translations.Publish(ctx, tx, actor, ref, n.Lang, status.Version); err != nil {
		return err
	}
	return s.show(ctx, tx, publicID)
}

// cut shortens a text to a whole word within most characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	end := most - 1
	for end > most/2 && runes[end] != ' ' {
		end--
	}
	return string(runes[:end]) + "…"
}

// show puts what readers see of a project into the search, and makes pages fresh.
func (s *Service) show(ctx context.Context, tx pgx.Tx, publicID string) error {
	p, err := (repository{tx}).lock(ctx, publicID)
	if err != nil {
		return err
	}
	docs, err := found(ctx, tx, *p)
	if err != nil {
		return err
	}
	if err := search.Put(ctx, tx, p.Ref(), docs); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}

// found are what a project is found by in each interface language: by everybody while it
// is published, and by staff with the number of its request.
func found(ctx context.Context, q postgres.Querier, p Project) ([]search.Document, error) {
	var requestRef string
	if err := q.QueryRow(ctx, `select coalesce(r.reference, '') from requests r join projects p on p.request_id = r.id where p.id = $1`, p.ID).Scan(&requestRef); err != nil {
		return nil, err
	}
	var out []search.Document
	for _, lang := range locale.Langs() {
		live, err := translations.LiveOf(ctx, q, string(lang), p.ID)
		text, ok := live[p.ID]
		if err != nil || !ok {
			return nil, err
		}
		doc := search.Document{Lang: lang, Scope: search.Staff, OrgID: p.OrgID, Title: text.Title, Names: []string{p.OrgName}, Reference: requestRef,
			Body: text.Summary + " " + p.Place, Path: "/" + string(lang) + "/desk/projects/" + p.PublicID, Weight: p.ApprovedOn.Unix() / 86400}
		out = append(out, doc)
		if p.Published {
			doc.Scope, doc.Reference, doc.Path = search.Public, "", "/"+string(lang)+"/projects/"+text.Slug
			out = append(out, doc)
		}
	}
	return out, nil
}

// change locks a project for staff, lets fn act on it, stores it and shows it.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, p *Project) error) error {
	if err := actor.May(identity.EditProjects); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		p, err := (repository{tx}).lock(ctx, publicID)
		if err != nil {
			return err
		}
		if err := fn(tx, p); err != nil {
			return err
		}
		if err := (repository{tx}).save(ctx, *p); err != nil {
			return err
		}
		return s.show(ctx, tx, publicID)
	})
}

// Move leads a project on. Errors: forbidden, not found, invalid, conflict.
func (s *Service) Move(ctx context.Context, actor identity.Actor, publicID string, in workflow.In) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		state, err := Life.Apply(ctx, tx, actor, p.Ref(), p.State, p.Seq, in)
		p.State, p.Seq = state, p.Seq+1
		return err
	})
}

// SetPublished shows a project to everybody, or hides it. Errors: forbidden, not found, conflict.
func (s *Service) SetPublished(ctx context.Context, actor identity.Actor, publicID string, version int, published bool) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		if p.Version != version {
			return apperr.New(apperr.Conflict, "projects.changed")
		}
		p.Published = published
		return s.record(ctx, tx, actor, *p, map[bool]string{true: "project.publish", false: "project.hide"}[published], nil)
	})
}

// SaveFacts stores what staff edit beside the texts. Errors: forbidden, not found, invalid,
// conflict (somebody changed it since; the caller shows both).
func (s *Service) SaveFacts(ctx context.Context, actor identity.Actor, publicID string, f Facts) error {
	if err := f.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		if p.Version != f.Version {
			return apperr.New(apperr.Conflict, "projects.changed")
		}
		p.Place, p.StartsOn, p.EndsOn = f.Place, f.Starts, f.Ends
		if err := (repository{tx}).saveIndicators(ctx, p.ID, f.Indicators); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, *p, "project.edit", f)
	})
}

func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, p Project, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: p.Ref(), Payload: payload})
}

// Desk is a project as staff see it.
type Desk struct {
	*Project
	Statuses []translations.Status
	Moves    []workflow.Move
	Steps    []workflow.Step
}

// Desk reads a project for its staff page. Errors: sign_in, forbidden, not found.
func (s *Service) Desk(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (Desk, error) {
	var d Desk
	if err := actor.May(identity.ReadProjects); err != nil {
		return d, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if d.Project, err = (repository{q}).byPublicID(ctx, lang, publicID); err != nil {
			return err
		}
		all, err := translations.StatusOf(ctx, q, d.ID)
		if err != nil {
			return err
		}
		d.Statuses, d.Moves = all[d.ID], Life.Available(actor, d.State)
		d.Steps, err = workflow.History(ctx, q, d.Ref())
		return err
	})
	return d, err
}

// Locate names projects for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.id, s.public_id, x.title from subjects s
			join translations t on t.subject_id = s.id and t.source join texts x on x.subject_id = s.id and x.lang = t.lang and x.version = t.version
			where s.id = any($1)`, ids)
		var id int64
		var publicID, title string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title}, func() error {
			out[id] = subject.Place{Title: title, Path: "/" + lang + "/desk/projects/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
