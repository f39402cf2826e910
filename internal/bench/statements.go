package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// script is what one page asks the database, fit for pgbench.
type script struct {
	statements []string
	values     map[string]string // variable → value
	role       string            // database role of the connections
}

// record opens the page once while the server logs every statement with its values.
func (r *run) record(ctx context.Context, d *driven) (*script, error) {
	if _, err := r.portal.get(ctx, d.path, d.cookie); err != nil { // prepared by now
		return nil, err
	}
	path := filepath.Join(r.server.Home, "postgres.log")
	before, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := r.logStatements(ctx, "0"); err != nil {
		return nil, err
	}
	if _, err := r.portal.get(ctx, d.path, d.cookie); err != nil {
		return nil, err
	}
	if err := r.logStatements(ctx, "-1"); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseLog(string(text[before.Size():])), nil
}

// logStatements switches the log of durations on (0) or off (-1) for everybody.
func (r *run) logStatements(ctx context.Context, from string) error {
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range []string{"alter system set log_line_prefix = '#%d|%a|'", "alter system set log_min_duration_statement = " + from, "select pg_reload_conf()"} {
		if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
	}
	time.Sleep(200 * time.Millisecond) // the reload travels by signal
	return nil
}

var (
	// A line of the portal's connections: bench|portal visitor|LOG:  duration: … ms  execute name: select …
	executed = regexp.MustCompile(`^bench\|portal (\w+)\|LOG:  duration: [\d.]+ ms  (?:execute [^:]*|statement): (?s:(.*))$`)
	detail   = regexp.MustCompile(`^bench\|portal \w+\|DETAIL:  (?i:parameters): (?s:(.*))$`)
	argument = regexp.MustCompile(`\$(\d+) = (?:'((?:[^']|'')*)'|NULL)`)
	marker   = regexp.MustCompile(`\$(\d+)`)
)

// parseLog reads the statements of one page. The job queue's own are told apart by their
// tables.
func parseLog(text string) *script {
	s := &script{values: map[string]string{}}
	var pending string
	flush := func(parameters string) {
		if pending != "" {
			s.add(pending, parameters)
			pending = ""
		}
	}
	for _, line := range joinLines(text) {
		if m := executed.FindStringSubmatch(line); m != nil {
			flush("")
			pending = m[2]
			if s.role != m[1] {
				s.role = sideOfBoth(s.role, m[1])
			}
		} else if m := detail.FindStringSubmatch(line); m != nil {
			flush(m[1])
		}
	}
	flush("")
	if len(s.statements) == 0 {
		return nil
	}
	return s
}

// sideOfBoth is the side that may run the statements of both: with a session among them, which
// only the owner reads, it is the owner.
func sideOfBoth(have, next string) string {
	if have == "" {
		return next
	}
	return "system"
}

// joinLines puts the continuation lines of the log, which begin with a tab, back.
func joinLines(text string) []string {
	return strings.Split("\n"+strings.ReplaceAll(strings.TrimSpace(text), "\n\t", "\n "), "\n#")
}

func (s *script) add(sql, parameters string) {
	lower := strings.ToLower(sql)
	if strings.Contains(lower, "river_") || strings.HasPrefix(lower, "alter system") || strings.Contains(lower, "pg_reload_conf") || lower == "-- ping" {
		return
	}
	n := len(s.statements)
	literal := map[string]string{} // pgbench's variables are never null and never empty
	for _, m := range argument.FindAllStringSubmatch(parameters, -1) {
		switch {
		case strings.HasSuffix(m[0], "NULL"):
			literal["$"+m[1]] = "null"
		case m[2] == "":
			literal["$"+m[1]] = "''"
		default:
			s.values[fmt.Sprintf("v%d_%s", n, m[1])] = strings.ReplaceAll(m[2], "''", "'")
		}
	}
	sql = marker.ReplaceAllStringFunc(sql, func(name string) string {
		if text, ok := literal[name]; ok {
			return text
		}
		return fmt.Sprintf(":v%d_%s", n, name[1:])
	})
	s.statements = append(s.statements, strings.TrimSpace(sql))
}

var tps = regexp.MustCompile(`(?m)^tps = ([\d.]+)`)

// run drives the statements with pgbench over prepared statements, from as many
// connections and for as long as the page was driven.
func (s *script) run(ctx context.Context, r *run) (float64, error) {
	path, err := findTool("pgbench")
	if err != nil {
		return 0, err
	}
	file := filepath.Join(r.Dir, "page.sql")
	if err := os.WriteFile(file, []byte(strings.Join(s.statements, ";\n")+";\n"), 0o600); err != nil {
		return 0, err
	}
	args := []string{"--no-vacuum", "--protocol=prepared", "--client=" + strconv.Itoa(r.Connections), "--jobs=2",
		"--time=" + strconv.Itoa(1+int(r.Take.Seconds())), "--file=" + file} // opening the connections counts as time, not as work
	for name, value := range s.values {
		args = append(args, "--define="+name+"="+value)
	}
	cmd := exec.CommandContext(ctx, path, append(args, r.server.URL())...)
	role, err := r.roleName(ctx, s.role)
	if err != nil {
		return 0, err
	}
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c jit=off -c timezone=UTC"+role)
	out, err := cmd.CombinedOutput()
	m := tps.FindSubmatch(out)
	if err != nil || m == nil {
		return 0, fmt.Errorf("pgbench: %w\n%s\n%s", err, out, strings.Join(s.statements, ";\n"))
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

// roleName is the option that puts pgbench's connections behind the same wall.
func (r *run) roleName(ctx context.Context, kind string) (string, error) {
	if kind == "" || kind == "system" {
		return "", nil
	}
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var name string
	err = conn.QueryRow(ctx, `select name from database_roles where kind = $1`, kind).Scan(&name)
	return " -c role=" + name, err
}
