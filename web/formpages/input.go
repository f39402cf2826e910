package formpages

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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

// What a page may weigh without its files.
const (
	maxText  = 200_000 // bytes of one box
	maxBoxes = 400
	patience = 15 * time.Minute // that a telephone may take to send files with a page
)

// posted is a page as it came.
type posted struct {
	values  url.Values
	uploads map[string][]string // field → files that came with the page
	refused map[string]error    // field → why one of them was not taken
}

func (p posted) get(box string) string { return p.values.Get(box) }

// read takes a posted page in, with its files where it carries any.
func (f *Form) read(w http.ResponseWriter, r *http.Request, fields []forms.Field) (posted, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return posted{values: r.PostForm}, r.ParseForm()
	}
	most := f.MaxBytes * int64(1+files(fields))
	r.Body = http.MaxBytesReader(w, r.Body, most+1<<20)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(patience)) // without it the server's own limit holds
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	p := posted{values: url.Values{}, uploads: map[string][]string{}, refused: map[string]error{}}
	return p, f.readParts(ctx, r, multipart.NewReader(r.Body, params["boundary"]), &p, fields)
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

func (f *Form) readParts(ctx context.Context, r *http.Request, parts *multipart.Reader, p *posted, fields []forms.Field) error {
	for count := 0; ; count++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || count >= maxBoxes {
			return apperr.Wrap(err, apperr.Invalid, "error.text")
		}
		if part.FileName() == "" {
			err = p.text(part)
		} else {
			err = f.receive(ctx, r, p, part, fields)
		}
		if err != nil {
			return err
		}
	}
}

func (p *posted) text(part *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(part, maxText+1))
	if err != nil || len(text) > maxText {
		return apperr.Wrap(err, apperr.Invalid, "error.too_long")
	}
	if !utf8.Valid(text) || strings.ContainsRune(string(text), 0) {
		return apperr.New(apperr.Invalid, "error.text")
	}
	p.values.Add(part.FormName(), string(text))
	return nil
}

// receive takes one file; why it cannot is told beside its field, and the rest of the page
// is kept.
func (f *Form) receive(ctx context.Context, r *http.Request, p *posted, part *multipart.Part, fields []forms.Field) error {
	key := part.FormName()
	at := slices.IndexFunc(fields, func(x forms.Field) bool { return x.Key == key && x.Kind == forms.File })
	if at < 0 || f.Receive == nil || len(p.uploads[key]) >= fields[at].Files() {
		return nil
	}
	upload, err := f.Receive(ctx, page.Actor(r), part.FileName(), part)
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
	in := forms.In{Page: key, Base: base, Answers: forms.Answers{}, Upload: map[string][]string{}, Drop: map[string][]string{},
		Through: r.Header.Get(draftHeader) == "" && p.get(removeBox) == ""}
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
	}
	return in
}

// draftHeader marks what a page saves by itself.
const draftHeader = "X-Draft"
