package projectpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// showView is a project's public page.
type showView struct {
	projects.Page
}

func (h *Handler) find(r *http.Request) (projects.Page, error) {
	return h.projects.Page(r.Context(), identity.Anyone(), page.Lang(r), chi.URLParam(r, "slug"))
}

// show draws the page; at an address in another language's words it leads to its own.
func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.Text.Slug != chi.URLParam(r, "slug") {
		http.Redirect(w, r, ui.Path(r.Context(), publicPath+"/"+p.Text.Slug), http.StatusMovedPermanently)
		return nil
	}
	return page.Show(w, r, http.StatusOK, showPage(showView{p}))
}

func (h *Handler) point(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.Point == nil {
		return apperr.New(apperr.NotFound, "projects.not_found")
	}
	return writePoints(w, []feature{newFeature(p.Text.Title, "", p.OrgName, *p.Point)})
}

// missing reports that the text is not in the page's language.
func (v showView) missing(ctx context.Context) bool { return titleLang(ctx, v.Text.Lang) != "" }

// others are the interface languages that the project is told in.
func (v showView) others(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, other := range v.Text.Others {
		if lang := locale.Lang(other.Lang); locale.Known(other.Lang) && lang != locale.Of(ctx).Lang {
			out = append(out, ui.Link{Label: locale.T(ctx, "language."+other.Lang), Href: "/" + other.Lang + publicPath + "/" + other.Slug, Icon: other.Lang})
		}
	}
	return out
}

// facts are what the register says: who, where, what it costs, and when.
func (v showView) facts(ctx context.Context) []ui.SummaryRow {
	lead := ui.SummaryRow{Label: locale.T(ctx, "projects.led_by"), Value: v.OrgName + ", " + v.Country}
	if v.OrgSlug != "" {
		lead.Content = leadLink(v.Project)
	}
	rows := []ui.SummaryRow{lead,
		{Label: locale.T(ctx, "projects.kind"), Value: kindName(ctx, v.Kind)},
		{Label: locale.T(ctx, "projects.sector"), Value: sectorName(ctx, v.Sector)},
		{Label: locale.T(ctx, "projects.place"), Value: v.Place}}
	if v.Beneficiaries > 0 {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "projects.people"), Value: locale.Number(ctx, v.Beneficiaries)})
	}
	if v.Cost != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "projects.cost"),
			Value: locale.T(ctx, "projects.cost_on", "Amount", money(ctx, v.Project), "Day", locale.Date(ctx, v.ApprovedOn))})
	}
	rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "projects.approved_on"), Value: locale.Date(ctx, v.ApprovedOn)})
	if v.StartsOn != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "projects.starts"), Value: locale.Month(ctx, *v.StartsOn)})
	}
	if v.EndsOn != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "projects.ends"), Value: locale.Month(ctx, *v.EndsOn)})
	}
	return rows
}

// figures are the indicators: what is reached of what is wanted.
func (v showView) figures(ctx context.Context) ui.Figures {
	var out ui.Figures
	for _, i := range v.Indicators {
		out.Items = append(out.Items, ui.Figure{Label: measureName(ctx, i.Name), Value: locale.Decimal(ctx, i.Reached, 1),
			Note: locale.T(ctx, "projects.of_target", "Target", locale.Decimal(ctx, i.Target, 1))})
	}
	out.Note = locale.T(ctx, "projects.figures_note", "Day", locale.Date(ctx, v.updated()))
	return out
}

func measureName(ctx context.Context, name string) string {
	return locale.T(ctx, "projects.measure."+name)
}

// moments are the states that the project came to.
func (v showView) moments(ctx context.Context) []ui.Moment {
	var out []ui.Moment
	for _, s := range v.States {
		out = append(out, ui.Moment{What: stateName(ctx, s.State), At: locale.Date(ctx, locale.Own(ctx, s.On)), ISO: s.On.UTC().Format("2006-01-02"),
			Bad: s.State == projects.Cancelled})
	}
	return out
}

// citation names the project, its address and the day it was read.
func (v showView) citation(ctx context.Context) string {
	return locale.T(ctx, "projects.citation", "Title", v.Text.Title,
		"Address", ui.ShellOf(ctx).BaseURL+ui.Path(ctx, publicPath+"/"+v.Text.Slug), "Date", locale.Date(ctx, locale.Of(ctx).Now))
}

// updated is when the page last changed: its text, or its state.
func (v showView) updated() (at time.Time) {
	at = v.Text.UpdatedAt
	for _, s := range v.States {
		if s.On.After(at) {
			at = s.On
		}
	}
	return at
}
