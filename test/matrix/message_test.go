package matrix

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/birlik/portal/test/portal"
)

// letterbox posts messages of one side about a case.
type letterbox struct {
	p      *portal.Portal
	client *http.Client
	path   string // of the case
	act    string // below it
}

// post sends a message with files (name, content) and returns the status and the page.
func (l letterbox) post(t *testing.T, address, body string, files ...string) (int, string) {
	t.Helper()
	var content bytes.Buffer
	form := multipart.NewWriter(&content)
	for name, value := range map[string]string{"kind": "outward", "body": body, "seq": "0"} {
		_ = form.WriteField(name, value)
	}
	for i := 0; i < len(files); i += 2 {
		part, err := form.CreateFormFile("files", files[i])
		if err == nil {
			_, err = io.WriteString(part, files[i+1])
		}
		if err != nil {
			t.Error(err)
		}
	}
	_ = form.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.p.URL+address, &content)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := l.client.Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// count is how many messages say exactly this.
func (l letterbox) count(body string) (n int) {
	l.p.Query(&n, `select count(*) from messages where body = $1`, body)
	return n
}

func letterboxes(t *testing.T) map[string]letterbox {
	t.Helper()
	p := portal.Start(t)
	var id string
	p.Query(&id, `select s.public_id `+shusha+` and r.open and r.submitted_at is not null and r.state <> 'information_requested' order by r.id limit 1`)
	return map[string]letterbox{
		"staff": {p, p.Client("desk@union.example"), "/tr/desk/requests/" + id, "/say"},
		"city":  {p, p.Client("editor@shusha.example"), p.Fill("/{lang}/m/{org}") + "/requests/" + id, "/write"},
	}
}

// TestAMessageKeepsEveryFileOrSaysWhyNot: more files than go, and one that cannot be taken,
// are told by name; the text and the good ones are still there, and nothing was sent.
func TestAMessageKeepsEveryFileOrSaysWhyNot(t *testing.T) {
	for side, l := range letterboxes(t) {
		var seven []string
		for i := range 7 {
			seven = append(seven, fmt.Sprintf("çizim-%d.txt", i), fmt.Sprint("Plan ", i))
		}
		status, text := l.post(t, l.path+l.act, "Yedi çizim", seven...)
		if status != http.StatusUnprocessableEntity || l.count("Yedi çizim") != 0 || !strings.Contains(text, "en çok 5 dosya") || !strings.Contains(text, "Yedi çizim") {
			t.Errorf("%s: seven files: %d, %d messages", side, status, l.count("Yedi çizim"))
		}
		if n := strings.Count(text, ` name="files_upload"`); n != 7 || !strings.Contains(text, "çizim-6.txt") {
			t.Errorf("%s: %d files are kept to choose from", side, n)
		}
		status, text = l.post(t, l.path+l.act, "Biri bozuk", "plan.txt", "Plan", "araç.exe", "MZ")
		if status != http.StatusUnprocessableEntity || !strings.Contains(text, "araç.exe: ") || strings.Count(text, ` name="files_upload"`) != 1 {
			t.Errorf("%s: a bad file: %d, named: %t", side, status, strings.Contains(text, "araç.exe: "))
		}
		if status, _ = l.post(t, l.path+l.act, "Beş çizim: "+side, seven[:10]...); status != http.StatusSeeOther || l.count("Beş çizim: "+side) != 1 {
			t.Errorf("%s: five files: %d, %d messages", side, status, l.count("Beş çizim: "+side))
		}
	}
}

// TestAMessageSentAgainIsOneMessage: the form's address carries a key, so that a double press
// or a retry after a lost answer stores nothing twice.
func TestAMessageSentAgainIsOneMessage(t *testing.T) {
	for side, l := range letterboxes(t) {
		_, text := l.p.Get(l.client, l.path)
		found := regexp.MustCompile(`action="([^"]*` + l.act + `\?once=[a-z2-7]{26})"`).FindStringSubmatch(text)
		if found == nil {
			t.Errorf("%s: the form has no key", side)
			continue
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if status, _ := l.post(t, found[1], "Bir kez: "+side, "not.txt", "Not"); status != http.StatusSeeOther {
					t.Errorf("%s: %d", side, status)
				}
			})
		}
		all.Wait()
		if n := l.count("Bir kez: " + side); n != 1 {
			t.Errorf("%s: one message was stored %d times", side, n)
		}
	}
}
