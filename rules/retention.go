package rules

import (
	"time"

	"plenary/api"
)

// Erasure is what of a meeting's registrations is to be erased by a time.
type Erasure struct {
	All       bool      // whatever was answered or entered
	Names     bool      // also who it is
	Questions []string  // whose answers are erased
	Next      time.Time // when there is more to be erased; zero for never
}

// ErasureBy says what of a meeting's registrations is to be erased by a time: so many days,
// of 24 hours, after it has ended as its description says, for all or for a question.
func ErasureBy(d *api.MeetingDetails, now time.Time) (e Erasure) {
	end := d.End()
	if end.IsZero() {
		return e
	}
	due := func(days int) bool {
		at := end.Add(time.Duration(days) * 24 * time.Hour)
		if !at.After(now) {
			return true
		}
		if e.Next.IsZero() || at.Before(e.Next) {
			e.Next = at
		}
		return false
	}
	if d.Retention > 0 && due(d.Retention) {
		return Erasure{All: true, Names: d.RetentionNames}
	}
	for _, s := range d.Form.Sections {
		for _, q := range s.Questions {
			if q.Retention > 0 && due(q.Retention) {
				e.Questions = append(e.Questions, q.ID)
			}
		}
	}
	return e
}

// ErasedAt is when something that somebody entered was erased last, by the registration's
// history; zero for never.
func ErasedAt(history []api.Event) (at time.Time) {
	for _, e := range history {
		if e.What == WhatErased {
			at = e.At
		}
	}
	return at
}
