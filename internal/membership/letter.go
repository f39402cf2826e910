package membership

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/internal/postgres"
)

// admitted is what the letter says of the decision.
type admitted struct {
	Number string
	Date   time.Time
	Starts time.Time
	Kind   Kind
}

// Letter is the union's letter of admission as PDF, in the applicant's language; union is the
// union's name by language. Errors: sign_in, forbidden, not found (not admitted).
func (s *Service) Letter(ctx context.Context, actor identity.Actor, publicID string, union map[locale.Lang]string) (content []byte, name string, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, "", err
	}
	p, err := s.Paper(ctx, actor, string(locale.Of(ctx).Lang), publicID)
	if err != nil {
		return nil, "", err
	}
	if p.State != Admitted {
		return nil, "", apperr.New(apperr.NotFound, "membership.not_found")
	}
	var d admitted
	// The applicant's own side sees no facts of members; the letter tells of its own alone.
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select d.number, d.decided_on, f.effective_on, f.kind from membership_facts f join decisions d on d.id = f.decision_id
			where f.org_id = $1 and f.decision_id = $2 and f.kind is not null`, p.PlaceID, p.DecisionID).Scan(&d.Number, &d.Date, &d.Starts, &d.Kind)
	})
	if err != nil {
		return nil, "", postgres.Explain(err, "membership.not_found")
	}
	content, err = letterOf(p, d, union)
	return content, strings.ToLower(p.Reference) + ".pdf", err
}

func letterOf(p Paper, d admitted, union map[locale.Lang]string) ([]byte, error) {
	lang := locale.Lang(p.Lang)
	ctx := locale.With(context.Background(), locale.Reader{Lang: lang, Zone: time.UTC})
	say := func(key string, args ...any) string { return locale.Text(lang, "membership.letter."+key, args...) }
	f := factsOf(p.Form.Answers)
	paper := pdf.New(pdf.Head{Lang: p.Lang, Title: say("title"), Sender: union[lang], Note: p.Reference, At: d.Date})
	paper.Right(locale.Date(ctx, d.Date))
	paper.Pairs([][2]string{{say("number"), p.Reference}, {say("subject"), say("title")}})
	paper.Bold(names(f))
	paper.Text(say("greeting"))
	paper.Text(say("decided", "City", f.Name, "Day", locale.Date(ctx, d.Date), "Number", d.Number))
	paper.Text(say("begins", "Day", locale.Date(ctx, d.Starts), "Kind", locale.Text(lang, "membership.kind."+string(d.Kind))))
	if f.Resolution != "" {
		paper.Text(say("resolution", "Number", f.Resolution, "Day", locale.Date(ctx, f.ResolvedOn)))
	}
	paper.Text(say("people"))
	paper.Text(say("welcome"))
	paper.Text(say("close") + "\n" + union[lang])
	return paper.Bytes()
}

// names are the applicant's names, each once: its own, in Latin letters, in English.
func names(f Facts) string {
	var out []string
	for _, name := range []string{f.Name, f.Latin, f.English} {
		if name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, "\n")
}
