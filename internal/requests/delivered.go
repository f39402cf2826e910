package requests

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
)

// messageKey is what the event of a message's letter ends with, before the message's number.
const messageKey = "/message/"

// lettersOf are the letters that told the city of each of the union's messages.
func (r repository) lettersOf(ctx context.Context, c Case) (map[int64][]notify.Delivery, error) {
	if !slices.ContainsFunc(c.Messages, func(m messages.Message) bool { return m.Side == messages.Out }) {
		return nil, nil
	}
	list, err := notify.Deliveries(ctx, r.db, c.Ref(), "requests.message_out")
	out := map[int64][]notify.Delivery{}
	for _, d := range list {
		_, number, _ := strings.Cut(d.Key, messageKey)
		if id, err := strconv.ParseInt(number, 10, 64); err == nil {
			out[id] = append(out[id], d)
		}
	}
	return out, err
}

// Unread reports whether the union wrote something that the city has not opened yet.
func (c Case) Unread() bool {
	return slices.ContainsFunc(c.Messages, func(m messages.Message) bool { return m.Side == messages.Out && m.ReadAt == nil })
}

// Seen keeps that somebody of the city opened the union's messages about a request.
// Errors: sign_in, forbidden, not found.
func (s *Service) Seen(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.ReadOwnRequests); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r, err := repository{tx}.open(ctx, actor, publicID)
		if err != nil {
			return err
		}
		return messages.MarkRead(ctx, tx, actor, r.Ref())
	})
}
