package mailin

import (
	"regexp"
	"strings"
)

// Where the letter before begins, in the words of the mail programs that people here use.
var (
	// "On … wrote:", "… tarihinde … şunu yazdı:", "… пишет:" before a quotation.
	attribution = regexp.MustCompile(`(?i)^(>* ?)?(on .+ wrote|.+ tarihinde .+ yazdı|.+ şunları? yazdı|.+ şunu yazdı|.+(пишет|написала?|писал\(а\)|написал\(а\))|le .+ a écrit|am .+ schrieb.*)\s*:\s*$`)
	// The first half of one that was broken over two lines.
	broken = regexp.MustCompile(`(?i)^(on .+|.+ tarihinde .*|.+<[^ >]+@[^ >]+>.*)$`)
	// "-----Original Message-----", "--- Özgün İleti ---".
	original = regexp.MustCompile(`(?i)^\s*[-_]{2,}\s*(original message|özgün [iı̇]leti|orijinal mesaj|iletilen [iı̇]leti|forwarded message|исходное сообщение|пересылаемое сообщение|пересланное сообщение)\s*[-_]{2,}\s*$`)
	// The head of a letter as Outlook copies it.
	headFrom = regexp.MustCompile(`(?i)^\s*\*?(from|kimden|gönderen|от|от кого)\s*:\*?\s*\S`)
	headSent = regexp.MustCompile(`(?i)^\s*\*?(sent|date|gönderildi|gönderme tarihi|tarih|отправлено|дата)\s*:\*?\s*\S`)
	rule     = regexp.MustCompile(`^\s*_{8,}\s*$`)
)

// newWords is what the writer wrote, without the letters that stand below or between it. A
// letter that says nothing else keeps its words: they may have been written among the quoted.
func newWords(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if begins(lines, i) {
			lines = lines[:i]
			break
		}
	}
	var out []string
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimLeft(l, " "), ">") || introduces(lines, i) {
			continue
		}
		out = append(out, strings.TrimRight(l, " \t"))
	}
	return spaced(out)
}

// begins reports where an earlier letter begins that goes on to the end.
func begins(lines []string, i int) bool {
	if original.MatchString(lines[i]) || rule.MatchString(lines[i]) && i+1 < len(lines) && headFrom.MatchString(lines[i+1]) {
		return true
	}
	if headFrom.MatchString(lines[i]) {
		for _, l := range lines[i+1 : min(len(lines), i+4)] {
			if headSent.MatchString(l) {
				return true
			}
		}
	}
	// An attribution whose letter is not marked line by line.
	return attributed(lines, i) && !quotedBelow(lines, i) || brokenAt(lines, i) && !quotedBelow(lines, i+1)
}

// introduces reports a line that says whose words are quoted below; it may be broken in two.
func introduces(lines []string, i int) bool {
	return attributed(lines, i) || brokenAt(lines, i) && quotedBelow(lines, i+1) || i > 0 && brokenAt(lines, i-1) && quotedBelow(lines, i)
}

func attributed(lines []string, i int) bool {
	return attribution.MatchString(strings.TrimSpace(lines[i]))
}

// brokenAt reports an attribution that was broken after line i.
func brokenAt(lines []string, i int) bool {
	if i+1 >= len(lines) {
		return false
	}
	first, second := strings.TrimSpace(lines[i]), strings.TrimSpace(lines[i+1])
	return broken.MatchString(first) && strings.HasSuffix(second, ":") && attribution.MatchString(first+" "+second)
}

// quotedBelow reports that the next words after a line are marked as quoted.
func quotedBelow(lines []string, i int) bool {
	for _, l := range lines[i+1:] {
		if l = strings.TrimSpace(l); l != "" {
			return strings.HasPrefix(l, ">")
		}
	}
	return false
}
