package letters

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// issued is the event of a letter that came into the register.
const issued = "letters.issued"

func told(actor identity.Actor, l Letter) notify.Event {
	return notify.Event{Name: issued, Subject: l.Ref(), Key: l.PublicID, Actor: actor,
		Args: map[string]any{"City": l.OrgName, "Number": l.Reference(), "Title": l.Title}}
}

// Rules say who is told of a letter: those who sign for the addressee or edit for it, of dues
// also who pays; where nobody acts for it, its own mailbox. Each reads of it in the own
// language, as fast as they chose. The messages of the mails begin with "letters.mail.".
func (s *Service) Rules() []notify.Rule {
	return []notify.Rule{{On: issued, To: readers, Path: ownPath, Keys: "letters.mail.issued"}}
}

func readers(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from letters l
		join mandates m on m.org_id = l.org_id and now() >= m.starts_at and now() < m.ends_at and m.areas = '{}'
		join users u on u.id = m.user_id and u.active
		where l.id = $1 and (m.role in ('member_approver', 'member_editor') or m.role = 'member_finance' and l.kind in ('dues_assessment', 'dues_reminder'))`, ref.ID)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
	if err != nil || len(people) > 0 {
		return people, err
	}
	rows, _ = q.Query(ctx, `
		select 0::bigint, coalesce(nullif(c.name, ''), o.name), c.email, c.lang, o.zone from letters l
		join contacts c on c.org_id = l.org_id and c.office = 'general' join organisations o on o.id = l.org_id where l.id = $1 order by c.id`, ref.ID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// ownPath is where the addressee finds its letters, once signed in.
func ownPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/m/' || o.public_id || '/letters' from subjects s join subjects o on o.id = s.org_id where s.id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "letters.not_found")
}
