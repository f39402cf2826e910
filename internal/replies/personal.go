package replies

import "github.com/birlik/portal/internal/personal"

// Personal is which templates somebody wrote; they are the union's.
func Personal() personal.Part {
	return personal.Part{Area: "replies", Keeps: []string{"reply_templates.created_by"}}
}
