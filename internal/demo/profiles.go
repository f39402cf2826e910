package demo

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/profiles"
)

// shushaTexts describe the city of the demonstration in its languages.
var shushaTexts = []struct{ lang, text string }{
	{"tr", "Karabağ dağlarının üstünde kurulu Şuşa, müziği ve taş evleriyle bilinir. Kent dokusunu onarırken başka tarihî kentlerle deneyim paylaşıyoruz."},
	{"en", "Shusha stands high in the mountains of Karabakh and is known for its music and its stone houses. While we restore the old town, we share what we learn with other historic cities."},
	{"ru", "Шуша стоит высоко в горах Карабаха и известна своей музыкой и каменными домами. Восстанавливая старый город, мы делимся опытом с другими историческими городами."},
}

// Profiles fills the profiles of the demonstration: what members are strong in and look for,
// when they last said that all is right, one city in full, and one proposal that waits.
func Profiles(ctx context.Context, db postgres.DB, service *profiles.Service, now time.Time) error {
	if service == nil {
		return nil
	}
	var begun bool
	var editor, mayor, desk identity.Actor
	var public string
	err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select exists (select from fact_proposals)`).Scan(&begun); err != nil || begun {
			return err
		}
		if _, err := tx.Exec(ctx, `update municipality_fields set strength = (municipality_id + field_id) % 3 = 0, need = (municipality_id + field_id) % 3 = 1`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into profiles (org_id, confirmed_at)
			select id, $1::timestamptz - (id % 330) * interval '1 day' from municipalities where standing = 'active' and id % 10 <> 0 on conflict do nothing`, now); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = $1`, Shusha).Scan(&public)
		if err != nil {
			return err
		}
		if editor, err = memberActor(ctx, tx, "editor@shusha.example"); err != nil {
			return err
		}
		if mayor, err = memberActor(ctx, tx, "mayor@shusha.example"); err != nil {
			return err
		}
		desk = identity.Actor{Side: identity.Staff, Roles: []identity.Role{identity.DeskOfficer}}
		return tx.QueryRow(ctx, `select id, union_id() from users where email = 'desk@union.example'`).Scan(&desk.UserID, &desk.OrgID)
	})
	if err != nil || begun {
		return err
	}
	return fillShusha(ctx, service, editor, mayor, desk, public, now)
}

// memberActor is an account of the demonstration as it acts for its first municipality.
func memberActor(ctx context.Context, tx pgx.Tx, email string) (identity.Actor, error) {
	a := identity.Actor{Side: identity.Member}
	var role identity.Role
	err := tx.QueryRow(ctx, `select u.id, u.name, m.id, m.org_id, m.role from users u join mandates m on m.user_id = u.id where u.email = $1 order by m.id limit 1`, email).
		Scan(&a.UserID, &a.Name, &a.MandateID, &a.OrgID, &role)
	a.Roles = []identity.Role{role}
	return a, err
}

func fillShusha(ctx context.Context, service *profiles.Service, editor, mayor, desk identity.Actor, public string, now time.Time) error {
	for _, t := range shushaTexts {
		if err := service.SaveText(ctx, editor, t.lang, 0, t.text); err != nil {
			return err
		}
	}
	if err := service.SaveSectors(ctx, editor, 0, []string{"culture"}, []string{"services", "training"}); err != nil {
		return err
	}
	maturity := profiles.Maturity{}
	for i, q := range profiles.Questions() {
		maturity[q.Key] = 1 + i%2
	}
	if err := service.SaveMaturity(ctx, editor, 0, maturity); err != nil {
		return err
	}
	asked, err := service.Asking(ctx, desk, public)
	if err != nil {
		return err
	}
	boxes := asked.Facts.Boxes()
	boxes["seat"] = "Bələdiyyə binası, Şuşa"
	if err := service.Correct(ctx, desk, public, profiles.Correction{Version: asked.City.Version, Wish: profiles.Wish{Facts: profiles.FactsOf(boxes), Source: "Birlik kayıtları"}}); err != nil {
		return err
	}
	if err := service.Confirm(ctx, mayor); err != nil {
		return err
	}
	return proposeShusha(ctx, service, editor, boxes, now)
}

// proposeShusha lays two changes before staff: a newer count, and the end of a term.
func proposeShusha(ctx context.Context, service *profiles.Service, editor identity.Actor, boxes map[string]string, now time.Time) error {
	people, err := strconv.Atoi(boxes["population"])
	if err != nil {
		people = 4000 // the register knows no count
	}
	boxes["population"], boxes["population_year"] = strconv.Itoa(people+people/20+1), strconv.Itoa(now.Year()-1)
	if boxes["head"] == "" {
		boxes["head"] = "Şuşa Bələdiyyə Sədri"
	}
	boxes["head_until"] = now.AddDate(4, 0, 0).Format(time.DateOnly)
	_, err = service.Propose(ctx, editor, profiles.Wish{Facts: profiles.FactsOf(boxes), Source: "Dövlət Statistika Komitəsi, illik bülleten", Why: "Yıllık sayım yayımlandı."})
	return err
}
