package supports

import "github.com/birlik/portal/internal/personal"

// Personal is which supports somebody recorded; they stay with the register.
func Personal() personal.Part {
	return personal.Part{
		Area: "supports",
		Lists: []personal.List{{Name: "recorded", Query: `
			select x.title, o.name as organisation, x.kind, x.granted_on, x.created_at from supports x join organisations o on o.id = x.org_id
			where x.created_by = @person order by x.id`}},
		Keeps: []string{"supports.created_by"},
	}
}
