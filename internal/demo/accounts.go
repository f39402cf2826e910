package demo

import (
	"context"
	"fmt"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Password opens every demonstration account. It stands in the open on purpose: the
// accounts exist in demonstration mode only, on data that belongs to nobody.
const Password = "kervan-sofra-turkuaz"

// Account is one demonstration account.
type Account struct {
	Role     identity.Role
	Email    string
	Password string
	name     string
	lang     string
	cities   []string // source ids of the municipalities it acts for; none: the union's staff
	asks     string   // name of the government that it acts for
}

// The two cities that the demonstration acts for.
const (
	Shusha    = "gn:147105"
	Canakkale = "gn:749780"
)

// Accounts lists the demonstration accounts: role mailboxes, nobody's own.
func Accounts() []Account {
	list := []Account{
		{Role: identity.MemberEditor, Email: "editor@shusha.example", name: "Şuşa Layihə Şöbəsi", lang: "tr", cities: []string{Shusha}},
		{Role: identity.MemberApprover, Email: "mayor@shusha.example", name: "Şuşa Bələdiyyə Sədri", lang: "ru", cities: []string{Shusha}},
		{Role: identity.MemberEditor, Email: "editor@canakkale.example", name: "Çanakkale Proje Birimi", lang: "tr", cities: []string{Canakkale}},
		{Role: identity.MemberApprover, Email: "mayor@canakkale.example", name: "Çanakkale Belediye Başkanı", lang: "tr", cities: []string{Canakkale}},
		{Role: identity.MemberEditor, Email: "regional@union.example", name: "Bölge Danışmanı", lang: "tr", cities: []string{Shusha, Canakkale}},
		{Role: identity.MemberEditor, Email: "desk@sehircilik.example", name: "Bakanlık Hukuk Bürosu", lang: "tr", asks: ministry},
		{Role: identity.MemberApprover, Email: "legal@sehircilik.example", name: "Bakanlık Hukuk Müşavirliği", lang: "tr", asks: ministry},
		{Role: identity.MemberApprover, Email: "office@valilik.example", name: "Valilik Yazı İşleri", lang: "tr", asks: governor},
		{Role: identity.DeskOfficer, Email: "desk@union.example", name: "Talep Masası", lang: "tr"},
		{Role: identity.DepartmentHead, Email: "head@union.example", name: "Daire Başkanı", lang: "tr"},
		{Role: identity.Finance, Email: "finance@union.example", name: "Mali İşler", lang: "en"},
		{Role: identity.BoardSecretary, Email: "board@union.example", name: "Kurul Sekreteri", lang: "tr"},
		{Role: identity.Administrator, Email: "admin@union.example", name: "Portal Yöneticisi", lang: "tr"},
		{Role: identity.Auditor, Email: "auditor@union.example", name: "Denetçi", lang: "en"},
	}
	for i := range list {
		list[i].Password = Password
	}
	return list
}

// addAccounts makes the accounts that are missing. The municipalities must be there.
func addAccounts(ctx context.Context, db postgres.DB, service *accounts.Service) error {
	for _, a := range Accounts() {
		there, err := a.there(ctx, db)
		if err != nil {
			return err
		}
		if there { // a password is dear to hash again
			continue
		}
		grants, err := a.grants(ctx, db)
		if err != nil {
			return err
		}
		_, err = service.Create(ctx, identity.Worker(), accounts.NewAccount{Email: a.Email, Name: a.name, Lang: a.lang,
			Zone: "Europe/Istanbul", Password: a.Password, Grants: grants})
		if err != nil {
			return fmt.Errorf("account %s: %w", a.Email, err)
		}
	}
	return nil
}

// there reports whether the person has an account already.
func (a Account) there(ctx context.Context, db postgres.DB) (there bool, err error) {
	err = db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select exists (select from users where email_key = $1)`, a.Email).Scan(&there)
	})
	return there, err
}

func (a Account) grants(ctx context.Context, db postgres.DB) ([]accounts.GrantInput, error) {
	if len(a.cities) == 0 && a.asks == "" {
		return []accounts.GrantInput{{Role: a.Role}}, nil
	}
	var grants []accounts.GrantInput
	if a.asks != "" {
		g := accounts.GrantInput{Role: a.Role}
		err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			return q.QueryRow(ctx, `select s.public_id from organisations o join subjects s on s.id = o.id where o.kind = 'government' and o.name = $1`, a.asks).Scan(&g.OrgPublic)
		})
		return append(grants, g), err
	}
	for _, city := range a.cities {
		g := accounts.GrantInput{Role: a.Role}
		err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			return q.QueryRow(ctx, `
				select s.public_id from municipalities m join subjects s on s.id = m.id
				where m.source_id = $1`, city).Scan(&g.OrgPublic)
		})
		if err != nil {
			return nil, fmt.Errorf("the city %s of %s: %w", city, a.Email, err)
		}
		grants = append(grants, g)
	}
	return grants, nil
}
