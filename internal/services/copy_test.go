package services_test

import (
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
)

func TestAServiceIsMadeFromAnother(t *testing.T) {
	b := setup(t)
	title := services.Text{locale.TR: "Yeşil çatılar", locale.EN: "Green roofs", locale.RU: "Зелёные крыши"}
	slug, err := b.Copy(t.Context(), b.head, "urban-guidance", services.Model{Title: title})
	if must(t, err); slug != "green-roofs" {
		t.Errorf("its address is %q", slug)
	}
	model, err := b.Record(t.Context(), b.head, "urban-guidance")
	must(t, err)
	got, err := b.Record(t.Context(), b.head, slug)
	must(t, err)
	if got.State != services.Draft || got.Code != "green_roofs" || got.Form != model.Form || len(got.Steps) != len(model.Steps) || len(got.Moves) != len(model.Moves) || got.Office != model.Office {
		t.Errorf("the copy is %+v", got.Service)
	}
	if changes := services.Diff(model.Definition, got.Definition); len(changes) != len(title) {
		t.Errorf("more than the title differs: %+v", changes)
	}
	if _, err := b.BySlug(t.Context(), slug); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("the public sees it before it is opened: %v", err)
	}
	must(t, b.Begin(t.Context(), b.head, slug))
	must(t, b.Publish(t.Context(), b.head, slug, 1, ""))
	got, err = b.Record(t.Context(), b.head, slug)
	must(t, err)
	must(t, b.Stand(t.Context(), b.head, slug, got.Service.Version, services.Published, nil))
	if found, err := b.BySlug(t.Context(), slug); err != nil || found.Title.In(locale.EN) != "Green roofs" {
		t.Errorf("after it was opened: %v", err)
	}
}

func TestACopyHasANameAndAnAddressOfItsOwn(t *testing.T) {
	b := setup(t)
	title := services.Text{locale.TR: "A", locale.EN: "B", locale.RU: "C"}
	for slug, field := range map[string]string{"opinion": "slug", "offices": "slug", "Roofs": "slug", "a--b": "slug", "1a": "slug", "-a": "slug", "b": "slug"} {
		_, err := b.Copy(t.Context(), b.head, "urban-guidance", services.Model{Title: title, Slug: slug})
		refused(t, slug+" "+field, err, apperr.Invalid)
	}
	_, err := b.Copy(t.Context(), b.head, "urban-guidance", services.Model{Title: services.Text{locale.TR: "A"}, Slug: "roofs"})
	refused(t, "two languages lack", err, apperr.Invalid)
	_, err = b.Copy(t.Context(), b.desk, "urban-guidance", services.Model{Title: title, Slug: "roofs"})
	refused(t, "a desk officer", err, apperr.Forbidden)
	_, err = b.Copy(t.Context(), b.head, "nowhere", services.Model{Title: title, Slug: "roofs"})
	refused(t, "no model", err, apperr.NotFound)
}
