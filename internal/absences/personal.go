package absences

import "github.com/birlik/portal/internal/personal"

// Personal is what absences say about people: when they were away, and whom they stood in for.
func Personal() personal.Part {
	return personal.Part{
		Area: "absences",
		Lists: []personal.List{{Name: "absences", Query: `
			select a.starts_at, a.ends_at, case when a.user_id = @person then 'away' else 'deputy' end as part, a.note
			from absences a where @person in (a.user_id, a.deputy_id) order by a.id`}},
		Forget: []string{
			`delete from absences where user_id = @person`,
			`update absences set ends_at = greatest(starts_at, @now::timestamptz) where deputy_id = @person and ends_at > @now::timestamptz`,
			`update absences set note = '' where deputy_id = @person or created_by = @person`,
		},
		Keeps: []string{"absences.deputy_id", "absences.created_by"},
	}
}
