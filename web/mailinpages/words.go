package mailinpages

import (
	"context"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/ui"
)

func title(ctx context.Context, m mailin.Mail) string {
	if m.Title == "" {
		return locale.T(ctx, "mailin.no_title")
	}
	return m.Title
}

func sender(ctx context.Context, m mailin.Mail) string {
	if m.Sender() == "" {
		return locale.T(ctx, "mailin.nobody")
	}
	return m.Sender()
}

// reason says why a letter is where it is.
func reason(ctx context.Context, m mailin.Mail) string {
	switch {
	case m.State == mailin.Added:
		return locale.T(ctx, "mailin.state_added")
	case m.Reason == "":
		return locale.T(ctx, "mailin.state_new")
	}
	return locale.T(ctx, "mailin.reason."+m.Reason)
}

// documentsName is a file's name as it would be kept.
func documentsName(name string) string { return documents.CleanName(name) }

// facts stand beside a letter.
func (v showView) facts(ctx context.Context) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "mailin.came"), Value: clock.When(ctx, v.At)}, {Label: locale.T(ctx, "mailin.size"), Value: locale.Size(ctx, v.Size)}}
	if v.Place.Path != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "mailin.names"), Content: caseLink(v.Place)})
	}
	if v.HandledBy != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "mailin.decided_by"), Value: locale.Person(ctx, v.HandledBy)})
	}
	return rows
}

// noText says why there are no words to read.
func (v showView) noText(ctx context.Context) string {
	switch v.Reason {
	case "too_many_parts", "unreadable", "too_large":
		return locale.T(ctx, "mailin.not_read")
	}
	return locale.T(ctx, "mailin.no_text")
}

// backTill is until when it can be taken back that staff added the letter; empty: it cannot.
func (v showView) backTill(ctx context.Context) string {
	if till := v.BackTill(); v.Now.Before(till) {
		return clock.When(ctx, till)
	}
	return ""
}
