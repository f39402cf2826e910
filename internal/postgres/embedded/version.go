package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// record says which server wrote the data folder.
type record struct {
	Major int    `json:"major"`
	ICU   string `json:"icu"` // version of the ICU collations, e.g. "153.14"
}

func recordPath(home string) string { return filepath.Join(home, "server.json") }

// compareVersion writes the record once. Where the ICU library has changed since, sorted
// indexes may be in the wrong order: they are rebuilt, which takes seconds here.
func (s *Server) compareVersion(ctx context.Context, conn *pgx.Conn, say func(string)) error {
	now := record{}
	var number int
	err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int,
		coalesce((select pg_collation_actual_version(oid) from pg_collation where collname = 'tr-x-icu'), '')`).
		Scan(&number, &now.ICU)
	if err != nil {
		return err
	}
	now.Major = number / 10000
	var was record
	if text, err := os.ReadFile(recordPath(s.Home)); err == nil {
		_ = json.Unmarshal(text, &was) // an unreadable record counts as none
	}
	if was.ICU != "" && was.ICU != now.ICU {
		say(fmt.Sprintf("The ICU library changed from %s to %s: rebuilding the sorted indexes.", was.ICU, now.ICU))
		if err := s.reindex(ctx); err != nil {
			return err
		}
	}
	text, _ := json.Marshal(now) // two plain fields
	return os.WriteFile(recordPath(s.Home), text, 0o600)
}

func (s *Server) reindex(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	name := pgx.Identifier{s.name}.Sanitize()
	if _, err := conn.Exec(ctx, "reindex database "+name); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "alter database "+name+" refresh collation version")
	return err
}

// dataMajor is the major version that wrote the data folder; 0 when there is none yet.
func dataMajor(home string) int {
	text, _ := os.ReadFile(filepath.Join(home, "data", "PG_VERSION"))
	major, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return major
}

// binMajor asks a folder's server for its major version; 0 when it has none that runs.
func binMajor(ctx context.Context, bin string) int {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return 0
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version")
	cmd.Env = environment(bin)
	out, err := cmd.Output()
	if err != nil {
		return 0
	}
	return parseMajor(string(out))
}

// parseMajor reads "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)".
func parseMajor(text string) int {
	_, after, _ := strings.Cut(text, "(PostgreSQL) ")
	digits := strings.IndexFunc(after, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(after)
	}
	major, _ := strconv.Atoi(after[:digits])
	return major
}
