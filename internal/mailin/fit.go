package mailin

import (
	"context"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// Record is a record that a letter names, or that staff mean for it.
type Record struct {
	Ref      subject.Ref
	PublicID string
	Org      string // public id of the organisation that it belongs to
	Number   string
	Title    string
	City     string
	Lang     string // that its city reads, BCP 47
}

// Fit is a letter beside the record that staff mean for it.
type Fit struct {
	Mail
	Record  Record
	OfCity  bool // its sender acts for the record's city, by the address
	Vouched bool // our mail server vouches for the sender
}

// Fits tells staff, before a letter is added, which record a number names and whether the
// sender is of its city. Errors: sign_in, forbidden, not found (the letter), conflict (it was
// added meanwhile), invalid by field (no such record).
func (s *Service) Fits(ctx context.Context, actor identity.Actor, publicID, number string) (f Fit, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return f, err
	}
	if f.Mail, err = s.open(ctx, actor, `s.public_id = $1`, publicID); err != nil {
		return f, err
	}
	if f.State == Added || !f.Whole {
		return f, apperr.New(apperr.Conflict, "mailin.added_already")
	}
	if f.Record, err = s.records.Ref(ctx, actor, number); apperr.Is(err, apperr.NotFound) {
		return f, apperr.Fields(map[string]string{"number": "mailin.no_such_case"})
	}
	if err != nil {
		return f, err
	}
	raw, err := s.files.Kept(ctx, f.digest)
	if err != nil {
		return f, err
	}
	f.Vouched = !f.ByHand && ReadHead(raw).vouched(s.options.Vouches)
	_, err = s.records.Person(ctx, f.FromAddress, f.Record.Org)
	if f.OfCity = err == nil; err != nil && !refused(err) {
		return f, err
	}
	return f, nil
}
