package registrations

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/job"
	"plenary/service/meetings"
	"plenary/service/store"
)

// erasedAtOnce is from how many registrations one transaction erases.
const erasedAtOnce = 100

// eraseAnswers is the job that erases what people answered, after meetings.
func (rs *Registrations) eraseAnswers() job.Job {
	return job.Job{
		Name: "erase-answers",
		If:   `EXISTS (SELECT 1 FROM meeting_retention WHERE due_at <= $1)`,
		Do:   rs.EraseAnswers,
	}
}

// EraseAnswers erases what is due of each meeting's registrations, part by part: answers,
// names of companions and files, and where the meeting says so names and addresses, with
// who was invited.
// Numbers, states and what happened stay. A part, and how far it is, is one transaction:
// killed and begun again, it erases the rest.
func (rs *Registrations) EraseAnswers(ctx context.Context) error {
	var due []string
	if err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		due = tx.Strings(`SELECT meeting FROM meeting_retention WHERE due_at <= $1 ORDER BY due_at, meeting`, store.Micros(rs.Now()))
		return nil
	}); err != nil {
		return err
	}
	for _, code := range due {
		for over := false; !over; {
			// READ COMMITTED: the meeting is locked before it is read.
			if err := rs.DB.UpdateCommitted(store.InLine(ctx, meetings.Line(code)), func(tx *store.Tx) (err error) {
				over, err = rs.eraseSome(tx, code)
				return err
			}); err != nil {
				return fmt.Errorf("registrations: erase answers of %s: %w", code, err)
			}
		}
	}
	return nil
}

// eraseSome erases what is due of the next registrations of a meeting, and says whether
// those were the last.
func (rs *Registrations) eraseSome(tx *store.Tx, code string) (over bool, err error) {
	meeting, err := rs.Meetings.Lock(tx, code)
	if err != nil {
		return false, err
	}
	var reached, erased int64
	if !tx.Get(`SELECT reached, erased FROM meeting_retention WHERE meeting = $1 AND due_at <= $2`, code, store.Micros(rs.Now())).
		Into(&reached, &erased) {
		return true, tx.Err() // another node was faster, or the meeting is later now
	}
	what := rules.ErasureBy(&meeting.MeetingDetails, rs.Now())
	n := 0
	for _, one := range remembered(tx, code, reached) {
		n, reached = n+1, one.line
		done, err := one.erase(tx, what)
		if err != nil {
			return false, err
		}
		if what.All && rs.Visas.End(tx, one.number) {
			done = true
			tx.Do(`UPDATE registrations SET visa = '' WHERE number = $1 AND visa IN ($2, $3)`, one.number, api.VisaAsked, api.VisaWaiting)
		}
		if !done {
			continue
		}
		erased++
		meeting.Version++
		now := store.Micros(rs.Now())
		tx.Do(`UPDATE registrations SET version = $1, changed_at = $2 WHERE number = $3`, meeting.Version, now, one.number)
		tx.Do(`INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason)
			SELECT $1, COALESCE(MAX(position), 0) + 1, $2, $3, $4, '', '' FROM registration_events WHERE registration = $1`,
			one.number, now, rules.WhatErased, rules.ActorService.By())
	}
	meeting.Save(tx)
	if n == erasedAtOnce {
		tx.Do(`UPDATE meeting_retention SET reached = $1, erased = $2 WHERE meeting = $3`, reached, erased, code)
		return false, nil
	}
	if what.Names {
		erased += rs.eraseInvitations(tx, `meeting = $1`, code)
	}
	if erased > 0 {
		rs.Audit.Note(tx, audit.AnswersErased, "", audit.Fact(api.DetailMeeting, code))
	}
	meetings.Retain(tx, code, what.Next)
	return true, nil
}

// remembers is what a registration has of what is erased.
type remembers struct {
	number, answers, companions, job string
	known                            string // names and address
	line                             int64
}

// remembered are the next registrations of a meeting.
func remembered(tx *store.Tx, code string, reached int64) (list []remembers) {
	for scan := range tx.Each(`SELECT number, answers, companions, job_title, first_name || family_name || badge_name || email, place_in_line
		FROM registrations WHERE meeting = $1 AND place_in_line > $2 ORDER BY place_in_line LIMIT $3`, code, reached, erasedAtOnce) {
		var one remembers
		if !scan(&one.number, &one.answers, &one.companions, &one.job, &one.known, &one.line) {
			break
		}
		list = append(list, one)
	}
	return list
}

// erase erases what is due, and says whether there was anything.
func (r *remembers) erase(tx *store.Tx, what rules.Erasure) (done bool, err error) {
	if !what.All {
		return r.eraseQuestions(tx, what.Questions)
	}
	files := tx.Do(`DELETE FROM registration_files WHERE registration = $1`, r.number) > 0
	if r.answers != "{}" || r.companions != "[]" || r.job != "" || files {
		done = true
		tx.Do(`UPDATE registrations SET answers = '{}', companions = '[]', job_title = '' WHERE number = $1`, r.number)
		tx.Do(`UPDATE registration_events SET changed = '', reason = CASE WHEN by_whom = $2 THEN '' ELSE reason END WHERE registration = $1`,
			r.number, rules.ActorPerson.By())
	}
	if what.Names && r.known != "" {
		done = true
		tx.Do(`UPDATE registrations SET first_name = '', family_name = '', badge_name = '', email = '', language = '', listed = 0, sort_key = $1
			WHERE number = $2`, []byte{}, r.number)
		tx.Do(`DELETE FROM registration_words WHERE number = $1`, r.number)
		tx.Do(`UPDATE registration_events SET reason = '', actor = CASE WHEN by_whom = $2 THEN '' ELSE actor END WHERE registration = $1`,
			r.number, rules.ActorPerson.By())
	}
	return done, nil
}

// eraseQuestions erases the answers to some questions, also where they stand in the history.
func (r *remembers) eraseQuestions(tx *store.Tx, questions []string) (done bool, err error) {
	if len(questions) == 0 {
		return false, nil
	}
	answers := api.Answers{}
	if err := json.Unmarshal([]byte(r.answers), &answers); err != nil {
		return false, fmt.Errorf("read answers: %w", err)
	}
	for _, q := range questions {
		if _, ok := answers[q]; ok {
			done = true
			delete(answers, q)
		}
		done = tx.Do(`DELETE FROM registration_files WHERE registration = $1 AND question = $2`, r.number, q) > 0 || done
	}
	if done {
		left, err := json.Marshal(answers)
		if err != nil {
			return false, fmt.Errorf("write answers: %w", err)
		}
		tx.Do(`UPDATE registrations SET answers = $1 WHERE number = $2`, string(left), r.number)
	}
	forgotten, err := forgetChanges(tx, r.number, questions)
	return done || forgotten, err
}

// forgetChanges takes the answers to some questions out of a registration's history.
func forgetChanges(tx *store.Tx, number string, questions []string) (done bool, err error) {
	kept := map[int64]string{}
	for scan := range tx.Each(`SELECT position, changed FROM registration_events WHERE registration = $1 AND changed <> ''`, number) {
		var (
			position int64
			text     string
			changed  []api.Changed
		)
		if !scan(&position, &text) {
			break
		}
		if err := json.Unmarshal([]byte(text), &changed); err != nil {
			return false, fmt.Errorf("read what was changed: %w", err)
		}
		left := slices.DeleteFunc(slices.Clone(changed), func(c api.Changed) bool {
			return slices.Contains(questions, strings.TrimPrefix(c.Field, "/answers/"))
		})
		if len(left) == len(changed) {
			continue
		}
		kept[position] = ""
		if len(left) > 0 {
			b, err := json.Marshal(left)
			if err != nil {
				return false, fmt.Errorf("write what was changed: %w", err)
			}
			kept[position] = string(b)
		}
	}
	for position, text := range kept {
		tx.Do(`UPDATE registration_events SET changed = $1 WHERE registration = $2 AND position = $3`, text, number, position)
	}
	return len(kept) > 0, nil
}
