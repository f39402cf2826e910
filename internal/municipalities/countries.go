package municipalities

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/currency"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Country is a country or territory of the union's list.
type Country struct {
	ID          int64
	Code        string // in URLs and files; never changes
	ISO         string // ISO 3166-1; empty for a territory without one
	Currency    string // ISO 4217
	CallingCode string // "+994"
	Zone        string // IANA, of the capital
	Note        string // for staff
	Listed      bool   // offered in forms and filters
	Version     int
	Names       Titled
	Members     int // active members that stand in it
}

// Ref points at the country.
func (c Country) Ref() subject.Ref { return subject.Ref{Kind: subject.Country, ID: c.ID} }

const countrySelect = `
	select c.id, c.code, coalesce(c.iso, ''), c.currency, c.calling_code, c.zone, c.note, c.listed, c.version,
		coalesce((select jsonb_object_agg(n.lang, n.name) from country_names n where n.country_id = c.id), '{}'),
		(select count(*) from municipality_titles t where t.country_id = c.id and t.lang = 'tr' and t.standing = 'active')
	from countries c`

// Countries lists all countries as the language orders them, those switched off too.
// Errors: sign_in, forbidden.
func (s *Service) Countries(ctx context.Context, actor identity.Actor, lang locale.Lang) ([]Country, error) {
	if err := actor.May(identity.EditSettings); err != nil {
		return nil, err
	}
	var out []Country
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, countrySelect+` left join country_names o on o.country_id = c.id and o.lang = $1
			order by coalesce(o.name, c.code) collate "`+locale.Collation(lang)+`", c.id`, string(lang))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Country])
		return err
	})
	return out, err
}

// Country finds one by its code. Errors: sign_in, forbidden, not found.
func (s *Service) Country(ctx context.Context, actor identity.Actor, code string) (Country, error) {
	var out Country
	if err := actor.May(identity.EditSettings); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = country(ctx, q, code, "")
		return err
	})
	return out, err
}

// country reads one; lock is "for update of c" where it is about to change.
func country(ctx context.Context, q postgres.Querier, code, lock string) (Country, error) {
	rows, _ := q.Query(ctx, countrySelect+` where c.code = $1 `+lock, code)
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Country])
	return out, postgres.Explain(err, "settings.country_not_found")
}

// AddCountry puts a country or territory into the list.
// Errors: sign_in, forbidden, invalid (by field; a code that is taken too).
func (s *Service) AddCountry(ctx context.Context, actor identity.Actor, c Country) error {
	return s.edit(ctx, actor, func(tx pgx.Tx) error {
		faults := c.faults()
		if !codeShape.MatchString(c.Code) {
			faults["code"] = "settings.code_format"
		}
		if err := apperr.Fields(faults); err != nil {
			return err
		}
		var err error
		if c.ID, err = newSubject(ctx, tx, subject.Country); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into countries (id, org_id, code, iso, currency, calling_code, zone, note, listed)
			values ($1, union_id(), $2, nullif($3, ''), $4, $5, $6, $7, $8)`,
			c.ID, c.Code, c.ISO, c.Currency, c.CallingCode, c.Zone, c.Note, c.Listed)
		if err := taken(err, "code"); err != nil {
			return err
		}
		if err := saveNames(ctx, tx, c); err != nil {
			return err
		}
		return settle(ctx, tx, actor, "country.add", c.Ref(), c.plain())
	})
}

// SaveCountry stores an edit of the country with c.Code; c.Version is what the editor saw.
// Errors: sign_in, forbidden, not found, invalid (by field), conflict (edited meanwhile).
func (s *Service) SaveCountry(ctx context.Context, actor identity.Actor, c Country) error {
	return s.edit(ctx, actor, func(tx pgx.Tx) error {
		if err := apperr.Fields(c.faults()); err != nil {
			return err
		}
		old, err := country(ctx, tx, c.Code, "for update of c")
		if err != nil {
			return err
		}
		if err := stale(old.Version, c.Version); err != nil {
			return err
		}
		c.ID = old.ID
		_, err = tx.Exec(ctx, `
			update countries set iso = nullif($2, ''), currency = $3, calling_code = $4, zone = $5, note = $6, listed = $7, version = version + 1
			where id = $1`, c.ID, c.ISO, c.Currency, c.CallingCode, c.Zone, c.Note, c.Listed)
		if err := taken(err, "iso"); err != nil {
			return err
		}
		if err := saveNames(ctx, tx, c); err != nil {
			return err
		}
		return settle(ctx, tx, actor, "country.edit", c.Ref(), map[string]any{"before": old.plain(), "after": c.plain()})
	})
}

// taken turns a unique violation into a fault of the field that caused it.
func taken(err error, field string) error {
	if err = postgres.Explain(err, "error.not_found"); apperr.Is(err, apperr.Conflict) {
		return apperr.Fields(map[string]string{field: "settings.code_taken"})
	}
	return err
}

func saveNames(ctx context.Context, tx pgx.Tx, c Country) error {
	batch := &pgx.Batch{}
	for _, lang := range locale.Langs() {
		batch.Queue(`insert into country_names as n (country_id, lang, name) values ($1, $2, $3)
			on conflict (country_id, lang) do update set name = excluded.name where n.name <> excluded.name`, c.ID, string(lang), c.Names[lang])
	}
	return tx.SendBatch(ctx, batch).Close()
}

// plain is what the audit log keeps of a country.
func (c Country) plain() map[string]any {
	return map[string]any{"code": c.Code, "iso": c.ISO, "currency": c.Currency, "calling_code": c.CallingCode, "zone": c.Zone,
		"note": c.Note, "listed": c.Listed, "tr": c.Names[locale.TR], "en": c.Names[locale.EN], "ru": c.Names[locale.RU]}
}

var (
	codeShape    = regexp.MustCompile(`^[A-Z][A-Z0-9-]{1,11}$`)
	isoShape     = regexp.MustCompile(`^([A-Z]{2})?$`)
	callingShape = regexp.MustCompile(`^(\+[0-9 ]{1,12})?$`)
)

const maxNote = 500

func (c Country) faults() map[string]string {
	faults := map[string]string{}
	titleFaults(faults, "name", c.Names)
	if !isoShape.MatchString(c.ISO) {
		faults["iso"] = "settings.iso_format"
	}
	if _, err := currency.ParseISO(c.Currency); err != nil || strings.ToUpper(c.Currency) != c.Currency {
		faults["currency"] = "settings.currency_format"
	}
	if !callingShape.MatchString(c.CallingCode) {
		faults["calling_code"] = "settings.calling_format"
	}
	if !zoneKnown(c.Zone) {
		faults["zone"] = "settings.zone_unknown"
	}
	if len([]rune(c.Note)) > maxNote {
		faults["note"] = "settings.note_long"
	}
	return faults
}

func zoneKnown(name string) bool {
	if name == "" || name == "Local" || len(name) > 64 {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
