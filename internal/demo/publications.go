package demo

import (
	"context"
	_ "embed" // the texts
	"time"

	"github.com/BurntSushi/toml"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

//go:embed data/bulletins.toml
var bulletinsTOML string

//go:embed data/pages.toml
var pagesTOML string

// written is a text of the data files.
type written struct {
	Title, Summary, Body string
}

// tongues are a record's texts; the files name them by their language.
type tongues struct {
	TR, EN, RU, AZ *written
}

// in lists the texts with the language that the record was written in first.
func (t tongues) in(source string) []translations.In {
	var out []translations.In
	for _, l := range []struct {
		lang string
		text *written
	}{{"az", t.AZ}, {"tr", t.TR}, {"en", t.EN}, {"ru", t.RU}} {
		if l.text == nil {
			continue
		}
		in := translations.In{Lang: l.lang, Text: translations.Text{Title: l.text.Title, Summary: l.text.Summary, Body: l.text.Body}}
		if l.lang == source {
			out = append([]translations.In{in}, out...)
		} else {
			out = append(out, in)
		}
	}
	return out
}

type demoArticle struct {
	tongues
	Role          string // the office that wrote it
	Source        string // language; "tr" where empty
	Draft         bool
	ScheduledDays int `toml:"scheduled_days"`
}

type demoIssue struct {
	tongues
	Number   int
	IssuedOn string `toml:"issued_on"`
	Article  []demoArticle
}

// press is what fills in publications.
type press struct {
	db      postgres.DB
	service *publications.Service
	now     func() time.Time
}

// Publications adds the issues of the bulletin and the site's own pages that are missing.
func Publications(ctx context.Context, db postgres.DB, service *publications.Service, now func() time.Time) error {
	var file struct{ Issue []demoIssue }
	if _, err := toml.Decode(bulletinsTOML, &file); err != nil {
		return err
	}
	p := press{db, service, now}
	for _, issue := range file.Issue {
		if err := p.issue(ctx, issue); err != nil {
			return err
		}
	}
	return p.pages(ctx)
}

// exists asks whether something is there already.
func (p press) exists(ctx context.Context, sql string, args ...any) (found bool, err error) {
	err = p.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select exists (`+sql+`)`, args...).Scan(&found)
	})
	return found, err
}

func (p press) issue(ctx context.Context, issue demoIssue) error {
	if there, err := p.exists(ctx, `select from issues where number = $1`, issue.Number); err != nil || there {
		return err
	}
	day, err := time.Parse(time.DateOnly, issue.IssuedOn)
	if err != nil {
		return err
	}
	texts := issue.in("tr")
	id, err := p.service.NewIssue(ctx, identity.Worker(), publications.IssueFacts{Number: issue.Number, IssuedOn: day}, texts[0].Lang, texts[0].Text.Title)
	if err != nil {
		return err
	}
	if err := p.publish(ctx, subject.Issue, id, texts, day); err != nil {
		return err
	}
	for i, a := range issue.Article {
		if err := p.article(ctx, id, a, day.Add(time.Duration(9-i)*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

func (p press) article(ctx context.Context, issue string, a demoArticle, at time.Time) error {
	source := "tr"
	if a.Source != "" {
		source = a.Source
	}
	texts := a.in(source)
	id, err := p.service.NewArticle(ctx, identity.Worker(), issue, texts[0].Lang, texts[0].Text.Title)
	if err != nil {
		return err
	}
	err = p.service.SaveContributors(ctx, identity.Worker(), id, 1, []publications.Contributor{{Role: "text", Name: a.Role}})
	if err != nil {
		return err
	}
	texts[0].Base = 1
	switch of := p.service.Texts(subject.Article); {
	case a.Draft:
		_, err = of.SaveText(ctx, identity.Worker(), id, texts[0])
	case a.ScheduledDays > 0:
		var status translations.Status
		if status, err = of.SaveText(ctx, identity.Worker(), id, texts[0]); err == nil {
			err = of.ScheduleText(ctx, identity.Worker(), id, texts[0].Lang, status.Version, p.now().AddDate(0, 0, a.ScheduledDays).Truncate(time.Hour))
		}
	default:
		err = p.publish(ctx, subject.Article, id, texts, at)
	}
	return err
}

// publish saves and shows a record's texts as if that had been done at a time.
func (p press) publish(ctx context.Context, kind subject.Kind, publicID string, texts []translations.In, at time.Time) error {
	of := p.service.Texts(kind)
	for i, in := range texts {
		if i == 0 && kind != subject.SitePage {
			in.Base = 1 // the record began with its title
		}
		status, err := of.SaveText(ctx, identity.Worker(), publicID, in)
		if err != nil {
			return err
		}
		if err := of.PublishText(ctx, identity.Worker(), publicID, in.Lang, status.Version); err != nil {
			return err
		}
	}
	return p.service.Edit(ctx, identity.Worker(), kind, publicID, func(tx pgx.Tx, ref subject.Ref) error {
		if _, err := tx.Exec(ctx, `update translations set live_at = $2 where subject_id = $1 and live_at is not null`, ref.ID, at); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update texts set at = $2 where subject_id = $1`, ref.ID, at)
		return err
	})
}

// pagesSince is the day that the site's pages carry.
var pagesSince = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)

func (p press) pages(ctx context.Context) error {
	var file struct {
		Page []struct {
			tongues
			Code string
		}
	}
	if _, err := toml.Decode(pagesTOML, &file); err != nil {
		return err
	}
	for _, page := range file.Page {
		var publicID string
		err := p.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			return q.QueryRow(ctx, `select s.public_id from site_pages p join subjects s on s.id = p.id where p.code = $1`, page.Code).Scan(&publicID)
		})
		if err != nil {
			return err
		}
		written, err := p.exists(ctx, `select from translations t join site_pages p on p.id = t.subject_id where p.code = $1`, page.Code)
		if err != nil {
			return err
		}
		if written {
			continue
		}
		if err := p.publish(ctx, subject.SitePage, publicID, page.in("tr"), pagesSince); err != nil {
			return err
		}
	}
	return nil
}
