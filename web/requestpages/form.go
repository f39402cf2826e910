package requestpages

import (
	"context"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/formpages"
)

// newForm makes the pages on which a municipality answers the questions of a request.
func newForm(service *requests.Service, files *documents.Service) *formpages.Form {
	f := answering{service}
	return &formpages.Form{Open: f.open, Save: service.SavePage, Plan: service.PlanCarry, Carry: service.Carry, LetHelp: service.LetHelp, EndHelp: service.EndHelp, Receive: files.Receive, MaxBytes: files.MaxBytes(), Param: "request"}
}

type answering struct{ requests *requests.Service }

// open reads a request as its form shows it. Errors: as Paper.
func (f answering) open(ctx context.Context, actor identity.Actor, publicID string) (formpages.Record, error) {
	p, err := f.requests.Paper(ctx, actor, publicID)
	if err != nil {
		return formpages.Record{}, err
	}
	rec := record(p, actor)
	help, err := f.requests.HelpWith(ctx, actor, p)
	rec.Help, rec.Touched, rec.MayHelp = help.Consent, help.Touched, rec.Open
	return rec, err
}

func record(p requests.Paper, actor identity.Actor) formpages.Record {
	home, org := p.MemberPath(), "/m/"+p.OrgPublicID
	rec := formpages.Record{PublicID: p.PublicID, Submission: p.Form, Open: p.State == requests.Draft && actor.Can(identity.EditDraft),
		Path: home + "/form", Home: home, Uploads: org + "/uploads", Files: org + "/files", Section: org + "/requests", Lang: p.Lang, Title: p.Reference,
		Centre: forms.Point{Lat: p.Home.Lat, Lon: p.Home.Lon, Known: true, Address: p.OrgName}, Finish: finish(p, actor.Can(identity.ApproveDraft))}
	if p.Currency != "" {
		rec.Currencies = []string{p.Currency}
	}
	return rec
}
