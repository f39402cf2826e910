package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// callers knows which connections are being answered, or have just been accepted. The
// standard server drops a request that it reads after Shutdown has begun; so whoever stops
// it closes the door first, and waits here until nobody inside is waiting.
type callers struct {
	mutex sync.Mutex
	busy  map[net.Conn]bool
}

// note is the server's ConnState.
func (c *callers) note(conn net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	switch state {
	case http.StateNew, http.StateActive:
		if c.busy == nil {
			c.busy = map[net.Conn]bool{}
		}
		c.busy[conn] = true
	default:
		delete(c.busy, conn)
	}
}

func (c *callers) none() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return len(c.busy) == 0
}

// wait returns when nobody is waiting, or ctx ends.
func (c *callers) wait(ctx context.Context) {
	for ctx.Err() == nil {
		if c.none() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
