// Package dues keeps what members owe: rules by year, assessments, payments, waivers and
// what is late. What was issued never changes.
package dues

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Service is everything that can be done with dues.
type Service struct {
	db   postgres.DB
	zone *time.Location // of the union, whose days count
	now  func() time.Time
}

// New makes the service.
func New(db postgres.DB, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, zone: zone, now: now}
}

// today is the union's day, as dates are stored.
func (s *Service) today() time.Time {
	now := s.now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

type repository struct{ db postgres.Querier }

func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: ref, Payload: payload})
}

// recordUnion records what belongs to no single record, on the union itself.
func (s *Service) recordUnion(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, payload any) error {
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, subject.Ref{Kind: subject.Organisation, ID: union}, action, payload)
}

func assessmentRef(id int64) subject.Ref { return subject.Ref{Kind: subject.Assessment, ID: id} }
