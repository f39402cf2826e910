package main

import (
	"time"

	"github.com/birlik/portal/internal/absences"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/web/absencepages"
)

// newAbsencePages makes the pages of who is away, and of handing cases over.
func newAbsencePages(cfg config.Config, s services) *absencepages.Handler {
	zone := cfg.Union.Location()
	return absencepages.New(absences.New(s.db, zone, time.Now), s.requests, zone, time.Now)
}
