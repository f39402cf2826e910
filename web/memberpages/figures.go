package memberpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// figuresView is the union in numbers, and on the map.
type figuresView struct {
	membership.Figures
	Points []ui.Point
	Others []membership.Other // members that are no municipalities
}

func (h *Handler) figuresView(r *http.Request) (v figuresView, err error) {
	if v.Figures, err = h.membership.Figures(r.Context(), page.Lang(r)); err != nil || h.Map == nil {
		return v, err
	}
	v.Points, err = h.Map(r.Context())
	return v, err
}

// figures is for everybody.
func (h *Handler) figures(w http.ResponseWriter, r *http.Request) error {
	v, err := h.figuresView(r)
	if err != nil {
		return err
	}
	if v.Figures.Others > 0 {
		if v.Others, err = h.membership.Others(r.Context(), page.Lang(r)); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, figuresPage(v))
}

// deskFigures is for staff.
func (h *Handler) deskFigures(w http.ResponseWriter, r *http.Request) error {
	if err := page.Actor(r).May(identity.ReadMembers); err != nil {
		return err
	}
	v, err := h.figuresView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, deskFiguresPage(v))
}

// figureTabs are the list's tabs with the figures open.
func (v membersView) figureTabs(ctx context.Context) []ui.Link {
	tabs := v.tabs(ctx)
	for i := range tabs {
		tabs[i].Current = i == len(tabs)-1
	}
	return tabs
}

// latelyYears is how many years the coming and going is told of.
const latelyYears = 10

func lately(years []membership.YearFigure) []membership.YearFigure {
	out := slices.Clone(years[max(0, len(years)-latelyYears):])
	slices.Reverse(out)
	return out
}
