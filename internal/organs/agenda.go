package organs

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// maxItems is how many points an agenda may have.
const maxItems = 200

func checkItem(title, note string) error {
	faults := map[string]string{}
	if title == "" {
		faults["title"] = "error.required"
	}
	if utf8.RuneCountInString(title) > maxTitle {
		faults["title"] = "error.too_long"
	}
	if utf8.RuneCountInString(note) > maxNote {
		faults["note"] = "error.too_long"
	}
	return apperr.Fields(faults)
}

// AddItem puts a point at the end of a meeting's agenda.
// Errors: sign_in, forbidden, not found, invalid by field.
func (s *Service) AddItem(ctx context.Context, actor identity.Actor, meeting, title, note string) error {
	return s.change(ctx, actor, meeting, func(tx pgx.Tx, r repository, m Meeting) error {
		if err := checkItem(title, note); err != nil {
			return err
		}
		var last int
		if err := r.db.QueryRow(ctx, `select coalesce(max(position), 0) from agenda_items where meeting_id = $1`, m.ID).Scan(&last); err != nil {
			return err
		}
		if last >= maxItems {
			return apperr.Fields(map[string]string{"title": "organs.agenda_full"})
		}
		_, err := r.db.Exec(ctx, `insert into agenda_items (public_id, meeting_id, position, title, note) values ($1, $2, $3, $4, $5)`,
			subject.NewPublicID(), m.ID, last+1, title, note)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.agenda", Subject: m.Ref(), Payload: map[string]string{"added": title}})
	})
}

// MoveItem moves a point of the agenda by one place: up for -1, down for 1.
// Errors: sign_in, forbidden, not found.
func (s *Service) MoveItem(ctx context.Context, actor identity.Actor, meeting, item string, by int) error {
	return s.change(ctx, actor, meeting, func(tx pgx.Tx, r repository, m Meeting) error {
		list, i, err := r.item(ctx, m, item)
		if err != nil {
			return err
		}
		j := i + by
		if j < 0 || j >= len(list) || i == j {
			return nil
		}
		_, err = r.db.Exec(ctx, `update agenda_items set position = case id when $2 then $3::int else $5::int end where meeting_id = $1 and id in ($2, $4)`,
			m.ID, list[i].ID, list[j].Position, list[j].ID, list[i].Position)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.agenda", Subject: m.Ref(), Payload: map[string]string{"moved": list[i].Title}})
	})
}

// RemoveItem takes a point off the agenda. Errors: sign_in, forbidden, not found, conflict
// (something was decided on it).
func (s *Service) RemoveItem(ctx context.Context, actor identity.Actor, meeting, item string) error {
	return s.change(ctx, actor, meeting, func(tx pgx.Tx, r repository, m Meeting) error {
		list, i, err := r.item(ctx, m, item)
		if err != nil {
			return err
		}
		if list[i].Decided > 0 {
			return apperr.New(apperr.Conflict, "organs.item_decided")
		}
		if _, err := r.db.Exec(ctx, `delete from agenda_items where id = $1`, list[i].ID); err != nil {
			return err
		}
		_, err = r.db.Exec(ctx, `update agenda_items set position = position - 1 where meeting_id = $1 and position > $2`, m.ID, list[i].Position)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.agenda", Subject: m.Ref(), Payload: map[string]string{"removed": list[i].Title}})
	})
}

// item finds a point of a meeting's agenda among its neighbours. Errors: not found.
func (r repository) item(ctx context.Context, m Meeting, publicID string) ([]Item, int, error) {
	list, err := r.agenda(ctx, m.ID)
	i := slices.IndexFunc(list, func(x Item) bool { return x.PublicID == publicID })
	if err == nil && i < 0 {
		err = apperr.New(apperr.NotFound, "error.not_found")
	}
	return list, i, err
}

// Attend records who came to a board's meeting, by the members' public ids; a member who is
// not named keeps what was recorded. Errors: sign_in, forbidden, not found, conflict (the
// meeting is over, or an assembly's, whose delegates are checked in).
func (s *Service) Attend(ctx context.Context, actor identity.Actor, meeting string, came map[string]Presence) error {
	return s.change(ctx, actor, meeting, func(tx pgx.Tx, r repository, m Meeting) error {
		if m.State != Planned || m.Sort == Assembly {
			return apperr.New(apperr.Conflict, "workflow.moved_on")
		}
		list, err := r.attendees(ctx, locale.Default, m)
		if err != nil {
			return err
		}
		payload := map[string]string{}
		for _, a := range list {
			presence := came[a.PublicID]
			if !known(Presences(), presence) || presence == a.Presence {
				continue
			}
			payload[a.Name] = string(presence)
			_, err := r.db.Exec(ctx, `insert into attendance (meeting_id, member_id, organ, presence) values ($1, $2, $3, $4)
				on conflict (meeting_id, member_id) do update set presence = excluded.presence`, m.ID, a.ID, m.Organ, presence)
			if err != nil {
				return err
			}
		}
		if len(payload) == 0 {
			return nil
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.attend", Subject: m.Ref(), Payload: payload})
	})
}

// KeepMinutes makes an upload the meeting's minutes: a newer version where some are there.
// Errors: sign_in, forbidden, not found, invalid (the upload).
func (s *Service) KeepMinutes(ctx context.Context, actor identity.Actor, meeting, upload string) error {
	return s.change(ctx, actor, meeting, func(tx pgx.Tx, _ repository, m Meeting) error {
		list, err := documents.Of(ctx, tx, m.Ref(), MinutesSort)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			_, err = documents.Replace(ctx, tx, actor, m.Ref(), list[0].PublicID, upload)
			return err
		}
		_, err = documents.Attach(ctx, tx, actor, m.Ref(), upload, MinutesSort, documents.Staff)
		return err
	})
}
