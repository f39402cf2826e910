package privacypages

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/web/page"
)

// pastShown is how many earlier choices the page lists.
const pastShown = 20

// ownView is the page of one's own data.
type ownView struct {
	Notice   privacy.Notice
	Consents []privacy.Consent
	Past     []privacy.Consent
	Export   *privacy.Export  // the newest
	Erasure  *privacy.Erasure // the newest
	Now      time.Time
	Done     string
}

func (h *Handler) own(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), page.Actor(r)
	v := ownView{Now: h.now(), Done: told(r)}
	var err error
	if v.Notice, err = h.privacy.Notice(ctx, actor, 0); err != nil {
		return err
	}
	if v.Consents, err = h.privacy.Consents(ctx, actor); err != nil {
		return err
	}
	if v.Past, err = h.privacy.Past(ctx, actor, pastShown); err != nil {
		return err
	}
	if e, ok, err := h.privacy.LastExport(ctx, actor); err != nil {
		return err
	} else if ok {
		v.Export = &e
	}
	if e, ok, err := h.privacy.Mine(ctx, actor); err != nil {
		return err
	} else if ok {
		v.Erasure = &e
	}
	return page.Show(w, r, http.StatusOK, ownPage(v))
}

// read puts the banner of a new notice away, and goes back to where it was read.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) error {
	if err := h.privacy.Read(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	back := r.PostFormValue("back")
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		back = "/account/data"
	}
	return page.Redirect(w, r, "%s", back)
}

func (h *Handler) choose(w http.ResponseWriter, r *http.Request) error {
	given := r.PostFormValue("given") == "yes"
	purpose := privacy.Purpose(chi.URLParam(r, "purpose"))
	if err := h.privacy.Choose(r.Context(), page.Actor(r), purpose, given); err != nil {
		return err
	}
	if given {
		return page.Redirect(w, r, "/account/data?done=given")
	}
	return page.Redirect(w, r, "/account/data?done=taken")
}

func (h *Handler) askExport(w http.ResponseWriter, r *http.Request) error {
	id, err := h.privacy.AskExport(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/data/exports/%s", id)
}

// exportView is the page of one archive.
type exportView struct {
	Export privacy.Export
	Now    time.Time
}

func (v exportView) percent() int {
	if v.Export.Total == 0 {
		return 0
	}
	return v.Export.Done * 100 / v.Export.Total
}

func (h *Handler) export(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "export")
	if err != nil {
		return err
	}
	e, err := h.privacy.Export(r.Context(), page.Actor(r), id)
	if err != nil {
		return err
	}
	v := exportView{Export: e, Now: h.now()}
	if !page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, exportPage(v))
	}
	if e.State != privacy.Making {
		w.Header().Set("HX-Refresh", "true")
	}
	return page.Show(w, r, http.StatusOK, exportProgress(v))
}

// slowest is the bytes a second at which a large archive may still be fetched.
const slowest = 32 << 10

func (h *Handler) fetch(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "export")
	if err != nil {
		return err
	}
	e, file, err := h.privacy.Fetch(r.Context(), page.Actor(r), id)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	head := w.Header()
	head.Set("Content-Type", "application/zip")
	head.Set("Content-Disposition", `attachment; filename="my-data-`+e.AskedAt.UTC().Format(time.DateOnly)+`.zip"`)
	head.Set("Cache-Control", "no-store")
	allowed := time.Duration(e.Size/slowest+60) * time.Second
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(allowed)) // without it the server's own limit holds
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}

// erasureView is the page on which a person asks to be forgotten.
type erasureView struct {
	Erasure *privacy.Erasure // the newest
	Reason  string
	Faults  page.Faults
	Now     time.Time
	Done    string
}

func (v erasureView) open() bool { return v.Erasure != nil && v.Erasure.State == privacy.Open }

func (h *Handler) erasureOf(r *http.Request) (v erasureView, err error) {
	v.Now, v.Done = h.now(), told(r)
	e, ok, err := h.privacy.Mine(r.Context(), page.Actor(r))
	if ok {
		v.Erasure = &e
	}
	return v, err
}

func (h *Handler) erasure(w http.ResponseWriter, r *http.Request) error {
	v, err := h.erasureOf(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, erasurePage(v))
}

type erasureForm struct {
	Reason string `form:"reason"`
	Sure   bool   `form:"sure"`
}

func (h *Handler) ask(w http.ResponseWriter, r *http.Request) error {
	var form erasureForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.erasureOf(r)
	if err != nil {
		return err
	}
	v.Reason = form.Reason
	if !form.Sure {
		v.Faults = page.Faults{"sure": locale.T(r.Context(), "privacy.tick_sure")}
		return page.Show(w, r, http.StatusUnprocessableEntity, erasurePage(v))
	}
	err = h.privacy.Ask(r.Context(), page.Actor(r), form.Reason)
	if faults, ok := page.FaultsOf(r, err); ok {
		v.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, erasurePage(v))
	}
	if err != nil && !conflict(err) { // asked already: the page says since when
		return err
	}
	return page.Redirect(w, r, "/account/data/erasure?done=asked")
}

func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.privacy.Withdraw(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/data/erasure?done=withdrawn")
}
