package mailin

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// PollArgs is the job that reads the mailbox, once a minute.
type PollArgs struct{}

// Kind implements river.JobArgs.
func (PollArgs) Kind() string { return "mail_in_poll" }

// PollWorker works PollArgs.
type PollWorker struct {
	river.WorkerDefaults[PollArgs]
	Mails *Service
}

// Work implements river.Worker.
func (w *PollWorker) Work(ctx context.Context, _ *river.Job[PollArgs]) error {
	_, err := w.Mails.Poll(ctx)
	return err
}

// Timeout implements river.Worker: a mailbox may hold a morning's letters.
func (w *PollWorker) Timeout(*river.Job[PollArgs]) time.Duration { return 5 * time.Minute }

// Mailbox is where letters are fetched, from an address imaps://user:password@host:port/folder.
type Mailbox struct {
	host, user, password, folder string
	plain                        bool
}

// ParseMailbox reads the address; imap:// is for a server on the same machine.
// Errors: it cannot be read, or would send the password in the open.
func ParseMailbox(address string) (Mailbox, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "imaps" && u.Scheme != "imap" || u.Hostname() == "" || u.User.Username() == "" {
		return Mailbox{}, fmt.Errorf("PORTAL_MAIL_IN_IMAP must read imaps://user:password@host:993/INBOX") // it may hold a password
	}
	ip := net.ParseIP(u.Hostname())
	m := Mailbox{user: u.User.Username(), folder: strings.Trim(u.Path, "/"), plain: u.Scheme == "imap"}
	if m.plain && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return Mailbox{}, fmt.Errorf("PORTAL_MAIL_IN_IMAP must begin with imaps://: the password would travel in the open")
	}
	m.password, _ = u.User.Password()
	if m.folder == "" {
		m.folder = "INBOX"
	}
	port := u.Port()
	if port == "" {
		port = map[bool]string{false: "993", true: "143"}[m.plain]
	}
	m.host = net.JoinHostPort(u.Hostname(), port)
	return m, nil
}

// name is what the mark is kept under; it holds no password.
func (m Mailbox) name() string { return m.user + "@" + m.host + "/" + m.folder }

// dialFor bounds the way to the server.
const dialFor = 20 * time.Second

// open signs in and opens the folder. The connection ends with ctx.
func (m Mailbox) open(ctx context.Context) (*imapclient.Client, *imap.SelectData, error) {
	dialer := &net.Dialer{Timeout: dialFor}
	var conn net.Conn
	var err error
	if m.plain {
		conn, err = dialer.DialContext(ctx, "tcp", m.host)
	} else {
		conn, err = (&tls.Dialer{NetDialer: dialer}).DialContext(ctx, "tcp", m.host)
	}
	if err != nil {
		return nil, nil, err
	}
	client := imapclient.New(conn, nil)
	context.AfterFunc(ctx, func() { _ = client.Close() })
	if err := client.Login(m.user, m.password).Wait(); err != nil {
		_ = client.Close()
		return nil, nil, fmt.Errorf("sign in to the mailbox: %w", err)
	}
	selected, err := client.Select(m.folder, nil).Wait()
	if err != nil {
		_ = client.Close()
		return nil, nil, fmt.Errorf("open the folder %s: %w", m.folder, err)
	}
	return client, selected, nil
}

// Check signs in and opens the folder, and says how many letters lie there.
func (m Mailbox) Check(ctx context.Context) (letters uint32, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, selected, err := m.open(ctx)
	if err != nil {
		return 0, err
	}
	return selected.NumMessages, client.Logout().Wait()
}

// Poll takes the letters in that came since the last time, the oldest first, and marks each
// as read once it is stored. It returns how many it saw. Two that poll at once, or one that
// is stopped anywhere, take every letter once.
func (s *Service) Poll(ctx context.Context) (seen int, err error) {
	if s.options.Mailbox == "" {
		return 0, nil
	}
	box, err := ParseMailbox(s.options.Mailbox)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, selected, err := box.open(ctx)
	if err != nil {
		return 0, err
	}
	after, err := s.mark(ctx, box, selected.UIDValidity)
	if err != nil {
		return 0, err
	}
	uids, err := waiting(client, after)
	if err != nil {
		return 0, err
	}
	for _, uid := range uids {
		if err := s.fetch(ctx, client, box, selected.UIDValidity, uid); err != nil {
			return seen, err
		}
		seen++
	}
	return seen, client.Logout().Wait()
}

// waiting are the numbers of the letters after one, in their order.
func waiting(client *imapclient.Client, after imap.UID) ([]imap.UID, error) {
	var set imap.UIDSet
	set.AddRange(after+1, 0)
	found, err := client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	var out []imap.UID
	for _, uid := range found.AllUIDs() {
		if uid > after { // "after:*" names the last letter too, whatever its number
			out = append(out, uid)
		}
	}
	return out, nil
}

// fetch takes one letter in; of one that is too large only the beginning.
func (s *Service) fetch(ctx context.Context, client *imapclient.Client, box Mailbox, validity uint32, uid imap.UID) error {
	sizes, err := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, RFC822Size: true}).Collect()
	if err != nil {
		return err
	}
	if len(sizes) == 0 {
		return s.passed(ctx, box, validity, uid) // somebody took it away
	}
	section := &imap.FetchItemBodySection{Peek: true}
	if sizes[0].RFC822Size > MaxBytes {
		section.Partial = &imap.SectionPartial{Size: headBytes}
	}
	letters, err := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return err
	}
	for _, l := range letters {
		for _, part := range l.BodySection {
			if len(part.Bytes) == 0 {
				continue
			}
			if _, _, err := s.take(ctx, part.Bytes, max(sizes[0].RFC822Size, int64(len(part.Bytes))), false); err != nil {
				return err
			}
		}
	}
	if err := s.passed(ctx, box, validity, uid); err != nil {
		return err
	}
	return client.Store(imap.UIDSetNum(uid), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
}

// headBytes is how much is fetched of a letter that is too large.
const headBytes = 64 << 10

// mark is the number of the last letter that was taken; 0 where the numbering began anew.
func (s *Service) mark(ctx context.Context, box Mailbox, validity uint32) (uid imap.UID, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		var last int64
		err := q.QueryRow(ctx, `select uid from mailbox_marks where mailbox = $1 and validity = $2`, box.name(), int64(validity)).Scan(&last)
		if err == pgx.ErrNoRows {
			return nil
		}
		uid = imap.UID(last)
		return err
	})
	return uid, err
}

// passed moves the mark on, never back.
func (s *Service) passed(ctx context.Context, box Mailbox, validity uint32, uid imap.UID) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into mailbox_marks (mailbox, validity, uid) values ($1, $2, $3)
			on conflict (mailbox) do update set validity = excluded.validity,
				uid = case when mailbox_marks.validity = excluded.validity then greatest(mailbox_marks.uid, excluded.uid) else excluded.uid end`,
			box.name(), int64(validity), int64(uid))
		return err
	})
}
