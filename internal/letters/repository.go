package letters

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

type repository struct{ db postgres.Querier }

// orgOf is the organisation of a record: itself, or the one that an application is of.
// Errors: not found.
func (r repository) orgOf(ctx context.Context, publicID string) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce(a.place_id, a.org_id, s.id) from subjects s left join applications a on a.id = s.id
		where s.public_id = $1 and s.kind in ('municipality', 'organisation', 'application')`, publicID).Scan(&id)
	return id, postgres.Explain(err, "letters.no_addressee")
}

// concerns asks whether a decision speaks of every addressee: as a member, of its
// application, or as the ground of a fact of its membership.
// Errors: invalid at "decision".
func (r repository) concerns(ctx context.Context, decisionID int64, orgs []int64) error {
	var foreign int
	err := r.db.QueryRow(ctx, `
		select count(*) from unnest($2::bigint[]) o (id)
		where not exists (select from decision_items i where i.decision_id = $1 and i.subject_id = o.id)
			and not exists (select from membership_facts f where f.org_id = o.id and f.decision_id = $1)
			and not exists (select from applications a join decision_items i on i.subject_id = a.id and i.decision_id = $1 where a.org_id = o.id)
			and not exists (select from applications a join decision_items i on i.subject_id = a.id and i.decision_id = $1 where a.place_id = o.id)`,
		decisionID, orgs).Scan(&foreign)
	if err == nil && foreign > 0 {
		return apperr.Fields(map[string]string{"decision": "letters.decision_other"})
	}
	return err
}

// reasons are what a decision says to each of some organisations about why.
func (r repository) reasons(ctx context.Context, decision int64, orgs []int64) (map[int64]string, error) {
	rows, _ := r.db.Query(ctx, `select subject_id, reason from decision_items where decision_id = $1 and subject_id = any($2) and reason <> ''`, decision, orgs)
	out, id, reason := map[int64]string{}, int64(0), ""
	_, err := pgx.ForEachRow(rows, []any{&id, &reason}, func() error {
		out[id] = strings.Join(strings.Fields(reason), " ") // one paragraph, whatever was typed
		return nil
	})
	return out, err
}

// correctable is the letter that another puts right: one to the same addressee.
// Errors: invalid at "corrects".
func (r repository) correctable(ctx context.Context, publicID string, orgs []int64) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce((select l.id from letters l join subjects s on s.id = l.id where s.public_id = $1 and l.org_id = any($2) and cardinality($2::bigint[]) = 1), 0)`,
		publicID, orgs).Scan(&id)
	if err == nil && id == 0 {
		return 0, apperr.Fields(map[string]string{"corrects": "letters.corrects_other"})
	}
	return id, err
}

// addressees reads the names and the language of organisations, in the order given. The
// language is that of the general mailbox, else of who signs for it, else of its record.
func (r repository) addressees(ctx context.Context, orgs []int64) ([]addressee, error) {
	rows, _ := r.db.Query(ctx, `
		select o.id, s.public_id, coalesce((select a.name from applications a where a.org_id = o.id and o.kind = 'applicant' and a.name <> '' limit 1), o.name),
			coalesce((select jsonb_object_agg(t.lang, t.title) from municipality_titles t where t.municipality_id = o.id), '{}'),
			coalesce((select c.lang from contacts c where c.org_id = o.id order by c.office <> 'general', c.id limit 1),
				(select u.lang from mandates d join users u on u.id = d.user_id where d.org_id = o.id and d.role = 'member_approver'
					and now() >= d.starts_at and now() < d.ends_at order by d.id limit 1),
				(select a.lang from applications a where a.org_id = o.id limit 1), o.lang)
		from organisations o join subjects s on s.id = o.id where o.id = any($1) order by array_position($1::bigint[], o.id)`, orgs)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a addressee, err error) {
		var titles []byte
		if err = row.Scan(&a.OrgID, &a.PublicID, &a.Name, &titles, &a.Own); err != nil {
			return a, err
		}
		return a, json.Unmarshal(titles, &a.Titles)
	})
}

const columns = `
	select l.id, s.public_id, l.org_id, os.public_id, split_part(l.addressee, chr(10), 1), l.kind, l.year, l.number, l.lang, l.issued_on, l.office, l.signatory,
		l.sender, l.addressee, l.title, l.paragraphs, l.rows, coalesce(ds.public_id, ''), l.decision_no,
		coalesce(b.year || '/' || to_char(b.number, 'FM000000'), ''), coalesce(bs.public_id, ''),
		coalesce(f.year || '/' || to_char(f.number, 'FM000000'), ''), coalesce(fs.public_id, ''), coalesce(u.name, ''), l.issued_at,
		(select count(*) from letter_servings x where x.letter_id = l.id)
	from letters l join subjects s on s.id = l.id join subjects os on os.id = l.org_id
	left join subjects ds on ds.id = l.decision_id
	left join letters b on b.id = l.corrects_id left join subjects bs on bs.id = b.id
	left join lateral (select c.id, c.year, c.number from letters c where c.corrects_id = l.id order by c.id desc limit 1) f on true
	left join subjects fs on fs.id = f.id
	left join users u on u.id = l.actor_id `

func scan(row pgx.CollectableRow) (l Letter, err error) {
	var paragraphs, rows []byte
	err = row.Scan(&l.ID, &l.PublicID, &l.OrgID, &l.OrgPublic, &l.OrgName, &l.Kind, &l.Year, &l.Number, &l.Lang, &l.IssuedOn, &l.Office, &l.Signatory,
		&l.Sender, &l.Addressee, &l.Title, &paragraphs, &rows, &l.Decision, &l.DecisionNo, &l.Corrects, &l.CorrectsID, &l.Corrected, &l.CorrectedID,
		&l.WriterName, &l.IssuedAt, &l.Served)
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(paragraphs, &l.Paragraphs); err != nil {
		return l, err
	}
	return l, json.Unmarshal(rows, &l.Rows)
}

func (r repository) open(ctx context.Context, publicID string) (Letter, error) {
	rows, _ := r.db.Query(ctx, columns+`where s.public_id = $1 and s.kind = 'letter'`, publicID)
	l, err := pgx.CollectExactlyOneRow(rows, scan)
	return l, postgres.Explain(err, "letters.not_found")
}

func (r repository) servings(ctx context.Context, id int64) ([]Serving, error) {
	rows, _ := r.db.Query(ctx, `
		select x.way, x.number, x.note, x.served_at, coalesce(u.name, '') from letter_servings x left join users u on u.id = x.actor_id
		where x.letter_id = $1 order by x.served_at, x.id`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Serving])
}

// Search narrows the list of letters; empty fields do not.
type Search struct {
	Kind  Kind
	Text  string // a whole number: 2026/000123
	Year  int
	OrgID int64 // 0: of all
	After string
}

// PageSize is how many rows a page of the list has.
const PageSize = 50

// List is the letters, the newest first. next leads to the following page. A member sees its
// own. Errors: sign_in, forbidden, not found (After is none).
func (s *Service) List(ctx context.Context, actor identity.Actor, f Search) (list []Letter, next string, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, "", err
	}
	if actor.Side == identity.Member {
		f.OrgID = actor.OrgID
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.list(ctx, f, PageSize+1)
		return err
	})
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].PublicID
	}
	return list, next, err
}

func (r repository) list(ctx context.Context, f Search, limit int) ([]Letter, error) {
	on, id := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), int64(1<<62)
	if f.After != "" {
		err := r.db.QueryRow(ctx, `select l.issued_on, l.id from letters l join subjects s on s.id = l.id where s.public_id = $1`, f.After).Scan(&on, &id)
		if err != nil {
			return nil, postgres.Explain(err, "letters.not_found")
		}
	}
	if f.Text != "" {
		year, number := parseReference(f.Text)
		rows, _ := r.db.Query(ctx, columns+`where l.year = $1 and l.number = $2 and ($3 = 0 or l.org_id = $3)`, year, number, f.OrgID)
		return pgx.CollectRows(rows, scan)
	}
	rows, _ := r.db.Query(ctx, columns+`
		where (l.issued_on, l.id) < ($1, $2) and ($3 = '' or l.kind = $3) and ($4 = 0 or l.year = $4) and ($5 = 0 or l.org_id = $5)
		order by l.issued_on desc, l.id desc limit $6`, on, id, f.Kind, f.Year, f.OrgID, limit)
	return pgx.CollectRows(rows, scan)
}

// parseReference reads a number as people write it, with or without its zeros; zeros where
// it is none, which no letter has.
func parseReference(text string) (year, number int) {
	before, after, _ := strings.Cut(text, "/")
	year, yearErr := strconv.Atoi(strings.TrimSpace(before))
	number, numberErr := strconv.Atoi(strings.TrimSpace(after))
	if yearErr != nil || numberErr != nil || number > 1<<30 || year > 9999 {
		return 0, 0
	}
	return year, number
}

// Each hands every letter that fits to each, for a file. Errors: sign_in, forbidden, each's.
func (s *Service) Each(ctx context.Context, actor identity.Actor, f Search, each func(Letter) error) error {
	for _, needs := range []identity.Permission{identity.ReadMembers, identity.ExportRecords} {
		if err := actor.May(needs); err != nil {
			return err
		}
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		for f.After = ""; ; {
			list, err := repository{q}.list(ctx, f, 500)
			if err != nil {
				return err
			}
			for _, l := range list {
				if err := each(l); err != nil {
					return err
				}
			}
			if len(list) < 500 || f.Text != "" {
				return nil
			}
			f.After = list[len(list)-1].PublicID
		}
	})
}

// Locate names letters for lists that mix kinds.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select l.id, s.public_id, l.year, l.number, l.title from letters l join subjects s on s.id = l.id where l.id = any($1)`, ids)
		var l Letter
		_, err := pgx.ForEachRow(rows, []any{&l.ID, &l.PublicID, &l.Year, &l.Number, &l.Title}, func() error {
			out[l.ID] = subject.Place{Title: l.Reference() + " · " + l.Title, Path: "/" + lang + l.DeskPath()}
			return nil
		})
		return err
	})
	return out, err
}
