package imports

import "github.com/birlik/portal/internal/personal"

// Personal is which tables people brought. Their rows are of many people and are not given
// out; they are thrown away by TidyArgs.
func Personal() personal.Part {
	return personal.Part{
		Area: "imports",
		Lists: []personal.List{{Name: "imports", Query: `
			select kind, file, state, total, created_at, stored_at from imports where actor_id = @person order by id`}},
		Keeps: []string{"imports.actor_id", "merges.actor_id"},
	}
}
