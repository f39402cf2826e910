package circulars

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// PublicYears are those in which a circular was issued that everybody may read.
func (s *Service) PublicYears(ctx context.Context) (years []int, err error) {
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		years, err = repository{q}.years(ctx, true)
		return err
	})
	return years, err
}

// Published is a page of the circulars that everybody may read, the newest first; after is a
// cursor.
func (s *Service) Published(ctx context.Context, lang string, f Filter) (list []Row, next string, err error) {
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		r := repository{q}
		_, seq := readCursor(f.After)
		rows, _ := q.Query(ctx, columns+`
			where c.public and c.state in ('issued', 'withdrawn') and ($1 = '' or c.kind = $1) and ($2 = 0 or c.year = $2) and (c.year, c.number) < ($3, $4)
			order by c.year desc, c.number desc limit $5`, f.Kind, f.Year, seq/100_000, seq%100_000, PageSize+1)
		found, err := pgx.CollectRows(rows, scan)
		if err != nil {
			return err
		}
		ids := make([]int64, len(found))
		for i, c := range found {
			ids[i] = c.ID
		}
		titles, err := r.titles(ctx, lang, ids)
		for _, c := range found {
			list = append(list, Row{Circular: c, Title: titles[c.ID]})
		}
		return err
	})
	if len(list) > PageSize {
		list = list[:PageSize]
		next = Line{seq: list[PageSize-1].seq()}.cursor()
	}
	return list, next, err
}

// Leaf is a public circular as everybody reads it.
type Leaf struct {
	Circular
	Files []File
	Cited []Cited
}

// Leaf reads a public circular at its address, "2026-14". Errors: not found.
func (s *Service) Leaf(ctx context.Context, slug string) (out Leaf, err error) {
	before, after, _ := strings.Cut(slug, "-")
	year, yearErr := strconv.Atoi(before)
	number, numberErr := strconv.Atoi(after)
	if yearErr != nil || numberErr != nil || year > 9999 || number > 99999 || Reference(year, number) != before+"/"+after {
		return out, apperr.New(apperr.NotFound, "circulars.not_found")
	}
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		r := repository{q}
		if out.Circular, err = r.one(ctx, `where c.year = $1 and c.number = $2 and c.public and c.state in ('issued', 'withdrawn')`, year, number); err != nil {
			return err
		}
		rows, _ := q.Query(ctx, `select id, '/circulars/' || year || '-' || number from circulars where id = any($1) and public and state in ('issued', 'withdrawn')`,
			[]int64{out.Replaces.ID, out.Replaced.ID})
		if err := out.lead(rows); err != nil {
			return err
		}
		if out.Files, err = filesOf(ctx, q, out.Circular); err != nil {
			return err
		}
		out.Cited, err = r.cited(ctx, out.Refs)
		return err
	})
	return out, err
}
