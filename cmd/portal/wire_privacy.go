package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/imports"
	official "github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/internal/requests"
	catalogue "github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// personalParts is what every part of the portal keeps about people. Accounts come last: the
// others look at the person's row and mandates while they forget.
func personalParts() []personal.Part {
	return []personal.Part{privacy.Personal(), absences.Personal(), requests.Personal(), opinions.Personal(), circulars.Personal(), catalogue.Personal(), membership.Personal(), organs.Personal(), dues.Personal(), imports.Personal(),
		profiles.Personal(), mailings.Personal(), official.Personal(),
		links.Personal(), supports.Personal(), mailin.Personal(), replies.Personal(),
		messages.Personal(), tasks.Personal(), workflow.Personal(), forms.Personal(), translations.Personal(), documents.Personal(),
		notify.Personal(), audit.Personal(), accounts.Personal()}
}

// newPrivacy makes the service; archives lie beside the documents.
func newPrivacy(cfg config.Config, db postgres.DB, files *documents.Service) (*privacy.Service, error) {
	options := privacy.Options{Parts: personalParts(), Fresh: accounts.Fresh, Content: files.Content}
	if cfg.StorageURL != "" {
		store, err := blob.Open(cfg.StorageURL)
		if err != nil {
			return nil, err
		}
		options.Store, options.Spool = store, filepath.Join(cfg.DataDir, "spool")
	}
	return privacy.New(db, time.Now, options), nil
}

// registerPrivacy gives the queue the work on personal data.
func (a *app) registerPrivacy(s services) {
	river.AddWorker(a.Workers, &privacy.ExportWorker{Privacy: s.privacy})
	river.AddWorker(a.Workers, &privacy.TidyWorker{Privacy: s.privacy})
	river.AddWorker(a.Workers, &privacy.LetterWorker{Send: func(ctx context.Context, l privacy.Letter) error {
		letter, err := s.letters.FromPrivacy(ctx, l)
		if err != nil {
			return err
		}
		return s.sender.Send(ctx, letter)
	}})
	a.Periodic = append(a.Periodic, every(time.Hour, privacy.TidyArgs{}))
}
