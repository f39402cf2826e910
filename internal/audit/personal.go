package audit

import "github.com/birlik/portal/internal/personal"

// Personal is what the log of acts keeps about people. Of acts on other records the payload
// is left out: it may speak of somebody else. Forgetting empties payloads that speak of the
// person; the chain covers their digests, and goes on to hold.
func Personal() personal.Part {
	return personal.Part{
		Area: "acts",
		Lists: []personal.List{{Name: "acts", Query: `
			select a.at, a.action, s.kind as record, s.public_id as record_id, o.name as acted_for,
				case when a.subject_id = @person then a.payload end as details
			from audit_entries a join subjects s on s.id = a.subject_id join organisations o on o.id = a.org_id
			where a.actor_id = @person order by a.id`}},
		Forget: []string{
			`update audit_entries set payload = null where subject_id = @person and payload is not null`,
			`update audit_entries set payload = null
			 where org_id in (select org_id from mandates where user_id = @person) and position(lower(@email) in lower(payload::text)) > 0`,
		},
		Keeps: []string{"audit_entries.actor_id"},
	}
}
