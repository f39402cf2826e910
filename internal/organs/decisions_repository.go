package organs

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// lineColumns are a decision in a list; $1 is the reader's language.
const lineColumns = `
	select d.id, s.public_id, d.organ, o.slug, t.name, d.number, d.decided_on, d.title, left(d.text, 240), d.lang, p.decision_id is not null
	from decisions d
	join subjects s on s.id = d.id
	join organs o on o.code = d.organ
	join organ_texts t on t.organ_id = o.id and t.lang = $1
	left join decision_publications p on p.decision_id = d.id`

// lines is one page of decisions, the newest first; ids narrows where it is not nil. The
// public's list walks the publications, the staff's the decisions.
func (r repository) lines(ctx context.Context, lang locale.Lang, f DecisionFilter, ids []int64, at Place, public bool) (postgres.Page[Line], error) {
	key := "d"
	where := &conditions{args: []any{string(lang)}}
	if public {
		key = "p"
		where.and(`p.decision_id is not null`)
	}
	if f.Organ != "" {
		where.and(key+`.organ = (select code from organs where slug = ?)`, f.Organ)
	}
	if f.Year != 0 {
		where.and(key+`.decided_on between make_date(?, 1, 1) and make_date(?, 12, 31)`, f.Year, f.Year)
	}
	if ids != nil {
		where.and(`d.id = any(?)`, ids)
	}
	id := map[string]string{"d": "d.id", "p": "p.decision_id"}[key]
	order := fmt.Sprintf(` order by %s.decided_on desc, %s desc`, key, id)
	const cursor = `(select x.decided_on, x.id from decisions x join subjects y on y.id = x.id where y.public_id = ?)`
	switch {
	case at.After != "":
		where.and(fmt.Sprintf(`(%s.decided_on, %s) < `, key, id)+cursor, at.After)
	case at.Before != "":
		where.and(fmt.Sprintf(`(%s.decided_on, %s) > `, key, id)+cursor, at.Before)
		order = strings.ReplaceAll(order, " desc", "")
	}
	rows, _ := r.db.Query(ctx, lineColumns+` where true`+where.text.String()+order+fmt.Sprintf(` limit %d`, PageSize+1), where.args...)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
	return turn(list, at, func(l Line) string { return l.PublicID }), err
}

// conditions are joined by and, with their arguments.
type conditions struct {
	text strings.Builder
	args []any
}

// and adds a condition; each ? in it is an argument.
func (c *conditions) and(condition string, args ...any) {
	c.text.WriteString(" and ")
	for _, a := range args {
		c.args = append(c.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.text.WriteString(condition)
}

func (r repository) decisionsOf(ctx context.Context, lang locale.Lang, meetingID int64) ([]Line, error) {
	rows, _ := r.db.Query(ctx, lineColumns+` where d.meeting_id = $2 order by d.id`, string(lang), meetingID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
}

// decision reads one with its votes, its meeting and its neighbours, as far as q's side sees.
func (r repository) decision(ctx context.Context, lang locale.Lang, publicID string) (d Ruling, err error) {
	var forIt, against, abstained *int
	var meeting Meeting
	var meetingID *int64
	err = r.db.QueryRow(ctx, `
		select d.id, s.public_id, d.organ, o.slug, t.name, d.number, d.decided_on, d.title, d.text, d.lang, p.decision_id is not null, p.published_at,
			d.votes_for, d.votes_against, d.votes_abstained,
			m.id, coalesce(ms.public_id, ''), coalesce(m.number, ''), coalesce(m.zone, ''), coalesce(m.starts_local, 'epoch'), coalesce(m.session, 'ordinary'),
			coalesce(xs.public_id, ''), coalesce(x.number || case when x.title = '' then '' else ' · ' || x.title end, ''),
			coalesce(ys.public_id, ''), coalesce(y.number || case when y.title = '' then '' else ' · ' || y.title end, '')
		from decisions d
		join subjects s on s.id = d.id
		join organs o on o.code = d.organ
		join organ_texts t on t.organ_id = o.id and t.lang = $1
		left join decision_publications p on p.decision_id = d.id
		left join meetings m on m.id = d.meeting_id
		left join subjects ms on ms.id = m.id
		left join decisions x on x.id = d.supersedes_id left join subjects xs on xs.id = x.id
		left join decisions y on y.supersedes_id = d.id left join subjects ys on ys.id = y.id
		where s.public_id = $2 and s.kind = 'decision'`, string(lang), publicID).
		Scan(&d.ID, &d.PublicID, &d.Organ, &d.OrganSlug, &d.OrganName, &d.Number, &d.Date, &d.Title, &d.Text, &d.Lang, &d.Shown, &d.Published,
			&forIt, &against, &abstained, &meetingID, &meeting.PublicID, &meeting.Number, &meeting.Zone, &meeting.StartsLocal, &meeting.Session,
			&d.Replaces.PublicID, &d.Replaces.Label, &d.Replaced.PublicID, &d.Replaced.Label)
	if forIt != nil && against != nil && abstained != nil {
		d.Votes = &decisions.Votes{For: *forIt, Against: *against, Abstained: *abstained}
	}
	if meetingID != nil {
		meeting.ID = *meetingID
		d.Meeting = &meeting
	}
	return d, postgres.Explain(err, "organs.decision_not_found")
}
