package dues

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Receipt is a payment with the assessment that it was for.
type Receipt struct {
	Payment
	Assessment Assessment
}

// Receipt reads what a receipt says; a member reads its own ones only.
// Errors: sign_in, forbidden, not found (also for a taking back, which has no receipt).
func (s *Service) Receipt(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (out Receipt, err error) {
	needs := identity.ReadDues
	if actor.Side == identity.Member {
		needs = identity.ReadOwnDues
	}
	if err := actor.May(needs); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, paymentColumns+`where p.public_id = $1 and p.receipt is not null`, publicID)
		if out.Payment, err = pgx.CollectExactlyOneRow(rows, scanPayment); err != nil {
			return postgres.Explain(err, "dues.not_found")
		}
		rows, _ = q.Query(ctx, ownColumns+`where a.id = $2`, string(lang), out.AssessmentID)
		out.Assessment, err = pgx.CollectExactlyOneRow(rows, scanAssessment)
		return postgres.Explain(err, "dues.not_found")
	})
	if err == nil && actor.Side == identity.Member && out.Assessment.OrgID != actor.OrgID {
		return Receipt{}, apperr.New(apperr.NotFound, "dues.not_found")
	}
	return out, err
}
