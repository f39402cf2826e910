package mailings

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Texts are the use cases of writing a mailing, in the one editor of all texts. The title is
// the subject line.
type Texts struct{ service *Service }

// Texts are the texts of mailings.
func (s *Service) Texts() Texts { return Texts{s} }

// Work reads one language for its editor. Errors: sign_in, forbidden, not found.
func (t Texts) Work(ctx context.Context, actor identity.Actor, publicID, lang string) (w translations.Work, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return w, err
	}
	err = t.service.db.Read(ctx, actor, func(q postgres.Querier) error {
		w, err = translations.WorkOf(ctx, q, subject.Mailing, publicID, lang)
		return err
	})
	return w, err
}

// SaveText stores a new version of a draft's text.
// Errors: forbidden, not found, invalid by field, conflict (also: it is on its way already).
func (t Texts) SaveText(ctx context.Context, actor identity.Actor, publicID string, in translations.In) (status translations.Status, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return status, err
	}
	if !locale.Known(in.Lang) { // nobody is written to in another
		return status, apperr.New(apperr.NotFound, "mailings.not_written")
	}
	if err := checkText(in.Text); err != nil {
		return status, err
	}
	err = t.service.change(ctx, actor, publicID, func(tx pgx.Tx, m Mailing) error {
		if m.State != Draft {
			return apperr.New(apperr.Conflict, "mailings.sent_already")
		}
		status, err = translations.Save(ctx, tx, actor, m.Ref(), in)
		return err
	})
	return status, err
}

// PublishText is no act on a mailing: it is sent. Errors: not found.
func (t Texts) PublishText(context.Context, identity.Actor, string, string, int) error {
	return apperr.New(apperr.NotFound, "error.not_found")
}

// ScheduleText is no act on a mailing. Errors: not found.
func (t Texts) ScheduleText(context.Context, identity.Actor, string, string, int, time.Time) error {
	return apperr.New(apperr.NotFound, "error.not_found")
}

// UnpublishText is no act on a mailing. Errors: not found.
func (t Texts) UnpublishText(context.Context, identity.Actor, string, string) error {
	return apperr.New(apperr.NotFound, "error.not_found")
}

// Written is a mailing's newest text of one language.
type Written struct {
	Lang, Title, Body string
	Source            bool
	Outdated          bool // the first text changed its meaning since
}

// written lists a mailing's texts, the first written first.
func (r repository) written(ctx context.Context, id int64) ([]Written, error) {
	rows, _ := r.db.Query(ctx, `
		select t.lang, x.title, x.body, t.source, coalesce(t.source_version < s.meaning_version, false) from translations t
		join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.version
		left join translations s on s.subject_id = t.subject_id and s.source and not t.source
		where t.subject_id = $1 order by t.source desc, t.lang`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Written])
}

func langsOf(list []Written) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = w.Lang
	}
	return out
}

// pick is the text of a language.
func pick(list []Written, lang string) Written {
	for _, w := range list {
		if w.Lang == lang {
			return w
		}
	}
	return Written{}
}

// Languages are those that a mailing is written in, the first written first.
// Errors: sign_in, forbidden.
func (s *Service) Languages(ctx context.Context, actor identity.Actor, id int64) (out []string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := repository{q}.written(ctx, id)
		out = langsOf(list)
		return err
	})
	return out, err
}
