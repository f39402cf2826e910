// Package docx writes papers as WordprocessingML (ECMA-376): the same papers that package pdf
// writes, for those who go on writing in them. It has the parts that every reader asks for:
// content types, relations, styles, a head and a foot on each page.
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Head is what a paper says of itself.
type Head struct {
	Lang   string // "tr"
	Title  string
	Sender string // the union's name, above each page
	Note   string // small, below each page: "2026/000123"
	At     time.Time
}

// Paper is a paper that is being written, from top to bottom.
type Paper struct {
	head Head
	body strings.Builder
}

// New begins a paper.
func New(h Head) *Paper { return &Paper{head: h} }

// Heading writes the paper's title.
func (p *Paper) Heading(text string) { p.paragraph("Heading1", text) }

// Text writes a paragraph; line ends stay.
func (p *Paper) Text(text string) { p.paragraph("", text) }

// Bold writes a paragraph that stands out.
func (p *Paper) Bold(text string) { p.paragraph("Strong", text) }

// Right writes a line at the right edge: a place and a day.
func (p *Paper) Right(text string) { p.paragraph("Date", text) }

func (p *Paper) paragraph(style, text string) {
	p.body.WriteString(paragraph(style, text))
}

func paragraph(style, text string) string {
	var b strings.Builder
	b.WriteString(`<w:p>`)
	if style != "" {
		b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	b.WriteString(`<w:r>`)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString(`<w:br/>`)
		}
		b.WriteString(`<w:t xml:space="preserve">` + escape(line) + `</w:t>`)
	}
	b.WriteString(`</w:r></w:p>`)
	return b.String()
}

// The width of the text between the margins, in twentieths of a point.
const width = 9185

// Pairs writes names and what they are, one below the other.
func (p *Paper) Pairs(rows [][2]string) {
	list := make([][]string, len(rows))
	for i, row := range rows {
		list[i] = row[:]
	}
	p.table("", []int{width * 36 / 100, width * 64 / 100}, list, "PairName")
}

// Column is one column of a table.
type Column struct {
	Name  string
	Share float64 // of the width; the shares of a table make 1
	Right bool    // numbers
}

// Table writes rows under the names of their columns, which stand on every page that the
// table reaches.
func (p *Paper) Table(columns []Column, rows [][]string) {
	widths, names, styles := make([]int, len(columns)), make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		widths[i], names[i] = int(c.Share*width), c.Name
		if c.Right {
			styles[i] = "CellNumber"
		}
	}
	head := `<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`
	for i, name := range names {
		head += cell(widths[i], "Strong", name)
	}
	p.table(head+`</w:tr>`, widths, rows, styles...)
}

// table writes a table; styles are those of the columns' paragraphs.
func (p *Paper) table(head string, widths []int, rows [][]string, styles ...string) {
	p.body.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Lines"/><w:tblW w:w="` + fmt.Sprint(width) + `" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(&p.body, `<w:gridCol w:w="%d"/>`, w)
	}
	p.body.WriteString(`</w:tblGrid>` + head)
	for _, row := range rows {
		p.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, text := range row {
			style := ""
			if i < len(styles) {
				style = styles[i]
			}
			p.body.WriteString(cell(widths[i], style, text))
		}
		p.body.WriteString(`</w:tr>`)
	}
	if head == "" && len(rows) == 0 { // a table without a row is none
		p.body.WriteString(`<w:tr>` + cell(width, "", "") + `</w:tr>`)
	}
	p.body.WriteString(`</w:tbl>` + paragraph("", ""))
}

func cell(width int, style, text string) string {
	return fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, width, paragraph(style, text))
}

// escape makes a text fit for XML: what XML cannot hold, and marks that turn the direction
// of what follows, are left out.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == unicode.ReplacementChar:
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, text)
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

// Bytes ends the paper and gives the file. The same paper gives the same bytes.
func (p *Paper) Bytes() ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, part := range p.parts() {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Deflate, Modified: p.head.At.UTC()})
		if err != nil {
			return nil, fmt.Errorf("docx: %w", err)
		}
		if _, err := w.Write([]byte(xml.Header + part[1])); err != nil {
			return nil, fmt.Errorf("docx: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("docx: %w", err)
	}
	return out.Bytes(), nil
}
