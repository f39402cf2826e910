package freshness

import (
	"bytes"
	"fmt"
	"testing"
)

func TestTheStoreStaysWithinItsRoom(t *testing.T) {
	const room = 100_000
	s := NewStore(room)
	s.hear(true)
	for i := range 500 {
		s.Keep(fmt.Sprint("/page/", i), Entry{Body: bytes.Repeat([]byte("x"), 1000)}, s.Generation("a"), "a")
		if i > 0 {
			s.Find("/page/0", s.Generation("a")) // used all the time
		}
		if n := s.Numbers(); n.Bytes > room {
			t.Fatalf("%d bytes are kept", n.Bytes)
		}
	}
	if _, ok := s.Find("/page/0", s.Generation("a")); !ok {
		t.Error("what is used all the time was dropped")
	}
	if _, ok := s.Find("/page/1", s.Generation("a")); ok {
		t.Error("what nobody used was kept")
	}
	if s.Keep("/huge", Entry{Body: make([]byte, room/8)}, s.Generation("a"), "a") {
		t.Error("one page took an eighth of the room")
	}
}

func TestGenerations(t *testing.T) {
	s := NewStore(100_000)
	s.hear(true)
	read := s.Generation("events", "fields")
	s.Stale("bulletins")
	if !s.Keep("/e", Entry{}, read, "events", "fields") {
		t.Error("a change of something else was in the way")
	}
	s.Stale("fields")
	if _, ok := s.Find("/e", s.Generation("events", "fields")); ok {
		t.Error("a stale page was found")
	}
	if s.Keep("/e", Entry{}, read, "events", "fields") {
		t.Error("a page from before the change was kept")
	}
	read = s.Generation("events")
	s.Stale(Everything)
	if s.Keep("/e", Entry{}, read, "events") {
		t.Error("a page from before everything changed was kept")
	}
	s.hear(false)
	if s.Keep("/e", Entry{}, s.Generation("events"), "events") {
		t.Error("a deaf store kept a page")
	}
}
