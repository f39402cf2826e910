package opinions

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
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
	Privileged   bool
	Topic        string // of what the public reads, or will; empty: not said yet
}

// Reference is the opinion's number as people write it.
func (e Entry) Reference() string { return Number(e.Year, e.Number) }

// Who are the kinds of askers that the register is narrowed to.
func Who() []string { return []string{"member", "government"} }

// Ends are the states that a signed opinion's case goes through, in their order.
func Ends() []string { return []string{"signed", "sent", "anonymised", "published", "closed"} }

// RegisterFilter narrows the register; empty fields do not.
type RegisterFilter struct {
	Who   string // one of Who
	Text  string // who asked, in any spelling; words of the case; the opinion's number
	State string // one of Ends
	Topic string // one of Topics: what the public text is about
}

// Zero reports whether nothing is narrowed.
func (f RegisterFilter) Zero() bool { return f == RegisterFilter{} }

// Register is one page of the signed opinions, the newest first. next leads on. A privileged
// one stands there for those who may see its case.
// Errors: sign_in, forbidden.
func (s *Service) Register(ctx context.Context, actor identity.Actor, lang locale.Lang, f RegisterFilter, after string) (rows []Entry, next string, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, "", err
	}
	year, number := readPlace(after)
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w := &where{}
		if err := w.asked(ctx, q, actor, lang, f); err != nil || w.none {
			return err
		}
		args := slices.Concat([]any{string(lang)}, w.args, []any{year, number, PageSize + 1})
		n := len(args)
		list, _ := q.Query(ctx, fmt.Sprintf(`
			select s.public_id, p.year, p.number, p.title, p.lang, o.name, o.kind, coalesce(n.name, ''), r.state, r.urgent, p.issued_on, p.sent_at, coalesce(xs.public_id, ''),
				r.privileged, coalesce(x.topic, d.topic, '')
			from opinion_papers p join requests r on r.id = p.request_id join subjects s on s.id = r.id join organisations o on o.id = p.org_id
			left join country_names n on n.country_id = r.country_id and n.lang = $1
			left join precedents x on x.id = p.precedent_id left join subjects xs on xs.id = x.id left join redactions d on d.request_id = p.request_id
			where (p.year, p.number) < ($%d, $%d) %s
			order by p.year desc, p.number desc limit $%d`, n-2, n-1, w.sql.String(), n), args...)
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

// readPlace reads behind which opinion a page begins; before all of them where it is none.
func readPlace(after string) (year, number int) {
	before, rest, ok := strings.Cut(after, ".")
	y, yErr := strconv.Atoi(before)
	n, nErr := strconv.Atoi(rest)
	if !ok || yErr != nil || nErr != nil || y >= 10_000 || n >= 1<<30 {
		return 9999, 0
	}
	return y, n
}

// asked narrows the register by a filter.
func (w *where) asked(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, f RegisterFilter) error {
	if f.Who != "" {
		w.and(`(o.kind = 'government') = (? = 'government')`, f.Who)
	}
	if f.State != "" {
		w.and(`r.state = ?`, f.State)
	}
	if f.Topic != "" {
		w.and(`coalesce(x.topic, d.topic) = ?`, f.Topic)
	}
	if f.Text == "" {
		return nil
	}
	if m := typedNumber.FindStringSubmatch(fold.Key(f.Text)); m != nil {
		w.and(`p.year = ?::text::int`, m[1])
		w.and(`p.number = ?::text::int`, m[2])
		return nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: f.Text, Kinds: []subject.Kind{subject.Municipality, subject.Organisation, subject.Request}, Lang: lang, Limit: maxAskers})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = len(ids) == 0
	w.and(`(p.org_id = any(?) or p.request_id = any(?))`, ids)
	return err
}

// maxAskers is how many of the best matches of a text the register looks at, of each kind.
const maxAskers = 200

// typedNumber is an opinion's number as people type it, folded.
var typedNumber = regexp.MustCompile(`^opn ?(20\d\d) ?0*(\d{1,6})$`)
