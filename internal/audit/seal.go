package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// SealArgs is the periodic job that seals what was committed.
type SealArgs struct{}

// Kind implements river.JobArgs.
func (SealArgs) Kind() string { return "audit_seal" }

// Sealer works SealArgs.
type Sealer struct {
	river.WorkerDefaults[SealArgs]
	DB postgres.DB
}

// Work implements river.Worker.
func (s *Sealer) Work(ctx context.Context, _ *river.Job[SealArgs]) error {
	for {
		n, err := Seal(ctx, s.DB)
		if err != nil || n < sealBatch {
			return err
		}
	}
}

// sealBatch is how many entries one transaction seals.
const sealBatch = 1000

// sealLock keeps two instances from sealing at once.
const sealLock = 7_254_186_005

// sealed is an entry with all that its digest covers. The payload is covered through its
// own salted digest, so that it can be erased and the chain still be checked.
type sealed struct {
	ID, SubjectID, OrgID int64
	At                   time.Time
	Action, Request      string
	ActorID, MandateID   int64
	PayloadDigest        []byte
	Seal                 int64
	Digest               []byte
	PayloadHolds         bool // the payload is the one that was sealed, or was erased
}

// digest chains the entry to the one before it.
func (e sealed) digest(previous []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	for _, n := range []int64{e.ID, e.SubjectID, e.OrgID, e.ActorID, e.MandateID, e.At.UnixMicro()} {
		_ = binary.Write(h, binary.BigEndian, n) // a hash never fails
	}
	fmt.Fprintf(h, "%q%q", e.Action, e.Request)
	h.Write(e.PayloadDigest)
	return h.Sum(nil)
}

// Seal chains up to 1,000 entries whose transactions have all ended, and returns how many.
// An entry that commits late, under an older id, is sealed when its turn comes: the chain
// is in the order of sealing, so nothing is skipped and no writer waits for another.
func Seal(ctx context.Context, db postgres.DB) (int, error) {
	n := 0
	err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, sealLock); err != nil {
			return err
		}
		last, previous, err := head(ctx, tx)
		if err != nil {
			return err
		}
		waiting, err := entries(ctx, tx, `
			where a.sealed_at is null and a.xid < pg_snapshot_xmin(pg_current_snapshot())
			order by a.id limit $1`, sealBatch)
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for _, e := range waiting {
			last++
			previous = e.digest(previous)
			batch.Queue(`update audit_entries set payload_digest = $2, digest = $3, seal = $4, sealed_at = now() where id = $1`,
				e.ID, e.PayloadDigest, previous, last)
		}
		n = len(waiting)
		return tx.SendBatch(ctx, batch).Close()
	})
	return n, err
}

func head(ctx context.Context, tx pgx.Tx) (seal int64, digest []byte, err error) {
	err = tx.QueryRow(ctx, `select seal, digest from audit_entries where seal is not null order by seal desc limit 1`).Scan(&seal, &digest)
	if err == pgx.ErrNoRows {
		return 0, nil, nil
	}
	return seal, digest, err
}

// entries reads with a condition of this file; the payload's digest is computed where none
// is stored yet.
func entries(ctx context.Context, q postgres.Querier, condition string, args ...any) ([]sealed, error) {
	rows, err := q.Query(ctx, `
		select a.id, a.subject_id, a.org_id, a.at, a.action, a.request_id, coalesce(a.actor_id, 0), coalesce(a.mandate_id, 0),
			coalesce(a.payload_digest, sha256(a.salt || convert_to(coalesce(a.payload::text, ''), 'UTF8'))),
			coalesce(a.seal, 0), a.digest,
			a.payload is null or a.payload_digest is null or a.payload_digest = sha256(a.salt || convert_to(a.payload::text, 'UTF8'))
		from audit_entries a `+condition, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[sealed])
}

// Broken is the first place where the chain does not hold.
type Broken struct {
	Seal int64
	Why  string
}

// Verify follows the whole chain, and returns where it breaks: an entry changed, taken out
// or put in. nil means that it holds. Erased payloads do not break it.
func Verify(ctx context.Context, q postgres.Querier) (*Broken, error) {
	var after int64
	var previous []byte
	for {
		batch, err := entries(ctx, q, `where a.seal > $1 order by a.seal limit $2`, after, sealBatch)
		if err != nil || len(batch) == 0 {
			return nil, err
		}
		for _, e := range batch {
			if e.Seal != after+1 {
				return &Broken{Seal: after + 1, Why: "an entry is missing"}, nil
			}
			previous = e.digest(previous)
			if !e.PayloadHolds || string(previous) != string(e.Digest) {
				return &Broken{Seal: e.Seal, Why: "an entry was changed"}, nil
			}
			after = e.Seal
		}
	}
}
