package requests

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/internal/workflow"
)

// cityClock are the steps in which the city acts, on its own country's calendar.
func cityClock(s workflow.State) bool { return s == InformationRequested || s == Delivered }

// calendar is the union's, or that of the country that asks.
func (s *Service) calendar(ctx context.Context, q postgres.Querier, r Request, state workflow.State) (workdays.Calendar, error) {
	code := s.Country
	if cityClock(state) {
		if err := q.QueryRow(ctx, `select code from countries where id = $1`, r.CountryID).Scan(&code); err != nil {
			return workdays.Calendar{}, postgres.Explain(err, "requests.not_found")
		}
	}
	return workdays.Of(ctx, q, code, s.Today())
}

// schedule gives a request that has just moved the date of its new step. While the city is
// asked, the clock of the review stands: what was left of its days goes on afterwards. While
// another office is asked, it runs on.
func (s *Service) schedule(ctx context.Context, q postgres.Querier, r *Request, before workflow.State) error {
	left, back, due := r.LeftDays, r.BackDueAt, r.DueAt
	r.LeftDays, r.BackDueAt, r.DueAt, r.Alarm = nil, nil, nil, 0
	days := r.flow.Days(r.State)
	switch {
	case before == InReview && r.State == InformationRequested && due != nil:
		n, err := s.left(ctx, q, *r, *due)
		if err != nil {
			return err
		}
		r.LeftDays = &n
	case before == InReview && r.State == CoOpinion:
		r.BackDueAt = due
	case before == CoOpinion && r.State == InReview && back != nil:
		r.DueAt = back
		return nil
	case before == InformationRequested && r.State == InReview && left != nil:
		return s.dueIn(ctx, q, r, *left)
	}
	if days == 0 {
		return nil
	}
	return s.dueIn(ctx, q, r, days)
}

// left is how many working days of a step are left today.
func (s *Service) left(ctx context.Context, q postgres.Querier, r Request, due time.Time) (int, error) {
	calendar, err := s.calendar(ctx, q, r, InReview)
	return calendar.Between(s.Today(), due.In(s.zone)), err
}

// dueIn sets the date n working days from today.
func (s *Service) dueIn(ctx context.Context, q postgres.Querier, r *Request, n int) error {
	calendar, err := s.calendar(ctx, q, *r, r.State)
	if err != nil {
		return err
	}
	due := s.endOfDay(calendar.After(s.Today(), n))
	r.DueAt = &due
	return nil
}

// Suggest is the day by which the city could answer a question that is asked today.
func (s *Service) Suggest(ctx context.Context, q postgres.Querier, r Request) (time.Time, error) {
	calendar, err := s.calendar(ctx, q, r, InformationRequested)
	return calendar.After(s.Today(), max(1, r.flow.Days(InformationRequested))), err
}

// Today is the day in the union's zone, by which answers and dates are checked.
func (s *Service) Today() time.Time { return s.now().In(s.zone) }

func (s *Service) endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, s.zone)
}
