package main

import (
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/web/intakepages"
)

// newIntakePages makes the pages on which staff register what came outside the portal.
func newIntakePages(cfg config.Config, s services) *intakepages.Handler {
	return intakepages.New(s.requests, s.documents, cfg.Union.Location())
}
