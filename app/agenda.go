package app

import (
	"cmp"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
)

// AgendaPart is where a registration stands in a person's agenda, in this order.
type AgendaPart int

// The parts.
const (
	AgendaAttention AgendaPart = iota // the service did not take something, or a place is offered
	AgendaToday                       // confirmed, and a session is today or can be joined
	AgendaComing                      // confirmed
	AgendaWaiting                     // a draft, not sent yet, or not confirmed yet
	AgendaPast                        // the meeting is over, or the person does not take part
)

// AgendaRow is a registration in the agenda.
type AgendaRow struct {
	Mine
	Part AgendaPart
	// About is the meeting, nil where this computer does not know it.
	About *api.Meeting
	// Session is the one under way or the next, nil when all are over or none is known.
	Session *api.MeetingSession
	// Nth tells which session of the meeting that is, from 1; 0 without one.
	Nth int
	// Live: its platform can be joined now, if the person takes part remotely.
	Live bool
	// Today: a part of the session is on this day, by the clock of this computer.
	Today bool
}

// Joins tells whether the person can join the session now.
func (r *AgendaRow) Joins() bool {
	return r.Live && r.Standing() == api.Confirmed && r.Participation == api.Remote && r.Platform != ""
}

// Agenda puts registrations into the order in which a person needs them: what needs
// attention, what is today, what comes, the next first, what waits, and what is past, the
// latest first. Now is the time by the service's clock, in the zone of this computer.
// meeting finds a meeting by its code. Of what is past in a meeting only the latest is
// there, and that only where nothing else is.
func Agenda(all []Mine, meeting func(code string) (api.Meeting, bool), now time.Time) []AgendaRow {
	rows := make([]AgendaRow, 0, len(all))
	for i := range all {
		rows = append(rows, agendaRow(all[i], meeting, now))
	}
	slices.SortStableFunc(rows, func(a, b AgendaRow) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), a.order(&b))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r AgendaRow) bool {
		again := r.Part == AgendaPast && seen[r.Meeting]
		seen[r.Meeting] = true
		return again
	})
}

func agendaRow(mine Mine, meeting func(code string) (api.Meeting, bool), now time.Time) AgendaRow {
	r := AgendaRow{Mine: mine}
	over := false
	if m, ok := meeting(mine.Meeting); ok && len(m.Sessions) > 0 {
		r.About = &m
		var next int
		if next, r.Live = rules.NextSession(&m, now); next >= 0 {
			r.Session, r.Nth = &m.Sessions[next], next+1
			r.Today = r.Live || sameDay(r.Session.Start, now)
		}
		over = next < 0
	}
	switch {
	case mine.State == StateNeedsAttention, mine.State == api.Offered && !over:
		r.Part = AgendaAttention
	case mine.State == StateWaitingToSend && (over || mine.Standing() != api.Confirmed):
		r.Part = AgendaWaiting
	case over || mine.State == api.Refused || mine.State == api.Withdrawn:
		r.Part = AgendaPast
	case mine.Standing() != api.Confirmed:
		r.Part = AgendaWaiting
	case r.Today:
		r.Part = AgendaToday
	default:
		r.Part = AgendaComing
	}
	return r
}

// sameDay tells whether a moment is on a day, in the day's zone.
func sameDay(t, day time.Time) bool {
	y, m, d := t.In(day.Location()).Date()
	yy, mm, dd := day.Date()
	return y == yy && m == mm && d == dd
}

// order compares two rows of one part.
func (r *AgendaRow) order(other *AgendaRow) int {
	switch r.Part {
	case AgendaAttention:
		return cmp.Or(r.answerBy().Compare(other.answerBy()), other.Made.Compare(r.Made))
	case AgendaPast:
		return other.end().Compare(r.end())
	default:
		return cmp.Or(r.next().Compare(other.next()), other.Made.Compare(r.Made))
	}
}

// answerBy is by when an offer has to be answered; what has no such time comes later.
func (r *AgendaRow) answerBy() time.Time {
	if r.State != api.Offered {
		return time.Unix(1<<40, 0)
	}
	return r.OfferUntil
}

// next is when the next session begins; a meeting that is not known comes last.
func (r *AgendaRow) next() time.Time {
	if r.Session == nil {
		return time.Unix(1<<40, 0)
	}
	return r.Session.Start
}

func (r *AgendaRow) end() time.Time {
	if r.About == nil {
		return r.Made
	}
	return r.About.End()
}

// nextAhead is how long before its start a session is the next one for which Meetings has a
// card: as long as a countdown is of use.
const nextAhead = 24 * time.Hour

// Next is the row of an agenda to lead a person to now: what can be joined, else what is
// under way or begins within a day; nil where there is nothing.
func Next(agenda []AgendaRow, now time.Time) *AgendaRow {
	var next *AgendaRow
	for i := range agenda {
		r := &agenda[i]
		if r.Part != AgendaToday && r.Part != AgendaComing || r.Session == nil || r.Session.Start.Sub(now) > nextAhead {
			continue
		}
		if r.Joins() {
			return r
		}
		if next == nil {
			next = r
		}
	}
	return next
}
