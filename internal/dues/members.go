package dues

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
)

// memberColumns are what scanMember reads; $1 is the reader's language.
const memberColumns = `
	select ms.org_id, s.public_id, coalesce(t.title, o.name), o.name, ms.kind, ms.standing, nullif(ms.joined_on, '-infinity'),
		coalesce(c.code, ''), coalesce(c.income_group, ''), coalesce(m.population, 0), coalesce(m.population_year, 0),
		coalesce(m.budget::text, ''), coalesce(m.budget_currency, ''), coalesce(m.budget_year, 0)
	from memberships ms
	join organisations o on o.id = ms.org_id
	join subjects s on s.id = ms.org_id
	left join municipalities m on m.id = ms.org_id
	left join municipality_titles t on t.municipality_id = m.id and t.lang = $1
	left join countries c on c.id = m.country_id `

func scanMember(row pgx.CollectableRow) (m Member, err error) {
	var joined *time.Time
	err = row.Scan(&m.OrgID, &m.PublicID, &m.Title, &m.Name, &m.Kind, &m.Standing, &joined, &m.Country, &m.Group, &m.Population, &m.PopulationYear,
		&m.Budget, &m.BudgetCurrency, &m.BudgetYear)
	if joined != nil {
		m.JoinedOn = *joined
	}
	return m, err
}

// members lists every member of the union in the language's order. They are a few thousand,
// and a dry run speaks of them all.
func (r repository) members(ctx context.Context, lang locale.Lang) ([]Member, error) {
	rows, _ := r.db.Query(ctx, memberColumns+`where ms.standing in ('active', 'suspended')
		order by coalesce(t.title, o.name) collate "`+locale.Collation(lang)+`", ms.org_id`, string(lang))
	return pgx.CollectRows(rows, scanMember)
}

// membersAfter lists the next members by id.
func (r repository) membersAfter(ctx context.Context, after int64, limit int) ([]Member, error) {
	rows, _ := r.db.Query(ctx, memberColumns+`where ms.standing in ('active', 'suspended') and ms.org_id > $2 order by ms.org_id limit $3`,
		string(locale.Default), after, limit)
	return pgx.CollectRows(rows, scanMember)
}
