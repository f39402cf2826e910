package mail

import (
	"errors"

	gomail "github.com/wneessen/go-mail"
)

// Outcome is what became of a letter that Send reports an error about.
type Outcome int

// The outcomes.
const (
	Later   Outcome = iota // not taken now: the same letter may be sent again
	Refused                // not taken, and never will be
	Unsure                 // the conversation broke off after the letter, before the answer
)

// maxReason bounds what is kept of a server's words.
const maxReason = 300

// Explain says what an error of Send means, and the server's own words on one line.
func Explain(err error) (Outcome, string) {
	reason := Clean(err.Error())
	if letters := []rune(reason); len(letters) > maxReason {
		reason = string(letters[:maxReason])
	}
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return Later, reason
	}
	switch {
	case failed.ErrorCode() >= 500:
		return Refused, reason
	case failed.ErrorCode() == 0 && failed.Reason == gomail.ErrSMTPDataClose:
		return Unsure, reason
	}
	return Later, reason
}
