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
	var open []meetings.Notice
	if err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		open = rs.Meetings.OpenNotices(tx)
		return nil
	}); err != nil {
		return err
	}
	for _, n := range open {
		for over := false; !over; {
			// READ COMMITTED: the meeting is locked before it is read.
			if err := rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
				over, err = rs.tellSome(tx, n)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellSome tells the next people of a notice, and says whether those were the last.
func (rs *Registrations) tellSome(tx *store.Tx, n meetings.Notice) (over bool, err error) {
	meeting, err := rs.Meetings.Lock(tx, n.Meeting)
	if err != nil {
		return false, err
	}
	n, open := rs.Meetings.Notice(tx, n.ID)
	if !open {
		return true, tx.Err() // worked off meanwhile, or another one takes its place
	}
	if n.Kind == meetings.NoticeChanged && !rs.Now().Before(meeting.End()) {
		rs.Meetings.SaveNotice(tx, n, 0, true)
		return true, nil
	}
	remote := 0
	if n.Filter.Remote {
		remote = 1
	}
	next, err := queryRegistrations(tx, `WHERE r.meeting = $1 AND r.place_in_line > $2 AND r.place_in_line <= $3
			AND r.state <> $4 AND r.state <> $5 AND ($6 = 0 OR r.state = $7 AND r.participation = $8)
		ORDER BY r.place_in_line LIMIT $9`, n.Meeting, n.Reached, n.Filter.UpTo, api.Refused, api.Withdrawn,
		remote, api.Confirmed, api.Remote, toldAtOnce)
	if err != nil {
		return false, err
	}
	for _, r := range next {
		if err := rs.notice(tx, meeting, r, n); err != nil {
			return false, err
		}
		n.Reached = r.line
	}
	meeting.Save(tx)
	over = len(next) < toldAtOnce
	rs.Meetings.SaveNotice(tx, n, len(next), over)
	return over, nil
}

// notice tells one person.
func (rs *Registrations) notice(tx *store.Tx, meeting *meetings.Row, r *registration, n meetings.Notice) error {
	if n.Kind == meetings.NoticeCancelled {
		return rs.take(tx, meeting, r, act{event: rules.EventCancelMeeting, by: rules.ActorService, reason: n.Reason})
	}
	return rs.tell(tx, meeting, r, mail.MeetingChanged, told{})
}
