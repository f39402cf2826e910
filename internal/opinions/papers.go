package opinions

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Entry is a line of the register of signed opinions.
type Entry struct {
	CaseID       string // public identifier of the case
	Year, Number int
	Title        string
	Lang         string
	OrgName      string
	OrgKind      string
	Country      string // in the reader's language
	State        string // of the case
	Urgent       bool
	IssuedOn     time.Time
	SentAt       *time.Time
	Precedent    string // public identifier of what the public reads
}

// Reference is the opinion's number as people write it.
func (e Entry) Reference() string { return Number(e.Year, e.Number) }

// Who are the kinds of askers that the register is narrowed to.
func Who() []string { return []string{"member", "government"} }

// Register is one page of the signed opinions, the newest first; who, one of Who, narrows it
// to the opinions that members or governments asked for. next leads on.
// Errors: sign_in, forbidden.
func (s *Service) Register(ctx context.Context, actor identity.Actor, lang, who, after string) (rows []Entry, next string, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, "", err
	}
	year, number := 9999, 0
	if before, rest, ok := strings.Cut(after, "."); ok {
		y, yErr := strconv.Atoi(before)
		n, nErr := strconv.Atoi(rest)
		if yErr == nil && nErr == nil && y < 10_000 && n < 1<<30 {
			year, number = y, n
		}
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, _ := q.Query(ctx, `
			select s.public_id, p.year, p.number, p.title, p.lang, o.name, o.kind, coalesce(n.name, ''), r.state, r.urgent, p.issued_on, p.sent_at, coalesce(x.public_id, '')
			from opinion_papers p join requests r on r.id = p.request_id join subjects s on s.id = r.id join organisations o on o.id = p.org_id
			left join country_names n on n.country_id = r.country_id and n.lang = $1 left join subjects x on x.id = p.precedent_id
			where (p.year, p.number) < ($2, $3) and ($4 = '' or (o.kind = 'government') = ($4 = 'government'))
			order by p.year desc, p.number desc limit $5`, lang, year, number, who, PageSize+1)
		rows, err = pgx.CollectRows(list, pgx.RowToStructByPos[Entry])
		return err
	})
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		last := rows[PageSize-1]
		next = fmt.Sprintf("%d.%d", last.Year, last.Number)
	}
	return rows, next, err
}
