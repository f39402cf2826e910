package accounts

import "github.com/birlik/portal/internal/personal"

// Personal is what accounts keep about people. Secrets are not given out, only that there
// are some: a copy of one's data in the wrong hands shall open no door.
func Personal() personal.Part {
	return personal.Part{
		Area: "account",
		Lists: []personal.List{
			{Name: "account", Query: `
				select name, email, lang as language, zone as time_zone, theme, single_keys, created_at, password_at, has_factor(id) as second_factor
				from users where id = @person`},
			{Name: "staff_roles", Query: `select role, starts_at, nullif(ends_at, 'infinity') as ends_at from staff_roles where user_id = @person order by id`},
			{Name: "offices", Query: `select office, starts_at, nullif(ends_at, 'infinity') as ends_at from staff_offices where user_id = @person order by id`},
			{Name: "mandates", Query: `
				select o.name as organisation, m.role, m.areas, m.starts_at, nullif(m.ends_at, 'infinity') as ends_at
				from mandates m join organisations o on o.id = m.org_id where m.user_id = @person order by m.id`},
			{Name: "sessions", Query: `
				select agent as device, host(address) as address, method, created_at, seen_at, expires_at from sessions where user_id = @person order by id`},
			{Name: "sign_ins", Query: `select at, method, outcome, code_used, agent as device, network from sign_ins where user_id = @person order by id`},
			{Name: "passkeys", Query: `select name, created_at, used_at from passkeys where user_id = @person order by id`},
			{Name: "sign_on", Query: `select issuer, subject, linked_at from sign_on_identities where user_id = @person order by id`},
			{Name: "mailed_links", Query: `select purpose, created_at, expires_at, used_at from access_links where user_id = @person order by id`},
		},
		Hold: []string{
			`select r.id from staff_roles r join users u on u.id = r.user_id
			 where r.role = 'administrator' and r.ends_at > @now order by r.id for update of r, u`,
			`select m.id from mandates m where m.role = 'member_approver' and m.ends_at > @now
			   and m.org_id in (select org_id from mandates where user_id = @person) order by m.id for update`,
		},
		Blocks: []personal.Block{{Key: "privacy.block.administrator", Query: lastAdministrator}, {Key: "privacy.block.approver", Query: lastApprover}},
		Forget: forgetAccount,
		Keeps:  []string{"audit_entries.actor_id", "mandates.given_by", "mandates.ended_by", "access_links.created_by"},
	}
}

// lastAdministrator names the person while nobody else administers the portal with no end
// in sight; see keepAdministrator.
const lastAdministrator = `
	select u.name from users u
	where u.id = @person
	  and exists (select from staff_roles r where r.user_id = u.id and r.role = 'administrator' and r.starts_at <= @now and r.ends_at > @now)
	  and not exists (select from staff_roles r join users x on x.id = r.user_id and x.active and x.password_hash <> ''
	                  where r.role = 'administrator' and r.starts_at <= @now and r.ends_at = 'infinity' and x.id <> u.id)`

// lastApprover names the organisations that nobody else could act for; see keepApprover.
const lastApprover = `
	select distinct o.name from mandates m join organisations o on o.id = m.org_id and o.active
	where m.user_id = @person and m.role = 'member_approver' and m.areas = '{}' and m.ends_at > @now
	  and not exists (select from mandates x join users u on u.id = x.user_id and u.active and u.password_hash <> ''
	                  where x.org_id = m.org_id and x.role = 'member_approver' and x.areas = '{}' and x.user_id <> m.user_id
	                    and x.starts_at <= @now and x.ends_at > @now)
	order by o.name`

// forgetAccount leaves a row without a person: records point at it.
var forgetAccount = []string{
	`delete from sessions where user_id = @person`,
	`delete from access_links where user_id = @person`,
	`delete from totp_secrets where user_id = @person`,
	`delete from recovery_codes where user_id = @person`,
	`delete from passkeys where user_id = @person`,
	`delete from sign_on_identities where user_id = @person`,
	`delete from ceremonies where user_id = @person`,
	`delete from sign_ins where user_id = @person`,
	`delete from post_keys where user_id = @person`,
	`delete from kept_posts where user_id = @person`,
	`update staff_roles set ends_at = greatest(starts_at, @now) where user_id = @person and ends_at > @now`,
	`update staff_offices set ends_at = greatest(starts_at, @now) where user_id = @person and ends_at > @now`,
	`update mandates set ends_at = greatest(starts_at, @now), version = version + 1 where user_id = @person and ends_at > @now`,
	`update users set name = @alias, name_key = lower(@alias), email = concat('erased-', id, chr(64), 'erased.invalid'), email_key = concat('erased-', id, chr(64), 'erased.invalid'),
		lang = 'tr', zone = 'Europe/Istanbul', theme = 'system', single_keys = true, password_hash = '', password_at = null, active = false,
		erased_at = @now, version = version + 1
	 where id = @person`,
}
