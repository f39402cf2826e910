package mailin

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// HandleWorker works HandleArgs.
type HandleWorker struct {
	river.WorkerDefaults[HandleArgs]
	Mails *Service
}

// Work implements river.Worker.
func (w *HandleWorker) Work(ctx context.Context, job *river.Job[HandleArgs]) error {
	return w.Mails.Handle(ctx, job.Args.MailID)
}

// errClaimed says that somebody else dealt with a letter meanwhile.
var errClaimed = errors.New("the letter was dealt with meanwhile")

// verdict is what is to become of a letter.
type verdict struct {
	state  State
	reason string
	actor  identity.Actor // who wrote it, where that is known
	record Record         // that it names
}

// Handle looks at a letter and decides what becomes of it. It may be asked again: what was
// decided stays.
func (s *Service) Handle(ctx context.Context, id int64) error {
	m, err := s.open(ctx, identity.Worker(), `m.id = $1`, id)
	if err != nil || m.State != Taken {
		return err
	}
	raw, err := s.files.Kept(ctx, m.digest)
	if err != nil {
		return err
	}
	letter, problem := Read(raw)
	v, err := s.judge(ctx, m, letter, problem)
	if err != nil {
		return err
	}
	if v.state == Added {
		if v, err = s.add(ctx, m, letter, v); err != nil {
			return err
		}
	}
	if v.state == Added {
		return nil
	}
	return s.decide(ctx, m, letter, v)
}

// judge decides about a letter by what it says of itself.
func (s *Service) judge(ctx context.Context, m Mail, l Letter, problem error) (v verdict, err error) {
	if reason := l.dropped(s.options.Own, s.addresses); reason != "" {
		return verdict{state: Dropped, reason: reason}, nil
	}
	name, asked := s.addresses.Named(l.Recipients())
	if name != "" {
		if v.record, err = s.records.Ref(ctx, identity.Worker(), name); err == nil {
			v.actor, err = s.records.Person(ctx, l.FromAddress, v.record.Org)
		}
	}
	v.state, v.reason = Held, ""
	switch {
	case err != nil && !refused(err):
		return v, err
	case m.Size > MaxBytes:
		v.reason = "too_large"
	case errors.Is(problem, errParts): // what was not read may name anything
		v.reason = errParts.Error()
	case name == "" && asked:
		v.reason = "wrong_address"
	case name == "":
		v.reason = "no_address"
	case v.record.Ref.Zero():
		v.reason = "no_record"
	case apperr.Is(err, apperr.NotFound):
		v.reason = "unknown_sender"
	case err != nil:
		v.reason = "not_of_city"
	case m.ByHand || !l.vouched(s.options.Vouches):
		v.reason = "unvouched"
	case problem != nil:
		v.reason = "unreadable"
	case l.Text == "" && len(l.Files) == 0:
		v.reason = "empty"
	default:
		v.state = Added
	}
	return v, nil
}

// refused reports an error that trying again does not mend.
func refused(err error) bool {
	code, ours := apperr.CodeOf(err)
	return ours && code != apperr.Unavailable
}

// add makes a letter a message of its writer's; where the record refuses it, it is held.
func (s *Service) add(ctx context.Context, m Mail, l Letter, v verdict) (verdict, error) {
	w, err := s.words(ctx, v.actor, m, l, locale.Lang(v.record.Lang))
	if err == nil {
		w.Claim = s.claim(m, l, v.actor.UserID, identity.Worker())
		err = s.records.Write(ctx, v.actor, v.record.PublicID, w)
	}
	v.state = Held
	switch {
	case err == nil, errors.Is(err, errClaimed):
		v.state = Added
	case !refused(err):
		return v, err
	case apperr.Is(err, apperr.Conflict):
		v.reason = "over"
	case apperr.Is(err, apperr.Forbidden):
		v.reason = "not_allowed"
	default:
		v.reason = "refused"
	}
	return v, nil
}

// mostFiles is how many files of one letter are taken.
const mostFiles = 20

// words are a letter as a message: its files go through the same checks as every other, and
// those that are not taken are named below the text with the reason, in the language that the
// record's city reads. actor brings the files.
func (s *Service) words(ctx context.Context, actor identity.Actor, m Mail, l Letter, lang locale.Lang) (Words, error) {
	w := Words{Mail: m.ID}
	if !locale.Known(string(lang)) {
		lang = locale.Default
	}
	files, text := l.Files, l.Text
	if len([]rune(text)) > longestText {
		files = append(files, File{Name: locale.Text(lang, "mailin.whole_text") + ".txt", Content: []byte(text)})
		text = shorten(text, longestText) + "\n\n" + locale.Text(lang, "mailin.text_cut")
	}
	var missing []string
	for i, f := range files {
		if i >= mostFiles {
			missing = append(missing, notTaken(lang, f, apperr.New(apperr.Invalid, "mailin.too_many_files")))
			continue
		}
		upload, err := s.files.Receive(ctx, actor, f.Name, bytes.NewReader(f.Content))
		switch {
		case err == nil:
			w.Uploads = append(w.Uploads, upload)
		case apperr.Is(err, apperr.Invalid):
			missing = append(missing, notTaken(lang, f, err))
		default:
			return w, err
		}
	}
	if len(missing) > 0 {
		text += "\n\n" + locale.Text(lang, "mailin.files_missing", "Names", shorten(strings.Join(missing, "\n"), 2000))
	}
	if w.Body = strings.TrimSpace(text); w.Body == "" {
		w.Body = locale.Text(lang, "mailin.only_files")
	}
	return w, nil
}

// notTaken is a line about a file that was not taken, and why.
func notTaken(lang locale.Lang, f File, err error) string {
	name := documents.CleanName(f.Name)
	var e *apperr.Error
	if !errors.As(err, &e) || !locale.Has(lang, e.Key) {
		return "– " + name
	}
	return "– " + name + ": " + locale.Text(lang, e.Key, e.Args...)
}

// longestText leaves room in a message for what is said below it.
const longestText = messages.MaxLength - 3000

// claim says in the message's transaction that the letter was taken, so that it is taken once.
func (s *Service) claim(m Mail, l Letter, userID int64, by identity.Actor) func(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
	return func(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
		return postgres.Engine(ctx, tx, func() error {
			tag, err := tx.Exec(ctx, `
				update received_mails set state = 'added', reason = '', record_id = $2, user_id = coalesce(user_id, nullif($3::bigint, 0)), body = $4, files = $5,
					handled_by = nullif($6::bigint, 0), handled_at = $7
				where id = $1 and state <> 'added'`, m.ID, ref.ID, userID, shorten(l.Text, messages.MaxLength), len(l.Files), by.UserID, s.now())
			if err == nil && tag.RowsAffected() == 0 {
				err = errClaimed
			}
			return err
		})
	}
}

// decide stores what became of a letter that was not added.
func (s *Service) decide(ctx context.Context, m Mail, l Letter, v verdict) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update received_mails set state = $2, reason = $3, record_id = nullif($4::bigint, 0), user_id = nullif($5::bigint, 0), body = $6, files = $7, handled_at = $8
			where id = $1 and state = 'new'`, m.ID, v.state, v.reason, v.record.Ref.ID, v.actor.UserID, shorten(l.Text, messages.MaxLength), len(l.Files), s.now())
		return err
	})
}
