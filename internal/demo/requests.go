package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
)

// Cases are the services that requests and projects are found through, and the clock by
// which they are spread.
type Cases struct {
	Requests *requests.Service
	Projects *projects.Service
	Zone     *time.Location // the union's
	Now      time.Time
}

// addOffices makes the mailboxes of the towns; nobody signs in with them.
func addOffices(ctx context.Context, db postgres.DB, service *accounts.Service) error {
	for name, t := range towns {
		for role, office := range map[identity.Role]string{identity.MemberEditor: t.editor, identity.MemberApprover: t.mayor} {
			grants, err := Account{Role: role, Email: mailbox(role, t), cities: []string{t.source}, asks: t.body}.grants(ctx, db)
			if err != nil {
				return err
			}
			_, err = service.Create(ctx, identity.Worker(), accounts.NewAccount{Email: mailbox(role, t), Name: office, Lang: interfaceLang(t.lang),
				Zone: "Europe/Istanbul", Grants: grants})
			if err != nil {
				return fmt.Errorf("mailbox of %s: %w", name, err)
			}
		}
	}
	return nil
}

func mailbox(role identity.Role, t town) string {
	switch {
	case t.body != "" && role == identity.MemberApprover:
		return "legal@" + t.mail
	case t.body != "":
		return "desk@" + t.mail
	}
	if role == identity.MemberApprover {
		return "mayor@" + t.mail
	}
	return "editor@" + t.mail
}

// interfaceLang is the language of the portal that a town's offices read best.
func interfaceLang(lang string) string {
	switch lang {
	case "kk", "ky", "uz", "ru":
		return "ru"
	}
	return "tr"
}

// writer fills in the requests, in one transaction.
type writer struct {
	tx       pgx.Tx
	cases    Cases
	batch    *pgx.Batch
	users    map[string]int64 // by e-mail
	towns    map[string]spot
	union    int64
	form     int // version of the form
	live     services.Service
	projects []int64
}

// spot is a town's row.
type spot struct {
	id, country int64
	lat, lon    float64
}

// addBureaus lets the demonstration's staff belong to offices; some offices stay without
// people, so that their work is seen at the desk.
func addBureaus(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		insert into staff_offices (user_id, office, starts_at)
		select u.id, x.office, now() - interval '1 year' from (values ('desk@union.example', 'projects'), ('head@union.example', 'legal'),
			('finance@union.example', 'finance')) x (email, office) join users u on u.email = x.email
		where not exists (select from staff_offices)
		on conflict do nothing`)
	return err
}

// Requests fills in the requests and the projects that they became, unless there are
// requests already.
func Requests(ctx context.Context, tx pgx.Tx, c Cases) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from requests)`).Scan(&there); err != nil || there {
		return err
	}
	w := &writer{tx: tx, cases: c, batch: &pgx.Batch{}, users: map[string]int64{}, towns: map[string]spot{}}
	if err := w.read(ctx); err != nil {
		return err
	}
	list := files()
	ids, err := w.subjects(ctx, list)
	if err != nil {
		return err
	}
	for i, f := range list {
		if err := w.write(ctx, i, f, ids[i]); err != nil {
			return fmt.Errorf("%s of %s: %w", f.theme, f.town, err)
		}
	}
	if err := tx.SendBatch(ctx, w.batch).Close(); err != nil {
		return err
	}
	var all []int64
	for _, id := range ids {
		all = append(all, id.request)
	}
	if err := c.Requests.Reindex(ctx, tx, all); err != nil {
		return err
	}
	return c.Projects.Reindex(ctx, tx, w.projects)
}

// read looks up what the rows refer to.
func (w *writer) read(ctx context.Context) error {
	sources := map[string]string{}
	var list []string
	for name, t := range towns {
		sources[t.source] = name
		list = append(list, t.source)
	}
	rows, _ := w.tx.Query(ctx, `select source_id, id, country_id, lat, lon from municipalities where source_id = any($1)`, list)
	var source string
	var p spot
	_, err := pgx.ForEachRow(rows, []any{&source, &p.id, &p.country, &p.lat, &p.lon}, func() error {
		w.towns[sources[source]] = p
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.bodies(ctx); err != nil {
		return err
	}
	rows, _ = w.tx.Query(ctx, `select email, id from users`)
	var email string
	var id int64
	if _, err := pgx.ForEachRow(rows, []any{&email, &id}, func() error { w.users[email] = id; return nil }); err != nil {
		return err
	}
	var version int
	if version, err = forms.Publish(ctx, w.tx, requests.Form()); err != nil {
		return err
	}
	w.form = version
	if w.live, err = services.Open(ctx, w.tx, requests.ProjectSupport); err != nil {
		return err
	}
	return w.tx.QueryRow(ctx, `select union_id()`).Scan(&w.union)
}

// bodies finds the governments that ask.
func (w *writer) bodies(ctx context.Context) error {
	rows, _ := w.tx.Query(ctx, `select name, id, country_id from organisations where kind = 'government'`)
	var body string
	var p spot
	_, err := pgx.ForEachRow(rows, []any{&body, &p.id, &p.country}, func() error {
		for name, t := range towns {
			if t.body == body {
				w.towns[name] = p
			}
		}
		return nil
	})
	return err
}

// trio are the subjects of a request, of the decision about it and of its project; 0: none.
type trio struct{ request, decision, project int64 }

// subjects makes the subjects of all files.
func (w *writer) subjects(ctx context.Context, list []file) ([]trio, error) {
	out := make([]trio, len(list))
	batch := &pgx.Batch{}
	add := func(kind string, org int64, into *int64) {
		batch.Queue(`insert into subjects (kind, org_id, public_id) values ($1, $2, $3) returning id`, kind, org, subject.NewPublicID()).
			QueryRow(func(row pgx.Row) error { return row.Scan(into) })
	}
	for i, f := range list {
		org := w.towns[f.town].id
		if org == 0 {
			return nil, fmt.Errorf("the town %s is not there", f.town)
		}
		add("request", org, &out[i].request)
		if outcome(f.end) != "" {
			add("decision", w.union, &out[i].decision)
		}
		if f.grown.state != "" {
			add("project", org, &out[i].project)
		}
	}
	return out, w.tx.SendBatch(ctx, batch).Close()
}

// sums are a project's cost and the municipality's share, in the town's currency.
func (f file) sums(n int) (cost, own string) {
	t := towns[f.town]
	dollars := themes[f.theme].dollars * (90 + n*7%25) / 100
	whole := dollars * t.rate / 1000 * 1000
	return strconv.Itoa(whole), strconv.Itoa(whole / (4 + n%3) / 100 * 100)
}

// words are what the file is called in the town's language, or in the nearest one that the
// theme knows.
func (f file) words() (lang string, w words) {
	lang = towns[f.town].lang
	if found, ok := themes[f.theme].in[lang]; ok {
		return lang, found
	}
	lang = interfaceLang(lang)
	return lang, themes[f.theme].in[lang]
}
