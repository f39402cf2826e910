package freshness

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Pauses between attempts to listen again, and the longest silence before the connection is
// tried: a connection that died without a word must not leave old pages standing.
const (
	firstPause = 200 * time.Millisecond
	longPause  = 5 * time.Second
	silence    = 15 * time.Second
)

// Listen hears what every instance touches and makes it stale in store, until ctx ends. A
// lost connection empties the store, which keeps nothing until it hears again.
func Listen(ctx context.Context, pool *pgxpool.Pool, store *Store) {
	pause := firstPause
	for ctx.Err() == nil {
		heard, err := listen(ctx, pool, store)
		store.hear(false)
		if ctx.Err() != nil {
			return
		}
		if heard {
			pause = firstPause
		}
		slog.WarnContext(ctx, "page cache: not listening", "error", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
	}
}

// listen holds one connection as long as it lives. heard says that it came to listening.
func listen(ctx context.Context, pool *pgxpool.Pool, store *Store) (heard bool, err error) {
	acquired, err := pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	conn := acquired.Hijack() // it listens for its whole life, and never goes back
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return false, err
	}
	store.hear(true)
	for {
		waiting, cancel := context.WithTimeout(ctx, silence)
		notice, err := conn.WaitForNotification(waiting)
		cancel()
		switch {
		case err == nil:
			store.Stale(tagsOf(notice.Payload)...)
		case ctx.Err() != nil || waiting.Err() == nil:
			return true, err
		default: // only silence
			if err := ping(ctx, conn); err != nil {
				return true, err
			}
		}
	}
}

type pinger interface {
	Ping(ctx context.Context) error
}

func ping(ctx context.Context, conn pinger) error {
	ctx, cancel := context.WithTimeout(ctx, longPause)
	defer cancel()
	return conn.Ping(ctx)
}

func tagsOf(payload string) []Tag {
	var tags []Tag
	for name := range strings.FieldsSeq(payload) {
		tags = append(tags, Tag(name))
	}
	return tags
}
