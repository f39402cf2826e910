package main

import (
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/web/cataloguepages"
)

// newCataloguePages makes the pages on which staff keep services, offices and holidays.
func newCataloguePages(cfg config.Config, s services) *cataloguepages.Handler {
	return cataloguepages.New(s.catalogue, workdays.NewService(s.db), cfg.Union.Location(), time.Now)
}
