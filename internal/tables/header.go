package tables

import (
	"strings"

	"github.com/birlik/portal/internal/fold"
)

// lookAhead is how many lines are looked at for the header and the separator.
const lookAhead = 30

// headerLine finds the header: the first line that fills nearly as many cells as the
// fullest of the first lines, all of them words. Above it stand titles and dates; it is the
// first line where nothing looks like a header.
func headerLine(lines []Row) int {
	first, width := -1, 0
	for i, line := range lines[:min(len(lines), lookAhead)] {
		if n := count(line.Cells); n > 0 {
			if first < 0 {
				first = i
			}
			width = max(width, n)
		}
	}
	for i, line := range lines[:min(len(lines), lookAhead)] {
		n := count(line.Cells)
		if n > 0 && n*4 >= width*3 && words(line.Cells) {
			return i
		}
	}
	return first
}

// words reports whether every filled cell has a letter or a sign and is no number.
func words(cells []string) bool {
	for _, cell := range cells {
		if cell != "" && strings.Trim(cell, "0123456789.,:/- ") == "" {
			return false
		}
	}
	return true
}

// count counts the filled cells.
func count(cells []string) (n int) {
	for _, cell := range cells {
		if cell != "" {
			n++
		}
	}
	return n
}

// filled counts the lines that have something in them.
func filled(lines []Row) (n int) {
	for _, line := range lines {
		if count(line.Cells) > 0 {
			n++
		}
	}
	return n
}

// totals are the words that a line of sums begins with in the languages of the region.
var totals = map[string]bool{}

func init() {
	for _, word := range []string{"toplam", "genel toplam", "cəmi", "total", "grand total", "sum", "итого", "всего", "барлығы", "jami", "жами", "жалпы"} {
		totals[fold.Key(word)] = true
	}
}

func total(cells []string) bool {
	for _, cell := range cells {
		if cell != "" {
			return totals[fold.Key(strings.TrimRight(cell, " :"))]
		}
	}
	return false
}
