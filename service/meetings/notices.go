package meetings

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Notice is what everybody whom it concerns is to be told about a meeting. Package
// registrations works it off, a part at a time.
type Notice struct {
	ID, Meeting, Kind string
	Filter            NoticeFilter
	NoticeTexts
	// Reached is the place in line up to which people have been told.
	Reached int64
}

// NoticeFilter says whom a notice concerns: those of the registrations that are chosen, but
// not who has come later than UpTo.
type NoticeFilter struct {
	UpTo int64 `json:"up_to"` // place in line
	// Addressed: only whoever can be written to.
	Addressed bool `json:"addressed,omitempty"`
	api.Recipients
}

// Chosen says in SQL whether a registration r of a meeting is one that the filter chooses;
// args has the arguments so far, to which it adds. Whoever was refused or has withdrawn,
// and has registered again since, is meant by the newer registration only.
func (f NoticeFilter) Chosen(args []any) (condition string, all []any) {
	is := func(column, sign, value string) {
		args = append(args, value)
		condition += fmt.Sprintf(" AND r.%s %s $%d", column, sign, len(args))
	}
	switch f.State {
	case "":
		is("state", "<>", api.Refused)
		is("state", "<>", api.Withdrawn)
	case api.Refused, api.Withdrawn:
		is("state", "=", f.State)
		condition += ` AND NOT EXISTS (SELECT 1 FROM registrations x WHERE x.account_id = r.account_id AND x.account_id <> ''
			AND x.meeting = r.meeting AND x.place_in_line > r.place_in_line)`
	default:
		is("state", "=", f.State)
	}
	if f.Addressed {
		condition += ` AND (r.account_id <> '' OR r.email <> '')`
	}
	for _, of := range [][2]string{{"participation", f.Participation}, {"membership", f.Membership}, {"country", f.Country}} {
		if of[1] != "" {
			is(of[0], "=", of[1])
		}
	}
	return strings.TrimPrefix(condition, " AND "), args
}

// NoticeTexts are what is said in a notice.
type NoticeTexts struct {
	Reason  string   `json:"reason,omitempty"`  // for api.NoticeCancelled
	Subject api.Text `json:"subject,omitempty"` // for api.NoticeMail
	Text    api.Text `json:"text,omitempty"`
}

// noticeOfChange sees to it that those who come learn of another time or place, and
// remote ones of another address, as long as there is something to come to. One that is
// being worked off gives way: whoever it has not reached is told of both at once.
func (m *Meetings) noticeOfChange(tx *store.Tx, before, after *Row, actor string) {
	if after.Status != api.MeetingPublished && after.Status != api.MeetingClosed || !m.Now().Before(after.End()) {
		return
	}
	var filter NoticeFilter
	switch {
	case !sameTimes(before.Sessions, after.Sessions) || !samePlace(before, after):
	case before.Platform != after.Platform:
		filter.Recipients = api.Recipients{State: api.Confirmed, Participation: api.Remote}
	default:
		return
	}
	for _, open := range openNotices(tx, `WHERE meeting = $1 AND kind = $2 AND done_at = 0`, after.Code, api.NoticeChanged) {
		if open.Filter.Recipients == (api.Recipients{}) {
			filter = NoticeFilter{}
		}
		tx.Do(`UPDATE meeting_notices SET done_at = $1 WHERE id = $2`, store.Micros(m.Now()), open.ID)
	}
	m.notify(tx, after, api.NoticeChanged, filter, NoticeTexts{}, actor)
}

// sameTimes tells whether sessions are when they were.
func sameTimes(a, b []api.MeetingSession) bool {
	return slices.EqualFunc(a, b, func(a, b api.MeetingSession) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) })
}

// notify writes a notice about a locked meeting for those whom the filter chooses by now.
func (m *Meetings) notify(tx *store.Tx, r *Row, kind string, filter NoticeFilter, said NoticeTexts, actor string) {
	filter.UpTo = r.Version
	chosen, err := json.Marshal(filter)
	tx.Fail(err)
	texts, err := json.Marshal(said)
	tx.Fail(err)
	id, err := uuid.NewV7()
	tx.Fail(err)
	condition, args := filter.Chosen([]any{r.Code})
	total := 0
	tx.Get(`SELECT COUNT(*) FROM registrations r WHERE r.meeting = $1 AND `+condition, args...).Into(&total)
	tx.Do(`INSERT INTO meeting_notices (id, meeting, kind, filter, texts, by_whom, made_at, total) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id.String(), r.Code, kind, string(chosen), string(texts), actor, store.Micros(m.Now()), total)
}

// Mail writes a notice that has a manager's e-mail. The meeting is locked.
func (m *Meetings) Mail(tx *store.Tx, r *Row, in *api.MailParticipants, actor string) {
	m.notify(tx, r, api.NoticeMail, NoticeFilter{Addressed: true, Recipients: in.To}, NoticeTexts{Subject: in.Subject, Text: in.Text}, actor)
	m.Audit.Note(tx, audit.ParticipantsMailed, "", audit.Fact(api.DetailMeeting, r.Code))
}

// living is how many registrations a meeting has that are neither refused nor withdrawn.
func living(tx *store.Tx, code string) (n int) {
	tx.Get(`SELECT COUNT(*) FROM registrations WHERE meeting = $1 AND state <> $2 AND state <> $3`, code, api.Refused, api.Withdrawn).Into(&n)
	return n
}

// NoticesWait says in SQL whether NextNotice gives any.
const NoticesWait = `EXISTS (SELECT 1 FROM meeting_notices WHERE done_at = 0)`

// NextNotice is the oldest that is not worked off; what managers write waits for what
// happened to meetings.
func (m *Meetings) NextNotice(tx *store.Tx) (n Notice, open bool) {
	list := openNotices(tx, `WHERE done_at = 0 ORDER BY CASE WHEN kind = '`+api.NoticeMail+`' THEN 1 ELSE 0 END, made_at, id LIMIT 1`)
	if len(list) == 0 {
		return n, false
	}
	return list[0], true
}

// Notice gives one that is not worked off. The meeting is locked.
func (m *Meetings) Notice(tx *store.Tx, id string) (n Notice, open bool) {
	list := openNotices(tx, `WHERE done_at = 0 AND id = $1`, id)
	if len(list) == 0 {
		return n, false
	}
	return list[0], true
}

func openNotices(tx *store.Tx, where string, args ...any) (list []Notice) {
	for scan := range tx.Each(`SELECT id, meeting, kind, filter, texts, reached FROM meeting_notices `+where, args...) {
		var (
			n                      Notice
			filter, texts, reached string
		)
		if !scan(&n.ID, &n.Meeting, &n.Kind, &filter, &texts, &reached) {
			break
		}
		tx.Fail(json.Unmarshal([]byte(filter), &n.Filter))
		tx.Fail(json.Unmarshal([]byte(texts), &n.NoticeTexts))
		if reached != "" {
			tx.Fail(json.Unmarshal([]byte(reached), &n.Reached))
		}
		list = append(list, n)
	}
	return list
}

// SaveNotice says up to where people have been told, how many more, and whether those are
// all. It is part of the transaction that tells them, so that each is told once.
func (m *Meetings) SaveNotice(tx *store.Tx, n Notice, told int, over bool) {
	reached, err := json.Marshal(n.Reached)
	tx.Fail(err)
	done := int64(0)
	if over {
		done = store.Micros(m.Now())
	}
	tx.Do(`UPDATE meeting_notices SET reached = $1, queued = queued + $2, done_at = $3 WHERE id = $4`, string(reached), told, done, n.ID)
}

// maxNotices is how many Notices gives at most.
const maxNotices = 100

// Notices gives what people were told of a meeting, newest first, to its managers. It
// refuses with api.CodeNotFound as Manage does.
func (m *Meetings) Notices(ctx context.Context, who caller.Caller, code string) (list api.Notices, err error) {
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		list.Notices = []api.Notice{}
		if _, err := m.Read(tx, code); err != nil {
			return err
		}
		if !m.Manages(tx, code, who.AccountID, who.Roles) {
			return api.Refuse(api.CodeNotFound)
		}
		for scan := range tx.Each(`SELECT n.id, n.kind, n.filter, n.texts, n.made_at, n.total, n.queued, n.done_at,
				COALESCE(a.first_name, ''), COALESCE(a.family_name, '')
			FROM meeting_notices n LEFT JOIN accounts a ON a.id = n.by_whom
			WHERE n.meeting = $1 ORDER BY n.made_at DESC, n.id DESC LIMIT $2`, code, maxNotices) {
			var (
				n                            api.Notice
				filter, texts, first, family string
				made, done                   int64
				whom                         NoticeFilter
				said                         NoticeTexts
			)
			if !scan(&n.ID, &n.Kind, &filter, &texts, &made, &n.Total, &n.Told, &done, &first, &family) {
				break
			}
			tx.Fail(json.Unmarshal([]byte(filter), &whom))
			tx.Fail(json.Unmarshal([]byte(texts), &said))
			n.To, n.Subject, n.Text, n.Reason = whom.Recipients, said.Subject, said.Text, said.Reason
			n.By, n.Made = rules.FullName(first, family), store.Time(made)
			if done > 0 {
				n.Done = store.Time(done)
			}
			list.Notices = append(list.Notices, n)
		}
		return nil
	})
	return list, err
}
