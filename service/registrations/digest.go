package registrations

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/job"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/store"
	"plenary/words"
)

const (
	// digestAfter is for how long changes are gathered until a meeting's managers are told.
	digestAfter = 10 * time.Minute
	// digestLines is how many registrations stand in one e-mail.
	digestLines = 50
)

// tellManagersOf notes that a registration of a locked meeting is changed now, before its
// version is another one.
func tellManagersOf(tx *store.Tx, code string, now time.Time) {
	tx.Do(`INSERT INTO meeting_changes (meeting, since, version, due_at)
		SELECT meeting, $2, version, $3 FROM meeting_counts WHERE meeting = $1
		ON CONFLICT (meeting) DO NOTHING`, code, store.Micros(now), store.Micros(now.Add(digestAfter)))
}

// tellOfChanges is the job that tells managers of changed registrations.
func (rs *Registrations) tellOfChanges() job.Job {
	return job.Job{
		Name: "tell-of-changes",
		If:   `EXISTS (SELECT 1 FROM meeting_changes WHERE due_at <= $1)`,
		Do:   rs.TellOfChanges,
	}
}

// TellOfChanges tells the managers of each meeting that is due which registrations people
// have changed, and in which fields; what they answer now stands in the program. What one
// meeting's managers are told, and that they were, is one transaction.
func (rs *Registrations) TellOfChanges(ctx context.Context) error {
	var due []string
	err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		due = due[:0]
		for scan := range tx.Each(`SELECT meeting FROM meeting_changes WHERE due_at <= $1 ORDER BY due_at, meeting`, store.Micros(rs.Now())) {
			var code string
			scan(&code)
			due = append(due, code)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, code := range due {
		// READ COMMITTED: the meeting is locked before its changes are read.
		err := rs.DB.UpdateCommitted(store.InLine(ctx, meetings.Line(code)), func(tx *store.Tx) error { return rs.tellOfChangesIn(tx, code) })
		if err != nil {
			return fmt.Errorf("registrations: tell the managers of %s: %w", code, err)
		}
	}
	return nil
}

// changedOne is a registration that was changed, with the fields.
type changedOne struct {
	number string
	fields []string
}

func (rs *Registrations) tellOfChangesIn(tx *store.Tx, code string) error {
	meeting, err := rs.Meetings.Lock(tx, code)
	if err != nil {
		return err
	}
	var since, version int64
	if !tx.Get(`DELETE FROM meeting_changes WHERE meeting = $1 RETURNING since, version`, code).Into(&since, &version) {
		return tx.Err() // another node has told them meanwhile
	}
	if !rs.Now().Before(meeting.End()) {
		return nil
	}
	list, err := changedSince(tx, code, since, version)
	if err != nil || len(list) == 0 {
		return err
	}
	readers, err := rs.managersOf(tx, meeting)
	if err != nil {
		return err
	}
	for _, reader := range readers {
		rs.Outbox.Queue(tx, digest(meeting, reader, list))
	}
	return nil
}

// changedSince gives the registrations that people have changed, in the order of their
// numbers.
func changedSince(tx *store.Tx, code string, since, version int64) (list []changedOne, err error) {
	for scan := range tx.Each(`SELECT e.registration, e.changed FROM registrations r JOIN registration_events e ON e.registration = r.number
		WHERE r.meeting = $1 AND r.version > $2 AND e.at >= $3 AND e.what = $4 AND e.by_whom = $5 AND e.changed <> ''
		ORDER BY e.registration, e.position`, code, version, since, rules.WhatChanged, rules.ActorPerson.By()) {
		var number, written string
		if !scan(&number, &written) {
			break
		}
		var changed []api.Changed
		if err := json.Unmarshal([]byte(written), &changed); err != nil {
			return nil, fmt.Errorf("registrations: read what was changed: %w", err)
		}
		if len(list) == 0 || list[len(list)-1].number != number {
			list = append(list, changedOne{number: number})
		}
		last := &list[len(list)-1]
		for _, c := range changed {
			if !slices.Contains(last.fields, c.Field) {
				last.fields = append(last.fields, c.Field)
			}
		}
	}
	return list, tx.Err()
}

// managersOf are those who manage a meeting by name, as far as their accounts have the role;
// without any, its contact.
func (rs *Registrations) managersOf(tx *store.Tx, meeting *meetings.Row) (who []api.Account, err error) {
	var ids []string
	for scan := range tx.Each(`SELECT m.account_id FROM meeting_managers m
		JOIN account_roles r ON r.account_id = m.account_id AND r.role = $2
		WHERE m.meeting = $1 ORDER BY m.account_id`, meeting.Code, api.RoleMeetingManager) {
		var id string
		scan(&id)
		ids = append(ids, id)
	}
	for _, id := range ids {
		a, err := rs.Profile(tx, id)
		if api.HasCode(err, api.CodeNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("registrations: find the managers of %s: %w", meeting.Code, err)
		}
		who = append(who, a)
	}
	if len(who) == 0 {
		who = []api.Account{{Email: meeting.Contact}}
	}
	return who, tx.Err()
}

// digest is the e-mail that tells somebody which registrations were changed. It has numbers
// and names of fields: what people answer, and who they are, stays in the program.
func digest(meeting *meetings.Row, to api.Account, list []changedOne) mail.Message {
	w := words.ForLetters(to.Language)
	m := mail.Message{
		To: to.Email, Language: to.Language, Template: mail.RegistrationsChanged, Subject: to.ID,
		Params: map[string]string{
			"Username": to.Username, "Name": nameOf(to), "Meeting": meeting.Title.In(w.Lang()), "MeetingCode": meeting.Code,
			"Count": strconv.Itoa(len(list)),
		},
		Expires: meeting.End(),
	}
	var lines []string
	for _, one := range list[:min(len(list), digestLines)] {
		lines = append(lines, one.number+": "+fieldNames(w, meeting, one.fields))
	}
	if more := len(list) - digestLines; more > 0 {
		m.Params["More"] = strconv.Itoa(more)
	}
	m.Params["Lines"] = strings.Join(lines, "\n")
	return m
}

// fieldNames are what a meeting's form calls fields.
func fieldNames(w *words.Words, meeting *meetings.Row, fields []string) string {
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = fieldName(w, meeting, field)
	}
	return strings.Join(names, ", ")
}

func fieldName(w *words.Words, meeting *meetings.Row, field string) string {
	id, ok := strings.CutPrefix(field, "/answers/")
	if !ok {
		return w.T("mail.changed." + strings.ReplaceAll(strings.TrimPrefix(field, "/"), "_", "-"))
	}
	for _, s := range meeting.Form.Sections {
		for _, q := range s.Questions {
			if q.ID == id {
				return cmp.Or(q.Label.In(w.Lang()), id)
			}
		}
	}
	return w.T("mail.changed.gone")
}
