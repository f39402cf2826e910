package docx

import (
	"fmt"
	"time"
)

const (
	mainNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	types  = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// parts are the files of the package by name; the content types come first, as some readers
// expect.
func (p *Paper) parts() [][2]string {
	return [][2]string{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", relations(
			[3]string{"rId1", office + "officeDocument", "word/document.xml"},
			[3]string{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"})},
		{"docProps/core.xml", p.core()},
		{"word/_rels/document.xml.rels", relations([3]string{"rId1", office + "styles", "styles.xml"},
			[3]string{"rId2", office + "header", "header1.xml"}, [3]string{"rId3", office + "footer", "footer1.xml"})},
		{"word/document.xml", p.document()},
		{"word/styles.xml", p.styles()},
		{"word/header1.xml", `<w:hdr ` + mainNS + `>` + paragraph("Header", p.head.Sender) + `</w:hdr>`},
		{"word/footer1.xml", `<w:ftr ` + mainNS + `><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">` + escape(p.head.Note) +
			`</w:t></w:r><w:r><w:tab/></w:r>` + field("PAGE") + `<w:r><w:t xml:space="preserve"> / </w:t></w:r>` + field("NUMPAGES") + `</w:p></w:ftr>`},
	}
}

const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + types + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + types + `styles+xml"/>` +
	`<Override PartName="/word/header1.xml" ContentType="` + types + `header+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + types + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

func relations(list ...[3]string) string {
	out := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	for _, r := range list {
		out += `<Relationship Id="` + r[0] + `" Type="` + r[1] + `" Target="` + r[2] + `"/>`
	}
	return out + `</Relationships>`
}

func field(name string) string {
	return `<w:fldSimple w:instr=" ` + name + ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`
}

func (p *Paper) core() string {
	at := p.head.At.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(p.head.Title) + `</dc:title><dc:creator>` + escape(p.head.Sender) + `</dc:creator><dc:language>` + escape(p.head.Lang) + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

// document is the text with its page: A4, the margins of package pdf.
func (p *Paper) document() string {
	return `<w:document ` + mainNS + `><w:body>` + p.body.String() +
		`<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1361" w:bottom="1418" w:left="1361" w:header="680" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`
}

// styles are those that paragraphs and tables name. The fonts are such as every office has,
// with every Latin and Cyrillic letter of the members.
func (p *Paper) styles() string {
	style := func(id, name, paragraph, run string) string {
		return fmt.Sprintf(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`, id, name, paragraph, run)
	}
	lang := map[string]string{"tr": "tr-TR", "ru": "ru-RU"}[p.head.Lang]
	if lang == "" {
		lang = "en-GB"
	}
	return `<w:styles ` + mainNS + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans" w:cs="Noto Sans" w:eastAsia="Noto Sans"/>` +
		`<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="` + lang + `"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:spacing w:after="140" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		style("Heading1", "heading 1", `<w:keepNext/><w:spacing w:before="160" w:after="160"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:sz w:val="30"/>`) +
		style("Strong", "Strong paragraph", ``, `<w:b/>`) +
		style("Date", "Date", `<w:jc w:val="right"/>`, ``) +
		style("PairName", "Pair name", `<w:spacing w:after="40"/>`, `<w:color w:val="5A5A5A"/>`) +
		style("CellNumber", "Cell number", `<w:jc w:val="right"/>`, ``) +
		style("Header", "header", `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="BEC4C8"/></w:pBdr>`, `<w:b/><w:color w:val="105E66"/><w:sz w:val="18"/>`) +
		style("Footer", "footer", `<w:tabs><w:tab w:val="right" w:pos="9185"/></w:tabs>`, `<w:color w:val="5A5A5A"/><w:sz w:val="16"/>`) +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		`<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="table" w:styleId="Lines"><w:name w:val="Lines"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>` +
		`<w:bottom w:val="single" w:sz="4" w:space="0" w:color="BEC4C8"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="BEC4C8"/></w:tblBorders></w:tblPr></w:style></w:styles>`
}
