package freshness

import (
	"container/list"
	"sync"
	"time"
)

// Generation is the age of some tags at one moment. Two that are equal mean that nothing
// changed in between.
type Generation struct {
	epoch uint64 // of everything
	sum   uint64 // of the tags, each of which only grows
}

// Entry is an answer that is kept.
type Entry struct {
	Body, Gzip, Brotli []byte
	Type               string // of the content
	ETag               string
	At                 time.Time // when it was made
}

// overhead is roughly what an entry costs beside its bytes.
const overhead = 512

func (e Entry) size() int { return len(e.Body) + len(e.Gzip) + len(e.Brotli) + overhead }

// kept is an entry with what it is true for.
type kept struct {
	key        string
	entry      Entry
	generation Generation
	size       int
}

// Store keeps answers within a number of bytes, dropping what was longest unused. While
// nobody hears what other instances change, it keeps and gives nothing.
type Store struct {
	mu          sync.Mutex
	room        int
	used        int
	entries     map[string]*list.Element
	recent      *list.List // front: used last
	generations map[Tag]uint64
	epoch       uint64
	hearing     bool
}

// NewStore makes a store of so many bytes; 0 keeps nothing. It begins deaf: Listen opens it.
func NewStore(bytes int) *Store {
	return &Store{room: bytes, entries: map[string]*list.Element{}, recent: list.New(), generations: map[Tag]uint64{}}
}

// Generation reads the age of tags. Read it before making an answer, and give it to Keep.
func (s *Store) Generation(tags ...Tag) Generation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.generation(tags)
}

func (s *Store) generation(tags []Tag) Generation {
	g := Generation{epoch: s.epoch}
	for _, tag := range tags {
		g.sum += s.generations[tag]
	}
	return g
}

// Find gives the answer of a key, when it was made in this generation.
func (s *Store) Find(key string, generation Generation) (Entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	element, ok := s.entries[key]
	if !ok || !s.hearing {
		return Entry{}, false
	}
	k := element.Value.(*kept)
	if k.generation != generation {
		s.drop(element)
		return Entry{}, false
	}
	s.recent.MoveToFront(element)
	return k.entry, true
}

// Keep stores an answer, unless one of its tags changed since generation was read: the
// answer may have been made before the change. One answer takes an eighth of the room at most.
func (s *Store) Keep(key string, e Entry, generation Generation, tags ...Tag) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := e.size() + len(key)
	if !s.hearing || size > s.room/8 || s.generation(tags) != generation {
		return false
	}
	if old, ok := s.entries[key]; ok {
		s.drop(old)
	}
	for s.used+size > s.room {
		s.drop(s.recent.Back())
	}
	s.used += size
	s.entries[key] = s.recent.PushFront(&kept{key, e, generation, size})
	return true
}

func (s *Store) drop(element *list.Element) {
	k := s.recent.Remove(element).(*kept)
	delete(s.entries, k.key)
	s.used -= k.size
}

// Stale makes every answer of the tags untrue.
func (s *Store) Stale(tags ...Tag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, tag := range tags {
		if tag == Everything {
			s.empty()
			continue
		}
		s.generations[tag]++
	}
}

// hear says whether changes are heard. Either way everything that is kept goes: nobody
// knows what was missed.
func (s *Store) hear(hearing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hearing = hearing
	s.empty()
}

func (s *Store) empty() {
	s.epoch++
	s.used = 0
	clear(s.entries)
	s.recent.Init()
}

// Numbers are what the store holds, for the metrics.
type Numbers struct{ Entries, Bytes int }

// Numbers counts what is kept.
func (s *Store) Numbers() Numbers {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Numbers{Entries: len(s.entries), Bytes: s.used}
}
