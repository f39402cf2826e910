package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/events"
	official "github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/publications"
)

// seedCommand fills in the demonstration data, and prints the accounts when asked.
func seedCommand(ctx context.Context, args []string) error {
	flags := flagSet("seed", "")
	demonstration := flags.Bool("demo", false, "fill in the demonstration data")
	list := flags.Bool("accounts", false, "print the demonstration accounts: role, e-mail, password")
	if err := parse(flags, args); err != nil {
		return err
	}
	if !*demonstration {
		return fmt.Errorf("say --demo: there is nothing else to fill in")
	}
	return withDatabase(ctx, config.LoadBeside, func(cfg config.Config, pools *postgres.Pools) error {
		if !cfg.Forgiving() {
			return fmt.Errorf("demonstration data and accounts do not belong in production; set PORTAL_MODE=demo")
		}
		if _, err := seed(ctx, cfg, pools); err != nil {
			return err
		}
		if *list {
			fmt.Print(accountLines("", "\t"))
		}
		return nil
	})
}

// seed fills in what is missing, and returns the accounts as the greeting shows them.
// The forms and services of this version come first: deadlines are theirs.
func seed(ctx context.Context, cfg config.Config, pools *postgres.Pools) (string, error) {
	if err := publishForms(ctx, pools); err != nil {
		return "", err
	}
	cases := demo.Cases{Zone: cfg.Union.Location(), Now: time.Now()}
	cases.Requests, cases.Projects = newRequests(cfg, pools)
	files, err := newDocuments(cfg, pools)
	if err != nil {
		return "", err
	}
	people := accounts.New(pools, time.Now)
	own, err := newPrivacy(cfg, pools, files)
	if err != nil {
		return "", err
	}
	members := membership.New(pools, toRegister{people}, cfg.Union.Location(), time.Now)
	papers := official.New(pools, books{members, dues.New(pools, cfg.Union.Location(), time.Now)}, cfg.Union.Names(), cfg.Union.Location(), time.Now)
	err = demo.Seed(ctx, demo.Services{DB: pools, Accounts: people, Cases: cases, Documents: files, Privacy: own,
		Profiles:   profiles.New(pools, profileRegister{}, cfg.Union.Location(), time.Now),
		Membership: members, Mailings: mailings.New(pools, asMailed{members}, cfg.MailingPerMinute, time.Now), Letters: papers,
		Publications: publications.New(pools, time.Now), Events: events.New(pools, time.Now),
		Opinions: func(now func() time.Time) *opinions.Service {
			return opinions.New(pools, cfg.Union.Names(), cfg.Union.Location(), now)
		},
		Circulars: func(now func() time.Time) *circulars.Service {
			return circulars.New(pools, cfg.Union.Names(), cfg.Union.Location(), now)
		},
		Organs: organs.New(pools, cfg.Union.Location(), time.Now), Now: time.Now})
	return accountLines("    ", "  "), err
}

func accountLines(before, between string) string {
	var b strings.Builder
	for _, a := range demo.Accounts() {
		b.WriteString(before + strings.Join([]string{string(a.Role), a.Email, a.Password}, between) + "\n")
	}
	return b.String()
}
