package municipalities

import (
	"context"
	"maps"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// The columns of a table of contacts, beside those that name the municipality.
const (
	contactOffice = "office"
	contactPerson = "person"
	contactEmail  = "email"
	contactPhone  = "phone"
	contactLang   = "language"
	contactListed = "listed"
)

// offices are the codes of offices with what tables call them.
var offices = imports.Options{
	"general":       {"genel", "bilgi", "info", "общий", "основной", "ümumi"},
	"mayor":         {"başkan", "başkanlık", "belediye başkanı", "özel kalem", "мэр", "глава", "приёмная", "mer"},
	"international": {"dış ilişkiler", "uluslararası", "foreign relations", "международный", "международные связи"},
	"finance":       {"mali", "mali hizmetler", "muhasebe", "финансы", "бухгалтерия", "maliyyə"},
	"projects":      {"projeler", "proje", "проекты", "проектный"},
	"press":         {"basın", "medya", "пресса", "пресс-служба", "mətbuat"},
	"culture":       {"kültür", "культура", "mədəniyyət"},
	"legal":         {"hukuk", "юридический", "hüquq"},
}

var officeOrder = []string{"general", "mayor", "international", "finance", "projects", "press", "culture", "legal"}

// langWords are the languages to write in.
var langWords = imports.Options{"tr": {"türkçe", "turkish", "турецкий"}, "en": {"ingilizce", "english", "английский"}, "ru": {"rusça", "russian", "русский"}}

// yesWords say yes and no.
var yesWords = imports.Options{"yes": {"evet", "да", "hə", "1", "true", "x", "✓"}, "no": {"hayır", "нет", "yox", "0", "false"}}

// ContactKind is how tables of contacts are brought.
func ContactKind() imports.Kind {
	return imports.Kind{Code: "contacts", Needs: identity.ImportRecords,
		Fields: append(imports.PlaceFields(),
			imports.Field{Code: contactEmail, Required: true, Example: "dis.iliskiler@susa.example", Words: []string{"e-posta", "eposta", "e-mail", "mail", "почта", "эл. почта", "e-poçt"}},
			imports.Field{Code: contactOffice, ForAll: true, Options: officeOrder, Example: "international", Words: []string{"birim", "görev", "department", "отдел", "должность", "şöbə"}},
			imports.Field{Code: contactPerson, Words: []string{"kişi", "ad soyad", "adı soyadı", "contact", "name", "контактное лицо", "фио", "имя"}},
			imports.Field{Code: contactPhone, Example: "+994 26 000 00 00", Words: []string{"telefon", "tel", "телефон"}},
			imports.Field{Code: contactLang, ForAll: true, Options: []string{"tr", "en", "ru"}, Example: "tr", Words: []string{"dil", "yazışma dili", "lang", "язык"}},
			imports.Field{Code: contactListed, ForAll: true, Options: []string{"yes", "no"}, Kind: export.Text, Example: "yes", Words: []string{"herkese açık", "public", "публично"}},
			imports.Field{Code: "ignored", Ignored: true, Words: []string{"sıra", "no", "№", "id"}}),
		Open: func(_ context.Context, w imports.Work) (imports.Session, error) {
			return &contactImporter{w: w, rowOf: map[contactKey]int{}}, nil
		}}
}

// contactKey is what a contact is found by.
type contactKey struct {
	org           int64
	office, email string // folded to lower case
}

// contact is a row of the table contacts.
type contact struct {
	ID                               int64
	OrgID                            int64
	Office, Name, Email, Phone, Lang string
	Listed                           bool
	Version                          int
}

func (c contact) key() contactKey { return contactKey{c.OrgID, c.Office, strings.ToLower(c.Email)} }

func (c contact) values() map[string]string {
	listed := "no"
	if c.Listed {
		listed = "yes"
	}
	return map[string]string{contactPerson: c.Name, contactPhone: c.Phone, contactLang: c.Lang, contactListed: listed}
}

// changing are the values that a row may change in a contact.
var changing = []string{contactPerson, contactPhone, contactLang, contactListed}

type contactImporter struct {
	w     imports.Work
	rowOf map[contactKey]int
}

func readContacts(ctx context.Context, q postgres.Querier, where string, ids []int64) (map[contactKey]contact, error) {
	rows, _ := q.Query(ctx, `select id, org_id, office, name, email, phone, lang, listed, version from contacts where `+where+` = any ($1)`, ids)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[contact])
	out := make(map[contactKey]contact, len(list))
	for _, c := range list {
		out[c.key()] = c
	}
	return out, err
}

// Check implements imports.Session.
func (im *contactImporter) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	places, err := imports.FindPlaces(FindPlaces).Find(ctx, im.w.Tx, rows)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	known, err := readContacts(ctx, im.w.Tx, "org_id", ids)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(rows))
	for i, row := range rows {
		out[i] = im.compare(row, places[i], known)
	}
	return out, nil
}

var (
	contactAddress = regexp.MustCompile(`^[^@\s<>",;]+@[^@\s<>",;]+\.[^@\s<>",;]+$`)
	contactNumber  = regexp.MustCompile(`^\+?[0-9 ()./-]{3,40}$`)
)

func (im *contactImporter) compare(row imports.Row, at imports.Found, known map[contactKey]contact) *imports.Result {
	r := &imports.Result{Row: row.Number}
	c := im.read(row, at, r)
	r.Title = at.Name + " · " + c.Email
	if len(r.Faults) > 0 {
		r.Settle()
		return r
	}
	if twin, ok := im.rowOf[c.key()]; ok {
		r.Faults = append(r.Faults, imports.Fault{Field: contactEmail, Key: "imports.twin", Value: c.Email, Row: twin})
	}
	im.rowOf[c.key()] = row.Number
	before := map[string]string{}
	if old, ok := known[c.key()]; ok {
		r.Target, before = old.ID, old.values()
	} else {
		r.Change(contactOffice, "", c.Office)
		r.Change(contactEmail, "", c.Email)
	}
	after := maps.Clone(before)
	for _, field := range changing {
		if row.Get(field) != "" || r.Target == 0 {
			after[field] = c.values()[field]
			r.Change(field, before[field], after[field])
		}
	}
	if after[contactListed] == "yes" && after[contactPerson] != "" {
		r.Fault(contactListed, "imports.person_listed", after[contactPerson])
	}
	r.Draft = c
	r.Settle()
	return r
}

// read takes a contact out of a row, with what holds where the row is silent.
func (im *contactImporter) read(row imports.Row, at imports.Found, r *imports.Result) contact {
	c := contact{OrgID: at.ID, Office: "general", Lang: string(locale.EN), Email: row.Get(contactEmail), Phone: row.Get(contactPhone)}
	switch {
	case at.Fault.Key != "":
		r.Faults = append(r.Faults, at.Fault)
	case at.ID == 0:
		r.Fault(imports.PlaceName, "imports.no_name", "")
	}
	if len(c.Email) > 254 || !contactAddress.MatchString(c.Email) {
		r.Fault(contactEmail, "imports.no_email", c.Email)
	}
	if c.Phone != "" && !contactNumber.MatchString(c.Phone) {
		r.Fault(contactPhone, "imports.no_phone", c.Phone)
	}
	var ok bool
	if c.Name, ok = imports.Text(row.Get(contactPerson), 200); !ok {
		r.Fault(contactPerson, "imports.too_long", c.Name[:40])
	}
	choose(row, r, contactOffice, offices, &c.Office)
	choose(row, r, contactLang, langWords, &c.Lang)
	listed := "no"
	choose(row, r, contactListed, yesWords, &listed)
	c.Listed = listed == "yes"
	return c
}

// choose reads the code of a choice into a value, and leaves it where the row is silent.
func choose(row imports.Row, r *imports.Result, field string, options imports.Options, into *string) {
	cell := row.Get(field)
	if cell == "" {
		return
	}
	code, ok := options.Choose(cell)
	if !ok {
		r.Fault(field, "imports.no_choice", cell)
		return
	}
	*into = code
}

// Store implements imports.Session.
func (im *contactImporter) Store(ctx context.Context, results []*imports.Result) error {
	entries := make([]audit.Entry, len(results))
	for i, r := range results {
		c := r.Draft.(contact)
		if r.State == imports.Fresh {
			err := im.w.Tx.QueryRow(ctx, `insert into contacts (public_id, org_id, office, name, email, phone, lang, listed)
				values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
				subject.NewPublicID(), c.OrgID, c.Office, c.Name, c.Email, c.Phone, c.Lang, c.Listed).Scan(&r.Target)
			if err != nil {
				return err
			}
		} else if err := im.set(ctx, r.Target, r.Changes, func(ch imports.Change) string { return ch.After }); err != nil {
			return err
		}
		entries[i] = audit.Entry{Actor: im.w.By, Action: "contact.imported", Subject: subject.Ref{Kind: subject.Municipality, ID: c.OrgID}, Payload: payload(r.Changes)}
	}
	return audit.RecordMany(ctx, im.w.Tx, entries)
}

func payload(changes []imports.Change) map[string][]string {
	out := map[string][]string{}
	for _, c := range changes {
		out[c.Field] = []string{c.Before, c.After}
	}
	return out
}

// set stores the values of changes in one statement: a listed contact never names a person.
func (im *contactImporter) set(ctx context.Context, id int64, changes []imports.Change, value func(imports.Change) string) error {
	values := map[string]*string{}
	for _, c := range changes {
		text := value(c)
		values[c.Field] = &text
	}
	_, err := im.w.Tx.Exec(ctx, `
		update contacts set name = coalesce($2, name), phone = coalesce($3, phone), lang = coalesce($4, lang),
			listed = coalesce($5 = 'yes', listed), version = version + 1 where id = $1`,
		id, values[contactPerson], values[contactPhone], values[contactLang], values[contactListed])
	return err
}

// Undo implements imports.Session.
func (im *contactImporter) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	ids := make([]int64, len(done))
	for i, d := range done {
		ids[i] = d.Target
	}
	known, err := readContacts(ctx, im.w.Tx, "id", ids)
	if err != nil {
		return nil, err
	}
	byID := map[int64]contact{}
	for _, c := range known {
		byID[c.ID] = c
	}
	var refusals []imports.Refusal
	for _, d := range done {
		if c, ok := byID[d.Target]; !ok || !c.holds(d) {
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: "imports.changed_since"})
		}
	}
	if len(refusals) > 0 {
		return refusals, nil
	}
	return nil, im.putBack(ctx, done)
}

// holds reports whether a contact still is what the import made of it.
func (c contact) holds(d imports.Done) bool {
	values, made := c.values(), map[string]string{}
	values[contactOffice], values[contactEmail] = c.Office, c.Email
	for _, ch := range d.Changes {
		made[ch.Field] = ch.After
	}
	for field, value := range values {
		if after, named := made[field]; value != after && (named || d.State == imports.Fresh) {
			return false
		}
	}
	return true
}

func (im *contactImporter) putBack(ctx context.Context, done []imports.Done) error {
	for _, d := range done {
		if d.State == imports.Fresh {
			if _, err := im.w.Tx.Exec(ctx, `delete from contacts where id = $1`, d.Target); err != nil {
				return err
			}
			continue
		}
		if err := im.set(ctx, d.Target, d.Changes, func(c imports.Change) string { return c.Before }); err != nil {
			return err
		}
	}
	return nil
}
