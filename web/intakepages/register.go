package intakepages

import (
	"net/http"
	"slices"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxFiles is how many files an original may have: a letter and what lay with it.
const maxFiles = 10

// form is what staff type about what came.
type form struct {
	Key     string `form:"key"`
	Service string `form:"service"`
	Channel string `form:"channel"`
	CameOn  string `form:"came_on"`
	AskedBy string `form:"asked_by"`
	Lang    string `form:"lang"`
	Title   string `form:"title"`
	Words   string `form:"words"`
	Uploads []string
	Kept    ui.Checkboxes // the same, to choose from
}

type formView struct {
	requests.Receiver
	Form   form
	Max    int64 // bytes of one file
	Faults page.Faults
}

func (h *Handler) receiver(r *http.Request) (formView, error) {
	id, err := page.PublicID(r, "city")
	if err != nil {
		return formView{}, err
	}
	v := formView{Max: h.documents.MaxBytes()}
	v.Receiver, err = h.requests.Receiver(r.Context(), page.Actor(r), page.Lang(r), id)
	return v, err
}

func (h *Handler) showForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.receiver(r)
	if err != nil {
		return err
	}
	v.Form = form{Key: subject.NewPublicID(), Channel: string(requests.OnPaper), Lang: v.Lang}
	return page.Show(w, r, http.StatusOK, formPage(v))
}

// register takes the request in, and leads to its case.
func (h *Handler) register(w http.ResponseWriter, r *http.Request) error {
	files, err := formpages.Enclose(w, r, h.documents, "files_upload", maxFiles)
	if err != nil {
		return err
	}
	var f form
	if err := page.Decode(r, &f); err != nil {
		return err
	}
	f.Uploads = files.Uploads
	return h.takeIn(w, r, f, files.Refused)
}

func (h *Handler) takeIn(w http.ResponseWriter, r *http.Request, f form, refused error) error {
	v, err := h.receiver(r)
	if err != nil {
		return err
	}
	if !slices.Contains(langs(v.Lang), f.Lang) {
		f.Lang = v.Lang
	}
	v.Form = f
	id := f.Key
	if err = refused; err == nil {
		id, err = h.requests.TakeIn(r.Context(), page.Actor(r), requests.Intake{Key: f.Key, City: v.PublicID, Service: f.Service, Channel: requests.Channel(f.Channel),
			CameOn: h.day(f.CameOn), AskedBy: f.AskedBy, Lang: f.Lang, Title: f.Title, Words: f.Words, Uploads: f.Uploads})
	}
	if err == nil {
		return page.Redirect(w, r, "%s/%s?done=taken_in", casesPath, id)
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	if message := faults[""]; message != "" {
		faults = page.Faults{"files": message}
	}
	v.Faults, v.Form.Kept = faults, formpages.KeptFiles(r, h.documents, "files_upload", f.Uploads)
	return page.Show(w, r, http.StatusUnprocessableEntity, formPage(v))
}

// day reads a day as people write it; zero where it cannot be read.
func (h *Handler) day(text string) time.Time {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, iso, h.zone)
	if err != nil {
		return time.Time{}
	}
	return day
}
