package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/imports"
	official "github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/requests"
	catalogue "github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web"
	"github.com/birlik/portal/web/mails"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// app is the wired portal.
type app struct {
	Handler    chi.Router
	Workers    *river.Workers
	Periodic   []*river.PeriodicJob
	Background []func(ctx context.Context) // run beside the server until it has stopped
	// Seed fills in the demonstration data once, and returns the accounts, one line each.
	Seed func(ctx context.Context) (string, error)
}

// services are the areas and what they share.
type services struct {
	db             postgres.DB
	accounts       *accounts.Service
	municipalities *municipalities.Service
	membership     *membership.Service
	documents      *documents.Service
	requests       *requests.Service
	projects       *projects.Service
	publications   *publications.Service
	events         *events.Service
	organs         *organs.Service
	imports        *imports.Service
	dues           *dues.Service
	profiles       *profiles.Service
	privacy        *privacy.Service
	mailings       *mailings.Service
	papers         *official.Service
	catalogue      *catalogue.Catalogue
	supports       *supports.Service
	opinions       *opinions.Service
	circulars      *circulars.Service
	mailin         *mailin.Service
	replies        *replies.Service
	inbox          *mail.Inbox
	letters        mails.Frame
	sender         mail.Sender
}

// newApp wires everything: all services, registrations and routes, and nothing else.
func newApp(_ context.Context, cfg config.Config, pools *postgres.Pools) (*app, error) {
	page.ErrorPage = ui.ErrorPage
	s, err := newServices(cfg, pools)
	if err != nil {
		return nil, err
	}
	a := &app{Workers: river.NewWorkers()}
	a.register(cfg, pools, s)
	a.Handler = web.Routes(site(cfg), a.keep(cfg, pools, limits(cfg, pools)), pages(cfg, s))
	a.Seed = func(ctx context.Context) (string, error) { return seed(ctx, cfg, pools) }
	return a, nil
}

func newServices(cfg config.Config, pools *postgres.Pools) (services, error) {
	s := services{db: pools, accounts: newAccounts(cfg, pools), municipalities: municipalities.New(pools, time.Now),
		publications: publications.New(pools, time.Now), letters: letters(cfg)}
	var err error
	if s.documents, err = newDocuments(cfg, pools); err != nil {
		return s, err
	}
	if s.privacy, err = newPrivacy(cfg, pools, s.documents); err != nil {
		return s, err
	}
	s.requests, s.projects = newRequests(cfg, pools)
	s.opinions = newOpinions(cfg, pools, s.requests)
	s.circulars = newCirculars(cfg, pools)
	s.documents.Rights[subject.Circular] = s.circulars.MayRead
	s.catalogue = catalogue.New(pools, requests.Rules(), time.Now)
	s.supports = supports.New(pools, grantedOn{s.requests}, cfg.Union.Location(), time.Now)
	s.events = events.New(pools, time.Now)
	s.organs = organs.New(pools, cfg.Union.Location(), time.Now)
	s.documents.Rights[subject.Meeting] = s.organs.MayRead
	s.imports = newImports(pools, s.accounts, s.requests)
	s.membership = membership.New(pools, toRegister{s.accounts}, cfg.Union.Location(), time.Now)
	s.documents.Rights[subject.Application] = s.membership.MayRead
	s.profiles = profiles.New(pools, profileRegister{}, cfg.Union.Location(), time.Now)
	s.dues = dues.New(pools, cfg.Union.Location(), time.Now)
	s.documents.Rights[subject.Request] = s.requests.MayRead
	s.papers = official.New(pools, books{s.membership, s.dues}, cfg.Union.Names(), cfg.Union.Location(), time.Now)
	s.membership.Letters = asLetters{s.papers}
	s.mailings = mailings.New(pools, asMailed{s.membership}, cfg.MailingPerMinute, time.Now)
	s.mailings.Agree = func(ctx context.Context, tx pgx.Tx, userID int64, wants bool) error {
		return s.privacy.ChooseByLink(ctx, tx, userID, privacy.News, wants)
	}
	s.mailin = newMailIn(cfg, pools, s)
	s.replies = replies.New(pools, time.Now)
	if cfg.SMTPURL == "" {
		s.inbox = mail.NewInbox(pools.Owner)
		s.sender = s.inbox
		return s, nil
	}
	smtp, err := mail.NewSMTP(cfg.SMTPURL)
	s.sender = smtp
	return s, err
}

// newDocuments opens the store. Files are looked at in a folder of ours, because a
// container's own may be read-only.
func newDocuments(cfg config.Config, db postgres.DB) (*documents.Service, error) {
	options := documents.Options{MaxBytes: int64(cfg.UploadMB) << 20, Clamd: cfg.Clamd}
	if cfg.StorageURL == "" { // the list of routes is asked for, not a file
		return documents.New(db, nil, options), nil
	}
	store, err := blob.Open(cfg.StorageURL)
	if err != nil {
		return nil, err
	}
	options.Spool = filepath.Join(cfg.DataDir, "spool")
	if err := os.MkdirAll(options.Spool, 0o700); err != nil {
		return nil, fmt.Errorf("PORTAL_DATA_DIR: %w", err)
	}
	return documents.New(db, store, options), nil
}

// register gives the queue its workers.
func (a *app) register(cfg config.Config, pools *postgres.Pools, s services) {
	engine := notify.NewEngine(pools.Owner, host(cfg), func(ctx context.Context, n notify.Note) error {
		letter, err := s.letters.FromNote(ctx, n)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	}, slices.Concat(s.requests.Rules(), s.membership.Rules(), s.dues.LetterRules(), s.profiles.Rules(), s.privacy.Rules(), s.papers.Rules(), s.supports.Rules(), absences.Rules(), s.circulars.Rules())...)
	engine.WithDigest(func(ctx context.Context, d notify.Digest) error {
		letter, err := s.letters.FromDigest(ctx, d)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	})
	notify.Register(a.Workers, engine)
	a.Periodic = append(a.Periodic, every(15*time.Minute, notify.GatherArgs{}))
	river.AddWorker(a.Workers, &audit.Sealer{DB: pools})
	a.Periodic = append(a.Periodic, every(time.Minute, audit.SealArgs{}))
	river.AddWorker(a.Workers, &documents.SweepWorker{Documents: s.documents})
	a.Periodic = append(a.Periodic, every(time.Hour, documents.SweepArgs{}))
	river.AddWorker(a.Workers, &translations.DueWorker{DB: pools, Now: time.Now, Show: map[subject.Kind]translations.Show{
		subject.Issue: s.publications.PublishDue, subject.Article: s.publications.PublishDue, subject.SitePage: s.publications.PublishDue,
	}})
	a.Periodic = append(a.Periodic, every(time.Minute, translations.DueArgs{}))
	a.registerImports(s)
	a.registerMembership(s)
	a.registerProfiles(s)
	a.registerPrivacy(s)
	a.registerMailings(s)
	a.registerSupports(s)
	a.registerCirculars(s)
	a.registerMailIn(cfg, s)
	a.registerFigures(s)
	river.AddWorker(a.Workers, &requests.AlarmWorker{Requests: s.requests})
	a.Periodic = append(a.Periodic, every(time.Hour, requests.AlarmArgs{}))
	river.AddWorker(a.Workers, &accounts.ResetWorker{Accounts: s.accounts})
	river.AddWorker(a.Workers, &accounts.LetterWorker{Accounts: s.accounts, Send: func(ctx context.Context, l accounts.Letter) error {
		letter, err := s.letters.FromAccount(ctx, l)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	}})
	river.AddWorker(a.Workers, &accounts.TidyWorker{Accounts: s.accounts})
	a.Periodic = append(a.Periodic, river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
		func() (river.JobArgs, *river.InsertOpts) { return accounts.TidyArgs{}, nil }, nil))
	river.AddWorker(a.Workers, &dues.RunWorker{Dues: s.dues})
	river.AddWorker(a.Workers, &dues.RemindWorker{Dues: s.dues})
	river.AddWorker(a.Workers, &dues.AnnounceWorker{Dues: s.dues})
	river.AddWorker(a.Workers, &accounts.LinkWorker{Accounts: s.accounts, Send: func(ctx context.Context, m accounts.LinkMail) error {
		letter, err := s.letters.FromLink(ctx, m)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	}})
}

func site(cfg config.Config) web.Site {
	u := cfg.Union
	return web.Site{BaseURL: cfg.BaseURL, Demo: cfg.Mode == config.Demo, Minutes: int(accounts.IdleTimeout.Minutes()),
		Union: ui.Union{Name: u.Names(), ShortName: u.ShortName, Email: u.Email, Phone: u.Phone, Address: u.Address}}
}

func limits(cfg config.Config, pools *postgres.Pools) web.Limits {
	return web.Limits{Production: cfg.Mode == config.Production, Trusted: cfg.TrustedProxies, RatePerMinute: cfg.RatePerMinute,
		Home: cfg.Union.Location(), Now: time.Now, DB: pools}
}

// keep gives the way in its page cache, and listens to what makes pages stale.
func (a *app) keep(cfg config.Config, pools *postgres.Pools, l web.Limits) web.Limits {
	if cfg.PageCacheMB > 0 {
		store := freshness.NewStore(cfg.PageCacheMB << 20)
		l.Cache = page.NewCache(store, l.Home, l.Now)
		a.Background = append(a.Background, func(ctx context.Context) { freshness.Listen(ctx, pools.Owner, store) })
	}
	return l
}

func letters(cfg config.Config) mails.Frame {
	return mails.Frame{From: cfg.Union.MailFrom, BaseURL: cfg.BaseURL, Host: host(cfg), Union: cfg.Union.Names()}
}

// every is a job that comes again.
func every(d time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(d),
		func() (river.JobArgs, *river.InsertOpts) { return args, nil }, nil)
}

// host is the portal's name, for Message-IDs.
func host(cfg config.Config) string {
	u, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return "portal"
	}
	return u.Hostname()
}

// secure reports whether readers come by https.
func secure(cfg config.Config) bool {
	u, err := url.Parse(cfg.BaseURL)
	return err == nil && u.Scheme == "https"
}
