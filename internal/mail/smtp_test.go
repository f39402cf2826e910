package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	gomail "github.com/wneessen/go-mail"
)

// postbox is a mail server that keeps what it accepts, and refuses the first letters.
type postbox struct {
	mu     sync.Mutex
	refuse int // this many more
	code   int // the answer; 0 hangs up without one
	to     []string
	got    []string
}

func (b *postbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{box: b, conn: c.Conn()}, nil
}

type session struct {
	box  *postbox
	conn net.Conn
	to   string
}

func (s *session) Mail(string, *smtp.MailOptions) error      { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }
func (s *session) Reset()                                    {}
func (s *session) Logout() error                             { return nil }

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.refuse > 0 {
		s.box.refuse--
		if s.box.code == 0 {
			_ = s.conn.Close() // the letter is taken, and no answer comes
			return errors.New("gone")
		}
		return &smtp.SMTPError{Code: s.box.code, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "come again"}
	}
	s.box.to, s.box.got = append(s.box.to, s.to), append(s.box.got, string(text))
	return nil
}

// open starts the server and returns its address.
func open(t *testing.T, box *postbox) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(box)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

var letter = Letter{
	MessageID: "4f2@portal.example", From: "Türk Dünyası Belediyeler Birliği <birlik@union.example>", To: "mayor@shusha.example",
	Subject: "Şuşa: onayınız bekleniyor\r\nBcc: thief@evil.example", Lang: "tr", Text: "Sayın Başkan,\n\nİmza bekliyor.", HTML: "<p>Sayın Başkan, <a href=\"https://portal.example/tr\">açın</a></p>",
}

func TestALetterArrivesAsWritten(t *testing.T) {
	box := &postbox{refuse: 1, code: 451}
	sender, err := NewSMTP("smtp://" + open(t, box))
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter); err == nil {
		t.Fatal("a refused letter counts as sent")
	}
	if err := sender.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	if len(box.got) != 1 || box.to[0] != "mayor@shusha.example" {
		t.Fatalf("to %v", box.to)
	}
	m, err := mail.ReadMessage(strings.NewReader(box.got[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Şuşa: onayınız bekleniyor Bcc: thief@evil.example" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{"Message-Id": "<4f2@portal.example>", "Content-Language": "tr", "Auto-Submitted": "auto-generated", "Bcc": ""} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Türk Dünyası Belediyeler Birliği" {
		t.Errorf("from %v, %v", from, err)
	}
	if parts := bodies(t, m); parts["text/plain"] != letter.Text || parts["text/html"] != letter.HTML {
		t.Errorf("parts %q", parts)
	}
}

// bodies reads the parts of a message by their kind.
func bodies(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for reader := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	}
}

// TestAListSaysHowToLeaveIt: a letter of a list carries the two headers of RFC 8058, and no
// text that came into its address makes a header of its own; other letters carry none.
func TestAListSaysHowToLeaveIt(t *testing.T) {
	box := &postbox{}
	sender, err := NewSMTP("smtp://" + open(t, box))
	if err != nil {
		t.Fatal(err)
	}
	list := letter
	list.Unsubscribe = "https://portal.example/tr/unsubscribe/abc\r\nBcc: thief@evil.example"
	for _, l := range []Letter{list, letter} {
		if err := sender.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	answered := letter
	answered.ReplyTo = "case+abc@cases.example\r\nBcc: thief@evil.example"
	if err := sender.Send(t.Context(), answered); err == nil && strings.Contains(box.got[len(box.got)-1], "\nBcc:") {
		t.Error("an address for answers makes a header of its own")
	}
	box.got = box.got[:2]
	answered.ReplyTo = "case+abc@cases.example"
	if err := sender.Send(t.Context(), answered); err != nil || !strings.Contains(box.got[2], "Reply-To: <case+abc@cases.example>") {
		t.Errorf("answers go nowhere: %v", err)
	}
	box.got = box.got[:2]
	for i, want := range []map[string]string{
		{"List-Unsubscribe": "<https://portal.example/tr/unsubscribe/abc Bcc: thief@evil.example>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Bcc": ""},
		{"List-Unsubscribe": "", "List-Unsubscribe-Post": ""},
	} {
		m, err := mail.ReadMessage(strings.NewReader(box.got[i]))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range want {
			if got := m.Header.Get(name); got != value {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

// TestWhatARefusalMeans: come again, never, or nobody knows.
func TestWhatARefusalMeans(t *testing.T) {
	box := &postbox{}
	sender, err := NewSMTP("smtp://" + open(t, box))
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[int]Outcome{451: Later, 550: Refused, 0: Unsure} {
		box.refuse, box.code = 1, code
		err := sender.Send(t.Context(), letter)
		if err == nil {
			t.Fatal("a refused letter counts as sent")
		}
		if outcome, reason := Explain(err); outcome != want || strings.ContainsAny(reason, "\r\n") || reason == "" {
			t.Errorf("%d: %v %q", code, outcome, reason)
		}
	}
	if outcome, _ := Explain(errors.New("dial tcp: connection refused")); outcome != Later {
		t.Errorf("a server that is away: %v", outcome)
	}
}

func TestAPasswordIsNotSentInTheOpen(t *testing.T) {
	for address, want := range map[string]gomail.TLSPolicy{
		"smtp://u:p@mail.example:587": gomail.TLSMandatory, "smtp://mail.example:25": gomail.TLSOpportunistic,
		"smtp://u:p@localhost:1025": gomail.TLSOpportunistic, "smtp://u:p@[::1]:1025": gomail.TLSOpportunistic,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := policy(u); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
