package mailin

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// written puts a letter together; lines end as in mail.
func written(head, body string) []byte {
	return []byte(strings.ReplaceAll(head+"\n\n"+body, "\n", "\r\n"))
}

const person = "From: =?utf-8?q?Ayg=C3=BCn_Memmedova?= <Editor@Shusha.example>\nTo: <case@cases.example>\nMessage-ID: <a1@shusha.example>\n"

// TestWhatIsNew: what the writer wrote is kept, the letter that is answered is not.
func TestWhatIsNew(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"plain":        {"Ekte.\n\nSaygılarımızla", "Ekte.\n\nSaygılarımızla"},
		"english":      {"Attached.\n\nOn Mon, 23 Nov 2026 at 10:00, Union <portal@union.example> wrote:\n> Please send\n> the map", "Attached."},
		"broken":       {"Attached.\n\nOn Mon, 23 Nov 2026 at 10:00, Union\n<portal@union.example> wrote:\n> Please send", "Attached."},
		"turkish":      {"Ekledik.\n\nBirlik <portal@union.example>, 23 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\n> Haritayı ekler misiniz?", "Ekledik."},
		"russian":      {"Карта во вложении.\n\nпн, 23 нояб. 2026 г. в 10:00, Союз <portal@union.example>:\n23.11.2026 10:00, Союз пишет:\n> Пришлите карту", "Карта во вложении."},
		"outlook":      {"Ekledik.\n\n________________________________\nKimden: Birlik <portal@union.example>\nGönderildi: 23 Kasım 2026\nKonu: Soru\n\nHaritayı ekler misiniz?", "Ekledik."},
		"outlook bare": {"See below.\n\nFrom: Union\nSent: Monday\nTo: Shusha\n\nPlease send", "See below."},
		"original":     {"Да.\n\n-----Исходное сообщение-----\nОт: Союз", "Да."},
		"below":        {"On Mon, Union wrote:\n> Which map?\n\nThe city's map.", "The city's map."},
		"between":      {"On Mon, Union wrote:\n> Which map?\nThe city's.\n> By when?\nBy Friday.", "The city's.\nBy Friday."},
		"only quoted":  {"> Please send the map", ""},
		"no quotation": {"From: is a word at the beginning of this line.\nAnd the text goes on.", "From: is a word at the beginning of this line.\nAnd the text goes on."},
	} {
		l, err := Read(written(person+"Content-Type: text/plain; charset=utf-8", c.body))
		if err != nil || l.Text != c.want {
			t.Errorf("%s: %q, %v, want %q", name, l.Text, err, c.want)
		}
	}
}

// TestCharsets: letters come in many alphabets, and with lies about them.
func TestCharsets(t *testing.T) {
	for name, c := range map[string]struct {
		encoding *charmap.Charmap
		text     string
	}{
		"windows-1254": {charmap.Windows1254, "Şuşa belediyesinin ığdır çınarı"}, "iso-8859-9": {charmap.ISO8859_9, "İğde ağacı"},
		"koi8-r": {charmap.KOI8R, "Карта города"}, "windows-1251": {charmap.Windows1251, "Карта города"},
	} {
		bytes, err := c.encoding.NewEncoder().String(c.text)
		if err != nil {
			t.Fatal(err)
		}
		l, err := Read(written(person+"Content-Transfer-Encoding: 8bit\nContent-Type: text/plain; charset="+name, bytes))
		if err != nil || l.Text != c.text {
			t.Errorf("%s: %q, %v", name, l.Text, err)
		}
	}
	for _, charset := range []string{"x-unknown", "", "utf-8", "\"; drop"} {
		l, err := Read(written(person+"Content-Type: text/plain; charset="+charset, "Ba\xfe\xff\x00kan \u202egpj"))
		if err != nil || !utf8.ValidString(l.Text) || strings.ContainsAny(l.Text, "\x00\u202e") || !strings.HasPrefix(l.Text, "Ba") {
			t.Errorf("%q: %q, %v", charset, l.Text, err)
		}
	}
}

// TestHostileLetters: whatever comes, it is read within bounds, or it is said that it cannot be.
func TestHostileLetters(t *testing.T) {
	deep := person + "Content-Type: multipart/mixed; boundary=b0"
	body := ""
	for i := range 40 {
		body += fmt.Sprintf("--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"empty":    {nil, errUnreadable},
		"no head":  {[]byte("\r\n\r\nwords"), errUnreadable},
		"noise":    {bytes.Repeat([]byte{0, 255, 13}, 4000), errUnreadable},
		"deep":     {written(deep, body), errParts},
		"many":     {written(deep, strings.Repeat("--b0\n\nx\n", 500)+"--b0--"), errParts},
		"cut off":  {written(deep, "--b0\nContent-Type: text/plain\n\nhalf"), nil},
		"bad date": {written(person+"Date: yesterday, 32 Undecember\nContent-Type: text/plain", "words"), nil},
		"bad code": {written(person+"Content-Transfer-Encoding: base64\nContent-Type: text/plain", "!!!! not base64 ????"), nil},
		"no bound": {written(person+"Content-Type: multipart/mixed", "--x\n\nwords\n--x--"), nil},
	} {
		_, err := Read(c.raw)
		if c.want == nil && err != nil || c.want != nil && !strings.Contains(fmt.Sprint(err), c.want.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNobodyHidesBehindAName: of a sender the address counts, and there must be one.
func TestNobodyHidesBehindAName(t *testing.T) {
	for field, want := range map[string]string{
		"From: \"mayor@shusha.example\" <thief@evil.example>":                       "thief@evil.example",
		"From: MAYOR@Shusha.example":                                                "mayor@shusha.example",
		"From: mayor@shusha.example\nFrom: thief@evil.example":                      "",
		"From: mayor@shusha.example, thief@evil.example":                            "",
		"From: =?utf-8?b?4oCu?= <a@b.example>":                                      "a@b.example",
		"From: <>":                                                                  "",
		"Sender: mayor@shusha.example":                                              "",
		"From: " + strings.Repeat("a", 900) + "@shusha.example\nSubject: " + "x\ty": strings.Repeat("a", 319) + "…",
	} {
		if l := ReadHead(written(field, "x")); l.FromAddress != want || strings.ContainsRune(l.FromName, '\u202e') {
			t.Errorf("%s: %q %q", field, l.FromAddress, l.FromName)
		}
	}
}

// TestMarkup: of a letter in HTML its words are taken, nothing that runs, is hidden or quoted.
func TestMarkup(t *testing.T) {
	l, err := Read(written(person+"Content-Type: text/html; charset=utf-8", `<html><head><title>T</title><style>p{}</style></head><body>
		<script>alert(1)</script><p>Merhaba,</p><p>harita <b>ekte</b>.<br>Saygılar</p><div style="display: none">gizli</div>
		<ul><li>bir</li><li>iki</li></ul><div class="gmail_quote">On Mon wrote: <blockquote>eski</blockquote></div></body></html>`))
	want := "Merhaba,\n\nharita ekte.\nSaygılar\n\nbir\n\niki"
	if err != nil || l.Text != want {
		t.Errorf("%q, %v", l.Text, err)
	}
	if deep := plainText(bytes.Repeat([]byte("<div>"), 200_000)); deep != "" {
		t.Errorf("%.40q", deep)
	}
}

// TestFiles: attachments are found by what they are, under names that are names.
func TestFiles(t *testing.T) {
	l, err := Read(written(person+"Content-Type: multipart/mixed; boundary=b", `--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8

Ekte.
--c
Content-Type: text/html

<p>Ekte.</p>
--c--
--b
Content-Type: application/pdf; name="=?utf-8?b?aGFyaXRhIMSfLnBkZg==?="
Content-Transfer-Encoding: base64
Content-Disposition: attachment

JVBERi0=
--b
Content-Type: image/png
Content-Id: <logo>
Content-Disposition: inline; filename=logo.png

x
--b
Content-Type: message/rfc822

Subject: another

words
--b
Content-Type: text/plain
Content-Disposition: attachment; filename*=utf-8''%C5%9Fartname.txt

words
--b--`))
	var names []string
	for _, f := range l.Files {
		names = append(names, f.Name)
	}
	if err != nil || l.Text != "Ekte." || strings.Join(names, "|") != "harita ğ.pdf|message.eml|şartname.txt" || string(l.Files[0].Content) != "%PDF-" {
		t.Errorf("%q %q %v", l.Text, names, err)
	}
}

// TestVouching: only our own server's word counts, and only for the very domain of the sender.
func TestVouching(t *testing.T) {
	for results, want := range map[string]bool{
		"mx.union.example; dmarc=pass (p=reject dis=none) header.from=shusha.example":                             true,
		"MX.union.example 1; spf=fail smtp.mailfrom=x@y.example; dmarc=pass header.from=shusha.example":           true,
		"mx.union.example; dmarc=fail header.from=shusha.example; dkim=pass header.d=shusha.example":              false,
		"mx.union.example; dmarc=none; dkim=pass (2048-bit key; unprotected) header.d=shusha.example header.i=@x": true,
		"mx.union.example; spf=pass smtp.mailfrom=editor@shusha.example":                                          true,
		"mx.union.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=bounce@evil.example":           false,
		"mx.evil.example; dmarc=pass header.from=shusha.example":                                                  false,
		"mx.union.example; none": false,
		"mx.union.example; dmarc=temperror header.from=shusha.example":                                                                false,
		`mx.union.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=shusha.example"@evil.example`:                            false,
		`mx.union.example; spf=none smtp.mailfrom="x; dmarc=pass header.from=shusha.example ; y=z"@evil.example`:                      false,
		`mx.union.example; spf=none (x; dmarc=pass header.from=shusha.example ; y=z) smtp.mailfrom=a@evil.example`:                    false,
		"mx.union.example; dmarc=pass header.from=evil.example; dmarc=pass header.from=shusha.example":                                false,
		"mx.union.example; dmarc=fail header.from=x\nAuthentication-Results: mx.union.example; dmarc=pass header.from=shusha.example": false,
	} {
		l := ReadHead(written("Authentication-Results: "+results+"\n"+person, "x"))
		if got := l.vouched("mx.union.example"); got != want {
			t.Errorf("%s: %v", results, got)
		}
		if l.vouched("") {
			t.Errorf("%s: vouched for by nobody", results)
		}
	}
}

// TestMachines: what machines write is dropped, what people write is not.
func TestMachines(t *testing.T) {
	addresses := NewAddresses("cases.example", []byte("k"))
	for head, want := range map[string]string{
		person:                          "",
		person + "Auto-Submitted: no\n": "",
		person + "Auto-Submitted: auto-replied\n":        "automatic",
		person + "X-Auto-Response-Suppress: All\n":       "automatic",
		person + "Precedence: bulk\n":                    "automatic",
		person + "Return-Path: <>\n":                     "bounce",
		person + "Content-Type: multipart/report\n":      "bounce",
		"From: MAILER-DAEMON@mx.example\n":               "bounce",
		"From: Union <portal@union.example>\n":           "own",
		"From: " + addresses.Of(strings.Repeat("a", 26)): "own",
	} {
		if got := ReadHead(written(strings.TrimSuffix(head, "\n"), "x")).dropped("portal@union.example", addresses); got != want {
			t.Errorf("%q: %q", head, got)
		}
	}
}

// TestAddresses: an address names one record, and nobody makes one from a record's id.
func TestAddresses(t *testing.T) {
	addresses, id := NewAddresses("cases.example", []byte("k")), strings.Repeat("a2", 13)
	address := addresses.Of(id)
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("%s is longer than a mailbox may be", local)
	}
	for text, want := range map[string]string{
		"Union <" + address + ">":                                 id,
		"a@b.example, " + strings.ToUpper(address):                id,
		address + ".evil.example":                                 "",
		NewAddresses("cases.example", []byte("other")).Of(id):     "",
		"case+" + id + strings.Repeat("a", 26) + "@cases.example": "",
		"case+" + id + "@cases.example":                           "",
	} {
		if got, _ := addresses.Named([]string{text}); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

// FuzzRead: no letter brings the portal down, and what is understood can be stored.
func FuzzRead(f *testing.F) {
	f.Add(written(person+"Content-Type: multipart/mixed; boundary=b", "--b\nContent-Type: text/html\n\n<p>a<blockquote>b\n--b--"))
	f.Add(written(person+"Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable", "=C1=00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, _ := Read(raw)
		for _, text := range []string{l.Text, l.Title, l.FromName, l.FromAddress, l.MessageID} {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Errorf("%q cannot be stored", text)
			}
		}
	})
}
