package meetings

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/store"
)

// managedPage is how many meetings a page of the managers' list has.
const managedPage = 200

// managedPlace is where a managers' list goes on: after this meeting.
type managedPlace struct {
	Start int64  `json:"s"`
	Code  string `json:"c"`
}

// Managed gives a page of the meetings that the caller manages, what starts last first.
// after is api.ManagedMeetings.Next of the page before; a broken one is refused with
// api.CodeInvalid.
func (m *Meetings) Managed(ctx context.Context, who caller.Caller, after string) (api.ManagedMeetings, error) {
	page := api.ManagedMeetings{Meetings: []api.ManagedMeetingRow{}}
	at := managedPlace{Start: unscheduled + 1}
	if after != "" && !cursor.Read(after, &at) || at.Code != "" && !meetingCode.MatchString(at.Code) {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err := m.DB.View(ctx, func(tx *store.Tx) error {
		page.Meetings, page.Next = page.Meetings[:0], ""
		for scan := range tx.Each(`SELECT m.code, m.status, m.document, m.start_at, m.end_at, c.taken, c.waiting,
				(SELECT COUNT(*) FROM registrations r WHERE r.meeting = m.code AND r.state IN ($1, $2))
			FROM meetings m JOIN meeting_counts c ON c.meeting = m.code
			WHERE (m.start_at < $3 OR m.start_at = $3 AND m.code < $4) AND (
				EXISTS (SELECT 1 FROM meeting_managers x WHERE x.meeting = m.code AND x.account_id = $5)
				OR NOT EXISTS (SELECT 1 FROM meeting_managers x JOIN account_roles a ON a.account_id = x.account_id AND a.role = $6
					WHERE x.meeting = m.code))
			ORDER BY m.start_at DESC, m.code DESC LIMIT $7`,
			api.WaitingFocalPoint, api.WaitingSecretariat, at.Start, at.Code, who.AccountID, api.RoleMeetingManager, managedPage+1) {
			var (
				row        api.ManagedMeetingRow
				document   string
				d          api.Meeting
				start, end int64
			)
			if !scan(&row.Code, &row.Status, &document, &start, &end, &row.Taken, &row.Waiting, &row.Undecided) {
				break
			}
			if len(page.Meetings) == managedPage {
				page.Next = cursor.Write(at)
				continue
			}
			if err := json.Unmarshal([]byte(document), &d); err != nil {
				return fmt.Errorf("meetings: read description of %s: %w", row.Code, err)
			}
			row.Title, row.Place, row.Zone, row.Capacity = d.Title, d.Place, d.Zone, d.Capacity
			if start != unscheduled {
				row.Start, row.End = store.Time(start), store.Time(end)
			}
			page.Meetings = append(page.Meetings, row)
			at = managedPlace{Start: start, Code: row.Code}
		}
		return nil
	})
	return page, err
}

// Manage gives a meeting as its managers see it, or refuses with api.CodeNotFound, also
// for a meeting that others manage.
func (m *Meetings) Manage(ctx context.Context, who caller.Caller, code string) (managed api.ManagedMeeting, err error) {
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		r, err := m.Read(tx, code)
		if err != nil {
			return err
		}
		if !m.Manages(tx, code, who.AccountID, who.Roles) {
			return api.Refuse(api.CodeNotFound)
		}
		managed = m.managed(tx, r)
		return nil
	})
	return managed, err
}

// managed is a meeting as its managers see it.
func (m *Meetings) managed(tx *store.Tx, r *Row) api.ManagedMeeting {
	return api.ManagedMeeting{
		MeetingDetails: r.MeetingDetails, Edition: r.Edition, Waiting: r.Waiting,
		Living: living(tx, r.Code), Managers: managersOf(tx, r.Code),
	}
}

// change does something to a meeting that the caller manages and has read, while it is
// locked, and gives it as it is then. It refuses with api.CodeNotFound as Manage does,
// and with api.CodeOutdated where it is another edition by now.
func (m *Meetings) change(ctx context.Context, who caller.Caller, code string, edition int64,
	do func(*store.Tx, *Row) error,
) (managed api.ManagedMeeting, err error) {
	// READ COMMITTED: the meeting is locked before it is read.
	err = m.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		r, err := m.Lock(tx, code)
		if err != nil {
			return err
		}
		if !m.Manages(tx, code, who.AccountID, who.Roles) {
			return api.Refuse(api.CodeNotFound)
		}
		if r.Edition != edition {
			return api.Refuse(api.CodeOutdated)
		}
		if err := do(tx, r); err != nil {
			return err
		}
		managed, err = m.changed(tx, code)
		return err
	})
	return managed, err
}

// changed is a meeting that this transaction has changed, as its managers see it. It is
// not kept as what this node has read, since the transaction may still come to nothing.
func (m *Meetings) changed(tx *store.Tx, code string) (managed api.ManagedMeeting, err error) {
	r, err := m.readDescription(tx, code)
	if err != nil {
		return managed, err
	}
	tx.Get(`SELECT taken, waiting, version FROM meeting_counts WHERE meeting = $1`, code).Into(&r.Taken, &r.Waiting, &r.Version)
	return m.managed(tx, &r), nil
}

// Create makes a draft, once for each id, whose manager the caller is, empty or as a copy
// of a meeting that the caller manages. It refuses with api.CodeInvalid for fields, also
// for a meeting that others manage, with CodeNotFound where the draft was made before and
// deleted since, and as operation.Operations.Once does.
func (m *Meetings) Create(ctx context.Context, who caller.Caller, in api.CreateMeeting) (api.ManagedMeeting, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return api.ManagedMeeting{}, fmt.Errorf("meetings: create: %w", err)
	}
	op := api.Operation{ID: in.ID, Kind: "create-meeting", Payload: payload}
	code, _, err := m.Once(ctx, who, op, "new meeting", func(tx *store.Tx) (code string, err error) { return m.create(tx, who, in) })
	if err != nil {
		return api.ManagedMeeting{}, err
	}
	return m.Manage(ctx, who, code)
}

func (m *Meetings) create(tx *store.Tx, who caller.Caller, in api.CreateMeeting) (code string, err error) {
	d := api.MeetingDetails{Meeting: api.Meeting{
		Participation: []string{api.OnSite}, Approval: api.ApprovalSecretariat, Contact: who.Account.Email,
	}}
	if in.From != "" {
		from, err := m.Read(tx, in.From)
		if api.HasCode(err, api.CodeNotFound) || err == nil && !m.Manages(tx, in.From, who.AccountID, who.Roles) {
			return "", api.Invalid(api.FieldError{Pointer: "/from", Code: api.FieldUnknown})
		}
		if err != nil {
			return "", err
		}
		d = from.MeetingDetails
	}
	d.Title = in.Title
	if wrong := rules.CheckDraft(&d); len(wrong) > 0 {
		return "", api.Invalid(wrong...)
	}
	d = rules.CleanMeeting(d)
	holdChanges(tx) // two who create at once stand in line
	var highest string
	tx.Get(`SELECT COALESCE(MAX(code), 'C-00000000') FROM meetings`).Into(&highest)
	var number int
	if _, err := fmt.Sscanf(highest, "C-%d", &number); err != nil || number >= 99_999_999 {
		return "", fmt.Errorf("meetings: there is no code after %s", highest)
	}
	d.Code = fmt.Sprintf("C-%08d", number+1)
	if _, err := m.add(tx, &d, api.MeetingDraft); err != nil {
		return "", err
	}
	m.addManager(tx, d.Code, who.AccountID, who.AccountID)
	m.Audit.Note(tx, audit.MeetingCreated, "", audit.Fact(api.DetailMeeting, d.Code))
	return d.Code, nil
}

// Save gives a meeting another description. It refuses as change does, with
// api.CodeInvalid for fields, of which a draft may lack most, with api.CodeWrongState for
// a meeting that was cancelled, and with api.CodeEffects where another form does something
// to answers that in does not acknowledge.
func (m *Meetings) Save(ctx context.Context, who caller.Caller, code string, in api.SaveMeeting) (api.ManagedMeeting, error) {
	// Before the meeting is locked: going through all answers takes its time.
	effects, err := m.effects(ctx, who, code, &in)
	if err != nil {
		return api.ManagedMeeting{}, err
	}
	return m.change(ctx, who, code, in.Edition, func(tx *store.Tx, r *Row) error {
		if err := judge(r, &in); err != nil {
			return err
		}
		if !rules.Acknowledged(effects, in.Effects) {
			return &api.Problem{Code: api.CodeEffects, Effects: effects}
		}
		d := rules.CleanMeeting(in.MeetingDetails)
		d.Code = r.Code
		changed, err := m.describe(tx, r, &d, who.AccountID)
		if changed {
			m.Audit.Note(tx, audit.MeetingChanged, "", audit.Fact(api.DetailMeeting, code))
		}
		return err
	})
}

// judge refuses a description that a meeting cannot have.
func judge(r *Row, in *api.SaveMeeting) error {
	check := rules.CheckMeeting
	switch r.Status {
	case api.MeetingCancelled:
		return api.Refuse(api.CodeWrongState)
	case api.MeetingDraft:
		check = rules.CheckDraft
	}
	if wrong := check(&in.MeetingDetails); len(wrong) > 0 {
		return api.Invalid(wrong...)
	}
	return nil
}

// statusEvents are what the audit log says of an act.
var statusEvents = map[rules.MeetingAct]audit.Event{
	rules.ActPublish: audit.MeetingPublished,
	rules.ActClose:   audit.MeetingClosed,
	rules.ActReopen:  audit.MeetingReopened,
	rules.ActCancel:  audit.MeetingCancelled,
	rules.ActDelete:  audit.MeetingDeleted,
}

// ChangeStatus publishes a draft, closes registration or opens it again. It refuses as
// change does, with api.CodeWrongState what the meeting's state does not have, and with
// api.CodeInvalid a draft that lacks something or is over.
func (m *Meetings) ChangeStatus(ctx context.Context, who caller.Caller, code string, in api.ChangeMeetingStatus) (api.ManagedMeeting, error) {
	return m.change(ctx, who, code, in.Edition, func(tx *store.Tx, r *Row) error {
		act := rules.MeetingAct(in.Act)
		if act != rules.ActPublish && act != rules.ActClose && act != rules.ActReopen {
			return api.Invalid(api.FieldError{Pointer: "/act", Code: api.FieldUnknown})
		}
		if _, ok := rules.AfterAct(r.Status, act); ok && act == rules.ActPublish {
			wrong := rules.CheckMeeting(&r.MeetingDetails)
			if len(wrong) == 0 && !m.Now().Before(r.End()) {
				wrong = append(wrong, api.FieldError{Pointer: "/sessions", Code: api.FieldOutOfRange})
			}
			if len(wrong) > 0 {
				return api.Invalid(wrong...)
			}
		}
		return m.act(tx, r, act)
	})
}

// act brings a locked meeting into another state.
func (m *Meetings) act(tx *store.Tx, r *Row, act rules.MeetingAct) error {
	next, ok := rules.AfterAct(r.Status, act)
	if !ok {
		return api.Refuse(api.CodeWrongState)
	}
	m.Audit.Note(tx, statusEvents[act], "", audit.Fact(api.DetailMeeting, r.Code))
	if next == "" {
		return nil
	}
	r.Status = next
	tx.Do(`UPDATE meetings SET status = $1 WHERE code = $2`, r.Status, r.Code)
	m.edit(tx, r)
	r.Save(tx)
	return nil
}

// Cancel cancels a meeting for good; everybody who is registered is told, and withdrawn,
// by what works off its notice. It refuses as change does, with api.CodeInvalid without a
// reason, and with api.CodeWrongState for a meeting that is over, or a draft.
func (m *Meetings) Cancel(ctx context.Context, who caller.Caller, code string, in api.CancelMeeting) (managed api.ManagedMeeting, err error) {
	reason := rules.Visible(in.Reason)
	switch {
	case reason == "":
		return managed, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldRequired})
	case utf8.RuneCountInString(reason) > rules.MaxReason:
		return managed, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldTooLong})
	}
	return m.change(ctx, who, code, in.Edition, func(tx *store.Tx, r *Row) error {
		if !m.Now().Before(r.End()) {
			return api.Refuse(api.CodeWrongState)
		}
		m.revise(tx, r)
		if err := m.act(tx, r, rules.ActCancel); err != nil {
			return err
		}
		tx.Do(`UPDATE meeting_notices SET done_at = $1 WHERE meeting = $2 AND kind = $3 AND done_at = 0`, store.Micros(m.Now()), code, api.NoticeChanged)
		m.notify(tx, r, api.NoticeCancelled, NoticeFilter{}, NoticeTexts{Reason: reason}, who.AccountID)
		return nil
	})
}

// Delete deletes a draft. It refuses with api.CodeNotFound as Manage does, and with
// api.CodeWrongState what was published.
func (m *Meetings) Delete(ctx context.Context, who caller.Caller, code string) error {
	// READ COMMITTED: the meeting is locked before it is read.
	return m.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		r, err := m.Lock(tx, code)
		if err != nil {
			return err
		}
		if !m.Manages(tx, code, who.AccountID, who.Roles) {
			return api.Refuse(api.CodeNotFound)
		}
		if err := m.act(tx, r, rules.ActDelete); err != nil {
			return err
		}
		holdChanges(tx)
		tx.Do(`DELETE FROM meeting_managers WHERE meeting = $1`, code)
		tx.Do(`DELETE FROM registration_search WHERE meeting = $1`, code)
		tx.Do(`DELETE FROM meeting_retention WHERE meeting = $1`, code)
		tx.Do(`DELETE FROM meeting_counts WHERE meeting = $1`, code)
		tx.Do(`DELETE FROM meetings WHERE code = $1`, code)
		return nil
	})
}
