package services

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Bureau is an office of the union.
type Bureau struct {
	ID      int64
	Code    string
	Names   Text
	Version int
	People  []Person // who belong to it today
}

// Ref points at the office.
func (b Bureau) Ref() subject.Ref { return subject.Ref{Kind: subject.Office, ID: b.ID} }

// Person is somebody of the staff.
type Person struct {
	ID       int64  `json:"id"`
	PublicID string `json:"public_id"`
	Name     string `json:"name"`
}

// Offices lists the union's offices in their order; their names are everybody's to know.
func Offices(ctx context.Context, q postgres.Querier) ([]Bureau, error) {
	rows, _ := q.Query(ctx, `select id, code, names, version from offices order by position, code`)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Bureau, err error) {
		return b, row.Scan(&b.ID, &b.Code, &b.Names, &b.Version)
	})
}

// Offices lists them for readers of pages.
func (c *Catalogue) Offices(ctx context.Context) (out []Bureau, err error) {
	err = c.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		out, err = Offices(ctx, q)
		return err
	})
	return out, err
}

// Named is what offices are called in a language, by their codes.
func Named(list []Bureau, lang locale.Lang) map[string]string {
	out := map[string]string{}
	for _, b := range list {
		out[b.Code] = b.Names.In(lang)
	}
	return out
}

// Staffed lists the offices with their people of today. Errors: sign_in, forbidden.
func (c *Catalogue) Staffed(ctx context.Context, actor identity.Actor) (out []Bureau, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.staffed(ctx, "")
		return err
	})
	return out, err
}

func (r repository) staffed(ctx context.Context, code string) ([]Bureau, error) {
	rows, _ := r.db.Query(ctx, `
		select o.id, o.code, o.names, o.version, coalesce((
			select jsonb_agg(jsonb_build_object('id', u.id, 'public_id', s.public_id, 'name', u.name) order by u.name collate "tr-x-icu")
			from staff_offices x join users u on u.id = x.user_id and u.active join subjects s on s.id = u.id
			where x.office = o.code and now() >= x.starts_at and now() < x.ends_at), '[]')
		from offices o where $1 = '' or o.code = $1 order by o.position, o.code`, code)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Bureau, err error) {
		return b, row.Scan(&b.ID, &b.Code, &b.Names, &b.Version, &b.People)
	})
}

// Office reads one office, and everybody of the staff who could belong to it.
// Errors: sign_in, forbidden, not found.
func (c *Catalogue) Office(ctx context.Context, actor identity.Actor, code string) (b Bureau, staff []Person, err error) {
	if err := actor.May(identity.ManageUsers); err != nil {
		return b, nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		list, err := r.staffed(ctx, code)
		if err != nil {
			return err
		}
		if code == "" || len(list) == 0 {
			return apperr.New(apperr.NotFound, "catalogue.no_office")
		}
		b = list[0]
		staff, err = r.staff(ctx)
		return err
	})
	return b, staff, err
}

// Staff is everybody who works for the union today. Errors: sign_in, forbidden.
func (c *Catalogue) Staff(ctx context.Context, actor identity.Actor) (out []Person, err error) {
	if err := actor.May(identity.ManageUsers); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.staff(ctx)
		return err
	})
	return out, err
}

func (r repository) staff(ctx context.Context) ([]Person, error) {
	rows, _ := r.db.Query(ctx, `
		select u.id, s.public_id, u.name from users u join subjects s on s.id = u.id
		where u.active and exists (select from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at)
		order by u.name collate "tr-x-icu", u.id`)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Person])
}

// OfficeInput is an office as an administrator wants it.
type OfficeInput struct {
	Code    string // empty: a new one
	Names   Text
	People  []string // public identifiers
	Version int
}

const maxName = 80

func (in OfficeInput) check() error {
	fields := map[string]string{}
	for _, lang := range locale.Langs() {
		switch n := len([]rune(in.Names[lang])); {
		case n == 0:
			fields["name_"+string(lang)] = "settings.name_missing"
		case n > maxName:
			fields["name_"+string(lang)] = "settings.name_long"
		}
	}
	return apperr.Fields(fields)
}

// SaveOffice makes an office, or stores its names and who belongs to it; who is not named
// leaves it today. It gives the office's code, which comes from the English name.
// Errors: sign_in, forbidden, not found, invalid by field, conflict (edited meanwhile).
func (c *Catalogue) SaveOffice(ctx context.Context, actor identity.Actor, in OfficeInput) (code string, err error) {
	if err := actor.May(identity.ManageUsers); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = c.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		b, err := repository{tx}.store(ctx, in)
		if err != nil {
			return err
		}
		code = b.Code
		change, err := c.seat(ctx, tx, b, in.People)
		if err != nil {
			return err
		}
		change["names"] = in.Names
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "office.save", Subject: b.Ref(), Payload: change})
	})
	return code, err
}

func (r repository) store(ctx context.Context, in OfficeInput) (b Bureau, err error) {
	if in.Code == "" {
		in.Code = strings.Trim(fold.Slug(in.Names[locale.EN]), "0123456789-")
		in.Code = in.Code[:min(len(in.Code), 40)]
		err = r.db.QueryRow(ctx, `
			with s as (insert into subjects (kind, org_id, public_id) values ('office', union_id(), $1) returning id, org_id)
			insert into offices (id, org_id, code, position, names)
			select id, org_id, $2, (select coalesce(max(position), 0) + 10 from offices), $3 from s returning id, code`,
			subject.NewPublicID(), in.Code, in.Names).Scan(&b.ID, &b.Code)
		if code, ok := apperr.CodeOf(postgres.Explain(err, "catalogue.no_office")); err != nil && ok && code == apperr.Conflict {
			return b, apperr.Fields(map[string]string{"name_en": "catalogue.office_taken"})
		}
		return b, err
	}
	var version int
	err = r.db.QueryRow(ctx, `select id, code, version from offices where code = $1 for update`, in.Code).Scan(&b.ID, &b.Code, &version)
	if err != nil {
		return b, postgres.Explain(err, "catalogue.no_office")
	}
	if version != in.Version {
		return b, stale()
	}
	_, err = r.db.Exec(ctx, `update offices set names = $2, version = version + 1 where code = $1`, in.Code, in.Names)
	return b, err
}

// seat lets people into an office and out of it, and says who came and went.
func (c *Catalogue) seat(ctx context.Context, tx pgx.Tx, b Bureau, people []string) (map[string]any, error) {
	staff, err := repository{tx}.staff(ctx)
	if err != nil {
		return nil, err
	}
	var came, went []string
	for _, p := range staff {
		sql, list := `update staff_offices set ends_at = greatest(starts_at, $3::timestamptz) where user_id = $1 and office = $2 and ends_at = 'infinity'`, &went
		if slices.Contains(people, p.PublicID) {
			sql, list = `insert into staff_offices (user_id, office, starts_at) values ($1, $2, $3) on conflict (user_id, office) where ends_at = 'infinity' do nothing`, &came
		}
		tag, err := tx.Exec(ctx, sql, p.ID, b.Code, c.now())
		if err != nil {
			return nil, err
		}
		if tag.RowsAffected() > 0 {
			*list = append(*list, p.Name)
		}
	}
	return map[string]any{"came": came, "went": went}, nil
}
