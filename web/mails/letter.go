// Package mails draws every letter of the portal in one calm frame, as HTML and as plain
// text, in the recipient's language.
package mails

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/notify"
)

// Letter is what one letter says.
type Letter struct {
	Lang       string
	Union      string // the union's name in that language
	Greeting   string
	Subject    string
	Paragraphs []string
	Quote      string // what somebody wrote, set apart
	Items      []Item // of a gathered letter: what it tells of, each with its page
	Action     string // the button's words
	URL        string // where the button leads; empty: no button
	LinkNote   string
	ReplyTo    string // where answers by mail go; empty: it cannot be answered
	Why        string // why the reader got it, and who may see the page

	// A text that staff wrote stands in place of the paragraphs: safe markup, and the same
	// for readers without HTML.
	HTMLBody, TextBody string
	Leave              string // the address at which the reader unsubscribes; empty: none
	LeaveWords         string
}

// Item is one thing that a gathered letter tells of.
type Item struct{ Title, URL string }

// Frame knows what every letter carries.
type Frame struct {
	From    string // "Name <address>"
	BaseURL string // without a slash at the end
	Host    string // right side of Message-IDs
	Union   map[locale.Lang]string
}

// Write draws a letter to one address.
func (f Frame) Write(ctx context.Context, messageID, to string, l Letter) (mail.Letter, error) {
	lang := known(l.Lang)
	l.Lang, l.Union = string(lang), f.Union[lang]
	if l.Why == "" {
		l.Why = locale.Text(lang, "mail.why")
	}
	l.LinkNote = locale.Text(lang, "mail.link_note")
	var html bytes.Buffer
	if err := htmlLetter(l).Render(ctx, &html); err != nil {
		return mail.Letter{}, fmt.Errorf("letter %s: %w", messageID, err)
	}
	return mail.Letter{MessageID: messageID, From: f.From, To: to, Subject: l.Subject, Lang: l.Lang,
		Text: plain(l), HTML: html.String(), Unsubscribe: l.Leave, ReplyTo: l.ReplyTo}, nil
}

func known(lang string) locale.Lang {
	if locale.Known(lang) {
		return locale.Lang(lang)
	}
	return locale.Default
}

// plain is the letter for readers without HTML.
func plain(l Letter) string {
	var parts []string
	for _, part := range append([]string{l.Greeting, l.TextBody}, l.Paragraphs...) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if l.Quote != "" {
		parts = append(parts, "> "+strings.ReplaceAll(l.Quote, "\n", "\n> "))
	}
	for _, item := range l.Items {
		parts = append(parts, "* "+item.Title+"\n  "+item.URL)
	}
	if l.URL != "" {
		parts = append(parts, l.Action+":\n"+l.URL)
	}
	foot := "-- \n" + l.Union + "\n" + l.Why
	if l.Leave != "" {
		foot += "\n" + l.LeaveWords + ":\n" + l.Leave
	}
	return strings.Join(append(parts, foot), "\n\n") + "\n"
}

// FromNote makes the letter of a notification: its keys name the subject line, the lead
// and the button; the argument Quote is set apart.
func (f Frame) FromNote(ctx context.Context, n notify.Note) (mail.Letter, error) {
	lang := known(n.To.Lang)
	zone, err := time.LoadLocation(n.To.Zone)
	if err != nil {
		zone = time.UTC
	}
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: zone})
	args := pairs(ctx, n.Args)
	quote, _ := n.Args["Quote"].(string)
	why := "" // the frame's own
	if n.To.UserID == 0 {
		why = locale.Text(lang, "mail.why_mailbox") // nobody signs in with it: an applicant's, an office's
	}
	paragraphs := []string{locale.Text(lang, n.Keys+".lead", args...)}
	if n.ReplyTo != "" {
		paragraphs = append(paragraphs, locale.Text(lang, "mail.answer_here"))
	}
	return f.Write(ctx, n.MessageID, n.To.Email, Letter{
		Lang:       string(lang),
		Greeting:   greeting(lang, n.To.Name),
		Subject:    locale.Text(lang, n.Keys+".subject", args...),
		Paragraphs: paragraphs,
		ReplyTo:    n.ReplyTo,
		Quote:      quote,
		Action:     locale.Text(lang, n.Keys+".action", args...),
		URL:        f.BaseURL + n.Path,
		Why:        why,
	})
}

// greeting is how a letter begins; a mailbox may have no name.
func greeting(lang locale.Lang, name string) string {
	if name == "" {
		return locale.Text(lang, "mail.greeting_all")
	}
	return locale.Text(lang, "mail.greeting", "Name", name)
}

// pairs are the arguments as messages take them. A Day stays the day that the sender meant,
// in whatever zone it is read; a text in several languages is told in the reader's.
func pairs(ctx context.Context, args map[string]any) []any {
	out := make([]any, 0, 2*len(args))
	for name, value := range args {
		if text, ok := value.(string); ok && strings.HasSuffix(name, "Day") {
			if day, err := time.Parse(time.RFC3339, text); err == nil {
				value = locale.Date(ctx, day)
			}
		}
		if texts, ok := value.(map[string]any); ok {
			value = texts[string(locale.Of(ctx).Lang)]
		}
		if n, ok := value.(float64); ok && name == "Count" {
			value = int64(n) // JSON knows one kind of number
		}
		out = append(out, name, value)
	}
	return out
}
