package membership

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Standings are those of members, in the order of lists.
func Standings() []string { return []string{"active", "suspended", "resigned", "expelled"} }

// MemberFilter narrows the register of members; empty fields do not. Without a standing
// those who are members today are listed.
type MemberFilter struct {
	Text     string
	Kind     Kind
	Standing string // "all": former members too
	Country  string // code
	Size     string // a class of population, of Sizes
	Late     bool   // owes dues that were to be paid by now
	After    string // public identifier of the last row of the page before
}

// sizes are the classes of population and the first number above each.
var sizes = []struct {
	code  string
	below int64
}{{"20k", 20_000}, {"50k", 50_000}, {"100k", 100_000}, {"500k", 500_000}, {"over", 1 << 40}}

// Sizes are the classes of population that the register is narrowed by, the smallest first:
// "20k" is up to 20,000, "over" more than 500,000.
func Sizes() []string {
	out := make([]string, len(sizes))
	for i, s := range sizes {
		out[i] = s.code
	}
	return out
}

// between are the bounds of a class: from the first up to, and without, the second.
func between(size string) (from, below int64) {
	for _, s := range sizes {
		if s.code == size {
			return from, s.below
		}
		from = s.below
	}
	return 0, 0
}

// Member is a member in a list.
type Member struct {
	ID         int64
	PublicID   string
	Name       string
	Country    string
	Kind       Kind
	Standing   string
	Joined     *time.Time // nil: not known
	Since      *time.Time // since when it stands as it does
	Next       *time.Time // of the next fact that is recorded already
	Population *int64
	Slug       string
}

const memberColumns = `
	select o.id, s.public_id, o.name, coalesce(cn.name, ''), ms.kind, ms.standing, nullif(ms.joined_on, '-infinity'),
		nullif(ms.standing_on, '-infinity'), ms.next_on, m.population, coalesce(m.slug, '')
	from memberships ms join organisations o on o.id = ms.org_id join subjects s on s.id = o.id
	left join municipalities m on m.id = o.id left join countries c on c.id = coalesce(m.country_id, o.country_id)
	left join country_names cn on cn.country_id = c.id and cn.lang = $1 `

// maxMatches is how many of the best matches of a text are listed.
const maxMatches = 300

// Members lists the register by name. Errors: sign_in, forbidden.
func (s *Service) Members(ctx context.Context, actor identity.Actor, lang string, f MemberFilter) (rows []Member, next string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, err = (repository{q}).members(ctx, actor, lang, f, PageSize+1)
		return err
	})
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		next = rows[PageSize-1].PublicID
	}
	return rows, next, err
}

// Country is a country that has members, in the reader's language.
type Country struct{ Code, Name string }

// Countries lists the countries of members, former ones too, as the language orders them.
// Errors: sign_in, forbidden.
func (s *Service) Countries(ctx context.Context, actor identity.Actor, lang locale.Lang) (out []Country, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
			where exists (select from municipalities m join memberships ms on ms.org_id = m.id where m.country_id = c.id)
			order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Country])
		return err
	})
	return out, err
}

// EachMember hands every member that fits the filter to each, for a file.
// Errors: sign_in, forbidden, and each's.
func (s *Service) EachMember(ctx context.Context, actor identity.Actor, lang string, f MemberFilter, each func(Member) error) error {
	if err := actor.May(identity.ReadMembers); err != nil {
		return err
	}
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		for {
			rows, err := (repository{q}).members(ctx, actor, lang, f, 500)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := each(row); err != nil {
					return err
				}
			}
			if len(rows) < 500 {
				return nil
			}
			f.After = rows[len(rows)-1].PublicID
		}
	})
}

func (r repository) members(ctx context.Context, actor identity.Actor, lang string, f MemberFilter, limit int) ([]Member, error) {
	ids, err := r.matches(ctx, actor, lang, f.Text)
	if err != nil {
		return nil, err
	}
	from, below := between(f.Size)
	name, id := "", int64(0) // the place to go on from, as values: a subquery would not use the index
	if f.After != "" {
		err := r.db.QueryRow(ctx, `select o.name, o.id from organisations o join subjects s on s.id = o.id where s.public_id = $1`, f.After).Scan(&name, &id)
		if err != nil {
			return nil, postgres.Explain(err, "membership.not_found")
		}
	}
	rows, _ := r.db.Query(ctx, memberColumns+`
		where (o.name collate "und-x-icu", o.id) > ($7, $8)
			and `+fits+`
		order by o.name collate "und-x-icu", o.id limit $9`, lang, f.standings(), f.Kind, f.Country, f.Text, ids, name, id, limit, f.Size, from, below, f.Late)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Member])
}

// fits is what a filter asks of a member; the places of its arguments are those of members.
const fits = ` ms.standing = any($2) and ($3 = '' or ms.kind = $3) and ($4 = '' or c.code = $4) and ($5 = '' or o.id = any($6))
			and ($10 = '' or m.population >= $11 and m.population < $12)
			and (not $13 or exists (select from dues_assessments a where a.org_id = ms.org_id and a.open > 0 and a.due_on < current_date))`

// matches are the members that a text finds, the best of them; nil for no text.
func (r repository) matches(ctx context.Context, actor identity.Actor, lang, text string) (ids []int64, err error) {
	if text == "" {
		return nil, nil
	}
	hits, err := search.Find(ctx, r.db, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Municipality, subject.Organisation}, Lang: locale.Lang(lang), Limit: maxMatches})
	for _, h := range hits {
		ids = append(ids, h.Ref.ID)
	}
	return ids, err
}

func (f MemberFilter) standings() []string {
	switch f.Standing {
	case "":
		return []string{"active", "suspended"}
	case "all":
		return Standings()
	}
	return []string{f.Standing}
}

// Matching lists the ids of all members that a filter leaves, for those who write to them.
// The caller reads in its own transaction. Errors: sign_in, forbidden.
func (s *Service) Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, lang string, f MemberFilter) (out []int64, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	for f.After = ""; ; {
		rows, err := (repository{q}).members(ctx, actor, lang, f, 2000)
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			out = append(out, m.ID)
		}
		if len(rows) < 2000 {
			return out, nil
		}
		f.After = rows[len(rows)-1].PublicID
	}
}

// FactLine is a fact as people read it, with the decision that it rests on.
type FactLine struct {
	What       What
	Kind       *Kind
	On         *time.Time // nil: not known
	NoticeOn   *time.Time
	Reason     string
	Organ      string // empty: no decision
	Number     string
	DecidedOn  *time.Time
	Decision   string // public id
	Lettered   bool   // the member has its official letter about it
	Register   bool   // taken over from an earlier register
	ActorName  string
	RecordedAt time.Time
}

// Head is a head of a municipality by term.
type Head struct {
	Name   string
	Starts time.Time
	Ends   *time.Time
	Left   *time.Time
}

// Contact is whom to write to.
type Contact struct {
	PublicID string
	Office   string
	Name     string
	Email    string
	Phone    string
	Lang     string
	Listed   bool
	Version  int
}

// Delegate is somebody whom a council named to the General Assembly.
type Delegate struct {
	PublicID   string
	Name       string
	Email      string
	Rank       string
	Resolution string
	Starts     time.Time
	Ends       *time.Time
	Version    int
}

// File is a member's record: everything that happened with its membership.
type File struct {
	Member
	Area, Budget, Currency *string
	BudgetYear             *int
	Facts                  []FactLine
	Heads                  []Head
	Contacts               []Contact
	Delegates              []Delegate
	Applications           []Row
}

// Member reads a member's record for staff. Errors: sign_in, forbidden, not found.
func (s *Service) Member(ctx context.Context, actor identity.Actor, lang, publicID string) (File, error) {
	var f File
	if err := actor.May(identity.ReadMembers); err != nil {
		return f, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		rows, _ := q.Query(ctx, memberColumns+`where s.public_id = $2`, lang, publicID)
		var err error
		if f.Member, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Member]); err != nil {
			return postgres.Explain(err, "membership.not_found")
		}
		return r.fill(ctx, lang, &f)
	})
	return f, err
}

// MergedInto is the member that a record was merged into, for addresses that were kept.
// Errors: sign_in, forbidden, not found (it was merged into none).
func (s *Service) MergedInto(ctx context.Context, actor identity.Actor, publicID string) (kept string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select k.public_id from municipalities m join subjects s on s.id = m.id join subjects k on k.id = m.merged_into where s.public_id = $1`,
			publicID).Scan(&kept)
		return postgres.Explain(err, "membership.not_found")
	})
	return kept, err
}

func (r repository) fill(ctx context.Context, lang string, f *File) (err error) {
	rows, _ := r.db.Query(ctx, `
		select f.fact, f.kind, nullif(f.effective_on, '-infinity'), f.notice_on, f.reason, coalesce(d.organ, ''), coalesce(d.number, ''), d.decided_on, coalesce(ds.public_id, ''),
			exists (select from letters l where l.org_id = f.org_id and (l.decision_id = f.decision_id
				or f.fact = 'resigned' and l.kind = 'resignation' and l.issued_on >= f.recorded_at::date)),
			f.source = 'register', coalesce(u.name, ''), f.recorded_at
		from membership_facts f left join decisions d on d.id = f.decision_id left join subjects ds on ds.id = d.id left join users u on u.id = f.actor_id
		where f.org_id = $1 order by f.effective_on desc, f.id desc`, f.ID)
	if f.Facts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[FactLine]); err != nil {
		return err
	}
	if f.Heads, err = r.heads(ctx, f.ID); err != nil {
		return err
	}
	if f.Contacts, err = r.contacts(ctx, f.ID); err != nil {
		return err
	}
	if f.Delegates, err = r.delegates(ctx, f.ID); err != nil {
		return err
	}
	rows, _ = r.db.Query(ctx, rowColumns+`where a.place_id = $2 order by a.submitted_at desc limit 20`, lang, f.ID)
	if f.Applications, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Row]); err != nil {
		return err
	}
	err = r.db.QueryRow(ctx, `select area_km2::text, budget::text, budget_currency, budget_year from municipalities where id = $1`, f.ID).
		Scan(&f.Area, &f.Budget, &f.Currency, &f.BudgetYear)
	if err == pgx.ErrNoRows {
		return nil
	}
	return err
}

func (r repository) heads(ctx context.Context, orgID int64) ([]Head, error) {
	rows, _ := r.db.Query(ctx, `select name, starts_on, ends_on, left_on from heads where org_id = $1 order by starts_on desc, id desc limit 50`, orgID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Head])
}

func (r repository) contacts(ctx context.Context, orgID int64) ([]Contact, error) {
	rows, _ := r.db.Query(ctx, `
		select public_id, office, name, email, phone, lang, listed, version from contacts where org_id = $1
		order by office <> 'general', office, email limit 100`, orgID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Contact])
}

func (r repository) delegates(ctx context.Context, orgID int64) ([]Delegate, error) {
	rows, _ := r.db.Query(ctx, `
		select public_id, name, email, rank, resolution, starts_on, ends_on, version from delegates where org_id = $1
		order by ends_on is not null and ends_on <= current_date, rank = 'alternate', position, id limit 200`, orgID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Delegate])
}
