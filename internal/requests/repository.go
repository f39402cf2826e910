package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

type repository struct{ db postgres.Querier }

// columns are what scan reads, in its order.
const columns = `
	r.id, s.public_id, r.org_id, os.public_id, o.name, o.lang, r.country_id, r.service, r.state, r.seq, r.version,
	coalesce(r.reference, ''), r.lang, r.urgent, r.title, r.kind, r.sector, r.place, r.lat, r.lon, coalesce(r.beneficiaries, 0),
	r.cost::text, coalesce(r.cost_currency, ''), r.own::text, coalesce(r.own_currency, ''), r.land, r.permit,
	coalesce(r.officer_id, 0), coalesce(u.name, ''), coalesce(r.created_by, 0), r.created_at, r.asked_at, r.reminded_at, r.submitted_at,
	r.closed_at, nullif(r.due_at, 'infinity'), coalesce(r.decision_id, 0), coalesce(r.decided, ''),
	r.service_version, r.office, coalesce(r.advisor, ''), r.left_days, r.back_due_at, r.alarm,
	r.channel, r.came_on, r.asked_by, r.earlier_reference, r.handed_over_at,
	r.privileged`

const sources = `
	from requests r
	join subjects s on s.id = r.id
	join organisations o on o.id = r.org_id
	join subjects os on os.id = r.org_id
	left join users u on u.id = r.officer_id`

func scan(row pgx.CollectableRow) (*Request, error) {
	var r Request
	var lat, lon *float64
	var cost, own *string
	var costIn, ownIn string
	m := &r.Summary
	err := row.Scan(&r.ID, &r.PublicID, &r.OrgID, &r.OrgPublicID, &r.OrgName, &r.OrgLang, &r.CountryID, &r.Service, &r.State, &r.Seq, &r.Version,
		&r.Reference, &r.Lang, &r.Urgent, &m.Title, &m.Kind, &m.Sector, &m.Place, &lat, &lon, &m.Beneficiaries,
		&cost, &costIn, &own, &ownIn, &m.Land, &m.Permit,
		&r.OfficerID, &r.OfficerName, &r.CreatedBy, &r.CreatedAt, &r.AskedAt, &r.RemindedAt, &r.SubmittedAt,
		&r.ClosedAt, &r.DueAt, &r.DecisionID, &r.Decided,
		&r.Pinned, &r.Office, &r.Advisor, &r.LeftDays, &r.BackDueAt, &r.Alarm,
		&r.Channel, &r.CameOn, &r.AskedBy, &r.EarlierReference, &r.HandedOverAt,
		&r.Privileged)
	if lat != nil && lon != nil {
		m.Point = &Point{Lat: *lat, Lon: *lon}
	}
	m.Cost, m.Own = amount(cost, costIn), amount(own, ownIn)
	return &r, err
}

func amount(value *string, currency string) *Amount {
	if value == nil {
		return nil
	}
	return &Amount{Value: *value, Currency: currency}
}

// byPublicID finds a request that an actor may see: the own organisation's, or what was
// sent. It repeats in the query what the service has asked.
const byPublicID = ` where s.public_id = $1 and s.kind = 'request' and (($2 and r.org_id = $3) or (not $2 and r.submitted_at is not null))`

// open reads a request that the actor may see. Errors: not found.
func (r repository) open(ctx context.Context, actor identity.Actor, publicID string) (*Request, error) {
	return r.one(ctx, `select `+columns+sources+byPublicID, publicID, actor.Side == identity.Member, actor.OrgID)
}

// lock is open, holding the row until the transaction ends.
func (r repository) lock(ctx context.Context, actor identity.Actor, publicID string) (*Request, error) {
	return r.one(ctx, `select `+columns+sources+byPublicID+` for update of r`, publicID, actor.Side == identity.Member, actor.OrgID)
}

// byRef reads a request for the portal itself, whoever it belongs to.
func (r repository) byRef(ctx context.Context, ref subject.Ref) (*Request, error) {
	return r.one(ctx, `select `+columns+sources+` where r.id = $1`, ref.ID)
}

func (r repository) one(ctx context.Context, sql string, args ...any) (*Request, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	got, err := pgx.CollectExactlyOneRow(rows, scan)
	return got, postgres.Explain(err, "requests.not_found")
}

func (r repository) many(ctx context.Context, sql string, args ...any) ([]*Request, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	got, err := pgx.CollectRows(rows, scan)
	return got, postgres.Explain(err, "requests.not_found")
}

// identify makes the subject of a new request.
func (r repository) identify(ctx context.Context, orgID int64) (subject.Ref, string, error) {
	publicID := subject.NewPublicID()
	ref, err := r.identifyAs(ctx, orgID, publicID)
	return ref, publicID, err
}

func (r repository) identifyAs(ctx context.Context, orgID int64, publicID string) (subject.Ref, error) {
	ref := subject.Ref{Kind: subject.Request}
	err := r.db.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`, orgID, publicID).Scan(&ref.ID)
	return ref, err
}

// insert stores a new draft; its first move is there already.
func (r repository) insert(ctx context.Context, ref subject.Ref, actor identity.Actor, x services.Service, state workflow.State, lang string, at time.Time) error {
	tag, err := r.db.Exec(ctx, `
		insert into requests (id, org_id, service, service_version, office, state, seq, lang, country_id, created_by, created_at)
		select $1, $2, $6, $8, $9, $3, 1, $5, coalesce(m.country_id, o.country_id), $4, $7
		from organisations o left join municipalities m on m.id = o.id where o.id = $2 and coalesce(m.country_id, o.country_id) is not null`,
		ref.ID, actor.OrgID, state, actor.UserID, lang, x.Code, at, x.Live, x.OfficeOf(state))
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows // an organisation without a country cannot ask yet
	}
	return postgres.Explain(err, "requests.not_found")
}

// save stores all that may change while a request lives, in one statement, because the
// table allows no half of a step. version counts each save.
func (r repository) save(ctx context.Context, x Request) error {
	m := x.Summary
	var lat, lon *float64
	if m.Point != nil {
		lat, lon = &m.Point.Lat, &m.Point.Lon
	}
	cost, costIn := split(m.Cost)
	own, ownIn := split(m.Own)
	_, err := r.db.Exec(ctx, `
		update requests set state = @state, seq = @seq, officer_id = nullif(@officer::bigint, 0), asked_at = @asked_at, reminded_at = @reminded_at,
			due_at = coalesce(@due_at::timestamptz, 'infinity'), reference = nullif(@reference, ''), submitted_at = @submitted_at, closed_at = @closed_at,
			title = @title, kind = @kind, sector = @sector, place = @place, lat = @lat, lon = @lon, beneficiaries = nullif(@beneficiaries::bigint, 0),
			cost = @cost::numeric, cost_currency = @cost_in, own = @own::numeric, own_currency = @own_in, land = @land, permit = @permit,
			urgent = @urgent, decision_id = nullif(@decision::bigint, 0), decided = nullif(@decided, ''),
			office = @office, advisor = nullif(@advisor, ''), left_days = @left_days, back_due_at = @back_due_at, alarm = @alarm,
			privileged = @privileged,
			channel = @channel, came_on = @came_on, asked_by = @asked_by, earlier_reference = @earlier_reference, handed_over_at = @handed_over_at,
			version = version + 1,
			changed_at = now()
		where id = @id`, pgx.NamedArgs{
		"id": x.ID, "state": x.State, "seq": x.Seq, "officer": x.OfficerID, "asked_at": x.AskedAt, "reminded_at": x.RemindedAt,
		"due_at": x.DueAt, "reference": x.Reference, "submitted_at": x.SubmittedAt, "closed_at": x.ClosedAt,
		"title": m.Title, "kind": m.Kind, "sector": m.Sector, "place": m.Place, "lat": lat, "lon": lon, "beneficiaries": m.Beneficiaries,
		"cost": cost, "cost_in": costIn, "own": own, "own_in": ownIn, "land": m.Land, "permit": m.Permit,
		"urgent": x.Urgent, "decision": x.DecisionID, "decided": x.Decided,
		"office": x.Office, "advisor": x.Advisor, "left_days": x.LeftDays, "back_due_at": x.BackDueAt, "alarm": x.Alarm,
		"privileged": x.Privileged,
		"channel":    x.Channel, "came_on": x.CameOn, "asked_by": x.AskedBy, "earlier_reference": x.EarlierReference, "handed_over_at": x.HandedOverAt,
	})
	return err
}

// touch notes that something happened to a request of which its row says nothing: a message,
// a tick.
func (r repository) touch(ctx context.Context, id int64) error {
	_, err := r.db.Exec(ctx, `update requests set changed_at = now() where id = $1`, id)
	return err
}

func split(a *Amount) (value, currency *string) {
	if a == nil {
		return nil, nil
	}
	return &a.Value, &a.Currency
}

// ofOrg lists an organisation's requests, newest first, before the one with the public
// identifier before.
func (r repository) ofOrg(ctx context.Context, orgID int64, before string, limit int) ([]*Request, error) {
	return r.many(ctx, `select `+columns+sources+`
		where r.org_id = $1 and ($2 = '' or r.id < (select b.id from subjects b where b.public_id = $2 and b.org_id = $1))
		order by r.id desc limit $3`, orgID, before, limit)
}

// next takes the next number of the references, for the year in the union's zone.
func (r repository) next(ctx context.Context, year int) (n int, err error) {
	err = r.db.QueryRow(ctx, `select next_reference($1, $2)`, Prefix, year).Scan(&n)
	return n, err
}

// approvers lists who may send in an organisation's name today.
func (r repository) approvers(ctx context.Context, orgID int64) ([]string, error) {
	rows, _ := r.db.Query(ctx, `
		select u.name from mandates m join users u on u.id = m.user_id
		where m.org_id = $1 and m.role = 'member_approver' and u.active and now() >= m.starts_at and now() < m.ends_at
		order by u.name`, orgID)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Officer is somebody of the staff who handles requests.
type Officer struct {
	ID       int64
	PublicID string
	Name     string
}

// officers lists the staff who may handle requests.
func (r repository) officers(ctx context.Context) ([]Officer, error) {
	rows, _ := r.db.Query(ctx, `
		select u.id, s.public_id, u.name from users u join subjects s on s.id = u.id
		where u.active and exists (select from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at
			and x.role = any($1))
		order by u.name collate "tr-x-icu"`, handlers())
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Officer])
}

// handlers are the roles that may handle requests.
func handlers() []identity.Role {
	var out []identity.Role
	for _, role := range identity.StaffRoles() {
		if (identity.Actor{UserID: 1, Roles: []identity.Role{role}}).Can(identity.HandleRequests) {
			out = append(out, role)
		}
	}
	return out
}
