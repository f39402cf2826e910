package page

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/apperr"
)

// withFiles makes a post of the fields (name, value pairs) and the files (name, content).
func withFiles(t *testing.T, write func(w *multipart.Writer)) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write(w)
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/tr", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

func TestReadFilesStreamsFilesAndKeepsFields(t *testing.T) {
	r := withFiles(t, func(w *multipart.Writer) {
		_ = w.WriteField("title", "  Su hattı ")
		f, _ := w.CreateFormFile("plan", `C:\gizli\..\plan.pdf`)
		_, _ = io.WriteString(f, "content")
		_, _ = w.CreateFormFile("photo", "") // nothing chosen
		_ = w.WriteField("place", "Şuşa")
	})
	var got []string
	err := ReadFiles(httptest.NewRecorder(), r, 1<<20, func(field, name string, content io.Reader) error {
		b, err := io.ReadAll(content)
		got = append(got, field, name, string(b))
		return err
	})
	if err != nil || len(got) != 3 || got[0] != "plan" || !strings.HasSuffix(got[1], "plan.pdf") || got[2] != "content" {
		t.Errorf("files %q, %v", got, err)
	}
	var form struct {
		Title string `form:"title"`
		Place string `form:"place"`
	}
	if err := Decode(r, &form); err != nil || form.Title != "Su hattı" || form.Place != "Şuşa" {
		t.Errorf("fields %+v, %v", form, err)
	}
}

func TestReadFilesRefusesWhatIsTooMuch(t *testing.T) {
	for name, write := range map[string]func(w *multipart.Writer){
		"long field": func(w *multipart.Writer) { _ = w.WriteField("a", strings.Repeat("x", maxBody+1)) },
		"long file": func(w *multipart.Writer) {
			f, _ := w.CreateFormFile("f", "a.pdf")
			_, _ = f.Write(make([]byte, 4<<20))
		},
		"NUL": func(w *multipart.Writer) { _ = w.WriteField("a", "x\x00y") },
	} {
		err := ReadFiles(httptest.NewRecorder(), withFiles(t, write), 3<<20, func(_, _ string, content io.Reader) error {
			_, err := io.Copy(io.Discard, content)
			return err
		})
		if name != "long file" && !apperr.Is(err, apperr.Invalid) || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
