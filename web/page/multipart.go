package page

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

// filesWithin bounds a form that carries files: 25 MB over a telephone.
const filesWithin = 5 * time.Minute

func isMultipart(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}

// ReadFiles reads a form that carries files, as it comes in: each file that was chosen goes
// to take, one after another, and is never held whole; the other fields are there for
// Decode afterwards. The form may have most bytes in all. A form without files is left for
// Decode, so that a handler may call it always.
// Errors: invalid (too long, no form); what take returns, which ends the reading. The fields
// that had come by then are there for Decode, so that the form can be shown again. A take
// that refuses one file and wants the rest keeps the reason and returns nil.
func ReadFiles(w http.ResponseWriter, r *http.Request, most int64, take func(field, name string, content io.Reader) error) error {
	if !isMultipart(r) || r.MultipartForm != nil {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return explainForm(err)
	}
	form, weight := url.Values{}, int64(0)
	r.PostForm, r.Form = form, form
	r.MultipartForm = &multipart.Form{Value: form}
	for count := 0; ; count++ {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil || count > maxFields {
			return explainForm(err)
		}
		switch {
		case part.FileName() != "":
			err = take(part.FormName(), part.FileName(), part)
		case part.Header.Get("Content-Type") == "": // else a file field in which none was chosen
			err = readField(part, form, &weight)
		}
		if err != nil {
			return err
		}
	}
	return cleanValues(form)
}

func readField(part *multipart.Part, form url.Values, weight *int64) error {
	value, err := io.ReadAll(io.LimitReader(part, maxBody-*weight+1))
	if err != nil {
		return explainForm(err)
	}
	if *weight += int64(len(value)); *weight > maxBody {
		return apperr.New(apperr.Invalid, "error.too_long")
	}
	form.Add(part.FormName(), string(value))
	return nil
}
