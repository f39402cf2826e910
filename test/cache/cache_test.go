// Package cache proves that two instances never show long what one of them changed.
package cache

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/test/portal"
)

var version = regexp.MustCompile(`name="version" value="(\d+)"`)

// rename edits the title of a field of activity as its form would.
func rename(t *testing.T, p *portal.Portal, admin *http.Client, title string) {
	t.Helper()
	_, body := p.Get(admin, "/tr/desk/settings/fields/culture")
	found := version.FindStringSubmatch(body)
	if found == nil {
		t.Fatal("the form has no version")
	}
	form := url.Values{"version": {found[1]}, "listed": {"1"}, "of_interest": {"1"}, "title_tr": {title}, "title_en": {"Culture"}, "title_ru": {"Культура"}}
	if status, _, _ := p.Post(admin, "/tr/desk/settings/fields/culture", form); status != http.StatusSeeOther {
		t.Fatalf("the edit was answered %d", status)
	}
}

func TestAnEditIsSeenAtOnceHereAndWithinASecondThere(t *testing.T) {
	here := portal.Start(t)
	there := here.Beside()
	admin, visitor := here.Client("admin@union.example"), here.Client("")
	for _, p := range []*portal.Portal{here, there} {
		warm(t, p, visitor)
	}
	for _, title := range []string{"Kültürün birinci adı", "Kültürün ikinci adı", "Kültürün üçüncü adı"} {
		rename(t, here, admin, title)
		if _, body := here.Get(visitor, "/tr/fields"); !strings.Contains(body, title) {
			t.Errorf("%s: not seen at once on the instance that made it", title)
		}
		deadline := time.Now().Add(time.Second)
		for {
			_, body := there.Get(visitor, "/tr/fields")
			if strings.Contains(body, title) {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("%s: not seen within a second on the other instance", title)
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// warm waits until the instance keeps the page: two answers with one tag.
func warm(t *testing.T, p *portal.Portal, visitor *http.Client) {
	t.Helper()
	last := ""
	for range 200 {
		response, err := visitor.Get(p.URL + "/tr/fields")
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		tag := response.Header.Get("ETag")
		if tag != "" && tag == last {
			return
		}
		last = tag
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the page is never kept")
}
