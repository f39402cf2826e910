package writing

import (
	"net/http"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
)

// textForm is the posted text.
type textForm struct {
	Title    string `form:"title"`
	Summary  string `form:"summary"`
	Body     string `form:"body"`
	ImageAlt string `form:"image_alt"`
	Slug     string `form:"slug"`
	Small    string `form:"small"`
	Base     int    `form:"base"`
	Follows  int    `form:"follows"`
	Then     string `form:"then"` // "publish", "preview"; else a draft
}

func (f textForm) in(lang string) translations.In {
	return translations.In{Lang: lang, Base: f.Base, Small: f.Small != "", Follows: f.Follows, Slug: fold.Slug(f.Slug),
		Text: translations.Text{Title: f.Title, Summary: f.Summary, Body: f.Body, ImageAlt: f.ImageAlt}}
}

// save stores a text, and then shows it to readers or to its writer, as the button says.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	publicID, lang, err := target(r)
	if err != nil {
		return err
	}
	var form textForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	status, err := d.Texts.SaveText(r.Context(), page.Actor(r), publicID, form.in(lang))
	if err == nil && form.Then == "publish" && !d.Letter {
		err = d.Texts.PublishText(r.Context(), page.Actor(r), publicID, lang, status.Version)
	}
	switch {
	case err != nil:
		return d.again(w, r, form, err)
	case form.Then == "preview" && d.Letter:
		return page.Redirect(w, r, "%s/%s/preview?in=%s", d.Base, publicID, lang)
	case form.Then == "preview":
		return page.Redirect(w, r, "%s/%s/texts/%s/preview", d.Base, publicID, lang)
	case form.Then == "publish":
		return d.back(w, r, publicID, lang, "published")
	}
	return d.back(w, r, publicID, lang, "saved")
}

func (d Desk) back(w http.ResponseWriter, r *http.Request, publicID, lang, done string) error {
	return page.Redirect(w, r, "%s/%s/texts/%s?done=%s", d.Base, publicID, lang, done)
}

// again shows a refused text as it was typed: what is wrong with it, or what a colleague has
// saved meanwhile beside it.
func (d Desk) again(w http.ResponseWriter, r *http.Request, form textForm, cause error) error {
	faults, invalid := page.FaultsOf(r, cause)
	conflict := apperr.Is(cause, apperr.Conflict)
	if !invalid && !conflict {
		return cause
	}
	v, err := d.read(r)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	v.Form, v.Faults = form, faults
	if conflict {
		status, v.Conflict = http.StatusConflict, true
		v.Form.Base = v.Work.Now.Version
		v.Faults = page.Faults{}
	}
	return page.Show(w, r, status, editPage(v))
}

// publish shows the newest text to readers at once.
func (d Desk) publish(w http.ResponseWriter, r *http.Request) error {
	publicID, lang, err := target(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	if err := d.Texts.PublishText(r.Context(), page.Actor(r), publicID, lang, version); err != nil {
		return d.inTheWay(w, r, err)
	}
	return d.back(w, r, publicID, lang, "published")
}

// schedule lets the newest text go live at a day and an hour of the union's zone, or calls
// that off.
func (d Desk) schedule(w http.ResponseWriter, r *http.Request) error {
	publicID, lang, err := target(r)
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	done, at := "unscheduled", time.Time{}
	if r.PostFormValue("off") == "" {
		done = "scheduled"
		if at, err = d.hour(r.PostFormValue("day"), r.PostFormValue("hour")); err != nil {
			return d.notScheduled(w, r, err)
		}
	}
	if err := d.Texts.ScheduleText(r.Context(), page.Actor(r), publicID, lang, version, at); err != nil {
		return d.notScheduled(w, r, err)
	}
	return d.back(w, r, publicID, lang, done)
}

// notScheduled shows the day and hour again as they were typed.
func (d Desk) notScheduled(w http.ResponseWriter, r *http.Request, cause error) error {
	faults, ok := page.FaultsOf(r, cause)
	if !ok {
		return cause
	}
	if message := faults["publish_at"]; message != "" {
		delete(faults, "publish_at")
		faults["day"] = message
	}
	v, err := d.read(r)
	if err != nil {
		return err
	}
	v.Faults, v.Day, v.Hour = faults, page.Tidy(r.PostFormValue("day")), page.Tidy(r.PostFormValue("hour"))
	return page.Show(w, r, http.StatusUnprocessableEntity, editPage(v))
}

// hour reads a day and an hour in the union's zone. Errors: invalid by field.
func (d Desk) hour(day, hour string) (time.Time, error) {
	iso, ok := forms.ParseDate(day)
	if !ok {
		return time.Time{}, apperr.Fields(map[string]string{"day": "writing.day_wrong"})
	}
	hour = strings.ReplaceAll(page.Tidy(hour), ".", ":")
	at, err := time.ParseInLocation("2006-01-02 15:04", iso+" "+hour, d.Zone)
	if err != nil {
		return time.Time{}, apperr.Fields(map[string]string{"hour": "writing.hour_wrong"})
	}
	return at, nil
}

func (d Desk) takeDown(w http.ResponseWriter, r *http.Request) error {
	publicID, lang, err := target(r)
	if err != nil {
		return err
	}
	if err := d.Texts.UnpublishText(r.Context(), page.Actor(r), publicID, lang); err != nil {
		return d.inTheWay(w, r, err)
	}
	return d.back(w, r, publicID, lang, "down")
}

// inTheWay shows the editor as it stands with what kept an act from being done: a colleague
// was quicker, or it is the last text of something that readers see.
func (d Desk) inTheWay(w http.ResponseWriter, r *http.Request, cause error) error {
	if !apperr.Is(cause, apperr.Conflict) {
		return cause
	}
	v, err := d.read(r)
	if err != nil {
		return err
	}
	v.Faults = page.Faults{"": page.Message(r, cause)}
	return page.Show(w, r, http.StatusConflict, editPage(v))
}
