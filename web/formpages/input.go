package formpages

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/web/page"
)

// The boxes of a page beside those of its fields.
const (
	askedBox   = "asked"   // the fields that the page showed
	versionBox = "version" // that its writer started from
	goBox      = "go"      // where the pressed button leads
	removeBox  = "remove"  // the file that the pressed button takes away
	uploadBox  = "_upload" // after a field's name: files that travelled by themselves
	dropBox    = "_drop"   // and those taken away again
)

// maxText is what a page may weigh without its files, in bytes.
const maxText = 1 << 20

// posted is a page as it came.
type posted struct {
	values  url.Values
	uploads map[string][]string // field → files that came with the page
	refused map[string]error    // field → why one of them was not taken
}

func (p posted) get(box string) string { return p.values.Get(box) }

// read takes a posted page in, with its files where it carries any. Why a file cannot be
// taken is told beside its field, and the rest of the page is kept.
func (f *Form) read(w http.ResponseWriter, r *http.Request, fields []forms.Field) (posted, error) {
	p := posted{uploads: map[string][]string{}, refused: map[string]error{}}
	most := f.MaxBytes*int64(files(fields)) + maxText
	err := page.ReadFiles(w, r, most, func(field, name string, content io.Reader) error {
		return f.receive(r, &p, fields, field, name, content)
	})
	if err != nil {
		return p, err
	}
	if err := r.ParseForm(); err != nil {
		return p, apperr.Wrap(err, apperr.Invalid, "error.text")
	}
	p.values = r.PostForm
	return p, nil
}

// files is how many a page may carry.
func files(fields []forms.Field) (n int) {
	for _, f := range fields {
		if f.Kind == forms.File {
			n += f.Files()
		}
	}
	return n
}

func (f *Form) receive(r *http.Request, p *posted, fields []forms.Field, key, name string, content io.Reader) error {
	at := slices.IndexFunc(fields, func(x forms.Field) bool { return x.Key == key && x.Kind == forms.File })
	if at < 0 || f.Receive == nil || len(p.uploads[key]) >= fields[at].Files() {
		return nil
	}
	upload, err := f.Receive(r.Context(), page.Actor(r), name, content)
	switch {
	case apperr.Is(err, apperr.Invalid):
		p.refused[key] = err
		return nil
	case err == nil:
		p.uploads[key] = append(p.uploads[key], upload)
	}
	return err
}

// in is what the page asks to keep. Only fields that the page showed count, so that nobody
// empties what they did not see.
func (p posted) in(r *http.Request, rec Record, key string, fields []forms.Field) forms.In {
	base, _ := strconv.Atoi(p.get(versionBox)) // 0: the writer has seen nothing yet
	in := forms.In{Page: key, Base: base, Answers: forms.Answers{}, Upload: map[string][]string{}, Drop: map[string][]string{}, Gone: map[string][]string{},
		Through: r.Header.Get(draftHeader) == "" && p.get(removeBox) == "" && !aboutRows(p.get(goBox))}
	if remove := p.get(removeBox); remove != "" {
		in.Remove = []string{remove}
	}
	typed := func(box string) []string { return p.values[box] }
	for _, f := range fields {
		if !slices.Contains(p.values[askedBox], f.Key) {
			continue
		}
		if f.Kind == forms.File {
			in.Upload[f.Key] = slices.Concat(p.values[f.Key+uploadBox], p.uploads[f.Key])
			in.Drop[f.Key] = p.values[f.Key+dropBox]
			continue
		}
		in.Answers[f.Key] = f.Read(typed, page.Lang(r), rec.Submission.Answers[f.Key])
		if f.Kind == forms.Table {
			in.Gone[f.Key] = gone(p.values, f.Key, in.Answers[f.Key].Rows)
		}
	}
	return in
}

// draftHeader marks what a page saves by itself.
const draftHeader = "X-Draft"
