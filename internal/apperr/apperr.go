// Package apperr holds the one error type that crosses package borders.
package apperr

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code says what kind of failure it is; the page layer turns it into a status.
type Code string

// The closed set of failures that a service may report.
const (
	Invalid     Code = "invalid"     // 422: the input is wrong; Fields may name where
	NotFound    Code = "not_found"   // 404: absent, or not this actor's to know about
	Forbidden   Code = "forbidden"   // 403: an area that this actor may not enter
	Conflict    Code = "conflict"    // 409: the state, or somebody else's change, is in the way
	TooMany     Code = "too_many"    // 429: slow down
	Unavailable Code = "unavailable" // 503: try again soon
	SignIn      Code = "sign_in"     // 303 to the sign-in page: nobody is signed in
	Prove       Code = "prove"       // 303 to the page that asks once more who this is
)

// Error is a failure with a message key that the page translates late.
type Error struct {
	Code   Code
	Key    string            // message key, e.g. "requests.not_found"
	Args   []any             // name, value pairs for the message
	Fields map[string]string // field name → message key
	Cause  error             // logged, never shown
}

// New makes an error of a code with a message key and its name, value pairs.
func New(code Code, key string, args ...any) *Error {
	return &Error{Code: code, Key: key, Args: args}
}

// Fields makes an Invalid error from field → message key; it is nil when there are none.
func Fields(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Key: "error.check_fields", Fields: fields}
}

// Wrap keeps cause for the log behind a message fit to show.
func Wrap(cause error, code Code, key string, args ...any) *Error {
	return &Error{Code: code, Key: key, Args: args, Cause: cause}
}

// Error reads as the log wants it: code, key, fields, cause.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Code, e.Key)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, " %s=%s", name, e.Fields[name])
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf reports the code of err, and false when err is none of ours.
func CodeOf(err error) (Code, bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Code, true
	}
	return "", false
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool {
	got, ok := CodeOf(err)
	return ok && got == code
}
