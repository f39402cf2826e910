// Package freshness tells every instance what has changed, and keeps answers that are still
// true. Only a commit tells: what is touched in a transaction that is rolled back stays.
package freshness

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// channel is what the instances listen to.
const channel = "portal_fresh"

// Tag names what public pages are made of: "events", "bulletins".
type Tag string

// Everything is the tag that makes every kept answer stale.
const Everything Tag = "*"

// Touch says, once tx commits, that pages made of the tags are no longer true. The instance
// that commits knows it before it answers; the others hear of it.
func Touch(ctx context.Context, tx pgx.Tx, tags ...Tag) error {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = string(tag)
	}
	if c, ok := ctx.Value(collectorKey{}).(*collector); ok {
		c.add(tags)
	}
	_, err := tx.Exec(ctx, `select pg_notify($1, $2)`, channel, strings.Join(names, " "))
	return err
}

type collectorKey struct{}

// collector remembers what one request touched.
type collector struct {
	mu   sync.Mutex
	tags []Tag
}

func (c *collector) add(tags []Tag) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tags = append(c.tags, tags...)
}

// Collect lets a request know what it touched: settle makes those tags stale in store, and
// is called when the work is done, before the answer leaves.
func Collect(ctx context.Context, store *Store) (_ context.Context, settle func()) {
	c := &collector{}
	return context.WithValue(ctx, collectorKey{}, c), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if len(c.tags) > 0 {
			store.Stale(c.tags...)
		}
	}
}
