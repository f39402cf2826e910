package accounts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/birlik/portal/internal/postgres"
)

type storedSession struct {
	id        int64
	handle    string
	ticket    ticket
	seenAt    time.Time
	person    Person
	proved    time.Time
	hasFactor bool // set up, not: shown in this session
}

// findSession reads a session, its person, and the roles and mandates in force at now, in
// one round trip: it runs before every signed-in page.
// Errors: pgx.ErrNoRows (none, timed out, or its person was switched off).
func findSession(ctx context.Context, q postgres.Querier, tokenHash string, now time.Time) (storedSession, error) {
	var f storedSession
	p := &f.person
	var proved pgtype.Timestamptz // -infinity: never
	err := q.QueryRow(ctx, `
		select s.id, s.handle, s.agent, coalesce(host(s.address), ''), s.expires_at, s.seen_at,
		       s.method, s.factor, s.proved_at, s.factor or has_factor(u.id),
		       coalesce((select max(r.notice) from privacy_readings r where r.user_id = u.id), 0), (select max(number) from privacy_notices),
		       u.id, u.org_id, us.public_id, u.name, u.email, u.lang, u.zone, u.theme, u.single_keys,
		       array(select r.role from staff_roles r
		             where r.user_id = u.id and r.starts_at <= $2 and r.ends_at > $2 order by r.role),
		       array(select x.office from staff_offices x
		             where x.user_id = u.id and x.starts_at <= $2 and x.ends_at > $2 order by x.office),
		       coalesce((select json_agg(json_build_object('mandate_id', m.id, 'org_id', m.org_id,
		                        'org_public', os.public_id, 'org_name', o.name, 'org_kind', o.kind, 'role', m.role, 'areas', m.areas)
		                        order by o.name collate "tr-x-icu", m.org_id, m.role)
		                 from mandates m
		                 join organisations o on o.id = m.org_id and o.active
		                 join subjects os on os.id = o.id
		                 where m.user_id = u.id and m.starts_at <= $2 and m.ends_at > $2), '[]')
		from sessions s
		join users u on u.id = s.user_id and u.active
		join subjects us on us.id = u.id
		where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $2::timestamptz - $3::interval`,
		tokenHash, now, IdleTimeout).Scan(
		&f.id, &f.handle, &f.ticket.Agent, &f.ticket.Address, &f.ticket.Deadline, &f.seenAt,
		&f.ticket.Method, &f.ticket.Factor, &proved, &f.hasFactor,
		&p.ReadNotice, &p.Notice,
		&p.UserID, &p.UnionID, &p.PublicID, &p.Name, &p.Email, &p.Lang, &p.Zone, &p.Theme, &p.SingleKeys,
		&p.Roles, &p.Offices, &p.Seats)
	f.ticket.User = p.UserID
	f.proved = proved.Time
	return f, err
}
