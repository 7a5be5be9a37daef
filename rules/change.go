package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/api"
)

// Limits of what a meeting asks people to agree to; a text is counted in characters.
const (
	MaxConsents    = 20
	MaxConsentText = 1000
)

// ChangeUntil is until when people can change their registrations for a meeting.
func ChangeUntil(m *api.Meeting) time.Time {
	until := m.ChangeUntil
	if until.IsZero() {
		until = m.RegistrationUntil
	}
	return notAfter(until, m.End())
}

// WithdrawUntil is until when people can withdraw from a meeting.
func WithdrawUntil(m *api.Meeting) time.Time {
	if m.WithdrawUntil.IsZero() {
		return m.End()
	}
	return notAfter(m.WithdrawUntil, m.End())
}

func notAfter(t, end time.Time) time.Time {
	if t.After(end) {
		return end
	}
	return t
}

// ChangesOf is how many changes of what was answered stand in a registration's history.
func ChangesOf(history []api.Event) (n int) {
	for _, e := range history {
		if e.What == WhatChanged {
			n++
		}
	}
	return n
}

// Registered is what was answered in a registration.
func Registered(r *api.Registration) api.Register {
	return api.Register{
		Meeting: r.Meeting, Participation: r.Participation, BadgeName: r.BadgeName, JobTitle: r.JobTitle,
		Answers: r.Answers, Companions: r.Companions, Consents: r.Consents, Listed: r.Listed, Visa: r.Visa != "",
	}
}

// WithoutGone is a changed registration without what stood in it before and its meeting
// does not ask for any more: answers to questions that are gone, choices, and consents. What
// the person has given anew stays, for ValidateRegister to refuse.
func WithoutGone(m *api.Meeting, before *api.Register, after api.Register) api.Register {
	answers := api.Answers{}
	for id, answer := range after.Answers {
		q := findQuestion(&m.Form, id)
		switch {
		case q == nil && slices.Equal(answer, before.Answers[id]):
			continue
		case q != nil && (q.Kind == api.KindChoice || q.Kind == api.KindChoices):
			answer = slices.DeleteFunc(slices.Clone(answer), func(choice string) bool {
				return slices.Contains(before.Answers[id], choice) && !slices.ContainsFunc(q.Choices, func(c api.Choice) bool { return c.ID == choice })
			})
		}
		answers[id] = answer
	}
	after.Answers = answers
	after.Consents = slices.DeleteFunc(slices.Clone(after.Consents), func(id string) bool {
		return slices.Contains(before.Consents, id) && !hasConsent(m, id)
	})
	return after
}

// Differences are the fields in which two registrations for a meeting differ, in the order
// of the form; those about questions that it does not have at the end. A passport counts as
// changed where the later one brings it.
func Differences(m *api.Meeting, before, after *api.Register) (changed []api.Changed) {
	add := func(field string, a, b []string) {
		if !slices.Equal(a, b) {
			changed = append(changed, api.Changed{Field: field, Before: a, After: b})
		}
	}
	add("/participation", one(before.Participation), one(after.Participation))
	add("/badge_name", one(before.BadgeName), one(after.BadgeName))
	add("/job_title", one(before.JobTitle), one(after.JobTitle))
	ids := map[string]bool{}
	for id := range before.Answers {
		ids[id] = true
	}
	for id := range after.Answers {
		ids[id] = true
	}
	for _, s := range m.Form.Sections {
		for _, q := range s.Questions {
			add("/answers/"+q.ID, before.Answers[q.ID], after.Answers[q.ID])
			delete(ids, q.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		add("/answers/"+escapePointer(id), before.Answers[id], after.Answers[id])
	}
	add("/companions", names(before.Companions), names(after.Companions))
	add("/consents", before.Consents, after.Consents)
	add("/listed", yes(before.Listed), yes(after.Listed))
	add("/visa", yes(before.Visa), yes(after.Visa))
	if before.Visa && after.Visa && after.Passport != nil {
		changed = append(changed, api.Changed{Field: "/passport"}) // its values are nobody's to read
	}
	return changed
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func yes(is bool) []string {
	if is {
		return []string{"yes"}
	}
	return nil
}

func names(companions []api.Companion) (list []string) {
	for _, c := range companions {
		list = append(list, c.Name)
	}
	return list
}

// Reapproved says whether a meeting wants what was changed to be approved anew. Visa support
// is nothing that is approved.
func Reapproved(m *api.Meeting, changed []api.Changed) bool {
	return slices.ContainsFunc(changed, func(c api.Changed) bool {
		return !ofVisa(c) && (slices.Contains(m.Reapprove, "*") || slices.Contains(m.Reapprove, c.Field))
	})
}

// OnCode says whether what was changed stands beside the code of a confirmation, which is
// void then.
func OnCode(changed []api.Changed) bool {
	return slices.ContainsFunc(changed, func(c api.Changed) bool {
		return c.Field == "/participation" || c.Field == "/badge_name" || c.Field == "/companions"
	})
}

func hasConsent(m *api.Meeting, id string) bool {
	return slices.ContainsFunc(m.Consents, func(c api.Consent) bool { return c.ID == id })
}

// AsksListed says whether a meeting asks people if they want to stand in its list of
// participants.
func AsksListed(m *api.Meeting) bool { return m.ParticipantList != "" }

// validateConsents judges what somebody agrees to.
func validateConsents(m *api.Meeting, given []string) (errs []api.FieldError) {
	for _, c := range m.Consents {
		if c.Required && !slices.Contains(given, c.ID) {
			errs = append(errs, api.FieldError{Pointer: "/consents/" + c.ID, Code: api.FieldRequired})
		}
	}
	for _, id := range given {
		if !hasConsent(m, id) {
			errs = append(errs, api.FieldError{Pointer: "/consents/" + escapePointer(id), Code: api.FieldUnknown})
		}
	}
	return errs
}

// cleanConsents gives what somebody agrees to in the order of the meeting.
func cleanConsents(m *api.Meeting, given []string) (clean []string) {
	for _, c := range m.Consents {
		if slices.Contains(given, c.ID) {
			clean = append(clean, c.ID)
		}
	}
	return clean
}

// reapprovable are the fields beside answers whose change can want an approval anew.
var reapprovable = []string{"*", "/participation", "/badge_name", "/job_title", "/companions", "/consents", "/listed"}

// changes judges what a meeting says of consents, its list of participants, and changes.
func (c *meetingCheck) changes(d *api.MeetingDetails) {
	c.say(len(d.Consents) > MaxConsents, "/consents", api.FieldTooMany)
	for i, one := range d.Consents {
		at := "/consents/" + strconv.Itoa(i)
		c.oneOf(at+"/id", when(one.ID == "", api.FieldRequired), when(!validID(one.ID, letters, letters+digits+"_"), api.FieldInvalid),
			when(slices.ContainsFunc(d.Consents[:i], func(o api.Consent) bool { return o.ID == one.ID }), api.FieldRepeated))
		c.text(at+"/text", one.Text, true, MaxConsentText, Lines)
	}
	lists := []string{"", api.ListForParticipants, api.ListForAll}
	c.say(!slices.Contains(lists, d.ParticipantList), "/participant_list", api.FieldUnknown)
	for i, field := range d.Reapprove {
		c.oneOf("/reapprove/"+strconv.Itoa(i), when(!slices.Contains(reapprovable, field) && !asksFor(&d.Form, field), api.FieldUnknown),
			when(slices.Contains(d.Reapprove[:i], field), api.FieldRepeated))
	}
}

// asksFor says whether a form has the question to whose answer a pointer leads.
func asksFor(form *api.Form, pointer string) bool {
	id, ok := strings.CutPrefix(pointer, "/answers/")
	return ok && findQuestion(form, id) != nil
}
