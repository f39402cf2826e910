package privacypages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// noticeView is one version of the notice, with the others.
type noticeView struct {
	Notice privacy.Notice
	All    []privacy.Notice // newest first
}

func (v noticeView) newest() bool { return len(v.All) == 0 || v.All[0].Number == v.Notice.Number }

func (h *Handler) notice(w http.ResponseWriter, r *http.Request) error {
	number := 0
	if typed := chi.URLParam(r, "number"); typed != "" {
		var err error
		if number, err = strconv.Atoi(typed); err != nil || number < 1 || number > 1<<30 {
			return apperr.New(apperr.NotFound, "error.not_found")
		}
	}
	v := noticeView{}
	var err error
	if v.Notice, err = h.privacy.Notice(r.Context(), page.Actor(r), number); err != nil {
		return err
	}
	if v.All, err = h.privacy.Notices(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, noticePage(v))
}

// filled puts the settings into a notice's text.
func filled(ctx context.Context, text string) string {
	u := ui.ShellOf(ctx).Union
	email := u.Email
	if email != "" {
		email = "[" + email + "](mailto:" + email + ")"
	}
	return strings.NewReplacer("{union}", u.Name[locale.Of(ctx).Lang], "{email}", email, "{address}", u.Address).Replace(text)
}

// versionsView is the staff's list of versions.
type versionsView struct {
	All  []privacy.Notice
	Done string
}

func (h *Handler) versions(w http.ResponseWriter, r *http.Request) error {
	all, err := h.privacy.Notices(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, versionsPage(versionsView{All: all, Done: told(r)}))
}

// newNoticeView is the form of a new version.
type newNoticeView struct {
	New      privacy.NewNotice
	Faults   page.Faults
	Conflict bool
}

func (h *Handler) newNotice(w http.ResponseWriter, r *http.Request) error {
	last, err := h.privacy.Notice(r.Context(), page.Actor(r), 0)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, newNoticePage(newNoticeView{New: privacy.NewNotice{After: last.Number, Texts: last.Texts}}))
}

type noticeForm struct {
	After     int    `form:"after"`
	TextTR    string `form:"text_tr"`
	TextEN    string `form:"text_en"`
	TextRU    string `form:"text_ru"`
	ChangesTR string `form:"changes_tr"`
	ChangesEN string `form:"changes_en"`
	ChangesRU string `form:"changes_ru"`
}

func (f noticeForm) notice() privacy.NewNotice {
	return privacy.NewNotice{After: f.After,
		Texts:   map[locale.Lang]string{locale.TR: f.TextTR, locale.EN: f.TextEN, locale.RU: f.TextRU},
		Changes: map[locale.Lang]string{locale.TR: f.ChangesTR, locale.EN: f.ChangesEN, locale.RU: f.ChangesRU}}
}

func (h *Handler) publish(w http.ResponseWriter, r *http.Request) error {
	var form noticeForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	n := form.notice()
	_, err := h.privacy.Publish(r.Context(), page.Actor(r), n)
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, newNoticePage(newNoticeView{New: n, Faults: faults}))
	}
	if conflict(err) {
		last, readErr := h.privacy.Notice(r.Context(), page.Actor(r), 0)
		if readErr != nil {
			return readErr
		}
		n.After = last.Number // what was typed is kept, on top of what came meanwhile
		return page.Show(w, r, http.StatusConflict, newNoticePage(newNoticeView{New: n, Conflict: true}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/privacy?done=published")
}
