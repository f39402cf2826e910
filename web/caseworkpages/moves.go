package caseworkpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// The moves with a page or a rule of their own; all others are plain.
const (
	moveRegister = "register"
	moveInquire  = "request_information"
	moveConsult  = "ask_opinion"
	moveAdvise   = "give_opinion"
	moveApprove  = "approve"
	moveSign     = "sign"
)

// ahead are the moves in the order in which they are offered: what leads on comes first.
var ahead = []string{moveRegister, "review", moveAdvise, moveApprove, moveSign, "send", "to_board", "to_sign", "begin_delivery", "deliver", "publish",
	"anonymise", "close", "go_on", moveInquire, moveConsult, "back_to_review", "back_to_author", "pass_on", "turn_down"}

// offer is one move as the case page offers it.
type offer struct {
	Move  string
	Path  string // of its page; empty: a press is enough
	Label string
	Kind  string
}

// offers are the moves that the reader may make now, the main one first.
func (v caseView) offers(ctx context.Context) []offer {
	var out []offer
	for _, name := range ahead {
		i := slices.IndexFunc(v.Moves, func(m workflow.Move) bool { return m.Name == name })
		if i < 0 || name == moveAdvise && !v.advises() {
			continue
		}
		o := offer{Move: name, Path: pathOf(v.Moves[i]), Label: v.moveName(ctx, name), Kind: ui.Secondary}
		if len(out) == 0 && ranked(name) {
			o.Kind = ui.Primary
		}
		out = append(out, o)
	}
	return out
}

// ranked reports whether a move leads on, so that it may be the page's one main act.
func ranked(name string) bool {
	return slices.Index(ahead, name) < slices.Index(ahead, "close")
}

func pathOf(m workflow.Move) string {
	switch {
	case m.Name == moveInquire:
		return "/ask"
	case m.Name == moveConsult:
		return "/consult"
	case m.Name == moveAdvise:
		return "/advise"
	case m.Name == moveApprove:
		return "/decision"
	case requests.Plain(m.Name) && slices.Contains(m.Needs, workflow.Reason):
		return "/moves/" + m.Name
	}
	return ""
}

// moveName is what a move is called.
func (v caseView) moveName(ctx context.Context, name string) string {
	return locale.T(ctx, "casework.move."+name)
}

// advises reports whether the reader may answer for the office that is asked.
func (v caseView) advises() bool {
	return v.Actor.Of(v.Advisor) || v.Actor.UserID == v.OfficerID || v.Actor.Has(identity.DeskOfficer)
}

// plainMove is a move by its name in the address, that the reader may make with a word.
func (v caseView) plainMove(name string) (workflow.Move, error) {
	for _, m := range v.Moves {
		if m.Name == name && requests.Plain(name) {
			return m, nil
		}
	}
	return workflow.Move{}, apperr.New(apperr.Conflict, "workflow.moved_on")
}

// moveForm is a move with a word.
type moveForm struct {
	Seq    int    `form:"seq"`
	Reason string `form:"reason"`
}

func (h *Handler) showMove(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	move, err := v.plainMove(chi.URLParam(r, "move"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, movePage(v, move, moveForm{Seq: v.Seq}))
}

func (h *Handler) makeMove(w http.ResponseWriter, r *http.Request) error {
	var form moveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	name := chi.URLParam(r, "move")
	err = h.requests.Advance(r.Context(), page.Actor(r), v.PublicID, name, form.Seq, page.Tidy(form.Reason))
	if err == nil {
		return done(w, r, v.PublicID, name)
	}
	if faults, ok := page.FaultsOf(r, err); ok && faults["reason"] != "" {
		move, err := v.plainMove(name)
		if err != nil {
			return err
		}
		v.Faults = faults
		return page.Show(w, r, http.StatusUnprocessableEntity, movePage(v, move, form))
	}
	return h.refused(w, r, err)
}

// consultForm asks another office.
type consultForm struct {
	Seq    int    `form:"seq"`
	Office string `form:"office"`
	Body   string `form:"body"`
	Until  string `form:"until"`
}

func (h *Handler) showConsult(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editable(r, requests.InReview)
	if err != nil {
		return err
	}
	until := h.now().In(h.zone).AddDate(0, 0, 7)
	return page.Show(w, r, http.StatusOK, consultPage(v, consultForm{Seq: v.Seq, Until: day(r.Context(), until, h.zone)}))
}

func (h *Handler) consult(w http.ResponseWriter, r *http.Request) error {
	var form consultForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	until, ok := h.readDay(form.Until)
	err = h.requests.Consult(r.Context(), page.Actor(r), v.PublicID, form.Seq, form.Office, form.Body, until)
	if err == nil {
		return done(w, r, v.PublicID, moveConsult)
	}
	if v.Faults, err = h.questionFaults(r, err, ok); err != nil {
		return h.refused(w, r, err)
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, consultPage(v, form))
}

// adviseForm is another office's answer.
type adviseForm struct {
	Seq  int    `form:"seq"`
	Body string `form:"body"`
}

func (h *Handler) showAdvise(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editable(r, requests.CoOpinion)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, advisePage(v, adviseForm{Seq: v.Seq}))
}

func (h *Handler) advise(w http.ResponseWriter, r *http.Request) error {
	var form adviseForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	err = h.requests.Advise(r.Context(), page.Actor(r), v.PublicID, form.Seq, form.Body)
	if err == nil {
		return done(w, r, v.PublicID, moveAdvise)
	}
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return h.refused(w, r, err)
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, advisePage(v, form))
}

// waiting is the opinion that another office is asked for now; nil where none is.
func (v caseView) waiting() *requests.Advice {
	if v.State != requests.CoOpinion || len(v.Advice) == 0 {
		return nil
	}
	return &v.Advice[len(v.Advice)-1]
}

// tickForm ticks an item of the checklist, or takes the tick away.
type tickForm struct {
	Item string `form:"item"`
	On   bool   `form:"on"`
}

func (h *Handler) tick(w http.ResponseWriter, r *http.Request) error {
	var form tickForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Tick(r.Context(), page.Actor(r), publicID, form.Item, form.On); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "ticked")
}

// tickOf is who ticked an item; nil where nobody did.
func (v caseView) tickOf(item string) *requests.Tick {
	for i := range v.Ticks {
		if v.Ticks[i].Item == item {
			return &v.Ticks[i]
		}
	}
	return nil
}

// step is the step of the service that the case is in.
func (v caseView) step() services.Step {
	s, _ := v.Flow().Step(v.State)
	return s
}

// attach takes a paper that the step must leave behind.
func (h *Handler) attach(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	upload, err := h.upload(w, r)
	if err != nil {
		return h.refused(w, r, err)
	}
	if err := h.requests.AttachPaper(r.Context(), page.Actor(r), publicID, r.PostFormValue("paper"), upload); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "attached")
}

// upload takes the one file of a form. Errors: invalid (none, several, or one that cannot be taken).
func (h *Handler) upload(w http.ResponseWriter, r *http.Request) (string, error) {
	files, err := formpages.Enclose(w, r, h.documents, "file_upload", 1)
	switch {
	case err != nil:
		return "", err
	case files.Refused != nil:
		return "", files.Refused
	case len(files.Uploads) == 0:
		return "", apperr.New(apperr.Invalid, "casefile.choose_file")
	}
	return files.Uploads[0], nil
}

// paper is the document that a step left behind under a key, the newest; nil: none yet.
func (v caseView) paper(key string) *ui.File {
	for i := len(v.Papers) - 1; i >= 0; i-- {
		if v.Papers[i].Sort == requests.PaperSort(key) {
			return &v.Papers[i].File
		}
	}
	return nil
}

// stepPaper is a document with what it is for.
type stepPaper struct {
	Sort string
	File ui.File
}

// files reads what came with the request and what its steps left behind.
func (h *Handler) files(ctx context.Context, actor identity.Actor, v *caseView) error {
	return h.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := documents.Of(ctx, q, v.Ref())
		for _, d := range list {
			f := ui.File{ID: d.PublicID, Name: d.Name, About: locale.Size(ctx, d.Size) + " · " + locale.ShortDate(ctx, clock.Own(ctx, d.At)),
				Href: filePath(ctx, d.PublicID), Keep: true, More: v.history(ctx, d)}
			v.Files = append(v.Files, f)
			v.Papers = append(v.Papers, stepPaper{Sort: d.Sort, File: f})
		}
		return err
	})
}

func (v caseView) officeName(ctx context.Context, code string) string {
	return services.Named(v.Offices, locale.Of(ctx).Lang)[code]
}
