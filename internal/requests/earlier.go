package requests

import (
	"regexp"
	"strings"
	"time"

	"github.com/birlik/portal/internal/imports"
)

// earlierLine is what a list says happened on a day.
type earlierLine struct {
	on       time.Time // day
	words    string
	audience string // readStaff, readCity
}

// maxEarlierLine is how long one line may be, in characters.
const maxEarlierLine = 2000

// key is what a line of a case is known by.
func (l earlierLine) key() string { return l.on.Format(time.DateOnly) + " " + l.words }

// readKey reads what key wrote; ok is false for anything else.
func readKey(s string) (on time.Time, words string, ok bool) {
	day, words, _ := strings.Cut(s, " ")
	on, err := time.Parse(time.DateOnly, day)
	return on, words, err == nil
}

// dayFirst is a day at the beginning of a line, with what parts it from the words.
var dayFirst = regexp.MustCompile(`^\s*(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:\s*г\.)?(?:[\s:;,–—-]+|$)`)

// dayBehind is a day behind a semicolon or a bar, where a list has all on one line.
var dayBehind = regexp.MustCompile(`[;|]\s*(\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2})`)

// readLines reads the history that a row tells: lines that each begin with a day, or the
// words of the one day that stands in a column of its own. A line without a day goes on with
// the one before.
func (t *takeover) readLines(row imports.Row, r *imports.Result) []earlierLine {
	cell := strings.TrimSpace(row.Get(earlierHistory))
	if cell == "" {
		return nil
	}
	audience := readStaff
	if said := row.Get(earlierReaders); said != "" {
		var ok bool
		if audience, ok = readers.Choose(said); !ok {
			r.Fault(earlierReaders, "imports.no_choice", said)
		}
	}
	var lines []earlierLine
	if day := row.Get(earlierDay); day != "" {
		on, ok := t.past(day)
		if !ok {
			r.Fault(earlierDay, "imports.no_day", day)
			return nil
		}
		lines = []earlierLine{{on: on, words: cell}}
	} else {
		lines = t.dated(cell, r)
	}
	for i := range lines {
		lines[i].audience, lines[i].words = audience, strings.TrimSpace(lines[i].words)
		switch {
		case lines[i].words == "":
			r.Fault(earlierHistory, "imports.history_empty", lines[i].on.Format("02.01.2006"))
		case tooLong(lines[i].words, maxEarlierLine):
			r.Fault(earlierHistory, "imports.too_long", shorten(lines[i].words, maxQuoted))
		}
	}
	return lines
}

// dated parts a cell at the days that its lines begin with.
func (t *takeover) dated(cell string, r *imports.Result) []earlierLine {
	var out []earlierLine
	for line := range strings.Lines(dayBehind.ReplaceAllString(cell, "\n$1")) {
		line = strings.TrimSpace(line)
		m := dayFirst.FindStringSubmatch(line)
		switch {
		case m != nil:
			on, ok := t.past(m[1])
			if !ok {
				r.Fault(earlierHistory, "imports.no_day", m[1])
			}
			out = append(out, earlierLine{on: on, words: strings.TrimPrefix(line, m[0])})
		case len(out) > 0:
			out[len(out)-1].words += "\n" + line
		case line != "":
			r.Fault(earlierHistory, "imports.history_no_day", shorten(line, maxQuoted))
			return nil
		}
	}
	return out
}
