package cards

import (
	"context"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/web/ui"
)

// ByMail says that a message came as a letter, and who put it there; empty for one that was
// written in the portal.
func ByMail(ctx context.Context, m messages.Message) string {
	switch {
	case !m.ByMail:
		return ""
	case m.Sender != "":
		return locale.T(ctx, "mailin.by_mail_from")
	}
	return locale.T(ctx, "mailin.by_mail")
}

// MessageFiles are the files that came with a message; each side opens them at its own address.
func MessageFiles(ctx context.Context, m messages.Message, file func(id string) string, history func(context.Context, documents.Document) ui.Link) []ui.File {
	var out []ui.File
	for _, d := range m.Files {
		out = append(out, ui.File{Name: d.Name, About: locale.Size(ctx, d.Size), Href: file(d.PublicID), More: history(ctx, d)})
	}
	return out
}
