package profiles

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
)

// Contact is an office that everybody may write to.
type Contact struct{ Office, Email, Phone string }

// Public is what everybody reads of a profile beside the register's own facts.
type Public struct {
	Text             string
	TextLang         string // of the text: not always the reader's
	Coat             *documents.Document
	Seat, Area, Head string // empty: not known
	Strengths, Needs []string
	Contacts         []Contact
}

// maxPublic bounds the contacts of a public page.
const maxPublic = 20

// Public reads what a municipality shows of itself, in four queries whatever it holds.
func (s *Service) Public(ctx context.Context, lang locale.Lang, id int64) (out Public, err error) {
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select m.seat, coalesce(m.area_km2::text, ''), coalesce(h.name, ''),
				array(select x.title from municipality_fields mf join fields f on f.id = mf.field_id join field_texts x on x.field_id = f.id and x.lang = $2
					where mf.municipality_id = m.id and mf.strength and f.listed order by f.position),
				array(select x.title from municipality_fields mf join fields f on f.id = mf.field_id join field_texts x on x.field_id = f.id and x.lang = $2
					where mf.municipality_id = m.id and mf.need and f.listed order by f.position)
			from municipalities m left join heads h on h.org_id = m.id and h.left_on is null where m.id = $1`, id, string(lang)).
			Scan(&out.Seat, &out.Area, &out.Head, &out.Strengths, &out.Needs)
		if err != nil {
			return postgres.Explain(err, "profiles.not_found")
		}
		out.Area = decimal(out.Area)
		rows, _ := q.Query(ctx, `select office, email, phone from contacts where org_id = $1 and listed order by office <> 'general', office, email limit $2`, id, maxPublic)
		if out.Contacts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Contact]); err != nil {
			return err
		}
		texts, err := translations.LiveOf(ctx, q, string(lang), id)
		if err != nil {
			return err
		}
		out.Text, out.TextLang = texts[id].Summary, texts[id].Lang
		list, err := documents.Of(ctx, q, cityRef(id), coatSort)
		if len(list) > 0 && list[0].Picture() {
			out.Coat = &list[0]
		}
		return err
	})
	return out, err
}
