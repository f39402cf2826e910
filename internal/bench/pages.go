package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// page is one that is measured. The account signs in where there is one. A path with a {}
// has the answer of the question in its place.
type page struct {
	name, path, account string
	question            string
}

const desk = "desk@union.example"

// pages are those that people open most; the first is the list that the targets speak of.
// The last page of a list is asked for as what stands before the beginning of time.
var pages = []page{
	{name: "municipalities", path: "/tr/municipalities"},
	{name: "municipalities of a country", path: "/tr/municipalities?country=TR"},
	{name: "municipality", path: "/tr/municipalities/canakkale"},
	{name: "home", path: "/tr/"},
	{name: "events", path: "/tr/events"},
	{name: "bulletins", path: "/tr/bulletins"},
	{name: "article", path: "/tr/articles/{}", question: `select slug from translations where kind = 'article' and lang = 'tr' and live_version is not null order by subject_id limit 1`},
	{name: "projects", path: "/tr/projects"},
	{name: "search", path: "/tr/search?q=su"},
	{name: "municipalities, signed in", path: "/tr/municipalities", account: desk},
	{name: "desk: requests", path: "/tr/desk/requests", account: desk},
	{name: "inbox-first", path: "/tr/desk/requests?scope=all", account: desk},
	{name: "inbox-deep", path: "/tr/desk/requests?scope=all&before=1.0", account: desk},
	{name: "inbox-filtered", path: "/tr/desk/requests?scope=all&state=declined&country=TR", account: desk},
	{name: "inbox-filtered, deep", path: "/tr/desk/requests?scope=all&state=declined&country=TR&before=1.0", account: desk},
	{name: "inbox-text", path: "/tr/desk/requests?scope=all&q=k%C3%BCt%C3%BCphane", account: desk},
	{name: "case", path: "/tr/desk/requests/{}", account: desk,
		question: `select s.public_id from requests r join subjects s on s.id = r.id where r.state = 'in_review' order by r.id limit 1`},
	{name: "desk: users", path: "/tr/desk/users", account: "admin@union.example"},
}

// driven is one page with what is needed to drive it, and what was measured.
type driven struct {
	page
	cookie    string
	script    *script // its statements for pgbench; nil where it has none
	loads     []load
	rates     []float64 // pgbench, transactions a second
	appCPU    []float64 // microseconds a request
	serverCPU []float64
}

// prepareDrives signs in where needed and records each page's statements. A page that does
// not answer is a fault: left out, nobody would miss it.
func (r *run) prepareDrives(ctx context.Context) ([]*driven, error) {
	if err := r.awaitQuiet(ctx); err != nil {
		return nil, err
	}
	var list []*driven
	for _, p := range pages {
		var err error
		if p.path, err = r.ask(ctx, p); err != nil {
			return nil, err
		}
		d := &driven{page: p}
		if p.account != "" {
			if d.cookie, err = r.portal.signIn(ctx, p.account); err != nil {
				return nil, err
			}
		}
		if status, err := r.portal.get(ctx, p.path, d.cookie); err != nil || status != 200 {
			return nil, fmt.Errorf("%s answers %d: %w", p.path, status, err)
		}
		if d.script, err = r.record(ctx, d); err != nil {
			return nil, fmt.Errorf("record the statements of %s: %w", p.path, err)
		}
		list = append(list, d)
	}
	return list, nil
}

// awaitQuiet waits until the queue has done what the demonstration left it: its statements
// would stand among those of the pages.
func (r *run) awaitQuiet(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for range 120 {
		var waiting int
		err := conn.QueryRow(ctx, `select count(*) from river_job where state in ('available', 'running', 'retryable')`).Scan(&waiting)
		if err != nil || waiting == 0 {
			return err
		}
		time.Sleep(time.Second)
	}
	return errors.New("the queue does not come to rest")
}

// ask puts the answer of a page's question into its path.
func (r *run) ask(ctx context.Context, p page) (string, error) {
	if p.question == "" {
		return p.path, nil
	}
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var answer string
	if err := conn.QueryRow(ctx, p.question).Scan(&answer); err != nil {
		return "", fmt.Errorf("%s: %w", p.name, err)
	}
	return strings.Replace(p.path, "{}", answer, 1), nil
}

// take measures the page once, and the same statements once.
func (d *driven) take(ctx context.Context, r *run) error {
	before, err := r.processTimes()
	if err != nil {
		return err
	}
	l, err := drive(ctx, r.Options, r.portal.url+d.path, d.cookie)
	if err != nil {
		return err
	}
	after, err := r.processTimes()
	if err != nil {
		return err
	}
	d.loads = append(d.loads, l)
	d.appCPU = append(d.appCPU, (after.app-before.app)/float64(l.Requests))
	d.serverCPU = append(d.serverCPU, (after.server-before.server)/float64(l.Requests))
	if d.script == nil {
		return nil
	}
	rate, err := d.script.run(ctx, r)
	d.rates = append(d.rates, rate)
	return err
}

func (d *driven) figures() Page {
	p := Page{Name: d.name, Path: d.path, SignedIn: d.account != "", AppCPU: median(d.appCPU), DatabaseCPU: median(d.serverCPU)}
	for _, each := range []struct {
		into *float64
		of   func(load) float64
	}{
		{&p.PerSecond, func(l load) float64 { return l.PerSecond }},
		{&p.P50, func(l load) float64 { return l.P50 }},
		{&p.P99, func(l load) float64 { return l.P99 }},
	} {
		var values []float64
		for _, l := range d.loads {
			values = append(values, each.of(l))
		}
		*each.into = median(values)
	}
	if d.script != nil {
		p.Statements = len(d.script.statements)
		p.Database = median(d.rates)
		p.Ratio = p.PerSecond / p.Database
	}
	return p
}
