package demo

// FinishedDrafts copies the demonstration's answered request of Şuşa into drafts that only
// need to be sent: $1 are their public identifiers, $2 the organisations that they belong
// to. It is for measurements and for tests of many who send at once.
const FinishedDrafts = `
	with source as (
		select r.*, m.actor_id from requests r join moves m on m.subject_id = r.id and m.seq = 1
		join municipalities c on c.id = r.org_id where c.source_id = 'gn:147105' and r.state = 'with_approver' limit 1
	), ids as (
		select nextval(pg_get_serial_sequence('subjects', 'id')) as id, given.public_id, o.id as org_id, coalesce(c.country_id, source.country_id) as country_id
		from unnest($1::text[], $2::bigint[]) as given (public_id, org_id) cross join source
		join organisations o on o.id = given.org_id left join municipalities c on c.id = o.id
	), s as (
		insert into subjects (id, kind, org_id, public_id) overriding system value select id, 'request', org_id, public_id from ids
	), m as (
		insert into moves (subject_id, seq, to_state, move, actor_id, org_id) select ids.id, 1, 'draft', 'start', source.actor_id, ids.org_id from ids, source
	), r as (
		insert into requests (id, org_id, service, service_version, office, state, seq, lang, title, country_id, created_by)
		select ids.id, ids.org_id, service, service_version, office, 'draft', 1, lang, title, ids.country_id, created_by from ids, source
	), f as (
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, field_versions, seen, version, saved_at)
		select ids.id, ids.org_id, f.part, f.n, f.form, f.form_version, f.data, f.field_versions, f.seen, f.version, f.saved_at
		from ids, source join submissions f on f.subject_id = source.id
	)
	select count(*) from ids`
