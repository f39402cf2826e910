package notify_test

import (
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
)

// strict is a mail server that knows one mailbox less than it is written to.
type strict struct {
	smtp.Session
	unknown string
}

func (s *strict) NewSession(*smtp.Conn) (smtp.Session, error) { return s, nil }
func (s *strict) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *strict) Reset()                                      {}
func (s *strict) Logout() error                               { return nil }

func (s *strict) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == s.unknown {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not from you"}
}

// TestARefusedLetterIsToldToStaff: what a server never will take is tried once, and staff read
// who was not reached and why; a city's people do not read it.
func TestARefusedLetterIsToldToStaff(t *testing.T) {
	b, ctx := setup(t), t.Context()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(&strict{unknown: "nobody@shusha.example"})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	sender, err := mail.NewSMTP("smtp://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	b.box.via = func(n notify.Note) error {
		if n.To.UserID != b.people[0].UserID {
			return nil
		}
		return sender.Send(ctx, mail.Letter{MessageID: n.MessageID, From: "birlik@union.example", To: "nobody@shusha.example", Subject: "?", Text: "?"})
	}
	b.enqueue(t, "refused")
	b.work(t)
	if len(b.box.sent) != 3 {
		t.Errorf("%d tries for three people", len(b.box.sent))
	}
	read := func(actor identity.Actor) (list []notify.Delivery, err error) {
		return list, b.pools.Read(ctx, actor, func(q postgres.Querier) error {
			list, err = notify.Deliveries(ctx, q, b.ref, "test.happened")
			return err
		})
	}
	list, err := read(b.officer)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for _, d := range list {
		states[d.State]++
		if d.Key != "refused" || d.State == "refused" && !strings.Contains(d.Refusal, "no such mailbox") {
			t.Errorf("%+v", d)
		}
	}
	if states["sent"] != 2 || states["refused"] != 1 {
		t.Errorf("staff read %v", states)
	}
	if _, err := read(b.people[1]); err == nil {
		t.Error("a city's people read what a server said")
	}
}
