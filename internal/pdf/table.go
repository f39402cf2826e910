package pdf

// Column is one column of a table.
type Column struct {
	Name  string
	Share float64 // of the width; the shares of a table make 1
	Right bool    // numbers
}

const (
	cellSize = 9.0
	cellLine = 4.6
)

// Table writes rows under the names of their columns, which stand on every page that the
// table reaches. A long text takes several lines.
func (p *Paper) Table(columns []Column, rows [][]string) {
	p.names(columns)
	for _, row := range rows {
		height := p.height(columns, row)
		if p.room(height) {
			p.names(columns)
		}
		p.row(columns, row, height)
	}
	plain(p.doc)
	p.doc.Ln(3)
}

func (p *Paper) names(columns []Column) {
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.Name
	}
	p.doc.SetFont("noto", "B", cellSize)
	height := p.height(columns, row)
	p.room(height + 2*cellLine)
	p.row(columns, row, height)
	p.doc.SetFont("noto", "", cellSize)
}

func (p *Paper) height(columns []Column, row []string) float64 {
	most := 1
	for i, c := range columns {
		most = max(most, p.lines(clean(row[i]), c.Share*width))
	}
	return cellLine*float64(most) + 1.4
}

func (p *Paper) row(columns []Column, row []string, height float64) {
	x, y := p.doc.GetXY()
	at := x
	for i, c := range columns {
		align := "L"
		if c.Right {
			align = "R"
		}
		p.doc.SetXY(at, y+0.7)
		p.doc.MultiCell(c.Share*width, cellLine, clean(row[i]), "", align, false)
		at += c.Share * width
	}
	p.doc.Line(x, y+height, x+width, y+height)
	p.doc.SetXY(x, y+height)
}
