// Package documents keeps the files of records: each belongs to exactly one. Who may open
// a file is asked of the record's kind; what a member may see of it at all, the database
// decides again.
package documents

import (
	"time"

	"github.com/birlik/portal/internal/subject"
)

// Audience says who reads a document beside the staff.
type Audience string

// The audiences.
const (
	Org    Audience = "org"    // the organisation that owns the record
	Staff  Audience = "staff"  // nobody else
	Public Audience = "public" // everybody, under /files
)

// Document is one file of one record in its newest version.
type Document struct {
	ID       int64
	PublicID string // in URLs: /files/{PublicID}
	Subject  subject.Ref
	Record   string // the record's public id
	OrgID    int64  // the record's
	Sort     string // what it is for: "feasibility", "cover"
	Audience Audience
	Name     string // as a person named it, cleaned; still hostile text for a page
	MIME     string // as its bytes say
	Size     int64
	Version  int
	Scanned  bool // a virus scanner looked at it and found nothing
	At       time.Time
	// Width and Height are those of the picture for pages (?size=web) in pixels, 0 where
	// there is none: it is no picture, or one that is kept as it is (HEIC).
	Width, Height int
}

// Picture reports whether ?size=web and ?size=thumb show the document.
func (d Document) Picture() bool { return d.Width > 0 }
