package portal

import "testing"

// StartOn runs a portal on a database that the test looks after; several may run on one.
func StartOn(t testing.TB, database string, settings ...string) *Portal {
	t.Helper()
	p := &Portal{t: t, Database: database, Dir: t.TempDir()}
	p.Run(settings...)
	return p
}
