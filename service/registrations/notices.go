package registrations

import (
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/store"
)

// toldAtOnce is how many people one transaction of SendNotices tells.
const toldAtOnce = 100

// SendNotices tells people of meetings that were changed or cancelled, and withdraws those
// who are registered for a cancelled one, part by part. What a part does, and up to where
// people have been told, is one transaction: killed and begun again, it tells each of them
// once.
func (rs *Registrations) SendNotices(ctx context.Context) error {
	for {
		var (
			next meetings.Notice
			open bool
		)
		if err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
			next, open = rs.Meetings.NextNotice(tx)
			return nil
		}); err != nil || !open {
			return err
		}
		// READ COMMITTED: the meeting is locked before it is read.
		if err := rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error { return rs.tellSome(tx, next) }); err != nil {
			return err
		}
	}
}

// tellSome tells the next people of a notice.
func (rs *Registrations) tellSome(tx *store.Tx, n meetings.Notice) error {
	meeting, err := rs.Meetings.Lock(tx, n.Meeting)
	if err != nil {
		return err
	}
	n, open := rs.Meetings.Notice(tx, n.ID)
	if !open {
		return tx.Err() // worked off meanwhile, or another one takes its place
	}
	if n.Kind == api.NoticeChanged && !rs.Now().Before(meeting.End()) {
		rs.Meetings.SaveNotice(tx, n, 0, true)
		return nil
	}
	condition, args := n.Filter.Chosen([]any{n.Meeting, n.Reached, n.Filter.UpTo, toldAtOnce})
	next, err := queryRegistrations(tx, `WHERE r.meeting = $1 AND r.place_in_line > $2 AND r.place_in_line <= $3 AND `+condition+`
		ORDER BY r.place_in_line LIMIT $4`, args...)
	if err != nil {
		return err
	}
	for _, r := range next {
		if err := rs.notice(tx, meeting, r, n); err != nil {
			return err
		}
		n.Reached = r.line
	}
	meeting.Save(tx)
	rs.Meetings.SaveNotice(tx, n, len(next), len(next) < toldAtOnce)
	return nil
}

// notice tells one person.
func (rs *Registrations) notice(tx *store.Tx, meeting *meetings.Row, r *registration, n meetings.Notice) error {
	switch n.Kind {
	case api.NoticeCancelled:
		return rs.take(tx, meeting, r, act{event: rules.EventCancelMeeting, by: rules.ActorService, reason: n.Reason})
	case api.NoticeMail:
		return rs.mail(tx, meeting, r, n.NoticeTexts)
	default:
		return rs.tell(tx, meeting, r, mail.MeetingChanged, told{})
	}
}
