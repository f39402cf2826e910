package circulars

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
)

// back takes a changed circular back to a draft, and notes who had a hand in it: they cannot
// approve it any more, whoever changes it after them.
const back = `state = 'draft', approved_by = null, edited_by = @actor, hands = array_remove(hands, @actor) || @actor::bigint, version = version + 1`

// hands are the users who wrote a circular's text, attached its files or chose its recipients.
func (r repository) hands(ctx context.Context, id int64) (users []int64, err error) {
	return users, r.db.QueryRow(ctx, `select hands from circulars where id = $1`, id).Scan(&users)
}

// approver is the role whose list the duty to approve stands in: the heads', unless each of
// them had a hand in the circular.
func (r repository) approver(ctx context.Context, id int64) (identity.Role, error) {
	var free bool
	err := r.db.QueryRow(ctx, `
		select exists (select from staff_roles x join users u on u.id = x.user_id and u.active
			where x.role = $2 and now() >= x.starts_at and now() < x.ends_at and x.user_id <> all (c.hands))
		from circulars c where c.id = $1`, id, identity.DepartmentHead).Scan(&free)
	if free {
		return identity.DepartmentHead, err
	}
	return identity.DeskOfficer, err
}

// LeftOut are the organisations that got the circular which a draft is to replace, and would
// not get the draft, were it issued now.
type LeftOut struct {
	Count int
	Names []string // the first of them
}

// maxLeftOut is how many of them are named.
const maxLeftOut = 5

// leftOut looks who would keep a circular without hearing of the one that replaces it.
func (r repository) leftOut(ctx context.Context, old int64, a Audience) (out LeftOut, err error) {
	args := a.args()
	args["old"], args["limit"] = old, maxLeftOut
	rows, _ := r.db.Query(ctx, `
		select y.name, count(*) over () from circular_copies y where y.circular_id = @old and y.org_id not in (select x.id from (`+addressed+`) x)
		order by y.name collate "und-x-icu", y.id limit @limit`, args)
	var name string
	_, err = pgx.ForEachRow(rows, []any{&name, &out.Count}, func() error {
		out.Names = append(out.Names, name)
		return nil
	})
	return out, err
}
