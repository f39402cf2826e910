package profiles

import (
	"context"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/net/idna"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Seen reads who edited a part of the actor's own profile last, for its form and for the
// page of a conflict. Errors: sign_in, forbidden.
func (s *Service) Seen(ctx context.Context, actor identity.Actor, part Part) (e Edited, err error) {
	if err := actor.May(identity.EditProfile); err != nil {
		return e, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		e, err = repository{q}.edited(ctx, actor.OrgID, part)
		return err
	})
	return e, err
}

// SaveSectors says what the municipality is strong in and where it looks for help, by the
// codes of fields. Live at once.
// Errors: sign_in, forbidden, not found, invalid (no such field), conflict (edited meanwhile).
func (s *Service) SaveSectors(ctx context.Context, actor identity.Actor, seen int, strengths, needs []string) error {
	return s.own(ctx, actor, "sectors", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		if err := (repository{tx}).edit(ctx, ref.ID, actor.UserID, PartSectors, seen, s.now()); err != nil {
			return nil, err
		}
		var known int
		all := append(append([]string{}, strengths...), needs...)
		err := tx.QueryRow(ctx, `select count(*) from fields where code = any($1) and listed and of_interest`, all).Scan(&known)
		if err != nil {
			return nil, err
		}
		if known != distinct(all) {
			return nil, apperr.Fields(map[string]string{"strengths": "requests.choose"})
		}
		batch := &pgx.Batch{}
		batch.Queue(`delete from municipality_fields mf using fields f
			where mf.municipality_id = $1 and f.id = mf.field_id and f.listed and f.of_interest and f.code <> all($2)`, ref.ID, all)
		batch.Queue(`insert into municipality_fields (municipality_id, field_id, strength, need)
			select $1, id, code = any($2), code = any($3) from fields where code = any($4)
			on conflict (municipality_id, field_id) do update set strength = excluded.strength, need = excluded.need`,
			ref.ID, orNone(strengths), orNone(needs), all)
		return map[string][]string{"strengths": strengths, "needs": needs}, tx.SendBatch(ctx, batch).Close()
	})
}

// orNone is a list that the database reads as empty, not as nothing known.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func distinct(list []string) int {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s] = true
	}
	return len(seen)
}

const maxWebsite = 300

// SaveWebsite keeps the address of the municipality's own site; empty: it has none. An
// address without a scheme gets https. Live at once.
// Errors: sign_in, forbidden, not found, invalid, conflict (edited meanwhile).
func (s *Service) SaveWebsite(ctx context.Context, actor identity.Actor, seen int, address string) error {
	address, ok := cleanAddress(address)
	if !ok {
		return apperr.Fields(map[string]string{"website": "profiles.website_wrong"})
	}
	return s.own(ctx, actor, "website", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		if err := (repository{tx}).edit(ctx, ref.ID, actor.UserID, PartWebsite, seen, s.now()); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, `update municipalities set website = $2 where id = $1`, ref.ID, address)
		return map[string]string{"website": address}, err
	})
}

// cleanAddress is a web address as it is kept: http or https, with a host, no name or password.
func cleanAddress(text string) (string, bool) {
	if text == "" {
		return "", true
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(u.Host, ".") {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(u.Hostname()) // as the net knows it; pages show it readable
	if err != nil {
		return "", false
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	text = u.String()
	return text, len(text) <= maxWebsite && !strings.ContainsAny(text, " \t\n<>\"")
}

// SaveMaturity keeps the self-assessment; the union reads it, the public does not.
// Errors: sign_in, forbidden, not found, invalid (by question), conflict (edited meanwhile).
func (s *Service) SaveMaturity(ctx context.Context, actor identity.Actor, seen int, m Maturity) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.own(ctx, actor, "maturity", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		if err := (repository{tx}).edit(ctx, ref.ID, actor.UserID, PartMaturity, seen, s.now()); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, `insert into profiles (org_id, maturity, maturity_at) values ($1, $2, $3)
			on conflict (org_id) do update set maturity = excluded.maturity, maturity_at = excluded.maturity_at`, ref.ID, m, s.now())
		return m, err
	})
}

// Work is a language of the municipality's description with what an editor of it needs.
// Errors: sign_in, forbidden, not found, invalid (no such language).
func (s *Service) Work(ctx context.Context, actor identity.Actor, lang string) (w translations.Work, err error) {
	if err := actor.May(identity.EditProfile); err != nil {
		return w, err
	}
	if !offered(lang) {
		return w, apperr.New(apperr.NotFound, "error.not_found")
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		city, err := repository{q}.city(ctx, actor.OrgID, "")
		if err != nil {
			return err
		}
		w, err = translations.WorkOf(ctx, q, subject.Municipality, city.PublicID, lang)
		return err
	})
	return w, err
}

// Languages are those that a municipality describes itself in: of the interface, and of the
// members.
func Languages() []string {
	return []string{"tr", "en", "ru", "az", "kk", "ky", "uz-Latn", "tk", "tt", "ba", "hu", "sq", "bs", "mk", "ka", "fa", "ar"}
}

func offered(lang string) bool {
	for _, l := range Languages() {
		if l == lang {
			return true
		}
	}
	return false
}

// SaveText keeps the description in one language and shows it to the public at once. base is
// the version that the writer saw. An empty text takes the language down.
// Errors: sign_in, forbidden, not found, invalid (too long), conflict (edited meanwhile).
func (s *Service) SaveText(ctx context.Context, actor identity.Actor, lang string, base int, summary string) error {
	if !offered(lang) {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	return s.own(ctx, actor, "text", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		city, err := repository{tx}.city(ctx, ref.ID, "")
		if err != nil {
			return nil, err
		}
		change := map[string]string{"lang": lang}
		if summary == "" {
			if base == 0 {
				return nil, nil
			}
			return change, translations.Unpublish(ctx, tx, actor, ref, lang)
		}
		status, err := translations.Save(ctx, tx, actor, ref, translations.In{Lang: lang, Base: base, Slug: city.Slug + "-" + strings.ToLower(lang), Text: translations.Text{Title: city.Name, Summary: summary}})
		if err != nil {
			return nil, err
		}
		if status.Live == status.Version {
			return nil, nil
		}
		return change, translations.Publish(ctx, tx, actor, ref, lang, status.Version)
	})
}

// coatSort is what a coat of arms is kept as.
const coatSort = "coat"

// SaveCoat makes an upload the municipality's coat of arms, in the place of the one before;
// an empty upload removes it. Live at once.
// Errors: sign_in, forbidden, not found, invalid (no picture).
func (s *Service) SaveCoat(ctx context.Context, actor identity.Actor, upload string) error {
	return s.own(ctx, actor, "coat", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		before, err := documents.Of(ctx, tx, ref, coatSort)
		if err != nil {
			return nil, err
		}
		for _, d := range before {
			if err := documents.Remove(ctx, tx, actor, ref, d.PublicID); err != nil {
				return nil, err
			}
		}
		if upload == "" {
			return map[string]bool{"removed": true}, nil
		}
		d, err := documents.Attach(ctx, tx, actor, ref, upload, coatSort, documents.Public)
		if err != nil {
			return nil, err
		}
		if !d.Picture() {
			return nil, apperr.Fields(map[string]string{"coat": "profiles.no_picture"})
		}
		return map[string]string{"document": d.PublicID, "name": d.Name}, nil
	})
}

// Confirm keeps that all is still right today. Errors: sign_in, forbidden, not found.
func (s *Service) Confirm(ctx context.Context, actor identity.Actor) error {
	return s.own(ctx, actor, "confirmed", func(tx pgx.Tx, ref subject.Ref) (any, error) {
		_, err := tx.Exec(ctx, `insert into profiles (org_id, confirmed_at, confirmed_by) values ($1, $2, $3)
			on conflict (org_id) do update set confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by`, ref.ID, s.now(), actor.UserID)
		return map[string]string{}, err
	})
}
