package profiles

import (
	"context"
	"regexp"
	"slices"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// How much one municipality keeps.
const (
	maxNames   = 100
	maxSisters = 200
)

// NameKinds are the kinds of names that a municipality adds itself.
func NameKinds() []string { return []string{"alternate", "historical", "exonym"} }

// langTag is a BCP 47 tag as the register keeps it; domain.md section 4.
var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// namely reports whether a text can stand among names: it has a letter, stands on one line,
// and holds no sign that hides or turns the text around it. The joiners that Persian and
// Indic scripts are written with may stand.
func namely(name string) bool {
	letter := false
	for _, r := range name {
		letter = letter || unicode.IsLetter(r)
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return false
		}
	}
	return letter
}

// AddName adds a name by which the municipality is found and shown; its script is read from
// its letters. Adding one that is there in another language or as another kind changes that.
// Live at once. Errors: sign_in, forbidden, not found, invalid (by field), conflict (an
// official name; it is there already; there are too many).
func (s *Service) AddName(ctx context.Context, actor identity.Actor, n Name) error {
	faults := map[string]string{}
	switch {
	case n.Name == "":
		faults["name"] = "error.required"
	case len([]rune(n.Name)) > 200:
		faults["name"] = "error.too_long"
	case !namely(n.Name):
		faults["name"] = "profiles.name_signs"
	}
	if !slices.Contains(NameKinds(), n.Kind) {
		faults["kind"] = "requests.choose"
	}
	if !langTag.MatchString(n.Lang) || !locale.KnownTag(n.Lang) {
		faults["lang"] = "accounts.choose_language"
	}
	if err := apperr.Fields(faults); err != nil {
		return err
	}
	return s.own(ctx, actor, "name_added", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		n.Script = s.register.Script(n.Name)
		var official, there bool
		var held int
		err := tx.QueryRow(ctx, `
			select coalesce(bool_or(kind = 'official' and name = $2), false), coalesce(bool_or(name = $2 and lang = $3 and kind = $4), false), count(*)
			from municipality_names where municipality_id = $1`, ref.ID, n.Name, n.Lang, n.Kind).Scan(&official, &there, &held)
		switch {
		case err != nil:
			return nil, err
		case official:
			return nil, apperr.New(apperr.Conflict, "profiles.name_official")
		case there:
			return nil, apperr.New(apperr.Conflict, "profiles.name_there")
		case held >= maxNames:
			return nil, apperr.New(apperr.Conflict, "profiles.names_many")
		}
		if _, err := tx.Exec(ctx, `delete from municipality_names where municipality_id = $1 and name = $2`, ref.ID, n.Name); err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, `insert into municipality_names (municipality_id, name, lang, script, kind) values ($1, $2, $3, $4, $5)`, ref.ID, n.Name, n.Lang, n.Script, n.Kind)
		return n, err
	})
}

// DropName takes a name away that is no official one. Errors: sign_in, forbidden, not found.
func (s *Service) DropName(ctx context.Context, actor identity.Actor, name string) error {
	return s.own(ctx, actor, "name_dropped", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		var n Name
		err := tx.QueryRow(ctx, `delete from municipality_names where municipality_id = $1 and name = $2 and kind <> 'official' returning name, lang, script, kind`, ref.ID, name).
			Scan(&n.Name, &n.Lang, &n.Script, &n.Kind)
		return n, postgres.Explain(err, "profiles.name_unknown")
	})
}

// AddSister ties the municipality to a sister city of the register, by its address there.
// year 0: not known. Live at once, on both pages.
// Errors: sign_in, forbidden, not found, invalid (by field), conflict (there are too many).
func (s *Service) AddSister(ctx context.Context, actor identity.Actor, slug string, year int) error {
	if year != 0 && (year < firstYear || year > s.Today().Year()) {
		return apperr.Fields(map[string]string{"since": "profiles.year_wrong"})
	}
	return s.own(ctx, actor, "sister_added", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		var other int64
		var held int
		err := tx.QueryRow(ctx, `
			select coalesce((select id from municipalities where slug = $2 and id <> $1 and merged_into is null and standing not in ('resigned', 'expelled')), 0),
				(select count(*) from sister_cities where a_id = $1 or b_id = $1)`, ref.ID, slug).Scan(&other, &held)
		switch {
		case err != nil:
			return nil, err
		case other == 0:
			return nil, apperr.Fields(map[string]string{"city": "profiles.city_unknown"})
		case held >= maxSisters:
			return nil, apperr.New(apperr.Conflict, "profiles.sisters_many")
		}
		tag, err := tx.Exec(ctx, `insert into sister_cities (a_id, b_id, since) values ($1, $2, nullif($3::int, 0)) on conflict do nothing`,
			min(ref.ID, other), max(ref.ID, other), year)
		if err != nil || tag.RowsAffected() == 0 {
			return nil, err
		}
		return map[string]any{"city": slug, "since": year}, nil
	})
}

// DropSister ends a tie in the register. Errors: sign_in, forbidden, not found.
func (s *Service) DropSister(ctx context.Context, actor identity.Actor, slug string) error {
	return s.own(ctx, actor, "sister_dropped", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		tag, err := tx.Exec(ctx, `
			delete from sister_cities x using municipalities m where m.slug = $2
				and x.a_id = least($1::bigint, m.id) and x.b_id = greatest($1::bigint, m.id)`, ref.ID, slug)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.NotFound, "profiles.not_found")
		}
		return map[string]any{"city": slug, "at": s.now().Format(time.DateOnly)}, err
	})
}
