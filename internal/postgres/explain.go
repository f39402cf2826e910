package postgres

import (
	"errors"
	"io"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
)

// Explain turns a driver's error into one of ours. notFound is the message key for a row
// that is not there. Errors: not found, conflict (unique, exclusion), invalid (text that
// is no text), unavailable (no connection, lock or time); others pass through to become a 500.
func Explain(err error, notFound string) error {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return apperr.Wrap(err, apperr.NotFound, notFound)
	case errors.As(err, &pg):
		return explainCode(err, pg.Code)
	}
	return unavailable(err)
}

func explainCode(err error, code string) error {
	switch code {
	case "23505", "23P01": // unique, exclusion
		return apperr.Wrap(err, apperr.Conflict, "error.conflict")
	case "22021", "22P05": // bytes that are no text
		return apperr.Wrap(err, apperr.Invalid, "error.text")
	}
	return unavailable(err)
}

// retryable are the server's codes that mean "not now": shutting down, starting up, too
// many connections, a lock or the time ran out, a deadlock or a serialization failure.
var retryable = map[string]bool{
	"57P01": true, "57P02": true, "57P03": true, "53300": true,
	"55P03": true, "57014": true, "40P01": true, "40001": true,
}

// unavailable marks an error that says the database is away or busy; it leaves every
// other error, and those that are already ours, as they are.
func unavailable(err error) error {
	var pg *pgconn.PgError
	if _, ours := apperr.CodeOf(err); err == nil || ours {
		return err
	}
	if errors.As(err, &pg) && retryable[pg.Code] || lost(err) {
		return apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	return err
}

// lost reports an error that means: the connection broke, or never came to be.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
