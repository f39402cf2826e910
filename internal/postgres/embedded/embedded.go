// Package embedded runs a private PostgreSQL server for demonstrations, development and
// tests: it finds or fetches the server's binaries, keeps the data in one folder, listens
// on a Unix socket only, and stops with the process that started it. It is not for
// production: point DATABASE_URL to a server that somebody looks after.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say where the server lives and how careful it is.
type Options struct {
	Dir      string // everything lives below it; made when absent
	Database string // made when absent; "birlik" when empty
	// Volatile trades durability for speed: for data that nobody will miss.
	Volatile bool
	// Detached lets the server outlive this process; whoever asks for it stops it.
	Detached bool
	// Say is told in plain words about slow or surprising steps; may be nil.
	Say func(text string)
}

// Server is a running private server.
type Server struct {
	PID     int
	Home    string // the folder that really holds the data, see home
	Bin     string // folder of the server's programs
	sockets string
	name    string
	exited  chan error
}

// superuser is the one database role that signs in: there is no other, and no password, because only the
// owner of the socket's folder can reach it.
const superuser = "portal"

// startTimeout covers recovery after a crash of the machine.
const startTimeout = time.Minute

// Start makes the data folder on the first call, starts the server and waits until it
// answers. Errors say what a person can do: no binaries, data of another major version,
// another server on the same folder, or the last lines of the server's own log.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Say == nil {
		options.Say = func(string) {}
	}
	if options.Database == "" {
		options.Database = "birlik"
	}
	account, err := serverAccount()
	if err != nil {
		return nil, err
	}
	home, err := makeHome(options, account)
	if err != nil {
		return nil, err
	}
	bin, err := binaries(ctx, home, options.Say)
	if err != nil {
		return nil, err
	}
	sockets, err := makeSockets(home, account)
	if err != nil {
		return nil, err
	}
	s := &Server{Home: home, Bin: bin, sockets: sockets, name: options.Database, exited: make(chan error, 1)}
	return s, s.start(ctx, options, account)
}

func (s *Server) start(ctx context.Context, options Options, account *account) error {
	if err := s.initialise(ctx, account, options.Volatile); err != nil {
		return err
	}
	if err := waitForOthers(ctx, s.data()); err != nil {
		return err
	}
	if err := s.launch(options, account); err != nil {
		return err
	}
	if err := s.prepare(ctx, options.Say); err != nil {
		_ = s.Stop()
		return err
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.Home, "data") }

func (s *Server) logPath() string { return filepath.Join(s.Home, "postgres.log") }

// URL is the connection address of the server's database.
func (s *Server) URL() string { return s.DatabaseURL(s.name) }

// DatabaseURL is the connection address of another database on the server.
func (s *Server) DatabaseURL(name string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + name,
		RawQuery: url.Values{"host": {s.sockets}}.Encode()}).String()
}

// Stop ends the server: running transactions are rolled back, everything acknowledged is
// on disk. It waits until the process is gone.
func (s *Server) Stop() error {
	if err := syscall.Kill(s.PID, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(startTimeout):
		return errors.New("PostgreSQL did not stop within a minute")
	}
}

// initialise makes an empty data folder, once.
func (s *Server) initialise(ctx context.Context, account *account, volatile bool) error {
	if _, err := os.Stat(filepath.Join(s.data(), "PG_VERSION")); err == nil {
		return nil
	}
	args := []string{"-D", s.data(), "-U", superuser, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"}
	if volatile {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.Bin, "initdb"), args...)
	cmd.Env, cmd.Dir = environment(s.Bin), s.Home
	cmd.SysProcAttr = attributes(account, true)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the database folder %s: %w\n%s", s.data(), err, out)
	}
	return nil
}

// launch starts the server's process from a thread that lives as long as it does: the
// order to die with the parent follows the thread, not the process.
func (s *Server) launch(options Options, account *account) error {
	log, err := os.OpenFile(s.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	cmd := exec.Command(filepath.Join(s.Bin, "postgres"), s.arguments(options.Volatile)...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = environment(s.Bin), s.Home, log, log
	cmd.SysProcAttr = attributes(account, options.Detached)
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err == nil {
			s.exited <- cmd.Wait()
			close(s.exited)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	s.PID = cmd.Process.Pid
	return nil
}

func (s *Server) arguments(volatile bool) []string {
	settings := []string{"listen_addresses=", "unix_socket_directories=" + s.sockets, "unix_socket_permissions=0700",
		"max_connections=200", "log_timezone=UTC", "timezone=UTC", "jit=off"}
	if volatile {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"max_wal_size=4GB", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0")
	}
	args := []string{"-D", s.data()}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// prepare waits for the first answer, makes the database and compares the ICU version.
func (s *Server) prepare(ctx context.Context, say func(string)) error {
	conn, err := s.firstConnection(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var exists bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, s.name).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{s.name}.Sanitize()); err != nil {
			return err
		}
	}
	return s.compareVersion(ctx, conn, say)
}

func (s *Server) firstConnection(ctx context.Context) (*pgx.Conn, error) {
	deadline := time.Now().Add(startTimeout)
	for {
		conn, err := pgx.Connect(ctx, s.DatabaseURL("postgres"))
		if err == nil {
			return conn, nil
		}
		select {
		case <-s.exited:
			return nil, fmt.Errorf("PostgreSQL stopped at once; the end of %s:\n%s", s.logPath(), lastLines(s.logPath(), 8))
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("PostgreSQL does not answer on %s: %w", s.sockets, err)
		}
	}
}

func lastLines(path string, n int) string {
	text, _ := os.ReadFile(path)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
