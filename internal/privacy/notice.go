package privacy

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Tag is what public pages that show the notice are made of.
const Tag freshness.Tag = "privacy"

// Notice is one version of the privacy notice; it never changes.
type Notice struct {
	Number  int
	Texts   map[locale.Lang]string // Markdown; {union}, {email} and {address} stand for the settings
	Changes map[locale.Lang]string // what is new in it
	At      time.Time
	By      string // empty: it came with the program
}

// maxNotice bounds a text, in bytes.
const maxNotice = 60_000

const notices = `
	select n.number, n.texts, n.changes, n.published_at as at, '' as by from privacy_notices n`

// Notice is the version of a number, 0 for the one in force. Everybody may read it.
// Errors: not found.
func (s *Service) Notice(ctx context.Context, actor identity.Actor, number int) (n Notice, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, notices+` where $1 = 0 or n.number = $1 order by n.number desc limit 1`, number)
		n, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Notice])
		return err
	})
	return n, postgres.Explain(err, "error.not_found")
}

// Notices are all versions without their texts, the newest first.
func (s *Service) Notices(ctx context.Context, actor identity.Actor) (out []Notice, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select n.number, '{}'::jsonb as texts, n.changes, n.published_at as at, '' as by from privacy_notices n order by n.number desc`)
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[Notice])
		return err
	})
	return out, err
}

// NewNotice is a version to publish. After is the number that its writer started from.
type NewNotice struct {
	After   int
	Texts   map[locale.Lang]string
	Changes map[locale.Lang]string
}

func (n NewNotice) check() error {
	fields := map[string]string{}
	for _, lang := range locale.Langs() {
		for name, text := range map[string]string{"text_": n.Texts[lang], "changes_": n.Changes[lang]} {
			switch {
			case strings.TrimSpace(text) == "":
				fields[name+string(lang)] = "error.required"
			case len(text) > maxNotice || name == "changes_" && len([]rune(text)) > 600:
				fields[name+string(lang)] = "error.too_long"
			}
		}
	}
	return apperr.Fields(fields)
}

// Publish adds a version, which everybody with an account is then told of once. It needs a
// text in every language: nobody shall be bound by what they cannot read.
// Errors: sign_in, forbidden, invalid (by field), conflict (another was published meanwhile).
func (s *Service) Publish(ctx context.Context, actor identity.Actor, n NewNotice) (number int, err error) {
	if err := actor.May(identity.EditSettings); err != nil {
		return 0, err
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	number = n.After + 1
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			insert into privacy_notices (number, texts, changes, actor_id, published_at)
			select $1, $2, $3, nullif($4, 0), $5 where (select max(number) from privacy_notices) = $1 - 1
			on conflict (number) do nothing`, number, n.Texts, n.Changes, actor.UserID, s.now())
		if err == nil && tag.RowsAffected() == 0 {
			return apperr.New(apperr.Conflict, "privacy.notice_overtaken")
		}
		if err != nil {
			return err
		}
		var union int64
		if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
			return err
		}
		ref := subject.Ref{Kind: subject.Organisation, ID: union}
		if err := s.record(ctx, tx, actor, ref, "notice_published", map[string]int{"number": number}); err != nil {
			return err
		}
		return freshness.Touch(ctx, tx, Tag)
	})
	return number, err
}

// Read records that the actor has read the version in force. Again does nothing.
// Errors: sign_in.
func (s *Service) Read(ctx context.Context, actor identity.Actor) error {
	if err := own(actor); err != nil {
		return err
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into privacy_readings (user_id, notice, read_at) select $1, max(number), $2 from privacy_notices
			on conflict (user_id, notice) do nothing`, actor.UserID, s.now())
		return err
	})
}
