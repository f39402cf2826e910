package documents

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// accepted are the kinds of files that are taken, by what their bytes say, with the
// endings that a name of that kind may have, the usual one first. What is not here is
// refused: SVG and HTML because they run, archives because nobody can look inside, old
// Office formats because they carry macros that nothing shows.
var accepted = map[string][]string{
	"application/pdf": {".pdf"},
	"image/jpeg":      {".jpg", ".jpeg", ".jpe", ".jfif"},
	"image/png":       {".png"},
	"image/webp":      {".webp"},
	"image/heic":      {".heic", ".heif", ".hif"}, // kept as it is, without a preview
	"image/heif":      {".heif", ".heic", ".hif"},
	"image/vnd.dwg":   {".dwg"}, // plans come as drawings
	"text/plain":      {".txt"},
	"text/csv":        {".csv"},
	eml:               {".eml"}, // letters that came by e-mail
	docx:              {".docx"},
	xlsx:              {".xlsx"},
	pptx:              {".pptx"},
	odt:               {".odt"},
	ods:               {".ods"},
	odp:               {".odp"},
}

const (
	eml  = "message/rfc822"
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	odt  = "application/vnd.oasis.opendocument.text"
	ods  = "application/vnd.oasis.opendocument.spreadsheet"
	odp  = "application/vnd.oasis.opendocument.presentation"
)

// Accept is the accept attribute of a file field: what people may choose.
const Accept = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv,.dwg,.eml"

// AcceptPictures is Accept for pictures that pages show.
const AcceptPictures = ".jpg,.jpeg,.png,.webp"

// hopeless tells by a name alone what would be refused in the end, so that nobody waits
// for an upload in vain; "" where the bytes have to say.
func hopeless(name string) (problem string) {
	ending := Ending(name)
	for _, endings := range accepted {
		if ending == "" || slices.Contains(endings, ending) {
			return ""
		}
	}
	return problemOf(ending)
}

// problemOf is why an ending is not taken.
func problemOf(ending string) string {
	switch ending {
	case ".zip", ".rar", ".7z", ".gz", ".tar":
		return "files.archive"
	case ".doc", ".xls", ".ppt", ".rtf":
		return "files.old_office"
	case ".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlsb":
		return "files.macros"
	}
	return "files.kind"
}

// sniff finds the kind of a file by its bytes and holds its name against it. It returns a
// name with a fitting ending, or the message key of why the file is not taken.
func sniff(file io.ReaderAt, size int64, name string) (mime, fitting, problem string, err error) {
	head := make([]byte, 4096)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", "", "", err
	}
	mime, problem = kindOf(mimetype.Detect(head[:n]), file, size, Ending(name))
	if problem != "" {
		return "", "", problem, nil
	}
	endings := accepted[mime]
	switch ending := Ending(name); {
	case ending == "":
		return mime, CleanName(name + endings[0]), "", nil
	case !slices.Contains(endings, ending):
		return "", "", "files.disguised", nil
	}
	return mime, name, "", nil
}

func kindOf(found *mimetype.MIME, file io.ReaderAt, size int64, ending string) (mime, problem string) {
	mime, _, _ = strings.Cut(found.String(), ";")
	switch mime {
	case "text/plain", "text/csv", "text/tab-separated-values":
		return plainKind(ending, file)
	case "application/x-ole-storage", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "text/rtf", "application/rtf":
		return "", "files.old_office"
	case eml:
		return eml, ""
	case "application/x-rar-compressed", "application/x-7z-compressed", "application/gzip", "application/x-tar":
		return "", "files.archive"
	}
	if found.Is("application/zip") || isZip(found) {
		return officeKind(file, size)
	}
	if accepted[mime] == nil {
		return "", "files.kind"
	}
	if kept[mime] && !wholeHEIC(file, size) {
		return "", "files.broken"
	}
	return mime, ""
}

// header is how a letter begins: a field with its name.
var header = regexp.MustCompile(`^(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*:`)

// plainKind is which text a text is, by what its ending claims.
func plainKind(ending string, file io.ReaderAt) (mime, problem string) {
	switch ending {
	case ".csv":
		return "text/csv", ""
	case ".eml":
		head := make([]byte, 256)
		if n, err := file.ReadAt(head, 0); err != nil && err != io.EOF || !header.Match(head[:n]) {
			return "", "files.disguised"
		}
		return eml, ""
	}
	return "text/plain", ""
}

func isZip(found *mimetype.MIME) bool {
	for at := found; at != nil; at = at.Parent() {
		if at.Is("application/zip") {
			return true
		}
	}
	return false
}

// What an office document may hold; it is never unpacked here, but by whoever opens it.
const (
	mostDirectory = 2 << 20   // bytes of the table of contents: some 20,000 entries
	mostUnpacked  = 500 << 20 // bytes of all entries
)

// officeKind finds which office document a zip archive is, by its table of contents.
func officeKind(file io.ReaderAt, size int64) (mime, problem string) {
	if !plainDirectory(file, size) {
		return "", "files.broken"
	}
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return "", "files.broken"
	}
	var unpacked uint64
	for _, entry := range archive.File {
		unpacked += entry.UncompressedSize64
		switch {
		case strings.HasSuffix(strings.ToLower(entry.Name), "vbaproject.bin"):
			return "", "files.macros"
		case entry.Name == "word/document.xml":
			mime = docx
		case entry.Name == "xl/workbook.xml":
			mime = xlsx
		case entry.Name == "ppt/presentation.xml":
			mime = pptx
		case entry.Name == "mimetype" && entry.UncompressedSize64 < 100:
			mime = openDocument(entry)
		}
	}
	switch {
	case unpacked > mostUnpacked:
		return "", "files.broken"
	case mime == "":
		return "", "files.archive"
	}
	return mime, ""
}

// openDocument is the kind that an OpenDocument says it is.
func openDocument(entry *zip.File) string {
	r, err := entry.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 100))
	mime := strings.TrimSpace(string(text))
	if err != nil || mime != odt && mime != ods && mime != odp {
		return ""
	}
	return mime
}

// plainDirectory reports an archive whose table of contents is of an honest size and ends
// where the file does, so that reading it costs what it says.
func plainDirectory(file io.ReaderAt, size int64) bool {
	const record = 22
	tail := make([]byte, min(size, record+1024)) // with a short comment at most
	if _, err := file.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return false
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < record {
		return false
	}
	length := int64(binary.LittleEndian.Uint32(tail[at+12:]))
	start := int64(binary.LittleEndian.Uint32(tail[at+16:]))
	return length <= mostDirectory && start+length == size-int64(len(tail)-at)
}
