package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Dues is a year's dues of every member, in seconds, and what issuing takes for 10,000.
type Dues struct {
	Members     int     `json:"members"`
	DryRun      float64 `json:"dry_run_s"`
	Issue       float64 `json:"issue_s"`
	PerTenThous float64 `json:"issue_10k_s"`
}

// mostDues is up to how many records dues are issued: a union's members, not the world's.
const mostDues = 135_000

// benchRules have a line of every costly kind.
const benchRules = `{"rule":"band","missing":"next","bands":[{"below":20000,"amount":"200"},{"below":100000,"amount":"500"},{"amount":"1200"}]}
{"rule":"flat","amount":"200"}
{"rule":"prorata","by":"month"}
{"rule":"discount","percent":"5"}
`

// measureDues counts and issues the dues of a year that has none yet.
func (r *run) measureDues(ctx context.Context) error {
	if r.Records > mostDues {
		return nil
	}
	r.Say("dues")
	pools, err := postgres.Open(ctx, postgres.Options{URL: r.server.URL()})
	if err != nil {
		return err
	}
	defer pools.Close()
	var year int
	if err := pools.Owner.QueryRow(ctx, `select 1 + greatest(2099, max(year)) from dues_years`).Scan(&year); err != nil {
		return err
	}
	service := dues.New(pools, time.UTC, time.Now)
	day := time.Date(year, 6, 30, 0, 0, 0, 0, time.UTC)
	faults, err := service.SaveRules(ctx, identity.Worker(), dues.RulesInput{Year: year, Currency: "EUR", DueOn: day, RatesOn: day, Text: benchRules})
	if err != nil {
		return fmt.Errorf("rules: %w (%v)", err, faults)
	}
	began := time.Now()
	run, err := service.DryRun(ctx, identity.Worker(), locale.TR, year)
	if err != nil {
		return err
	}
	d := Dues{Members: run.Totals.Members, DryRun: time.Since(began).Seconds()}
	began = time.Now()
	issued, err := service.IssueNow(ctx, identity.Worker(), year)
	if err != nil {
		return err
	}
	d.Issue = time.Since(began).Seconds()
	d.PerTenThous = d.Issue * 10_000 / float64(max(1, issued.Issued))
	r.report.Dues = d
	return nil
}

// String is the report's line; nothing where dues were not measured.
func (d Dues) String() string {
	if d.Members == 0 {
		return ""
	}
	return fmt.Sprintf("dues of %s members: counted in %.2f s, issued in %.2f s (10,000 in %.2f s)\n", grouped(d.Members), d.DryRun, d.Issue, d.PerTenThous)
}
