package cards

import (
	"cmp"
	"context"
	"strings"

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
	case m.Retracted:
		return locale.T(ctx, "mailin.taken_back")
	case m.Sender != "":
		_, address := sender(m)
		return strings.TrimSuffix(locale.T(ctx, "mailin.by_mail_from")+" · "+address, " · ")
	}
	return locale.T(ctx, "mailin.by_mail")
}

// Writer is who wrote a message, by name; empty: the portal itself.
func Writer(m messages.Message) string {
	if m.ActorName != "" || m.Sender == "" {
		return m.ActorName
	}
	name, address := sender(m)
	return cmp.Or(name, address)
}

// sender parts who wrote a letter into "Name" and "address".
func sender(m messages.Message) (name, address string) {
	name, address, named := strings.Cut(m.Sender, " <")
	if !named {
		return "", m.Sender
	}
	return name, strings.TrimSuffix(address, ">")
}

// MessageFiles are the files that came with a message; each side opens them at its own address.
func MessageFiles(ctx context.Context, m messages.Message, file func(id string) string, history func(context.Context, documents.Document) ui.Link) []ui.File {
	var out []ui.File
	for _, d := range m.Files {
		out = append(out, ui.File{Name: d.Name, About: locale.Size(ctx, d.Size), Href: file(d.PublicID), More: history(ctx, d)})
	}
	return out
}
