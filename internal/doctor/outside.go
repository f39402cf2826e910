package doctor

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/mailin"
)

// storage writes, reads and removes a probe, and compares rows with files.
func (p Patient) storage(ctx context.Context, f *findings) {
	store, err := blob.Open(p.Config.StorageURL)
	if err == nil {
		err = probe(ctx, store)
	}
	if err != nil {
		f.add(Wrong, "The store of files does not work: %v. Look at PORTAL_STORAGE_URL: folder or bucket, key and secret, and whether this machine may write.", err)
		return
	}
	f.add(Fine, "files can be stored, read and removed")
	missing, spare, err := p.compare(ctx, store)
	switch {
	case err != nil:
		f.add(Warning, "Files and rows could not be compared: %v.", err)
	case len(missing) > 0:
		f.add(Wrong, "%d files that the database names are not in the store, the first is %s: bring them back from a backup.", len(missing), missing[0])
	case spare > 0:
		f.add(Fine, "every file that the database names is there; %d more will be swept away", spare)
	default:
		f.add(Fine, "every file that the database names is there")
	}
}

func probe(ctx context.Context, store blob.Store) error {
	name, text := "probe/"+strings.ToLower(rand.Text()), "written by portal doctor"
	if err := store.Put(ctx, name, strings.NewReader(text), int64(len(text))); err != nil {
		return err
	}
	file, err := store.Open(ctx, name)
	if err != nil {
		return err
	}
	defer file.Close()
	back, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	if string(back) != text {
		return fmt.Errorf("what was written came back different")
	}
	return store.Remove(ctx, name)
}

// compare lists the contents that only rows know, and counts those that only the store knows.
func (p Patient) compare(ctx context.Context, store blob.Store) (missing []string, spare int, err error) {
	conn, err := pgx.Connect(ctx, p.Database)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	stored := map[string]bool{}
	err = store.List(ctx, "content/", func(i blob.Info) error {
		stored[i.Name] = true
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	rows, _ := conn.Query(ctx, `select 'content/' || left(sha256, 2) || '/' || sha256 from blobs order by 1`)
	var name string
	_, err = pgx.ForEachRow(rows, []any{&name}, func() error {
		if !stored[name] {
			missing = append(missing, name)
		}
		delete(stored, name)
		return nil
	})
	return missing, len(stored), err
}

// mail opens a conversation with the mail server; a letter goes only where To says.
func (p Patient) mail(ctx context.Context, f *findings) {
	if p.Config.SMTPURL == "" {
		f.add(Fine, "mail stays in the inbox at /dev/mail: PORTAL_SMTP_URL is not set")
		return
	}
	server, err := mail.NewSMTP(p.Config.SMTPURL)
	if err != nil {
		f.add(Wrong, "%v.", err)
		return
	}
	encrypted, err := server.Check(ctx)
	if err != nil {
		f.add(Wrong, "The mail server cannot be used: %v. Look at host, port, user and password in PORTAL_SMTP_URL.", rootOf(err))
		return
	}
	f.add(Fine, "the mail server answers and lets the portal in")
	if !encrypted {
		f.add(Warning, "The way to the mail server is not encrypted: use smtps://, or a server that offers STARTTLS.")
	}
	if p.To != "" {
		p.testLetter(ctx, f, server)
	}
}

// mailIn opens the mailbox that answers come to; no letter is read or marked.
func (p Patient) mailIn(ctx context.Context, f *findings) {
	c := p.Config
	switch {
	case c.MailInDomain == "":
		return
	case c.MailInVouches == "":
		f.add(Warning, "PORTAL_MAIL_IN_VOUCHES is not set: nobody vouches for senders, so every letter waits for staff at /desk/mail.")
	}
	if c.MailInIMAP == "" {
		f.add(Warning, "PORTAL_MAIL_IN_IMAP is not set: answers to case+…@%s come in only where the mail server pipes them to portal mail-in.", c.MailInDomain)
		return
	}
	box, err := mailin.ParseMailbox(c.MailInIMAP)
	if err != nil {
		f.add(Wrong, "%v.", err)
		return
	}
	n, err := box.Check(ctx)
	if err != nil {
		f.add(Wrong, "The mailbox of PORTAL_MAIL_IN_IMAP cannot be read: %v. Look at host, port, user, password and folder.", rootOf(err))
		return
	}
	f.add(Fine, "the mailbox of answers can be read; %d letters lie in it", n)
}

func (p Patient) testLetter(ctx context.Context, f *findings, server *mail.SMTP) {
	u, err := url.Parse(p.Config.BaseURL)
	if err != nil {
		return // the settings were checked
	}
	letter := mail.Letter{MessageID: rand.Text() + "@" + u.Hostname(), From: p.Config.Union.MailFrom, To: p.To, Lang: "en",
		Subject: "A test letter of the portal", Text: "This letter was sent by portal doctor on " + p.Config.BaseURL + ". Nothing is to be done.\n"}
	if err := server.Send(ctx, letter); err != nil {
		f.add(Wrong, "The test letter was refused: %v.", rootOf(err))
		return
	}
	f.add(Fine, "a test letter went to %s", p.To)
}

// web looks at the address that readers type, and at what stands before the portal.
func (p Patient) web(ctx context.Context, f *findings) {
	u, err := url.Parse(p.Config.BaseURL)
	if err != nil {
		f.add(Wrong, "PORTAL_BASE_URL cannot be read.")
		return
	}
	if u.Scheme != "https" {
		level := Warning
		if p.Config.Mode == config.Production {
			level = Wrong
		}
		f.add(level, "%s is not encrypted: passwords can be read on the way. Put a proxy with a certificate before the portal.", p.Config.BaseURL)
	}
	if u.Scheme == "https" && len(p.Config.TrustedProxies) == 0 {
		f.add(Warning, "PORTAL_TRUSTED_PROXIES is empty: behind a proxy every reader seems to come from one address, and they slow each other down.")
	}
	if _, err := net.DefaultResolver.LookupHost(ctx, u.Hostname()); err != nil {
		f.add(Wrong, "Nobody knows the name %s: make its entry in the DNS, or look at PORTAL_BASE_URL.", u.Hostname())
		return
	}
	answers(ctx, f, p.Config.BaseURL)
}

// answers asks the portal by the way that readers take. One that is not running yet is
// no fault.
func answers(ctx context.Context, f *findings, base string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	status, err := Ask(ctx, base+"/readyz")
	switch {
	case err != nil:
		f.add(Warning, "%s does not answer (%v): is the portal running, and does its proxy reach it?", base, rootOf(err))
	case status != http.StatusOK:
		f.add(Warning, "%s/readyz answers %d: something between readers and the portal is not right yet.", base, status)
	default:
		f.add(Fine, "the portal answers on %s", base)
	}
}

// Ask fetches an address and returns its status.
func Ask(ctx context.Context, address string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
