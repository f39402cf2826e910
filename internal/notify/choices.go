package notify

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Pace is how fast somebody wants to be told.
type Pace string

// The paces.
const (
	Now    Pace = "now"
	Daily  Pace = "daily"
	Weekly Pace = "weekly"
)

// Paces lists them, the fastest first.
func Paces() []Pace { return []Pace{Now, Daily, Weekly} }

// Topics are what a pace can be chosen for: the areas that events' names begin with. An
// event of another area is told at once.
func Topics() []string { return []string{"requests", "membership", "dues", "letters", "circulars"} }

// topicOf is "requests" of "requests.submitted".
func topicOf(event string) string {
	topic, _, _ := strings.Cut(event, ".")
	return topic
}

// Choices reads and stores what people chose for themselves.
type Choices struct{ DB postgres.DB }

// Of is the actor's pace by topic; what was never chosen is Now. Errors: sign_in.
func (c Choices) Of(ctx context.Context, actor identity.Actor) (map[string]Pace, error) {
	if !actor.SignedIn() {
		return nil, apperr.New(apperr.SignIn, "error.sign_in")
	}
	out := map[string]Pace{}
	for _, topic := range Topics() {
		out[topic] = Now
	}
	err := c.DB.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select topic, pace from notification_choices where user_id = $1`, actor.UserID)
		var topic string
		var pace Pace
		_, err := pgx.ForEachRow(rows, []any{&topic, &pace}, func() error {
			out[topic] = pace
			return nil
		})
		return err
	})
	return out, postgres.Explain(err, "error.not_found")
}

// Save stores the actor's pace by topic. What already waits for a letter of a topic that is
// told at once from now on leaves with the next one.
// Errors: sign_in, invalid (by topic).
func (c Choices) Save(ctx context.Context, actor identity.Actor, chosen map[string]Pace) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	fields := map[string]string{}
	for topic, pace := range chosen {
		if !slices.Contains(Topics(), topic) || !slices.Contains(Paces(), pace) {
			fields[topic] = "notify.choose_pace"
		}
	}
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return c.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		for topic, pace := range chosen {
			if err := choose(ctx, tx, actor.UserID, topic, pace); err != nil {
				return err
			}
		}
		return nil
	})
}

func choose(ctx context.Context, tx pgx.Tx, userID int64, topic string, pace Pace) error {
	_, err := tx.Exec(ctx, `
		insert into notification_choices (user_id, topic, pace) values ($1, $2, $3)
		on conflict (user_id, topic) do update set pace = excluded.pace`, userID, topic, pace)
	if err != nil || pace != Now {
		return err
	}
	_, err = tx.Exec(ctx, `
		update notifications n set held_until = least(held_until, now()) from notify_events e
		where e.id = n.event_id and n.user_id = $1 and n.state = 'held' and split_part(e.name, '.', 1) = $2`, userID, topic)
	return err
}

// morning is the hour, in the reader's zone, at which gathered letters leave; a week's
// leave on Monday.
const morning = 8

// heldUntil is when a gathered letter of the pace leaves next, after a moment.
func heldUntil(pace Pace, zone string, after time.Time) time.Time {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	local := after.In(place)
	for days := 0; ; days++ {
		at := time.Date(local.Year(), local.Month(), local.Day()+days, morning, 0, 0, 0, place)
		if at.After(after) && (pace == Daily || at.Weekday() == time.Monday) {
			return at
		}
	}
}
