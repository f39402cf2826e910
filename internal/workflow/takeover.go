package workflow

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// MoveTakeOver is the first move of what was under way before the portal kept it.
const MoveTakeOver = "take_over"

// Taken is such a record, and the state in which it stood where it was kept before.
type Taken struct {
	Ref   subject.Ref
	State State
}

// TakeOver writes the first move of many records at once: each begins in the state in which
// it stood, and nobody is told, because nothing happened to it. The caller has asked
// permission, and stores the states in its own rows with seq 1.
// Errors: invalid (a state that the machine does not know).
func (m Machine) TakeOver(ctx context.Context, tx pgx.Tx, actor identity.Actor, taken []Taken) error {
	ids, states, entries := make([]int64, len(taken)), make([]string, len(taken)), make([]audit.Entry, len(taken))
	known := m.States()
	for i, t := range taken {
		if !slices.Contains(known, t.State) {
			return apperr.New(apperr.Invalid, "workflow.unknown")
		}
		ids[i], states[i] = t.Ref.ID, string(t.State)
		entries[i] = audit.Entry{Actor: actor, Action: string(m.Kind) + "." + MoveTakeOver, Subject: t.Ref, Payload: map[string]string{"to": string(t.State)}}
	}
	err := postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `
			insert into moves (subject_id, seq, to_state, move, actor_id, mandate_id, org_id)
			select x.id, 1, x.state, $3, nullif($4::bigint, 0), nullif($5::bigint, 0), coalesce(nullif($6::bigint, 0), union_id())
			from unnest($1::bigint[], $2::text[]) x (id, state)`, ids, states, MoveTakeOver, actor.UserID, actor.MandateID, actor.OrgID)
		return err
	})
	if err != nil {
		return explain(err)
	}
	return audit.RecordMany(ctx, tx, entries)
}
