package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
)

// Options say how to open the pools.
type Options struct {
	URL string // of the database's owner
	// Budget is the most connections that all pools together may hold;
	// 0 means three for each core, at least fourteen.
	Budget int
	// AcquireTimeout is how long a request waits for a free connection before it is
	// answered "try again soon"; 0 means two seconds.
	AcquireTimeout time.Duration
}

// shares divide the budget. The owner's pool serves sessions, sign-in and the workers,
// one of which listens all the time.
var shares = map[identity.Side]int{identity.Visitor: 4, identity.Member: 3, identity.Staff: 3, identity.System: 4}

// Pools holds one pool a side. Each connection starts with its database role.
type Pools struct {
	Visitor, Member, Staff, Owner *pgxpool.Pool

	acquireTimeout time.Duration
}

// Open opens the pools on a migrated database. It needs the database to answer once;
// later losses are healed by the pools themselves. Errors: the database cannot be
// reached, or was never migrated.
func Open(ctx context.Context, options Options) (*Pools, error) {
	if options.Budget == 0 {
		options.Budget = max(14, 3*runtime.GOMAXPROCS(0))
	}
	if options.AcquireTimeout == 0 {
		options.AcquireTimeout = 2 * time.Second
	}
	roles, err := roleNames(ctx, options.URL)
	if err != nil {
		return nil, err
	}
	pools := &Pools{acquireTimeout: options.AcquireTimeout}
	for side, pool := range map[identity.Side]**pgxpool.Pool{
		identity.Visitor: &pools.Visitor, identity.Member: &pools.Member,
		identity.Staff: &pools.Staff, identity.System: &pools.Owner,
	} {
		if *pool, err = open(ctx, options, side, roles[string(side)]); err != nil {
			pools.Close()
			return nil, err
		}
	}
	return pools, nil
}

// Close closes every pool and waits for the connections that are in use.
func (p *Pools) Close() {
	for _, pool := range []*pgxpool.Pool{p.Visitor, p.Member, p.Staff, p.Owner} {
		if pool != nil {
			pool.Close()
		}
	}
}

// roleNames reads the database roles that the first migration stored.
func roleNames(ctx context.Context, url string) (map[string]string, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `select kind, name from database_roles`)
	roles := map[string]string{}
	var kind, name string
	_, err = pgx.ForEachRow(rows, []any{&kind, &name}, func() error {
		roles[kind] = name
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the database roles (was the database migrated?): %w", err)
	}
	return roles, nil
}

func open(ctx context.Context, options Options, side identity.Side, role string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(options.URL)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	total := 0
	for _, share := range shares {
		total += share
	}
	config.MaxConns = int32(max(2, options.Budget*shares[side]/total))
	config.MaxConnIdleTime = 5 * time.Minute
	config.MaxConnLifetime = time.Hour
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.HealthCheckPeriod = 15 * time.Second
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.StatementCacheCapacity = 512
	setParams(config.ConnConfig.RuntimeParams, side, role)
	return pgxpool.NewWithConfig(ctx, config)
}

// setParams fills the startup parameters of one side. Short statements never gain from
// JIT; a serving connection must not hang on a lock or a runaway query.
func setParams(params map[string]string, side identity.Side, role string) {
	params["application_name"] = "portal " + string(side)
	params["timezone"] = "UTC"
	params["jit"] = "off"
	if side == identity.System {
		return
	}
	params["role"] = role
	params["lock_timeout"] = "5s"
	params["statement_timeout"] = "15s"
	params["idle_in_transaction_session_timeout"] = "30s"
}

// acquire takes a connection of the actor's pool.
// Errors: unavailable (none came free in time, or the database is away).
func (p *Pools) acquire(ctx context.Context, side identity.Side) (*pgxpool.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, p.acquireTimeout)
	defer cancel()
	conn, err := p.of(side).Acquire(waiting)
	if err == nil {
		return conn, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err() // the client left; nobody reads the answer
	}
	slog.WarnContext(ctx, "no database connection", "side", side, "error", err)
	return nil, apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
}

// Ready reports whether the database answers, for the readiness check.
func (p *Pools) Ready(ctx context.Context) error {
	conn, err := p.acquire(ctx, identity.Visitor)
	if err != nil {
		return err
	}
	defer conn.Release()
	return unavailable(conn.Ping(ctx))
}
