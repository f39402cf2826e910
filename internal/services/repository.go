package services

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// State is where a service stands.
type State string

// The states.
const (
	Draft     State = "draft"     // staff write it; nobody else sees it
	Published State = "published" // members can ask
	Closed    State = "closed"    // shown, and takes no new requests
)

// Service is one thing that can be asked for, with the version in force.
type Service struct {
	ID       int64
	Code     string // what requests name
	Slug     string // in addresses
	PublicID string
	State    State
	Until    *time.Time // of a closed one: when it opens again; nil: not known
	Live     int        // version in force; 0: none
	Version  int        // of the row
	*Definition
}

// Ref points at the service.
func (s Service) Ref() subject.Ref { return subject.Ref{Kind: subject.Service, ID: s.ID} }

// Version is one version that was published.
type Version struct {
	Number      int
	Shipped     bool // it came with the portal
	Note        string
	ActorName   string
	PublishedAt time.Time
	*Definition
}

type repository struct{ db postgres.Querier }

const serviceColumns = `
	select s.id, s.code, s.slug, b.public_id, s.state, s.until, coalesce(s.live, 0), s.version, v.definition
	from services s join subjects b on b.id = s.id left join service_versions v on v.service = s.code and v.version = s.live`

func scanService(row pgx.CollectableRow) (s Service, err error) {
	s.Definition = &Definition{}
	var definition []byte
	if err := row.Scan(&s.ID, &s.Code, &s.Slug, &s.PublicID, &s.State, &s.Until, &s.Live, &s.Version, &definition); err != nil || definition == nil {
		return s, err
	}
	return s, json.Unmarshal(definition, s.Definition)
}

func (r repository) list(ctx context.Context, rest string, args ...any) ([]Service, error) {
	rows, _ := r.db.Query(ctx, serviceColumns+rest, args...)
	return pgx.CollectRows(rows, scanService)
}

func (r repository) one(ctx context.Context, rest string, args ...any) (Service, error) {
	rows, _ := r.db.Query(ctx, serviceColumns+rest, args...)
	s, err := pgx.CollectExactlyOneRow(rows, scanService)
	return s, postgres.Explain(err, "catalogue.not_found")
}

// versions lists what was published of a service, the newest first.
func (r repository) versions(ctx context.Context, code string) ([]Version, error) {
	rows, _ := r.db.Query(ctx, `
		select v.version, v.shipped, v.note, coalesce(u.name, ''), v.published_at, v.definition
		from service_versions v left join users u on u.id = v.actor_id where v.service = $1 order by v.version desc limit 200`, code)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (v Version, err error) {
		var definition []byte
		if err := row.Scan(&v.Number, &v.Shipped, &v.Note, &v.ActorName, &v.PublishedAt, &definition); err != nil {
			return v, err
		}
		v.Definition = &Definition{}
		return v, json.Unmarshal(definition, v.Definition)
	})
}

// add stores the next version of a service and gives its number.
func (r repository) add(ctx context.Context, code string, d *Definition, shipped bool, note string, actor int64) (n int, err error) {
	source, digest, err := pack(d)
	if err != nil {
		return 0, err
	}
	err = r.db.QueryRow(ctx, `
		insert into service_versions (service, version, definition, digest, shipped, note, actor_id)
		select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, nullif($6::bigint, 0) from service_versions where service = $1 returning version`,
		code, source, digest, shipped, note, actor).Scan(&n)
	return n, postgres.Explain(err, "catalogue.not_found")
}

// pack writes a definition down, with a digest by which the same is known again.
func pack(d *Definition) (source []byte, digest string, err error) {
	source, err = json.Marshal(d)
	sum := sha256.Sum256(source)
	return source, hex.EncodeToString(sum[:]), err
}

// pin names one version of a service.
type pin struct {
	code    string
	version int
}

// known keeps the versions that were read. Tests number versions of databases of their own
// alike, so the digest is asked for: it is small and tells them apart.
var known sync.Map

// At is a service as it was in one of its versions. Errors: not found.
func At(ctx context.Context, q postgres.Querier, code string, version int) (*Definition, error) {
	all, err := Pinned(ctx, q, []string{code}, []int{version})
	if err != nil {
		return nil, err
	}
	return all[pin{code, version}], nil
}

// Pins are versions of services, by what names them.
type Pins map[pin]*Definition

// Of is one version of them; nil where it was not asked for.
func (p Pins) Of(code string, version int) *Definition { return p[pin{code, version}] }

// Pinned reads several versions at once; those that were read before cost one look at their
// digests. Errors: not found.
func Pinned(ctx context.Context, q postgres.Querier, codes []string, versions []int) (Pins, error) {
	out, missing := Pins{}, map[pin]string{}
	rows, _ := q.Query(ctx, `
		select distinct v.service, v.version, v.digest from unnest($1::text[], $2::int[]) x (service, version)
		join service_versions v on v.service = x.service and v.version = x.version`, codes, versions)
	var p pin
	var digest string
	_, err := pgx.ForEachRow(rows, []any{&p.code, &p.version, &digest}, func() error {
		if found, ok := known.Load(digest); ok {
			out[p] = found.(*Definition)
		} else {
			missing[p] = digest
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for p, digest := range missing {
		var source []byte
		if err := q.QueryRow(ctx, `select definition from service_versions where service = $1 and version = $2`, p.code, p.version).Scan(&source); err != nil {
			return nil, postgres.Explain(err, "catalogue.not_found")
		}
		d := &Definition{}
		if err := json.Unmarshal(source, d); err != nil {
			return nil, err
		}
		known.Store(digest, d)
		out[p] = d
	}
	for i, code := range codes {
		if out[pin{code, versions[i]}] == nil {
			return nil, postgres.Explain(pgx.ErrNoRows, "catalogue.not_found")
		}
	}
	return out, nil
}
