// Package mail sends letters: by SMTP where the settings name a server, else into an inbox
// that developers read in the browser.
package mail

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Letter is one mail to one person. Subject and addresses must hold no line break; Clean
// takes them out, because names are hostile text.
type Letter struct {
	MessageID string // the same on every try: "<…@portal.example>" without the brackets
	From      string // "Name <address>"
	To        string
	Subject   string
	Lang      string
	Text      string
	HTML      string
	ReplyTo   string // where answers go; empty: to From
	// Unsubscribe is the address that takes the reader off the list at one POST (RFC 8058);
	// empty: the letter belongs to no list. It must be https, or http on the way to try it out.
	Unsubscribe string
}

// Sender delivers a letter, or reports why not; it may be asked again with the same letter.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Clean makes a text fit for a header: one line, no control characters.
func Clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
}

// SMTP sends through a server.
type SMTP struct{ client *gomail.Client }

// timeout bounds one conversation with the server.
const timeout = 30 * time.Second

// NewSMTP reads smtp://user:password@host:port or smtps://…; on smtp, TLS is used when the
// server offers it, and a password is never sent to another machine without it. Errors: the
// address cannot be read.
func NewSMTP(address string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fmt.Errorf("PORTAL_SMTP_URL must read smtp://user:password@host:port")
	}
	options := []gomail.Option{gomail.WithTimeout(timeout), gomail.WithTLSPolicy(policy(u)), gomail.WithoutNoop()}
	if u.Scheme == "smtps" {
		options = append(options, gomail.WithSSLPort(false))
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, gomail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("PORTAL_SMTP_URL: %w", err)
	}
	return &SMTP{client: client}, nil
}

func policy(u *url.URL) gomail.TLSPolicy {
	ip := net.ParseIP(u.Hostname())
	if u.User == nil || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return gomail.TLSOpportunistic
	}
	return gomail.TLSMandatory
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(l.From); err != nil {
		return fmt.Errorf("mail from: %w", err)
	}
	if err := m.To(Clean(l.To)); err != nil {
		return fmt.Errorf("mail to: %w", err)
	}
	m.Subject(Clean(l.Subject))
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDate()
	m.SetGenHeader("Content-Language", l.Lang)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.ReplyTo != "" {
		if err := m.ReplyTo(Clean(l.ReplyTo)); err != nil {
			return fmt.Errorf("mail reply-to: %w", err)
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	if l.Unsubscribe != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+Clean(l.Unsubscribe)+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	err := s.client.DialAndSendWithContext(ctx, m)
	if m.IsDelivered() {
		return nil // a server that hangs up after its yes took the letter
	}
	return err
}
