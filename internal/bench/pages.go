package bench

import (
	"context"
	"fmt"
)

// page is one that is measured. The account signs in where there is one.
type page struct {
	name, path, account string
}

// pages are those that people open most; the first is the list that the targets speak of.
var pages = []page{
	{"municipalities", "/tr/municipalities", ""},
	{"municipalities of a country", "/tr/municipalities?country=TR", ""},
	{"municipality", "/tr/municipalities/canakkale", ""},
	{"home", "/tr/", ""},
	{"events", "/tr/events", ""},
	{"bulletins", "/tr/bulletins", ""},
	{"projects", "/tr/projects", ""},
	{"municipalities, signed in", "/tr/municipalities", "desk@union.example"},
	{"desk: requests", "/tr/desk/requests", "desk@union.example"},
	{"desk: users", "/tr/desk/users", "admin@union.example"},
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

// prepareDrives signs in where needed and records each page's statements. A page that
// does not exist (an area that is not built) is left out, and said so.
func (r *run) prepareDrives(ctx context.Context) ([]*driven, error) {
	var list []*driven
	for _, p := range pages {
		d := &driven{page: p}
		var err error
		if p.account != "" {
			if d.cookie, err = r.portal.signIn(ctx, p.account); err != nil {
				return nil, err
			}
		}
		if status, err := r.portal.get(ctx, p.path, d.cookie); err != nil || status != 200 {
			r.Say(fmt.Sprintf("%s answers %d and is left out", p.path, status))
			continue
		}
		if d.script, err = r.record(ctx, d); err != nil {
			return nil, fmt.Errorf("record the statements of %s: %w", p.path, err)
		}
		list = append(list, d)
	}
	return list, nil
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
