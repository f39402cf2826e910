package circulars

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// MemberKinds are the kinds of membership that a circular can go to.
func MemberKinds() []string {
	return []string{"full", "national_association", "regional_association", "international_organization", "associate", "observer", "honorary", "partner"}
}

// Audience is whom a circular goes to: members of some kinds and governments, narrowed by
// country and by size, and organisations by name. Who is no member any more gets none.
type Audience struct {
	Members     []string `json:"members,omitempty"`     // kinds of membership
	Governments bool     `json:"governments,omitempty"` // of states
	Countries   []string `json:"countries,omitempty"`   // codes; empty: all
	From        int64    `json:"from,omitempty"`        // inhabitants; 0: from the smallest
	To          int64    `json:"to,omitempty"`          // 0: up to the greatest
	Named       []string `json:"named,omitempty"`       // public identifiers
}

// Empty reports whether nobody is chosen.
func (a Audience) Empty() bool { return len(a.Members) == 0 && !a.Governments && len(a.Named) == 0 }

// maxNamed is how many organisations a circular can name.
const maxNamed = 200

func (a Audience) check() error {
	fields := map[string]string{}
	for _, kind := range a.Members {
		if !slices.Contains(MemberKinds(), kind) {
			fields["members"] = "circulars.choose_recipients"
		}
	}
	if a.From < 0 || a.To < 0 || a.To > 0 && a.From > a.To {
		fields["from"] = "circulars.size_wrong"
	}
	if len(a.Named) > maxNamed {
		fields["find"] = "circulars.too_many_named"
	}
	return apperr.Fields(fields)
}

// addressed are the organisations of an audience: o, with its country's id. A size narrows
// what has inhabitants only: a ministry has none.
const addressed = `
	select o.id, o.name, o.kind, coalesce(m.country_id, o.country_id) as country_id, coalesce(ms.kind, '') as membership
	from organisations o
	left join memberships ms on ms.org_id = o.id and ms.standing in ('active', 'suspended')
	left join municipalities m on m.id = o.id
	where (ms.org_id is not null or o.kind = 'government' and o.active)
		and ((coalesce(ms.kind = any(@members), false) or @governments and o.kind = 'government' and o.active)
			and (cardinality(@countries::text[]) = 0 or coalesce(m.country_id, o.country_id) in (select id from countries where code = any(@countries)))
			and (@from::bigint = 0 or m.id is null or m.population >= @from) and (@to::bigint = 0 or m.id is null or m.population <= @to)
		or o.id in (select id from subjects where public_id = any(@named) and kind in ('municipality', 'organisation')))`

func (a Audience) args() pgx.NamedArgs {
	return pgx.NamedArgs{"members": list(a.Members), "governments": a.Governments, "countries": list(a.Countries), "from": a.From, "to": a.To, "named": list(a.Named)}
}

// list is never null.
func list(in []string) []string { return append([]string{}, in...) }

// Reached is one organisation of an audience.
type Reached struct {
	PublicID string
	Name     string
	Kind     string // of membership, or "government"
	Country  string // in the reader's language
	People   int    // who act for it today and are told
}

// Reach is a page of whom a circular would go to, were it issued now.
type Reach struct {
	Count  int
	Silent int // of them, for which nobody acts and that have no mailbox
	Rows   []Reached
	Next   string
}

// PageSize is how many rows a page of a list has.
const PageSize = 50

// actsFor are today's mandates of an organisation whose holders are told of circulars.
const actsFor = `mandates d join users u on u.id = d.user_id and u.active
	where d.role in ('member_approver', 'member_editor') and now() >= d.starts_at and now() < d.ends_at`

// Reach looks whom a circular that is not issued would go to, the page after a name's cursor.
// Errors: sign_in, forbidden, not found.
func (s *Service) Reach(ctx context.Context, actor identity.Actor, lang, publicID, after string) (out Reach, err error) {
	if err := actor.May(identity.ReadCirculars); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		a, err := r.audience(ctx, publicID)
		if err != nil {
			return err
		}
		args := a.args()
		err = q.QueryRow(ctx, `select count(*), count(*) filter (where not exists (select from `+actsFor+` and d.org_id = x.id)
			and not exists (select from contacts c where c.org_id = x.id and c.office = 'general')) from (`+addressed+`) x`, args).Scan(&out.Count, &out.Silent)
		if err != nil {
			return err
		}
		out.Rows, err = r.reached(ctx, lang, a, after)
		return err
	})
	if len(out.Rows) > PageSize {
		out.Rows = out.Rows[:PageSize]
		out.Next = out.Rows[PageSize-1].PublicID
	}
	return out, err
}

func (r repository) reached(ctx context.Context, lang string, a Audience, after string) ([]Reached, error) {
	args := a.args()
	args["lang"], args["after"], args["limit"] = lang, after, PageSize+1
	rows, _ := r.db.Query(ctx, `
		select s.public_id, x.name, case when x.kind = 'government' then 'government' else x.membership end, coalesce(n.name, ''),
			(select count(distinct d.user_id) from `+actsFor+` and d.org_id = x.id)
		from (`+addressed+`) x join subjects s on s.id = x.id left join country_names n on n.country_id = x.country_id and n.lang = @lang
		where @after = '' or (x.name collate "und-x-icu", x.id) > (select o.name collate "und-x-icu", o.id from organisations o join subjects a on a.id = o.id where a.public_id = @after)
		order by x.name collate "und-x-icu", x.id limit @limit`, args)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Reached])
}

// Choice is something to choose by its code.
type Choice struct{ Code, Name string }

// maxFound is how many organisations a search by name shows.
const maxFound = 20

// Choices are what an audience can be made of: the countries that members and governments are
// of, the organisations that are named, and those that a text finds.
type Choices struct {
	Countries []Choice
	Named     []Choice
	Found     []Choice
}

// Choices reads what the form of an audience offers. Errors: sign_in, forbidden.
func (s *Service) Choices(ctx context.Context, actor identity.Actor, lang string, named []string, text string) (out Choices, err error) {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		choose := func(sql string, args ...any) (list []Choice, err error) {
			rows, _ := q.Query(ctx, sql, args...)
			return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
		}
		out.Countries, err = choose(`
			select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
			where exists (select from municipalities m join memberships ms on ms.org_id = m.id and ms.standing in ('active', 'suspended') where m.country_id = c.id)
				or exists (select from organisations o where o.country_id = c.id and o.active) order by n.name collate "und-x-icu"`, lang)
		if err != nil {
			return err
		}
		out.Named, err = choose(`select s.public_id, o.name from organisations o join subjects s on s.id = o.id where s.public_id = any($1) order by o.name collate "und-x-icu", o.id`, list(named))
		if err != nil || text == "" {
			return err
		}
		out.Found, err = s.find(ctx, q, actor, lang, text)
		return err
	})
	return out, err
}
