package intakepages

import (
	"context"
	"net/http"
	"slices"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// newAnswers makes the pages on which staff fill in a city's answers from its letter: the
// same pages on which cities answer.
func newAnswers(service *requests.Service, files *documents.Service) *formpages.Form {
	f := filling{service}
	return &formpages.Form{Open: f.open, Save: service.SaveArrived, Receive: files.Receive, MaxBytes: files.MaxBytes(), Param: "request"}
}

type filling struct{ requests *requests.Service }

// open reads a case as its form shows it. Errors: not found (its city filed it itself).
func (f filling) open(ctx context.Context, actor identity.Actor, publicID string) (formpages.Record, error) {
	p, err := f.requests.Paper(ctx, actor, publicID)
	if err == nil && !p.Elsewhere() {
		err = apperr.New(apperr.NotFound, "requests.not_found")
	}
	if err != nil {
		return formpages.Record{}, err
	}
	home := casesPath + "/" + p.PublicID
	rec := formpages.Record{PublicID: p.PublicID, Submission: p.Form, Open: p.Answerable() && actor.Can(identity.HandleRequests), Path: home + "/answers", Home: home,
		Uploads: "/desk/uploads", Files: "/desk/files", Section: casesPath, Lang: p.Lang, Title: p.Reference, Desk: true,
		Centre: forms.Point{Lat: p.Home.Lat, Lon: p.Home.Lon, Known: true, Address: p.OrgName}, Finish: closing(home + "/answers-closed")}
	if p.Currency != "" {
		rec.Currencies = []string{p.Currency}
	}
	return rec, nil
}

// closeAnswers seals what was filled in.
func (h *Handler) closeAnswers(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	err = h.requests.CloseArrived(r.Context(), page.Actor(r), id)
	if apperr.Is(err, apperr.Invalid) {
		return page.Redirect(w, r, "%s/%s/answers/check", casesPath, id)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s/%s?done=answers_closed", casesPath, id)
}

// langs are the languages that a letter may be written in: the portal's, and its city's own.
func langs(own string) []string {
	out := make([]string, 0, len(locale.Langs())+1)
	for _, l := range locale.Langs() {
		out = append(out, string(l))
	}
	if !slices.Contains(out, own) {
		out = append(out, own)
	}
	return out
}

func langOptions(ctx context.Context, own string) []ui.Option {
	var out []ui.Option
	for _, l := range langs(own) {
		out = append(out, ui.Option{Value: l, Label: locale.LanguageName(ctx, l)})
	}
	return out
}
