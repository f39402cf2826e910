package mailin

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

const columns = `
	m.id, s.public_id, m.from_address, m.from_name, m.title, m.body, m.files, m.size, m.state, m.reason, m.at, coalesce(u.name, ''), m.handled_at,
	coalesce(m.sha256, ''), coalesce(rs.public_id, ''), coalesce(rs.kind, ''), coalesce(rs.id, 0), m.by_hand`

const sources = `
	from received_mails m join subjects s on s.id = m.id left join users u on u.id = m.handled_by
	left join subjects rs on rs.id = m.record_id`

func scan(row pgx.CollectableRow) (m Mail, err error) {
	err = row.Scan(&m.ID, &m.PublicID, &m.FromAddress, &m.FromName, &m.Title, &m.Text, &m.Files, &m.Size, &m.State, &m.Reason, &m.At, &m.HandledBy, &m.HandledAt,
		&m.digest, &m.Record, &m.RecordRef.Kind, &m.RecordRef.ID, &m.ByHand)
	m.Whole = m.digest != ""
	return m, err
}

// open reads a letter as the actor's side sees it. Errors: not found.
func (s *Service) open(ctx context.Context, actor identity.Actor, where string, arg any) (m Mail, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select `+columns+sources+` where `+where, arg)
		m, err = pgx.CollectExactlyOneRow(rows, scan)
		return err
	})
	return m, postgres.Explain(err, "mailin.not_found")
}

// List lists the letters of a state, the newest first, before the one with the public id
// before (empty: from the newest). more says that there are older ones.
// Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, state State, before string, limit int) (list []Mail, more bool, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, false, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select `+columns+sources+`
			where m.state = $1 and ($2 = '' or m.id < (select x.id from subjects x where x.public_id = $2)) order by m.id desc limit $3`, state, before, limit+1)
		list, err = pgx.CollectRows(rows, scan)
		return err
	})
	if len(list) > limit {
		list, more = list[:limit], true
	}
	return list, more, err
}

// Waiting counts the letters that name a record and wait for a decision, as q's side sees
// them. The caller has asked permission.
func Waiting(ctx context.Context, q postgres.Querier, ref subject.Ref) (n int, err error) {
	return n, q.QueryRow(ctx, `select count(*) from received_mails where record_id = $1 and state = 'held'`, ref.ID).Scan(&n)
}

// Open is one letter with the names of what was attached to it.
// Errors: sign_in, forbidden, not found.
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string) (m Mail, files []File, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return m, nil, err
	}
	if m, err = s.open(ctx, actor, `s.public_id = $1`, publicID); err != nil || !m.Whole {
		return m, nil, err
	}
	raw, err := s.files.Kept(ctx, m.digest)
	if err != nil {
		return m, nil, err
	}
	l, _ := Read(raw) // as far as it can be read
	if m.State == Taken {
		m.Text, m.Files = l.Text, len(l.Files)
	}
	return m, l.Files, nil
}

// Whole is a letter as it came. Errors: sign_in, forbidden, not found (or forgotten).
func (s *Service) Whole(ctx context.Context, actor identity.Actor, publicID string) ([]byte, error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, err
	}
	m, err := s.open(ctx, actor, `s.public_id = $1 and m.sha256 is not null`, publicID)
	if err != nil {
		return nil, err
	}
	return s.files.Kept(ctx, m.digest)
}

// Add puts a letter into the record that staff say it belongs to, named by its number; one
// that was dropped, too. outsider says that staff know that the sender is not of the record's
// city; such a letter does not stand there under the city's name.
// Errors: sign_in, forbidden, not found (the letter), invalid by field (no such record, one
// that takes no messages, an outsider that staff did not see), conflict (it was added meanwhile).
func (s *Service) Add(ctx context.Context, actor identity.Actor, publicID, number string, outsider bool) (record string, err error) {
	f, err := s.Fits(ctx, actor, publicID, number)
	if err != nil {
		return "", err
	}
	if !f.OfCity && !outsider {
		return "", apperr.Fields(map[string]string{"outsider": "mailin.outsider_needed"})
	}
	w, err := s.asMessage(ctx, actor, f)
	if err != nil {
		return "", err
	}
	err = s.records.Take(ctx, actor, f.Record.PublicID, w)
	switch {
	case errors.Is(err, errClaimed):
		return "", apperr.Wrap(err, apperr.Conflict, "mailin.added_already")
	case apperr.Is(err, apperr.Conflict):
		return "", apperr.Fields(map[string]string{"number": "mailin.case_over"})
	}
	return f.Record.PublicID, err
}

// asMessage is a letter as staff put it into a record: its writer is named, and nobody else
// is said to have written it.
func (s *Service) asMessage(ctx context.Context, actor identity.Actor, f Fit) (Words, error) {
	m := f.Mail
	raw, err := s.files.Kept(ctx, m.digest)
	if err != nil {
		return Words{}, err
	}
	l, _ := Read(raw) // people looked at it; what cannot be read stays in the letter
	w, err := s.words(ctx, actor, m, l, locale.Lang(f.Record.Lang))
	w.OfCity = f.OfCity
	if w.Sender = shorten(m.Sender(), 540); w.Sender == "" {
		w.Sender = "–"
	}
	w.Claim = s.recorded(m, l, actor)
	return w, err
}

// recorded is claim for staff, with the entry in the log.
func (s *Service) recorded(m Mail, l Letter, actor identity.Actor) func(context.Context, pgx.Tx, subject.Ref) error {
	claim := s.claim(m, l, 0, actor)
	return func(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
		if err := claim(ctx, tx, ref); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "mail.add", Subject: ref, Payload: map[string]string{"letter": m.PublicID, "from": m.FromAddress}})
	}
}

// Drop says that a letter needs nobody; it can still be added for a month.
// Errors: sign_in, forbidden, not found, conflict (somebody dealt with it meanwhile).
func (s *Service) Drop(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	m, err := s.open(ctx, actor, `s.public_id = $1`, publicID)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		err := postgres.Engine(ctx, tx, func() error {
			tag, err := tx.Exec(ctx, `
				update received_mails set state = 'dropped', reason = 'by_hand', handled_by = $2, handled_at = $3 where id = $1 and state in ('new', 'held')`,
				m.ID, actor.UserID, s.now())
			if err == nil && tag.RowsAffected() == 0 {
				err = apperr.New(apperr.Conflict, "mailin.decided_already")
			}
			return err
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "mail.drop", Subject: subject.Ref{Kind: subject.ReceivedMail, ID: m.ID}, Payload: map[string]string{"from": m.FromAddress, "title": m.Title}})
	})
}

// Bring takes a letter in that staff have as a file, and looks at it as at any other; known
// says that it was here already. Errors: sign_in, forbidden, invalid (no letter).
func (s *Service) Bring(ctx context.Context, actor identity.Actor, raw []byte) (m Mail, known bool, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return m, false, err
	}
	if l := ReadHead(raw); len(l.values("From")) == 0 && len(raw) > 0 {
		return m, false, apperr.New(apperr.Invalid, "mailin.no_letter")
	}
	return s.deliver(ctx, raw, true)
}

// Deliver takes a letter in and looks at it at once.
// Errors: sign_in, forbidden, invalid (empty, too large).
func (s *Service) Deliver(ctx context.Context, actor identity.Actor, raw []byte) (Mail, error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return Mail{}, err
	}
	m, _, err := s.deliver(ctx, raw, false)
	return m, err
}

func (s *Service) deliver(ctx context.Context, raw []byte, byHand bool) (m Mail, known bool, err error) {
	if err := fits(raw); err != nil {
		return m, false, err
	}
	id, known, err := s.take(ctx, raw, int64(len(raw)), byHand)
	if err != nil {
		return m, known, err
	}
	if err := s.Handle(ctx, id); err != nil {
		return m, known, err
	}
	m, err = s.open(ctx, identity.Worker(), `m.id = $1`, id)
	return m, known, err
}

// Locate names letters for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select m.id, s.public_id, m.title, m.from_address from received_mails m join subjects s on s.id = m.id where m.id = any($1)`, ids)
		var id int64
		var publicID, title, from string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title, &from}, func() error {
			if title == "" {
				title = from
			}
			out[id] = subject.Place{Title: title, Path: "/" + lang + "/desk/mail/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
