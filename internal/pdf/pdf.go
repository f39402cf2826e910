// Package pdf writes papers on A4: letters, receipts, lists. Its letters are Noto Sans, put
// into the file, so that every Latin and Cyrillic alphabet of the members prints as it is
// written.
package pdf

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/NotoSans-Regular.ttf
var regular []byte

//go:embed fonts/NotoSans-Bold.ttf
var bold []byte

// Measures in millimetres, and of letters in points.
const (
	side     = 24.0
	top      = 22.0
	foot     = 20.0
	width    = 210 - 2*side
	textSize = 10.5
	line     = 5.6
)

// Head is what a paper says of itself.
type Head struct {
	Lang   string // "tr"
	Title  string // of the file, for readers' windows
	Sender string // the union's name, above and below each page
	Note   string // small, beside the page's number: "2026-0012"
	At     time.Time
}

// Paper is a paper that is being written, from top to bottom.
type Paper struct {
	doc *fpdf.Fpdf
}

// New begins a paper with its first page.
func New(h Head) *Paper {
	doc := fpdf.New("P", "mm", "A4", "")
	doc.AddUTF8FontFromBytes("noto", "", regular)
	doc.AddUTF8FontFromBytes("noto", "B", bold)
	doc.SetTitle(clean(h.Title), true)
	doc.SetLang(h.Lang)
	doc.SetProducer(clean(h.Sender), true)
	doc.SetCreationDate(h.At)
	doc.SetModificationDate(h.At)
	doc.SetCatalogSort(true)
	doc.SetMargins(side, top, side)
	doc.SetAutoPageBreak(true, foot+6)
	doc.AliasNbPages("")
	doc.SetHeaderFunc(func() {
		doc.SetY(12)
		doc.SetFont("noto", "B", 9)
		doc.SetTextColor(16, 94, 102)
		doc.CellFormat(width, 5, clean(h.Sender), "B", 1, "L", false, 0, "")
		doc.SetY(top + 2)
		plain(doc)
	})
	doc.SetFooterFunc(func() {
		doc.SetY(-foot + 4)
		doc.SetFont("noto", "", 8)
		doc.SetTextColor(90, 90, 90)
		doc.CellFormat(width/2, 5, clean(h.Note), "", 0, "L", false, 0, "")
		doc.CellFormat(width/2, 5, fmt.Sprintf("%d / {nb}", doc.PageNo()), "", 0, "R", false, 0, "")
	})
	doc.AddPage()
	return &Paper{doc: doc}
}

func plain(doc *fpdf.Fpdf) {
	doc.SetFont("noto", "", textSize)
	doc.SetTextColor(20, 24, 28)
	doc.SetDrawColor(190, 196, 200)
}

// Heading writes the paper's title.
func (p *Paper) Heading(text string) {
	p.doc.Ln(2)
	p.doc.SetFont("noto", "B", 15)
	p.doc.MultiCell(width, 7.5, clean(text), "", "L", false)
	p.doc.Ln(2)
	plain(p.doc)
}

// Text writes a paragraph.
func (p *Paper) Text(text string) {
	p.doc.MultiCell(width, line, clean(text), "", "L", false)
	p.doc.Ln(2.5)
}

// Bold writes a paragraph that stands out.
func (p *Paper) Bold(text string) {
	p.doc.SetFont("noto", "B", textSize)
	p.Text(text)
	plain(p.doc)
}

// Right writes a line at the right edge: a place and a day.
func (p *Paper) Right(text string) {
	p.doc.MultiCell(width, line, clean(text), "", "R", false)
	p.doc.Ln(2)
}

// Pairs writes names and what they are, one below the other.
func (p *Paper) Pairs(rows [][2]string) {
	const names = 0.36 * width
	for _, row := range rows {
		name, value := clean(row[0]), clean(row[1])
		height := line * float64(max(p.lines(name, names), p.lines(value, width-names)))
		p.room(height)
		x, y := p.doc.GetXY()
		p.doc.SetTextColor(90, 90, 90)
		p.doc.MultiCell(names, line, name, "", "L", false)
		p.doc.SetXY(x+names, y)
		p.doc.SetTextColor(20, 24, 28)
		p.doc.MultiCell(width-names, line, value, "", "L", false)
		p.doc.SetXY(x, y+height+0.8)
	}
	p.doc.Ln(2)
}

// Bytes ends the paper and gives the file.
func (p *Paper) Bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := p.doc.Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return out.Bytes(), nil
}

// lines is how many lines a text takes at a width.
func (p *Paper) lines(text string, w float64) int {
	return max(1, len(p.doc.SplitText(text, w-2*p.doc.GetCellMargin())))
}

// room begins a new page where the rest of this one is too low.
func (p *Paper) room(height float64) (turned bool) {
	_, h := p.doc.GetPageSize()
	if p.doc.GetY()+height <= h-foot-6 {
		return false
	}
	p.doc.AddPage()
	return true
}

// clean leaves out what no font draws: control characters, and letters beyond the plane
// that the file's tables reach.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r > 0xFFFF:
			return '\uFFFD'
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}
