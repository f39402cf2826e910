package requests_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
)

// mailed is a stored letter that becomes a message.
func (b bundle) mailed(t *testing.T, text string) requests.Mailed {
	t.Helper()
	m := requests.Mailed{Body: text, Claim: func(context.Context, pgx.Tx, subject.Ref) error { return nil }}
	err := b.db.InTx(t.Context(), b.desk, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `reset role`)
		if err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `
			with s as (insert into subjects (kind, org_id, public_id) values ('received_mail', union_id(), $1) returning id, org_id)
			insert into received_mails (id, org_id, message_id, size) select id, org_id, $1, 1 from s returning id`, subject.NewPublicID()).Scan(&m.Mail)
	})
	must(t, err)
	return m
}

// TestALetterIsAMessage: it follows the rules of the page, moves nothing, is not there when its
// claim fails, and names nobody with an account where staff add it.
func TestALetterIsAMessage(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.sent(t)
	must(t, b.WriteByMail(ctx, b.editor, id, b.mailed(t, "Harita ekte.")))
	refused(t, "another city", b.WriteByMail(ctx, b.stranger, id, b.mailed(t, "x")), apperr.NotFound)
	refused(t, "an auditor adds", b.TakeMail(ctx, b.audit, id, b.mailed(t, "x")), apperr.Forbidden)
	late := b.mailed(t, "claimed")
	late.Claim = func(context.Context, pgx.Tx, subject.Ref) error { return errors.New("somebody else") }
	if b.WriteByMail(ctx, b.editor, id, late) == nil {
		t.Error("a letter that somebody else claimed was written")
	}
	added := b.mailed(t, "Kalemden.")
	added.Sender = "Kalem <kalem@shusha.example>"
	added.OfCity = true
	must(t, b.TakeMail(ctx, b.desk, id, added))
	outside := b.mailed(t, "Dışarıdan.")
	outside.Sender = "Yabancı <x@evil.example>"
	must(t, b.TakeMail(ctx, b.desk, id, outside))
	c, err := b.Case(ctx, b.editor, "tr", id)
	must(t, err)
	if len(c.Messages) != 3 || c.State != requests.Submitted {
		t.Fatalf("%d messages, %s", len(c.Messages), c.State)
	}
	own, by := c.Messages[0], c.Messages[1]
	if !own.ByMail || own.ActorName == "" || own.Sender != "" || own.Side != messages.In || own.Mail != "" {
		t.Errorf("the writer's own: %+v", own)
	}
	if !by.ByMail || by.ActorName != "" || !strings.HasPrefix(by.Sender, "Kalem") || by.OrgName != own.OrgName {
		t.Errorf("added by staff: %+v", by)
	}
	if out := c.Messages[2]; out.OrgName != "" || !strings.HasPrefix(out.Sender, "Yabancı") {
		t.Errorf("an outsider stands under a city's name: %+v", out)
	}
	must(t, b.Withdraw(ctx, b.editor, id, c.Seq, ""))
	refused(t, "after the end", b.WriteByMail(ctx, b.editor, id, b.mailed(t, "x")), apperr.Conflict)
	refused(t, "added after the end", b.TakeMail(ctx, b.desk, id, b.mailed(t, "x")), apperr.Conflict)
}
