package accounts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
)

// The columns of a table of mandates, beside those that name the municipality.
const (
	mandateEmail  = "email"
	mandatePerson = "person"
	mandateRole   = "role"
	mandateFrom   = "from"
	mandateTo     = "to"
	mandateLang   = "language"
)

// roleWords are the roles of members with what tables call them.
var roleWords = imports.Options{
	string(identity.MemberApprover): {"onaylayan", "başkan", "belediye başkanı", "mayor", "approver", "утверждающий", "мэр", "глава"},
	string(identity.MemberEditor):   {"hazırlayan", "editör", "uzman", "editor", "officer", "редактор", "специалист"},
	string(identity.MemberFinance):  {"mali sorumlu", "finans", "finance", "финансы", "бухгалтер"},
	string(identity.MemberDelegate): {"delege", "delegate", "делегат"},
	string(identity.Consultant):     {"danışman", "consultant", "консультант"},
}

// MandateKind is how tables of people who act for municipalities are brought: whoever has
// an account gets the mandate, everybody else an account and an invitation. Who may do so
// is who may invite one by one.
func (s *Service) MandateKind(find imports.FindPlaces) imports.Kind {
	var roles []string
	for _, role := range identity.MemberRoles() {
		roles = append(roles, string(role))
	}
	return imports.Kind{Code: "mandates", Needs: identity.ManageUsers,
		Fields: append(imports.PlaceFields(),
			imports.Field{Code: mandateEmail, Required: true, Example: "baskan@susa.example", Words: []string{"e-posta", "eposta", "e-mail", "mail", "почта", "эл. почта"}},
			imports.Field{Code: mandatePerson, Example: "Ad Soyad", Words: []string{"kişi", "ad soyad", "adı soyadı", "name", "фио", "имя"}},
			imports.Field{Code: mandateRole, Required: true, ForAll: true, Options: roles, Example: "approver", Words: []string{"görev", "rol", "yetki", "роль", "должность"}},
			imports.Field{Code: mandateFrom, ForAll: true, Kind: export.Day, Example: "2024-04-01", Words: []string{"başlangıç", "start", "с", "начало"}},
			imports.Field{Code: mandateTo, ForAll: true, Kind: export.Day, Example: "2029-03-31", Words: []string{"bitiş", "end", "по", "до", "окончание"}},
			imports.Field{Code: mandateLang, ForAll: true, Options: []string{"tr", "en", "ru"}, Example: "tr", Words: []string{"dil", "lang", "язык"}},
			imports.Field{Code: "ignored", Ignored: true, Words: []string{"sıra", "no", "№", "id"}}),
		Open: func(_ context.Context, w imports.Work) (imports.Session, error) {
			return &mandateImporter{w: w, service: s, find: find, rowOf: map[mandateKey]int{}, named: map[string]bool{}}, nil
		}}
}

// mandateKey is what a mandate that runs is found by.
type mandateKey struct {
	email string // its key
	org   int64
	role  string
}

type mandateImporter struct {
	w       imports.Work
	service *Service
	find    imports.FindPlaces
	rowOf   map[mandateKey]int
	named   map[string]bool // addresses for which a row makes an account
}

// mandateDraft is a row that was read.
type mandateDraft struct {
	mandateKey
	address, name, lang string
	starts              time.Time
	ends                *time.Time // nil: until it is ended
	user                knownUser
}

// knownUser is the account that an address has; its zero value is none.
type knownUser struct {
	ID             int64
	Active, Joined bool // Joined: a password was set once
}

// runningMandate is a mandate that has not ended.
type runningMandate struct {
	ID     int64
	Starts time.Time
	Ends   *time.Time
}

// Check implements imports.Session.
func (im *mandateImporter) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	places, err := im.find.Find(ctx, im.w.Tx, rows)
	if err != nil {
		return nil, err
	}
	zones, err := im.zones(ctx, places)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(rows))
	drafts := make([]mandateDraft, len(rows))
	var keys []string
	for i, row := range rows {
		out[i] = &imports.Result{Row: row.Number}
		drafts[i] = im.read(row, places[i], zones[places[i].ID], out[i])
		keys = append(keys, drafts[i].email)
	}
	users, running, err := im.known(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		drafts[i].user = users[drafts[i].email]
		im.compare(drafts[i], out[i], running)
	}
	return out, nil
}

// zones are where the municipalities' days begin.
func (im *mandateImporter) zones(ctx context.Context, places []imports.Found) (map[int64]*time.Location, error) {
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	out := map[int64]*time.Location{}
	var id int64
	var zone string
	rows, _ := im.w.Tx.Query(ctx, `select id, zone from organisations where id = any ($1) and active`, ids)
	_, err := pgx.ForEachRow(rows, []any{&id, &zone}, func() error {
		at, err := time.LoadLocation(zone)
		if err != nil {
			at = time.UTC
		}
		out[id] = at
		return nil
	})
	return out, err
}

func (im *mandateImporter) read(row imports.Row, at imports.Found, zone *time.Location, r *imports.Result) mandateDraft {
	d := mandateDraft{address: row.Get(mandateEmail), lang: string(locale.Default), starts: im.w.Now}
	d.mandateKey = mandateKey{email: EmailKey(d.address), org: at.ID, role: ""}
	r.Title = at.Name + " · " + d.address
	switch {
	case at.Fault.Key != "":
		r.Faults = append(r.Faults, at.Fault)
	case at.ID == 0:
		r.Fault(imports.PlaceName, "imports.no_name", "")
	case zone == nil:
		r.Fault(imports.PlaceName, "imports.no_member", at.Name)
	}
	if !ValidEmail(d.address) {
		r.Fault(mandateEmail, "imports.no_email", d.address)
	}
	if d.name, _ = imports.Text(row.Get(mandatePerson), 1000); d.name != "" {
		if key := nameFault(d.name); key != "" {
			r.Fault(mandatePerson, key, "")
		}
	}
	role, ok := roleWords.Choose(row.Get(mandateRole))
	if !ok {
		r.Fault(mandateRole, "imports.no_choice", row.Get(mandateRole))
	}
	d.role = role
	if cell := row.Get(mandateLang); cell != "" {
		if d.lang = cell; !locale.Known(cell) {
			r.Fault(mandateLang, "imports.no_choice", cell)
		}
	}
	if zone != nil {
		d.days(row, zone, r)
	}
	return d
}

// days reads from and to: a mandate holds on both days, as the city counts them.
func (d *mandateDraft) days(row imports.Row, zone *time.Location, r *imports.Result) {
	midnight := func(day time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	}
	if cell := row.Get(mandateFrom); cell != "" {
		day, ok := imports.Day(cell)
		if !ok {
			r.Fault(mandateFrom, "imports.no_day", cell)
		}
		d.starts = midnight(day)
	}
	if cell := row.Get(mandateTo); cell != "" {
		day, ok := imports.Day(cell)
		ends := midnight(day.AddDate(0, 0, 1))
		if d.ends = &ends; !ok || !ends.After(d.starts) {
			r.Fault(mandateTo, "imports.no_day", cell)
		}
	}
}

// known reads which addresses have an account, and which mandates these people hold.
func (im *mandateImporter) known(ctx context.Context, keys []string) (map[string]knownUser, map[mandateKey]runningMandate, error) {
	users, running := map[string]knownUser{}, map[mandateKey]runningMandate{}
	var key mandateKey
	var u knownUser
	rows, _ := im.w.Tx.Query(ctx, `select email_key, id, active, password_hash <> '' from users where email_key = any ($1)`, keys)
	if _, err := pgx.ForEachRow(rows, []any{&key.email, &u.ID, &u.Active, &u.Joined}, func() error {
		users[key.email] = u
		return nil
	}); err != nil {
		return nil, nil, err
	}
	var m runningMandate
	rows, _ = im.w.Tx.Query(ctx, `
		select u.email_key, m.org_id, m.role, m.id, m.starts_at, nullif(m.ends_at, 'infinity')
		from mandates m join users u on u.id = m.user_id where u.email_key = any ($1) and m.ends_at > $2`, keys, im.w.Now)
	_, err := pgx.ForEachRow(rows, []any{&key.email, &key.org, &key.role, &m.ID, &m.Starts, &m.Ends}, func() error {
		running[key] = m
		m.Ends = nil
		return nil
	})
	return users, running, err
}

func (im *mandateImporter) compare(d mandateDraft, r *imports.Result, running map[mandateKey]runningMandate) {
	r.Draft = d
	if len(r.Faults) > 0 {
		r.Settle()
		return
	}
	if twin, ok := im.rowOf[d.mandateKey]; ok {
		r.Faults = append(r.Faults, imports.Fault{Field: mandateEmail, Key: "imports.twin", Value: d.address, Row: twin})
	}
	im.rowOf[d.mandateKey] = r.Row
	m, held := running[d.mandateKey]
	switch {
	case held:
		r.Target = m.ID
		if d.ends != nil {
			if m.Ends != nil {
				*m.Ends = m.Ends.In(d.ends.Location())
			}
			r.Change(mandateTo, lastDay(m.Ends), lastDay(d.ends))
		}
	case d.user.Joined && !d.user.Active:
		r.Fault(mandateEmail, "imports.account_off", d.address)
	case d.user.ID == 0 && d.name == "" && !im.named[d.email]:
		r.Fault(mandatePerson, "imports.person_missing", "")
	case d.ends != nil && !d.ends.After(im.w.Now):
		r.Fault(mandateTo, "imports.over_already", lastDay(d.ends))
	case d.ends == nil && d.role == string(identity.Consultant):
		r.Fault(mandateTo, "imports.consultant_end", "")
	default:
		r.Change(mandateEmail, "", d.address)
		r.Change(mandateRole, "", d.role)
		r.Change(mandateFrom, "", d.starts.Format(time.DateOnly))
		r.Change(mandateTo, "", lastDay(d.ends))
		if d.user.ID == 0 {
			im.named[d.email] = true
			r.Change(mandatePerson, "", d.name)
		}
	}
	r.Settle()
}

// lastDay is the last day on which a mandate holds; empty where no end is set. An end is a
// midnight of the city, so that the moment before it lies on that day.
func lastDay(ends *time.Time) string {
	if ends == nil {
		return ""
	}
	return ends.Add(-time.Second).Format(time.DateOnly)
}

// Store implements imports.Session.
func (im *mandateImporter) Store(ctx context.Context, results []*imports.Result) error {
	for _, r := range results {
		d := r.Draft.(mandateDraft)
		var err error
		if r.State == imports.Fresh {
			r.Target, err = im.give(ctx, d)
		} else {
			_, err = im.w.Tx.Exec(ctx, `update mandates set ends_at = $2, version = version + 1 where id = $1`, r.Target, d.ends)
		}
		if err != nil {
			return err
		}
		if err := im.record(ctx, r.Target, "accounts.mandate_imported", r.Changes); err != nil {
			return err
		}
	}
	return nil
}

// give makes the account where there is none, has its invitation mailed, and gives the mandate.
func (im *mandateImporter) give(ctx context.Context, d mandateDraft) (id int64, err error) {
	tx := im.w.Tx
	userID := d.user.ID
	if userID == 0 { // an earlier row may have made the account
		if err := tx.QueryRow(ctx, `select coalesce((select id from users where email_key = $1), 0)`, d.email).Scan(&userID); err != nil {
			return 0, err
		}
	}
	switch {
	case userID == 0:
		if userID, _, err = insertUser(ctx, tx, newUser{email: d.address, name: d.name, lang: d.lang}); err == nil {
			err = im.service.openLink(ctx, tx, Invitation, userID, im.w.By.UserID)
		}
	case d.user.ID != 0 && !d.user.Active: // invited once, and taken back
		if _, err = tx.Exec(ctx, `update users set active = true, version = version + 1 where id = $1`, userID); err == nil {
			err = im.service.openLink(ctx, tx, Invitation, userID, im.w.By.UserID)
		}
	}
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `
		insert into mandates (user_id, org_id, role, starts_at, ends_at, given_by, areas)
		values ($1, $2, $3, $4, coalesce($5, 'infinity'::timestamptz), nullif($6::bigint, 0), $7) returning id`,
		userID, d.org, d.role, d.starts, d.ends, im.w.By.UserID, areasOf(d.role)).Scan(&id)
	return id, err
}

// areasOf are the areas of a mandate that a table gives: a consultant's are named, and all
// that a consultant may do lies in one.
func areasOf(role string) []string {
	if role == string(identity.Consultant) {
		return []string{"requests"}
	}
	return []string{}
}

// record keeps with the person what an import gave or took.
func (im *mandateImporter) record(ctx context.Context, mandate int64, action string, changes []imports.Change) error {
	var userID int64
	if err := im.w.Tx.QueryRow(ctx, `select user_id from mandates where id = $1`, mandate).Scan(&userID); err != nil {
		return err
	}
	payload := map[string][]string{}
	for _, c := range changes {
		payload[c.Field] = []string{c.Before, c.After}
	}
	return audit.Record(ctx, im.w.Tx, audit.Entry{Actor: im.w.By, Action: action, Subject: userRef(userID), Payload: payload})
}
