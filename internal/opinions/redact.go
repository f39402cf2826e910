package opinions

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
)

// Block stands where a passage was hidden and no word takes its place. It is always as long,
// so that its length says nothing of what stood there.
const Block = "▇▇▇▇"

// Hidden is a passage that others do not read, wherever it stands, and the neutral word in its
// place; an empty word leaves a block.
type Hidden struct {
	Text string `json:"text"`
	Word string `json:"word"`
}

// Shown is what stands in the passage's place.
func (h Hidden) Shown() string { return cmp.Or(strings.TrimSpace(h.Word), Block) }

// Part is a piece of a text: as it was, or hidden.
type Part struct {
	Text   string // as it stood
	Shown  string // what others read
	Hidden bool
}

// Redaction is what staff hide of an opinion, and what they say of it to the public.
type Redaction struct {
	Version  int
	Title    string
	Question string // what was asked, in words that name nobody
	Topic    string
	Laws     []string
	Country  string // code; empty: of no one country
	Hidden   []Hidden
}

// maxHidden is how many passages one opinion hides.
const maxHidden = 200

func (x Redaction) check() error {
	fields := map[string]string{}
	for field, most := range map[string]int{"title": maxTitle, "question": maxQuestion} {
		if text := map[string]string{"title": x.Title, "question": x.Question}[field]; len([]rune(text)) > most {
			fields[field] = "error.too_long"
		}
	}
	if x.Topic != "" && !slices.Contains(Topics(), x.Topic) {
		fields["topic"] = "opinions.choose"
	}
	if len(x.Laws) > maxLaws || slices.ContainsFunc(x.Laws, func(l string) bool { return len([]rune(l)) > maxLaw }) {
		fields["laws"] = "opinions.laws_wrong"
	}
	if len(x.Hidden) > maxHidden {
		fields["hidden"] = "opinions.hidden_many"
	}
	for _, h := range x.Hidden {
		if len([]rune(h.Text)) > maxQuestion || len([]rune(h.Word)) > maxLaw {
			fields["hidden"] = "error.too_long"
		}
	}
	return apperr.Fields(fields)
}

// complete finds what is missing before others may read it.
func (x Redaction) complete() error {
	fields := map[string]string{}
	sentence(fields, "title", x.Title, maxTitle, "opinions.title_missing")
	sentence(fields, "question", x.Question, maxQuestion, "opinions.question_missing")
	if !slices.Contains(Topics(), x.Topic) {
		fields["topic"] = "opinions.choose"
	}
	return apperr.Fields(fields)
}

// Topics are the subjects by which precedents are found; their names are the messages
// "opinions.topic.…".
func Topics() []string {
	return []string{"planning", "finance", "staff", "procurement", "property", "environment", "governance", "services", "other"}
}

// Parts cuts a text at its hidden passages; of two that begin at one place the longer counts.
// Case does not matter, in Turkish neither.
func Parts(text string, hidden []Hidden) []Part {
	list := longestFirst(hidden)
	runes, plain := []rune(text), flat(text)
	var out []Part
	from := 0
	for at := 0; at < len(runes); {
		h, n := passage(plain[at:], list)
		if n == 0 {
			at++
			continue
		}
		if at > from {
			out = append(out, Part{Text: string(runes[from:at]), Shown: string(runes[from:at])})
		}
		out = append(out, Part{Text: string(runes[at : at+n]), Shown: h.Shown(), Hidden: true})
		at += n
		from = at
	}
	if from < len(runes) {
		out = append(out, Part{Text: string(runes[from:]), Shown: string(runes[from:])})
	}
	return out
}

// Public is a text as others read it.
func Public(text string, hidden []Hidden) string {
	var b strings.Builder
	for _, p := range Parts(text, hidden) {
		b.WriteString(p.Shown)
	}
	return b.String()
}

func longestFirst(hidden []Hidden) []Hidden {
	var out []Hidden
	for _, h := range hidden {
		if h.Text = strings.TrimSpace(h.Text); h.Text != "" {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Hidden) int { return len([]rune(b.Text)) - len([]rune(a.Text)) })
	return out
}

// passage is the hidden passage that a text begins with, and its length in runes.
func passage(plain []rune, list []Hidden) (Hidden, int) {
	for _, h := range list {
		if key := flat(h.Text); len(key) <= len(plain) && slices.Equal(plain[:len(key)], key) {
			return h, len(key)
		}
	}
	return Hidden{}, 0
}

// flat is a text without case, rune by rune, so that places in it are places in the text. All
// kinds of i are one, because people type ILICA for Ilıca and for ilica.
func flat(text string) []rune {
	out := []rune(text)
	for i, r := range out {
		switch r {
		case 'İ', 'I', 'ı':
			out[i] = 'i'
		case '\n', '\t', '\u00a0':
			out[i] = ' '
		default:
			out[i] = unicode.ToLower(r)
		}
	}
	return out
}

// Left lists those of the names that still stand in what others would read, in any spelling.
func Left(texts, names []string) []string {
	var out []string
	for _, name := range names {
		key := fold.Key(name)
		if len(key) < 3 || slices.Contains(out, name) {
			continue // too short to mean anybody
		}
		for _, text := range texts {
			if strings.Contains(" "+fold.Key(text), " "+key) {
				out = append(out, name)
				break
			}
		}
	}
	return out
}
