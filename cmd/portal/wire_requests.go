package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/requests"
	catalogue "github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workdays"
	"github.com/birlik/portal/web/municipalitypages"
)

// newRequests makes the services of requests and of the projects that they become.
func newRequests(cfg config.Config, db postgres.DB) (*requests.Service, *projects.Service) {
	zone := cfg.Union.Location()
	grown := projects.New(db, time.Now)
	answers := requests.NewFormAnswers(zone, time.Now)
	answers.Known = profiles.Lookup
	cases := requests.New(db, answers, toProjects{grown}, zone, time.Now)
	cases.Country = cfg.Union.Country
	return cases, grown
}

// publishForms puts the forms, services and holidays of this version of the portal in force.
func publishForms(ctx context.Context, db postgres.DB) error {
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		for _, d := range requests.Forms() {
			if _, err := forms.Publish(ctx, tx, d); err != nil {
				return err
			}
		}
		if err := catalogue.New(db, requests.Rules(), time.Now).Ship(ctx, tx, requests.Shipped()); err != nil {
			return err
		}
		return workdays.Ship(ctx, tx)
	})
}

// toProjects tells projects what they grow out of, in their own words.
type toProjects struct{ projects *projects.Service }

// Create implements requests.Projects.
func (p toProjects) Create(ctx context.Context, tx pgx.Tx, actor identity.Actor, from requests.Approval) error {
	r := from.Request
	origin := projects.Origin{RequestID: r.ID, OrgID: r.OrgID, CountryID: r.CountryID, Lang: r.Lang, Title: r.Summary.Title,
		Summary: r.Summary.Description, Kind: r.Summary.Kind, Sector: r.Summary.Sector, Place: r.Summary.Place,
		Beneficiaries: r.Summary.Beneficiaries, ApprovedOn: from.On}
	if point := r.Summary.Point; point != nil {
		origin.Point = &projects.Point{Lat: point.Lat, Lon: point.Lon}
	}
	if cost := r.Summary.Cost; cost != nil {
		origin.Cost, origin.Currency = cost.Value, cost.Currency
	}
	return p.projects.Create(ctx, tx, actor, origin)
}

// projectTies are the projects that a municipality's page shows.
func projectTies(service *projects.Service) func(ctx context.Context, municipality int64) ([]municipalitypages.Tie, error) {
	return func(ctx context.Context, municipality int64) ([]municipalitypages.Tie, error) {
		lang := locale.Of(ctx).Lang
		list, err := service.OfMunicipality(ctx, identity.Anyone(), lang, municipality)
		out := make([]municipalitypages.Tie, len(list))
		for i, p := range list {
			out[i] = municipalitypages.Tie{Title: p.Text.Title, Path: "/projects/" + p.Text.Slug,
				Note: locale.T(ctx, "projects.state."+string(p.State)) + " · " + locale.T(ctx, "requests.sector."+p.Sector)}
			if p.Text.Lang != string(lang) {
				out[i].Lang = p.Text.Lang
			}
		}
		return out, err
	}
}
