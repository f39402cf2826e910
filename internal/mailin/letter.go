package mailin

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/mail"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // the charsets that letters are written in

	"github.com/birlik/portal/internal/fold"
)

// What one letter may be. Beyond it a letter is held for people to look at.
const (
	MaxBytes  = 25_000_000
	mostParts = 200
	mostDepth = 10
)

// Why a letter cannot be read as it stands.
var (
	errUnreadable = errors.New("unreadable")
	errParts      = errors.New("too_many_parts")
)

// Letter is a received letter as it is understood.
type Letter struct {
	MessageID   string // without brackets; a digest where it has none
	FromAddress string // folded; empty: none that can be read
	FromName    string
	Title       string
	Text        string // what is new in it
	Files       []File
	head        message.Header
}

// File is what was attached to a letter.
type File struct {
	Name    string
	Content []byte
}

// smallPicture is the size in bytes below which a picture inside a text is taken for a part
// of a signature.
const smallPicture = 20 << 10

// ReadHead understands who wrote a letter, and what about. It never fails: what cannot be
// read is empty.
func ReadHead(raw []byte) Letter {
	l := Letter{}
	entity, _ := message.Read(bytes.NewReader(raw)) // with an error it may still have a head
	if entity != nil {
		l.head = entity.Header
	}
	l.FromAddress, l.FromName = l.from()
	title, err := l.head.Text("Subject")
	if err != nil {
		title = l.head.Get("Subject")
	}
	l.Title = line(title, 300)
	l.MessageID = shorten(strings.Trim(visible(l.head.Get("Message-Id")), "<> \t"), 990)
	if l.MessageID == "" {
		sum := sha256.Sum256(raw)
		l.MessageID = "sha256:" + hex.EncodeToString(sum[:])
	}
	return l
}

// Read understands a whole letter.
// Errors: errUnreadable, errParts; the head is there nevertheless.
func Read(raw []byte) (Letter, error) {
	l := ReadHead(raw)
	if len(raw) == 0 || l.head.Len() == 0 {
		return l, errUnreadable
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil {
		return l, errors.Join(errUnreadable, err)
	}
	b := &body{letter: &l}
	text, err := b.part(entity, 0)
	l.Text = strings.TrimSpace(newWords(clean(text)))
	return l, err
}

// from is who wrote the letter; of several the first.
func (l Letter) from() (address, name string) {
	values := l.values("From")
	if len(values) != 1 {
		return "", "" // none, or two that disagree
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: message.CharsetReader}}
	list, err := parser.ParseList(strings.ToValidUTF8(values[0], "\ufffd"))
	if err != nil || len(list) != 1 {
		return "", line(values[0], 200)
	}
	return shorten(fold.Email(list[0].Address), 320), line(list[0].Name, 200)
}

// values are the raw lines of a field.
func (l Letter) values(name string) []string {
	var out []string
	for fields := l.head.FieldsByKey(name); fields.Next(); {
		out = append(out, fields.Value())
	}
	return out
}

// Recipients are the lines that say to whom the letter went.
func (l Letter) Recipients() []string {
	var out []string
	for _, name := range []string{"To", "Cc", "Delivered-To", "X-Original-To"} {
		out = append(out, l.values(name)...)
	}
	return out
}

// body gathers the texts and files of a letter's parts.
type body struct {
	letter *Letter
	parts  int
}

// part reads one part with all that is in it, and returns its text.
func (b *body) part(e *message.Entity, depth int) (string, error) {
	if b.parts++; b.parts > mostParts || depth > mostDepth {
		return "", errParts
	}
	kind, params, err := e.Header.ContentType()
	if err != nil { // a fault in its parameters says nothing of the kind
		kind, _, _ = strings.Cut(strings.ToLower(e.Header.Get("Content-Type")), ";")
		kind = strings.TrimSpace(kind)
	}
	if reader := e.MultipartReader(); reader != nil && params["boundary"] != "" {
		return b.several(reader, kind, depth)
	}
	content, err := io.ReadAll(io.LimitReader(e.Body, MaxBytes+1))
	if err != nil && len(content) == 0 {
		return "", nil // a part that breaks off says nothing
	}
	disposition, with, _ := e.Header.ContentDisposition()
	name := fileName(params["name"], with["filename"])
	switch {
	case disposition != "attachment" && name == "" && (kind == "" || kind == "text/plain"):
		return string(content), nil
	case disposition != "attachment" && name == "" && kind == "text/html":
		return plainText(content), nil
	case strings.HasPrefix(kind, "image/") && e.Header.Get("Content-Id") != "" && disposition != "attachment" && len(content) < smallPicture:
		return "", nil
	case kind == "message/delivery-status" || kind == "text/rfc822-headers":
		return "", nil
	}
	if len(content) > 0 {
		b.letter.Files = append(b.letter.Files, File{Name: named(name, kind), Content: content})
	}
	return "", nil
}

// several reads the parts of a part: of alternatives the first that says something, else all.
func (b *body) several(reader message.MultipartReader, kind string, depth int) (string, error) {
	var texts []string
	for {
		part, err := reader.NextPart()
		if part == nil {
			if err != nil && !errors.Is(err, io.EOF) && len(texts) == 0 && len(b.letter.Files) == 0 {
				return "", errUnreadable
			}
			break // the end, or where it was cut off
		}
		text, err := b.part(part, depth+1)
		if err != nil {
			return "", err
		}
		if strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	if kind == "multipart/alternative" && len(texts) > 1 {
		return texts[0], nil
	}
	return strings.Join(texts, "\n\n"), nil
}

// fileName is the first name that a part gives itself, in letters.
func fileName(names ...string) string {
	decoder := mime.WordDecoder{CharsetReader: message.CharsetReader}
	for _, name := range names {
		if decoded, err := decoder.DecodeHeader(name); err == nil {
			name = decoded
		}
		if name = strings.TrimSpace(strings.ToValidUTF8(name, "")); name != "" {
			return name
		}
	}
	return ""
}

// named gives a file without a name one by its kind.
func named(name, kind string) string {
	if name != "" {
		return name
	}
	if kind == "message/rfc822" {
		return "message.eml"
	}
	if endings, err := mime.ExtensionsByType(kind); err == nil && len(endings) > 0 {
		return "file" + endings[0]
	}
	return "file"
}
