package main

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/organpages"
)

// newOrganPages makes the pages of organs; the site's text about them introduces their list.
func newOrganPages(cfg config.Config, s services) *organpages.Handler {
	h := organpages.New(s.organs, s.documents, cfg.Union.Names(), cfg.Union.Location(), time.Now)
	h.Intro = func(ctx context.Context, actor identity.Actor, lang locale.Lang) (translations.Page, error) {
		return s.publications.Page(ctx, actor, lang, "organs")
	}
	return h
}
