package membership

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Offices are whom the union writes to in a municipality.
func Offices() []string {
	return []string{"general", "mayor", "international", "finance", "projects", "press", "culture", "legal"}
}

// Own is what a municipality keeps of itself: whom to write to, whom it sends.
type Own struct {
	Ref       subject.Ref
	Standing  string // empty: no member
	Kind      Kind
	Contacts  []Contact
	Delegates []Delegate
	Heads     []Head
}

// Own reads the actor's municipality. Errors: sign_in, forbidden.
func (s *Service) Own(ctx context.Context, actor identity.Actor) (Own, error) {
	var o Own
	if err := actor.May(identity.ReadOwn); err != nil {
		return o, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if o.Ref, err = r.organisation(ctx, actor.OrgID); err != nil {
			return err
		}
		err = q.QueryRow(ctx, `select standing, kind from memberships where org_id = $1`, actor.OrgID).Scan(&o.Standing, &o.Kind)
		if err != nil && err != pgx.ErrNoRows {
			return err
		}
		if o.Contacts, err = r.contacts(ctx, actor.OrgID); err != nil {
			return err
		}
		if o.Delegates, err = r.delegates(ctx, actor.OrgID); err != nil {
			return err
		}
		o.Heads, err = r.heads(ctx, actor.OrgID)
		return err
	})
	return o, err
}

func (r repository) organisation(ctx context.Context, id int64) (subject.Ref, error) {
	ref := subject.Ref{ID: id}
	err := r.db.QueryRow(ctx, `select kind from subjects where id = $1`, id).Scan(&ref.Kind)
	return ref, postgres.Explain(err, "membership.not_found")
}

// ContactInput is an office or a person to write to.
type ContactInput struct {
	Office string `json:"office"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Phone  string `json:"phone"`
	Lang   string `json:"lang"`
	Listed bool   `json:"listed"` // on the public page: offices only, never somebody's name
}

func (c ContactInput) check() error {
	fields := map[string]string{}
	if !slices.Contains(Offices(), c.Office) {
		fields["office"] = "requests.choose"
	}
	if !mail.ValidAddress(c.Email) {
		fields["email"] = "accounts.email_format"
	}
	if c.Phone != "" && phone(c.Phone) == "" {
		fields["phone"] = "forms.no_phone"
	}
	if len([]rune(c.Name)) > 200 {
		fields["name"] = "error.too_long"
	}
	if !locale.Known(c.Lang) {
		fields["lang"] = "accounts.choose_language"
	}
	if c.Listed && c.Name != "" {
		fields["listed"] = "people.listed_office"
	}
	return apperr.Fields(fields)
}

// maxContacts bounds what one municipality keeps.
const maxContacts = 60

// AddContact keeps one more contact of the actor's municipality; the same office and address
// again replaces what was kept.
// Errors: sign_in, forbidden, invalid (by field), conflict (there are too many).
func (s *Service) AddContact(ctx context.Context, actor identity.Actor, c ContactInput) error {
	if err := actor.May(identity.EditProfile); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, err := repository{tx}.organisation(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into contacts (public_id, org_id, office, name, email, phone, lang, listed)
			select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from contacts where org_id = $2) < $9
			on conflict (org_id, office, email) do update set name = excluded.name, phone = excluded.phone, lang = excluded.lang,
				listed = excluded.listed, version = contacts.version + 1`,
			subject.NewPublicID(), actor.OrgID, c.Office, c.Name, c.Email, c.Phone, c.Lang, c.Listed, maxContacts)
		if err == nil && tag.RowsAffected() == 0 {
			err = apperr.New(apperr.Conflict, "people.too_many_contacts")
		}
		if err != nil {
			return err
		}
		if err := s.register.Changed(ctx, tx, actor.OrgID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.contact_kept", Subject: ref, Payload: c})
	})
}

// DropContact forgets a contact of the actor's municipality. Errors: sign_in, forbidden, not found.
func (s *Service) DropContact(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.EditProfile); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, err := repository{tx}.organisation(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		var c ContactInput
		err = tx.QueryRow(ctx, `delete from contacts where public_id = $1 and org_id = $2 returning office, name, email, phone, lang, listed`, publicID, actor.OrgID).
			Scan(&c.Office, &c.Name, &c.Email, &c.Phone, &c.Lang, &c.Listed)
		if err != nil {
			return postgres.Explain(err, "membership.not_found")
		}
		if err := s.register.Changed(ctx, tx, actor.OrgID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.contact_dropped", Subject: ref, Payload: c})
	})
}

// DelegateInput is somebody whom the council named.
type DelegateInput struct {
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	Rank       string    `json:"rank"`
	Resolution string    `json:"resolution"`
	Starts     time.Time `json:"starts"`
	Ends       time.Time `json:"ends"` // zero: until the next local election
}

func (d DelegateInput) check() error {
	fields := map[string]string{}
	if d.Name == "" || len([]rune(d.Name)) > 200 {
		fields["name"] = "error.required"
	}
	if d.Email != "" && !mail.ValidAddress(d.Email) {
		fields["email"] = "accounts.email_format"
	}
	if !slices.Contains([]string{"delegate", "alternate"}, d.Rank) {
		fields["rank"] = "requests.choose"
	}
	if d.Resolution == "" || len([]rune(d.Resolution)) > 60 {
		fields["resolution"] = "error.required"
	}
	if d.Starts.IsZero() {
		fields["starts"] = "requests.date_wrong"
	}
	if !d.Ends.IsZero() && d.Ends.Before(d.Starts) {
		fields["ends"] = "accounts.ends_before_start"
	}
	return apperr.Fields(fields)
}

// AddDelegate keeps whom the council of the actor's municipality named to the General Assembly.
// Errors: sign_in, forbidden, invalid (by field).
func (s *Service) AddDelegate(ctx context.Context, actor identity.Actor, d DelegateInput) error {
	if err := actor.May(identity.EditPeople); err != nil {
		return err
	}
	if err := d.check(); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, err := repository{tx}.organisation(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into delegates (public_id, org_id, name, email, rank, position, resolution, starts_on, ends_on)
			select $1, $2, $3, $4, $5, 1 + coalesce(max(position), 0), $6, $7, $8 from delegates where org_id = $2 and rank = $5`,
			subject.NewPublicID(), actor.OrgID, d.Name, d.Email, d.Rank, d.Resolution, d.Starts, day(d.Ends))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.delegate_named", Subject: ref, Payload: d})
	})
}

// EndDelegate ends a delegate's time today; the row stays. Errors: sign_in, forbidden, not found.
func (s *Service) EndDelegate(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.EditPeople); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, err := repository{tx}.organisation(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		var name string
		err = tx.QueryRow(ctx, `
			update delegates set ends_on = greatest(starts_on, $3::date), version = version + 1
			where public_id = $1 and org_id = $2 and (ends_on is null or ends_on > $3) returning name`, publicID, actor.OrgID, s.Today()).Scan(&name)
		if err != nil {
			return postgres.Explain(err, "membership.not_found")
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.delegate_ended", Subject: ref, Payload: map[string]string{"name": name}})
	})
}
