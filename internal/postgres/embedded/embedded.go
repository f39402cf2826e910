// Package embedded runs a private PostgreSQL server for demonstrations, development and
// tests: it finds or fetches the server's binaries, keeps the data in one folder, listens
// on a Unix socket only, and stops with the process that started it. It is not for
// production: point DATABASE_URL to a server that somebody looks after.
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
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
	Home    string // the folder that really holds the data, see makeHome
	Bin     string // folder of the server's programs
	sockets string
	name    string
	options Options
	account *account

	mu       sync.Mutex
	pid      int
	exited   chan struct{} // closed when the process is gone
	stopping bool
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
	s := &Server{Home: home, Bin: bin, sockets: sockets, name: options.Database, options: options, account: account}
	if err := s.initialise(ctx); err != nil {
		return nil, err
	}
	return s, s.start(ctx)
}

// Running finds a server that another process started on the same folder, and returns the
// address of its database; empty when there is none.
func Running(ctx context.Context, options Options) string {
	account, err := serverAccount()
	if err != nil {
		return ""
	}
	options.Say = func(string) {}
	home, err := makeHome(options, account)
	if err != nil {
		return ""
	}
	sockets, err := makeSockets(home, account)
	if err != nil {
		return ""
	}
	s := &Server{sockets: sockets, name: cmp.Or(options.Database, "birlik")}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		return ""
	}
	_ = conn.Close(ctx)
	return s.URL()
}

func (s *Server) start(ctx context.Context) error {
	if err := waitForOthers(ctx, s.data()); err != nil {
		return err
	}
	if err := s.launch(); err != nil {
		return err
	}
	if err := s.prepare(ctx, s.options.Say); err != nil {
		_ = s.Stop()
		return err
	}
	return nil
}

// Keep starts the server again whenever it stops without being told to, until ctx ends.
func (s *Server) Keep(ctx context.Context) {
	for {
		_, exited := s.process()
		select {
		case <-ctx.Done():
			return
		case <-exited:
		}
		if s.isStopping() {
			return
		}
		s.options.Say("PostgreSQL stopped by itself; starting it again.")
		if err := s.start(ctx); err != nil && ctx.Err() == nil {
			s.options.Say(err.Error())
			time.Sleep(time.Second)
		}
	}
}

// PID is the process id of the server.
func (s *Server) PID() int {
	pid, _ := s.process()
	return pid
}

func (s *Server) process() (int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pid, s.exited
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
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
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	pid, exited := s.process()
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	select {
	case <-exited:
		return nil
	case <-time.After(startTimeout):
		return errors.New("PostgreSQL did not stop within a minute")
	}
}

// initialise makes an empty data folder, once.
func (s *Server) initialise(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(s.data(), "PG_VERSION")); err == nil {
		return nil
	}
	args := []string{"-D", s.data(), "-U", superuser, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"}
	if s.options.Volatile {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.Bin, "initdb"), args...)
	cmd.Env, cmd.Dir = environment(s.Bin), s.Home
	cmd.SysProcAttr = attributes(s.account, true)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the database folder %s: %w\n%s", s.data(), err, out)
	}
	return nil
}

// launch starts the server's process from a thread that lives as long as it does: the
// order to die with the parent follows the thread, not the process.
func (s *Server) launch() error {
	log, err := os.OpenFile(s.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	cmd := exec.Command(filepath.Join(s.Bin, "postgres"), s.arguments()...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = environment(s.Bin), s.Home, log, log
	cmd.SysProcAttr = attributes(s.account, s.options.Detached)
	started, exited := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer log.Close()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // its log says why
			close(exited)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pid, s.exited = cmd.Process.Pid, exited
	return nil
}

func (s *Server) arguments() []string {
	settings := []string{"listen_addresses=", "unix_socket_directories=" + s.sockets, "unix_socket_permissions=0700",
		"max_connections=200", "log_timezone=UTC", "timezone=UTC", "jit=off"}
	if s.options.Volatile {
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
	if _, err := conn.Exec(ctx, `select now() at time zone 'Europe/Istanbul'`); err != nil {
		return errors.New("this machine has no time zones, and its PostgreSQL needs them: install them (Debian: apt-get install tzdata)")
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
	_, exited := s.process()
	for {
		conn, err := pgx.Connect(ctx, s.DatabaseURL("postgres"))
		if err == nil {
			return conn, nil
		}
		select {
		case <-exited:
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
