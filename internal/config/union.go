package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
)

// Union is what the portal says of the organisation that runs it.
type Union struct {
	NameTR    string        `env:"PORTAL_UNION_NAME_TR"`
	NameEN    string        `env:"PORTAL_UNION_NAME_EN"`
	NameRU    string        `env:"PORTAL_UNION_NAME_RU"`
	ShortName string        `env:"PORTAL_UNION_SHORT_NAME"`
	Logo      string        `env:"PORTAL_UNION_LOGO"`   // path of an SVG or PNG file; empty: the portal's star
	Accent    string        `env:"PORTAL_UNION_ACCENT"` // "#1c5a64"; empty: the design's own
	Email     string        `env:"PORTAL_UNION_EMAIL"`  // where readers write to
	Phone     string        `env:"PORTAL_UNION_PHONE"`
	Address   string        `env:"PORTAL_UNION_ADDRESS"`
	Zone      string        `env:"PORTAL_ZONE" envDefault:"Europe/Istanbul"` // the union's: years of references, its events
	Country   string        `env:"PORTAL_COUNTRY" envDefault:"TR"`           // code of the register: whose holidays the union keeps
	MailFrom  string        `env:"PORTAL_MAIL_FROM"`                         // "Union <portal@union.example>"
	Languages []locale.Lang `env:"PORTAL_LANGUAGES" envDefault:"tr,en,ru"`   // of the interface, the default first
	// ReferenceFormat writes reference numbers: {prefix}, {year} and {number}, which has
	// five digits or more.
	ReferenceFormat string `env:"PORTAL_REFERENCE_FORMAT" envDefault:"{prefix}-{year}-{number}"`
}

// fillDemo makes the union of the demonstration, where settings name none.
func (u *Union) fillDemo() {
	fill := func(setting *string, value string) {
		if *setting == "" {
			*setting = value
		}
	}
	fill(&u.NameTR, "Türk Dünyası Belediyeler Birliği")
	fill(&u.NameEN, "Union of Municipalities of the Turkic World")
	fill(&u.NameRU, "Союз муниципалитетов тюркского мира")
	fill(&u.ShortName, "Birlik")
	fill(&u.Email, "info@union.example")
	fill(&u.Phone, "+90 212 555 01 00")
	fill(&u.Address, "Örnek Mahallesi, Birlik Sokak 1, İstanbul")
	fill(&u.MailFrom, "Birlik <portal@union.example>")
}

// Names is the union's name by interface language; a language without one has the name in
// the default language.
func (u Union) Names() map[locale.Lang]string {
	names := map[locale.Lang]string{locale.TR: u.NameTR, locale.EN: u.NameEN, locale.RU: u.NameRU}
	for _, lang := range locale.Langs() {
		for _, other := range u.Languages {
			if names[lang] == "" {
				names[lang] = names[other]
			}
		}
	}
	return names
}

// Location is the union's time zone; check has proved that it exists.
func (u Union) Location() *time.Location {
	location, err := time.LoadLocation(u.Zone)
	if err != nil {
		return time.UTC
	}
	return location
}

// Reference writes a reference number: Reference("REQ", 2026, 42) is "REQ-2026-00042".
func (u Union) Reference(prefix string, year, number int) string {
	return strings.NewReplacer("{prefix}", prefix, "{year}", fmt.Sprint(year),
		"{number}", fmt.Sprintf("%05d", number)).Replace(u.ReferenceFormat)
}
