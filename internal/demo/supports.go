package demo

import (
	"bytes"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/internal/tasks"
)

// approved is a request that a board approved, as supports grow out of it.
type approved struct {
	id, org, decision int64
	title             string
	amount, currency  *string
	on                time.Time
}

// Supports fills in what was granted on the oldest approved requests: money in instalments
// and know-how, one report late; and one case that staff are at work on. Unless there are
// supports already.
func Supports(ctx context.Context, tx pgx.Tx, s Services) error {
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from supports)`).Scan(&there); err != nil || there {
		return err
	}
	desk := identity.Actor{Side: identity.Staff, Roles: []identity.Role{identity.DeskOfficer}, Lang: "tr"}
	if err := tx.QueryRow(ctx, `select id, name from users where email = $1`, deskMail).Scan(&desk.UserID, &desk.Name); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `
		select r.id, r.org_id, r.decision_id, r.title, coalesce(i.amount, r.cost)::text, coalesce(i.currency, r.cost_currency), d.decided_on
		from requests r join decisions d on d.id = r.decision_id
		join decision_items i on i.decision_id = d.id and i.subject_id = r.id and i.outcome = 'approve'
		where r.service = 'project_support' order by r.id limit 12`)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a approved, err error) {
		err = row.Scan(&a.id, &a.org, &a.decision, &a.title, &a.amount, &a.currency, &a.on)
		return a, err
	})
	if err != nil {
		return err
	}
	now := s.Now().In(s.Cases.Zone)
	for i, a := range list {
		if err := a.support(ctx, tx, i, desk.UserID, time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)); err != nil {
			return err
		}
	}
	if err := supports.Reindex(ctx, tx); err != nil || len(list) == 0 {
		return err
	}
	return atWork(ctx, tx, s, desk, list[0])
}

// support writes one support; every third is know-how without money.
func (a approved) support(ctx context.Context, tx pgx.Tx, i int, by int64, today time.Time) error {
	kind := supports.Financial
	if i%3 == 2 || a.amount == nil {
		kind, a.amount, a.currency = supports.Technical, nil, nil
	}
	var id int64
	err := tx.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('support', $1, $2) returning id, org_id)
		insert into supports (id, org_id, request_id, kind, title, amount, currency, decision_id, granted_on, created_by)
		select id, org_id, $3, $4, $5, $6::numeric, $7, $8, $9, $10 from s returning id`,
		a.org, subject.NewPublicID(), a.id, kind, a.title, a.amount, a.currency, a.decision, a.on, by).Scan(&id)
	if err != nil {
		return err
	}
	if a.amount != nil {
		for n, share := range []string{"0.4", "0.4", "0.2"} {
			due := a.on.AddDate(0, 1+4*n, 0)
			var paid *time.Time
			if due.Before(today) {
				paid = &due
			} else if due.Before(today.AddDate(0, 0, 10)) {
				due = today.AddDate(0, 0, 10)
			}
			if _, err := tx.Exec(ctx, `insert into support_instalments (public_id, support_id, org_id, due_on, amount, paid_on)
				values ($1, $2, $3, $4, round($5::numeric * $6::numeric, 2), $7)`, subject.NewPublicID(), id, a.org, due, *a.amount, share, paid); err != nil {
				return err
			}
		}
	}
	return a.reports(ctx, tx, id, i, today)
}

// reports are one that arrived and one to come; the first support's second one is late.
func (a approved) reports(ctx context.Context, tx pgx.Tx, id int64, i int, today time.Time) error {
	next := today.AddDate(0, 0, 25+7*i)
	if i == 0 {
		next = today.AddDate(0, 0, -12)
	}
	first := a.on.AddDate(0, 2, 0)
	if !first.Before(today) {
		first = today.AddDate(0, 0, -3)
	}
	_, err := tx.Exec(ctx, `
		insert into support_reports (public_id, support_id, org_id, due_on, received_on, told)
		values ($1, $3, $4, $5, $5, 0), ($2, $3, $4, $6, null, case when $6::date < $7::date then 2 else 0 end)`,
		subject.NewPublicID(), subject.NewPublicID(), id, a.org, first, next, today)
	return err
}

// atWork puts onto the newest case in review what staff leave there: duties, a note, a paper in two
// versions, a link to the earlier case that is like it.
func atWork(ctx context.Context, tx pgx.Tx, s Services, desk identity.Actor, like approved) error {
	ref := subject.Ref{Kind: subject.Request}
	var org int64
	if err := tx.QueryRow(ctx, `select id, org_id from requests where state = 'in_review' and service = 'project_support' order by id desc limit 1`).Scan(&ref.ID, &org); err != nil {
		return err
	}
	for i, words := range []string{"Belediyenin keşif özetini hukukla birlikte okuyun", "Benzer projenin maliyetleriyle karşılaştırın"} {
		own := tasks.Own{Words: words, Owner: tasks.User(desk.UserID), Due: s.Now().AddDate(0, 0, 2+3*i)}
		if i == 1 {
			own.Owner = tasks.Office("projects")
		}
		if _, err := tasks.Write(ctx, tx, desk, ref, own); err != nil {
			return err
		}
	}
	if _, err := messages.Send(ctx, tx, desk, ref, org, messages.Note, "Maliyet tablosu ayrıntılı; arsa belgesini ayrıca isteyeceğim."); err != nil {
		return err
	}
	if err := links.Join(ctx, tx, desk, ref, subject.Ref{Kind: subject.Request, ID: like.id}); err != nil {
		return err
	}
	if err := links.Join(ctx, tx, desk, ref, subject.Ref{Kind: subject.Decision, ID: like.decision}); err != nil {
		return err
	}
	if s.Documents == nil {
		return nil
	}
	return twoVersions(ctx, tx, s, desk, ref)
}

// twoVersions attaches a paper of the union's and replaces it once.
func twoVersions(ctx context.Context, tx pgx.Tx, s Services, desk identity.Actor, ref subject.Ref) error {
	var paper documents.Document
	for i, name := range []string{"on-inceleme-taslak.pdf", "on-inceleme.pdf"} {
		content, err := review(name, s.Now())
		if err != nil {
			return err
		}
		upload, err := s.Documents.Receive(ctx, desk, name, bytes.NewReader(content))
		if err != nil {
			return err
		}
		if i == 0 {
			paper, err = documents.Attach(ctx, tx, desk, ref, upload, requests.PaperSort("review"), documents.Org)
		} else {
			_, err = documents.Replace(ctx, tx, desk, ref, paper.PublicID, upload)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func review(name string, at time.Time) ([]byte, error) {
	paper := pdf.New(pdf.Head{Lang: "tr", Title: "Ön inceleme", Sender: "Birlik", At: at})
	paper.Heading("Ön inceleme")
	paper.Text("Başvuru tamdır; maliyet tablosu incelenmektedir. (Gösteri) " + name)
	return paper.Bytes()
}
