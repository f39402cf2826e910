package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// creator is a form's target that creates something, and counts what it created.
type creator struct {
	made   atomic.Int64
	status int
	slow   time.Duration
	crash  bool
}

func (c *creator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(c.slow)
	n := c.made.Add(1)
	if c.crash {
		panic(http.ErrAbortHandler)
	}
	if c.status != 0 {
		w.WriteHeader(c.status)
		return
	}
	http.Redirect(w, r, fmt.Sprintf("/tr/made/%d", n), http.StatusSeeOther)
}

func send(db postgres.DB, c *creator, user int64, path, key string) *httptest.ResponseRecorder {
	r := posted("once=" + key)
	r.URL.Path = path
	r = r.WithContext(WithActor(r.Context(), identity.Actor{UserID: user}))
	defer func() { _ = recover() }()
	return answer(Once(db)(c), r)
}

func TestARepeatedPostGetsTheFirstAnswer(t *testing.T) {
	db := pgtest.DB(t)
	user, other := pgtest.User(t, db, "Ayşe"), pgtest.User(t, db, "Fatma")
	c, key := new(creator), OnceKey()
	for range 3 {
		if w := send(db, c, user, "/tr/x", key); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/tr/made/1" {
			t.Errorf("%d %s", w.Code, w.Header())
		}
	}
	if w := send(db, c, other, "/tr/x", key); w.Header().Get("Location") != "/tr/made/2" {
		t.Errorf("another person's key: %s", w.Header())
	}
	if w := send(db, c, user, "/tr/y", key); w.Code != http.StatusConflict {
		t.Errorf("the key elsewhere: %d", w.Code)
	}
	for _, none := range []string{"", "x", OnceKey()[:25] + "A"} {
		before := c.made.Load()
		send(db, c, user, "/tr/x", none)
		send(db, c, user, "/tr/x", none)
		if c.made.Load() != before+2 {
			t.Errorf("%q counts as a key", none)
		}
	}
}

func TestAFailedPostFreesItsKey(t *testing.T) {
	db := pgtest.DB(t)
	user, key := pgtest.User(t, db, "Ayşe"), OnceKey()
	send(db, &creator{status: http.StatusUnprocessableEntity}, user, "/tr/x", key)
	send(db, &creator{crash: true}, user, "/tr/x", key)
	if w := send(db, new(creator), user, "/tr/x", key); w.Header().Get("Location") != "/tr/made/1" {
		t.Errorf("%d %s", w.Code, w.Header())
	}
}

func TestRacingPostsCreateOnce(t *testing.T) {
	db := pgtest.Clone(t)
	user, key := pgtest.User(t, db, "Ayşe"), OnceKey()
	c := &creator{slow: 100 * time.Millisecond}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if w := send(db, c, user, "/tr/x", key); w.Header().Get("Location") != "/tr/made/1" {
				t.Errorf("%d %s", w.Code, w.Header())
			}
		})
	}
	group.Wait()
	if c.made.Load() != 1 {
		t.Errorf("created %d times", c.made.Load())
	}
}
