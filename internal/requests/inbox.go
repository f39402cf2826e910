package requests

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// What a list holds and in which order.
const (
	ScopeOpen   = "open" // staff still work on it; by its date unless asked otherwise
	ScopeClosed = "closed"
	ScopeAll    = "all"

	SortDue     = "due"
	SortNewest  = "newest"
	SortChanged = "changed" // what somebody touched last stands first

	Nobody = "none" // the assignee of what nobody has taken
	Me     = "@me"
)

// Filter narrows the staff's list; empty fields do not.
type Filter struct {
	Scope    string // ScopeOpen where empty
	State    workflow.State
	Service  string // code
	Office   string // code, in charge
	Sector   string
	Country  string // code
	Assignee string // Me, Nobody, or an officer's public identifier
	Overdue  bool
	Due      string // by when at the latest: "7d" from today, or an ISO day
	City     string // a municipality's name in any spelling
	Text     string // words of the title or the city's name, or a reference in any spelling
	Sort     string // SortDue where open, else SortNewest; SortChanged for either
	Channel  Channel

	Received string // days, months or years as the query language writes them: "2026-01..2026-06"
	Decided  string // the same, of the outcome
	Outcome  string // approved, declined, referred
	Age      string // days since it came: "<7d", "8-30d", ">90d"
	Reviewed string // as Received, of what its city said of it
	Rated    string // stars: "4", "<3", ">3"
}

// normal is the filter with its defaults.
func (f Filter) normal() Filter {
	if !slices.Contains(StaffStates(), f.State) {
		f.State = ""
	}
	switch {
	case f.State != "" && Over(f.State):
		f.Scope = ScopeClosed
	case f.State == Approved && f.Scope == "": // an end in one service, a step in another
		f.Scope = ScopeAll
	case f.Scope == "" && f.Age == "" && (f.Received != "" || f.Decided != "" || f.Outcome != "" || f.Reviewed != "" || f.Rated != ""):
		f.Scope = ScopeAll
	case f.Scope == "" && (f.State != "" || f.Overdue || f.Due != ""):
		f.Scope = ScopeOpen
	case f.Scope != ScopeClosed && f.Scope != ScopeAll:
		f.Scope = ScopeOpen
	}
	if f.Sort != SortChanged && (f.Scope != ScopeOpen || f.Sort != SortNewest) {
		f.Sort = map[bool]string{true: SortDue, false: SortNewest}[f.Scope == ScopeOpen]
	}
	return f
}

// PageSize is how many rows a page of the list has, maxCount how far it is counted.
const (
	PageSize = 25
	maxCount = 1000
)

// Row is one line of the staff's list.
type Row struct {
	ID          int64
	PublicID    string
	Version     int
	Reference   string
	Title       string
	OrgName     string
	Country     string // in the reader's language
	Sector      string
	Kind        string
	State       workflow.State
	Service     string
	Pinned      int
	Office      string
	Urgent      bool
	OfficerName string
	SubmittedAt time.Time
	ChangedAt   time.Time
	DueAt       *time.Time
	Cost        *string
	Currency    *string
	sort        pgtype.Timestamptz
	flow        *services.Definition
}

// Flow is the version of the service that the request is handled by.
func (r Row) Flow() *services.Definition { return r.flow }

// Ref points at the request.
func (r Row) Ref() subject.Ref { return subject.Ref{Kind: subject.Request, ID: r.ID} }

// Late reports whether the step's date has passed.
func (r Row) Late(now time.Time) bool { return r.DueAt != nil && r.DueAt.Before(now) }

// Place in the list: after or before a row; both empty for the first page.
type Place struct{ After, Before string }

// Listing is one page of the list, with how many rows the filter leaves (capped) and what
// the filter offers.
type Listing struct {
	postgres.Page[Row]
	Count     int
	Capped    bool // there are more than Count
	Countries []Choice
	Officers  []Officer
	Services  []services.Service
	Offices   []services.Bureau
	Counts    Counts
	Views     []View
	Columns   []string // that the reader chose, in their order
}

// Choice is something to filter by.
type Choice struct{ Code, Title string }

// Counts are the sizes of the standing views, each counted up to a thousand.
type Counts struct{ Open, Mine, Overdue, Nobody int }

// List is one page of the requests that were sent to the union. Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, at Place) (Listing, error) {
	var out Listing
	if err := actor.May(identity.ReadRequests); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		w, err := s.where(ctx, r, actor, lang, f.normal())
		if err != nil {
			return err
		}
		if out.Count, err = r.count(ctx, w); err != nil {
			return err
		}
		out.Count, out.Capped = min(out.Count, maxCount), out.Count > maxCount
		if out.Page, err = r.page(ctx, w, at); err != nil {
			return err
		}
		if err := rowFlows(ctx, q, out.Rows); err != nil {
			return err
		}
		return s.offer(ctx, r, actor, lang, &out)
	})
	return out, err
}

// offer reads what stands around the rows: choices, the sizes of the standing views, saved views.
func (s *Service) offer(ctx context.Context, r repository, actor identity.Actor, lang locale.Lang, out *Listing) (err error) {
	if out.Countries, err = r.countries(ctx, lang); err != nil {
		return err
	}
	if out.Officers, err = r.officers(ctx); err != nil {
		return err
	}
	if out.Services, err = services.Every(ctx, r.db); err != nil {
		return err
	}
	if out.Offices, err = services.Offices(ctx, r.db); err != nil {
		return err
	}
	if out.Views, err = r.views(ctx, actor); err != nil {
		return err
	}
	if out.Columns, err = r.columnsOf(ctx, actor.UserID); err != nil {
		return err
	}
	out.Counts, err = r.counts(ctx, actor.UserID, s.now())
	return err
}

// where is a filter as SQL.
type where struct {
	sql  strings.Builder
	args []any
	sort string
	lang locale.Lang
	none bool // nothing can match
}

// and adds a condition; every ? in it is the argument.
func (w *where) and(condition string, arg any) {
	w.args = append(w.args, arg)
	w.sql.WriteString(" and " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(w.args))))
}

func (s *Service) where(ctx context.Context, r repository, actor identity.Actor, lang locale.Lang, f Filter) (*where, error) {
	w := &where{sort: f.Sort, lang: lang}
	w.begin(f, s)
	w.assigned(actor, f.Assignee)
	if err := w.of(ctx, r, actor, f.City); err != nil {
		return w, err
	}
	return w, w.match(ctx, r, actor, f.Text)
}

// begin narrows by all that stands in columns of the request and needs no reader.
func (w *where) begin(f Filter, s *Service) {
	w.sql.WriteString(" where r.submitted_at is not null")
	switch f.Scope {
	case ScopeOpen:
		w.sql.WriteString(" and r.open")
	case ScopeClosed:
		w.sql.WriteString(" and not r.open")
	}
	if f.State != "" {
		w.and(`r.state = ?`, f.State)
	}
	if f.Service != "" {
		w.and(`r.service = ?`, f.Service)
	}
	if f.Office != "" {
		w.and(`r.office = ?`, f.Office)
	}
	if f.Sector != "" {
		w.and(`r.sector = ?`, f.Sector)
	}
	if f.Country != "" {
		w.and(`r.country_id = (select id from countries where code = ?)`, f.Country)
	}
	if slices.Contains(AllChannels(), f.Channel) {
		w.and(`r.channel = ?`, string(f.Channel))
	}
	if f.Overdue {
		w.and(`r.due_at < ?`, s.now())
	}
	if last, ok := dueBound(f.Due, s.now().In(s.zone)); ok && f.Due != "" {
		w.and(`r.due_at <= ?`, s.endOfDay(last))
	}
	w.figures(s, f)
}

func (w *where) assigned(actor identity.Actor, assignee string) {
	switch assignee {
	case "":
	case Nobody:
		w.sql.WriteString(" and r.officer_id is null")
	case Me:
		w.and(`r.officer_id = ?`, actor.UserID)
	default:
		w.and(`r.officer_id = (select id from subjects where public_id = ? and kind = 'user')`, assignee)
	}
}

// maxMatches is how many of the best matches of a text a list looks at.
const maxMatches = 500

// match narrows to the requests that a text finds: the one whose reference it spells, or
// those that the search finds by its words.
func (w *where) match(ctx context.Context, r repository, actor identity.Actor, text string) error {
	if text == "" {
		return nil
	}
	reference, ok := ParseReference(text)
	numbered, err := r.numbered(ctx, text, reference)
	if err != nil || len(numbered) > 0 || ok && strings.ContainsFunc(text, unicode.IsLetter) {
		w.none = w.none || len(numbered) == 0
		w.and(`r.id = any(?)`, numbered)
		return err
	}
	hits, err := search.Find(ctx, r.db, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Request}, Lang: w.lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = w.none || len(ids) == 0
	w.and(`r.id = any(?)`, ids)
	return err
}

// count counts what a filter leaves, up to one more than is told.
func (r repository) count(ctx context.Context, w *where) (n int, err error) {
	if w.none {
		return 0, nil
	}
	err = r.db.QueryRow(ctx, fmt.Sprintf(`select count(*) from (select from requests r %s limit %d) x`, w.sql.String(), maxCount+1), w.args...).Scan(&n)
	return n, err
}

// selectRows joins what a line shows to the keys of one page, so that only its rows are joined.
const selectRows = `
	select r.id, s.public_id, r.version, r.reference, r.title, o.name, cn.name, r.sector, r.kind, r.state, r.service, r.service_version, r.office, r.urgent, coalesce(u.name, ''),
		r.submitted_at, r.changed_at, nullif(r.due_at, 'infinity'), r.cost::text, r.cost_currency, k.sort
	from keys k
	join requests r on r.id = k.id
	join subjects s on s.id = r.id
	join organisations o on o.id = r.org_id
	join country_names cn on cn.country_id = r.country_id and cn.lang = '%s'
	left join users u on u.id = r.officer_id`

// order says by which column a list is sorted, and how SQL writes it.
func (w *where) order(backwards bool) (column, direction, beyond string) {
	column, descending := "due_at", backwards
	switch w.sort {
	case SortNewest:
		column, descending = "submitted_at", !backwards
	case SortChanged:
		column, descending = "changed_at", !backwards
	}
	if descending {
		return column, "desc", "<"
	}
	return column, "asc", ">"
}

// page reads one page by keyset, forwards or backwards.
func (r repository) page(ctx context.Context, w *where, at Place) (postgres.Page[Row], error) {
	var page postgres.Page[Row]
	if w.none {
		return page, nil
	}
	backwards := at.Before != ""
	column, direction, beyond := w.order(backwards)
	sql := w.sql.String()
	args := slices.Clone(w.args)
	if sort, id, ok := readCursor(at.After + at.Before); ok {
		args = append(args, sort, id)
		sql += fmt.Sprintf(" and (r.%s, r.id) %s ($%d, $%d)", column, beyond, len(args)-1, len(args))
	}
	rows, err := r.rows(ctx, fmt.Sprintf(`with keys as (select r.id, r.%s as sort from requests r %s order by r.%[1]s %[3]s, r.id %[3]s limit %d)`+
		selectRows+` order by k.sort %[3]s, k.id %[3]s`, column, sql, direction, PageSize+1, string(w.lang)), args)
	if err != nil {
		return page, err
	}
	more := len(rows) > PageSize
	if more {
		rows = rows[:PageSize]
	}
	if backwards {
		slices.Reverse(rows)
	}
	page.Rows = rows
	if len(rows) > 0 && (more || backwards) {
		page.Next = rows[len(rows)-1].cursor()
	}
	if len(rows) > 0 && (more && backwards || at.After != "") {
		page.Prev = rows[0].cursor()
	}
	return page, nil
}

func (r repository) rows(ctx context.Context, sql string, args []any) ([]Row, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Row, err error) {
		err = row.Scan(&x.ID, &x.PublicID, &x.Version, &x.Reference, &x.Title, &x.OrgName, &x.Country, &x.Sector, &x.Kind, &x.State, &x.Service, &x.Pinned, &x.Office, &x.Urgent,
			&x.OfficerName, &x.SubmittedAt, &x.ChangedAt, &x.DueAt, &x.Cost, &x.Currency, &x.sort)
		return x, err
	})
}

// rowFlows gives rows the versions of the services that they are handled by.
func rowFlows(ctx context.Context, q postgres.Querier, rows []Row) error {
	codes, versions := make([]string, len(rows)), make([]int, len(rows))
	for i, r := range rows {
		codes[i], versions[i] = r.Service, r.Pinned
	}
	pins, err := services.Pinned(ctx, q, codes, versions)
	for i := range rows {
		rows[i].flow = pins.Of(codes[i], versions[i])
	}
	return err
}
