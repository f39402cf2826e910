package formdeskpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
)

// newHelp makes the pages on which staff write in a draft whose city asked for help. They
// cannot send it, nor carry it to another version.
func newHelp(service *requests.Service, files *documents.Service) *formpages.Form {
	f := helping{service}
	return &formpages.Form{Open: f.open, Save: service.SaveHelped, Receive: files.Receive, MaxBytes: files.MaxBytes(), Param: "helped"}
}

type helping struct{ requests *requests.Service }

// open reads a draft as its form shows it. Errors: as Helped.
func (f helping) open(ctx context.Context, actor identity.Actor, publicID string) (formpages.Record, error) {
	p, err := f.requests.Helped(ctx, actor, publicID)
	if err != nil {
		return formpages.Record{}, err
	}
	help, err := f.requests.HelpWith(ctx, actor, p)
	rec := formpages.Record{PublicID: p.PublicID, Submission: p.Form, Open: true, Path: "/desk/drafts/" + p.PublicID + "/form", Home: "/desk/drafts",
		Uploads: "/desk/uploads", Files: "/desk/files", Section: "/desk/drafts", Lang: p.Lang, Desk: true, Help: help.Consent,
		Centre: forms.Point{Lat: p.Home.Lat, Lon: p.Home.Lon, Known: true, Address: p.OrgName}, Beside: helpNote(p.OrgName, help.Consent)}
	if p.Currency != "" {
		rec.Currencies = []string{p.Currency}
	}
	return rec, err
}

func (h *Handler) drafts(w http.ResponseWriter, r *http.Request) error {
	list, err := h.requests.ToHelp(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, draftsPage(list))
}
