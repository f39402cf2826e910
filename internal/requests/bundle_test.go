package requests_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/requests/requeststest"
	"github.com/birlik/portal/internal/subject"
)

// paper is a form that is answered already; what it says is what the test wants.
type paper struct {
	summary requests.Summary
	answers forms.Answers
	missing bool
}

func (p *paper) Begin(context.Context, pgx.Tx, identity.Actor, subject.Ref, string) error { return nil }

func (p *paper) Take(_ context.Context, _ pgx.Tx, list []forms.Begun) ([]bool, error) {
	return make([]bool, len(list)), nil
}

func (p *paper) Load(context.Context, postgres.Querier, subject.Ref) (forms.Submission, error) {
	return forms.Submission{Answers: p.answers}, nil
}

func (p *paper) Save(context.Context, pgx.Tx, identity.Actor, subject.Ref, forms.In) (forms.Saved, error) {
	return forms.Saved{}, nil
}

func (p *paper) Check(context.Context, postgres.Querier, identity.Actor, subject.Ref) error {
	if p.missing {
		return apperr.New(apperr.Invalid, "requests.incomplete")
	}
	return nil
}

func (p *paper) Submit(ctx context.Context, tx pgx.Tx, a identity.Actor, ref subject.Ref, _ map[string]string) (requests.Summary, error) {
	return p.summary, p.Check(ctx, tx, a, ref)
}

func (p *paper) Titles(_ context.Context, _ postgres.Querier, ids []int64, _ string) (map[int64]string, error) {
	out := map[int64]string{}
	for _, id := range ids {
		out[id] = p.summary.Title
	}
	return out, nil
}

func (p *paper) Attach(ctx context.Context, tx pgx.Tx, a identity.Actor, ref subject.Ref, upload string, audience documents.Audience) (documents.Document, error) {
	return (&requests.FormAnswers{}).Attach(ctx, tx, a, ref, upload, audience)
}

// grown remembers which requests became projects.
type grown struct{ from []requests.Approval }

func (g *grown) Create(_ context.Context, _ pgx.Tx, _ identity.Actor, from requests.Approval) error {
	g.from = append(g.from, from)
	return nil
}

// bundle is a city with its people, a foreign city, staff, and a clock that stands at now.
type bundle struct {
	*requests.Service
	db                       postgres.DB
	paper                    *paper
	grown                    *grown
	now                      *time.Time
	editor, mayor, stranger  identity.Actor
	desk, head, board, audit identity.Actor
}

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

func setup(t *testing.T) bundle { return with(t, pgtest.DB(t)) }

func with(t *testing.T, db postgres.DB) bundle {
	t.Helper()
	city, other := requeststest.City(t, db, "Şuşa"), requeststest.City(t, db, "Gəncə")
	now := noon
	b := bundle{db: db, now: &now, grown: &grown{}, paper: &paper{summary: requests.Summary{Title: "Qala divarlarının bərpası", Kind: "infrastructure",
		Sector: "heritage", Place: "Şuşa", Point: &requests.Point{Lat: 39.76, Lon: 46.75}, Beneficiaries: 4650,
		Cost: &requests.Amount{Value: "1250000.00", Currency: "AZN"}, Own: &requests.Amount{Value: "250000.00", Currency: "AZN"}, Land: "own", Permit: "applied"}}}
	zone, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	b.Service = requests.New(db, b.paper, b.grown, zone, func() time.Time { return *b.now })
	b.editor, b.mayor = pgtest.MemberActor(t, db, city, identity.MemberEditor), pgtest.MemberActor(t, db, city, identity.MemberApprover)
	b.stranger = pgtest.MemberActor(t, db, other, identity.MemberEditor)
	b.desk, b.head = pgtest.StaffActor(t, db, identity.DeskOfficer), pgtest.StaffActor(t, db, identity.DepartmentHead)
	b.board, b.audit = pgtest.StaffActor(t, db, identity.BoardSecretary), pgtest.StaffActor(t, db, identity.Auditor)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that err is ours and of that code.
func refused(t *testing.T, what string, err error, code apperr.Code) {
	t.Helper()
	if !apperr.Is(err, code) {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

// draft starts a request, and sent sends it.
func (b bundle) draft(t *testing.T) string {
	t.Helper()
	id, err := b.Start(t.Context(), b.editor, requests.ProjectSupport, "az")
	must(t, err)
	return id
}

func (b bundle) sent(t *testing.T) string {
	t.Helper()
	id := b.draft(t)
	must(t, b.Ask(t.Context(), b.editor, id, 1))
	_, err := b.Send(t.Context(), b.mayor, id, 2)
	must(t, err)
	return id
}

// before leads a sent request to the board.
func (b bundle) beforeBoard(t *testing.T) string {
	t.Helper()
	id := b.sent(t)
	must(t, b.Register(t.Context(), b.desk, id, 3))
	must(t, b.Advance(t.Context(), b.desk, id, "review", 4, ""))
	must(t, b.Advance(t.Context(), b.desk, id, "to_board", 5, ""))
	return id
}

func ruling(outcome decisions.Outcome) requests.Ruling {
	return requests.Ruling{Seq: 6, Organ: decisions.ExecutiveBoard, Number: "2026/14", Date: noon.AddDate(0, 0, -1), Outcome: outcome, Reason: "Bütçede yer var"}
}

func (b bundle) open(t *testing.T, actor identity.Actor, id string) *requests.Request {
	t.Helper()
	r, err := b.Open(t.Context(), actor, id)
	must(t, err)
	return r
}
