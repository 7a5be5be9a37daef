package web

import (
	"strings"
	"time"
	_ "time/tzdata" // Windows has no database of time zones

	"plenary/api"
	"plenary/words"
)

// meetingView is a meeting in one language, as its invitation shows it.
type meetingView struct {
	Code, Title, Description, Place, Dates, Zone string
	Participation                                string
	State                                        string // of registration: early, open, full, waiting-list, over
	Registration                                 string // the same in words
	Members                                      string // membership types that may come; empty means all
	Sessions                                     []sessionView
	Documents                                    []documentView
	Contact                                      string
}

type sessionView struct{ Title, Day, Times string }

type documentView struct{ Title, URL string }

func newMeetingView(v *view, m *api.Meeting, now time.Time) *meetingView {
	w, lang := v.Words, v.Words.Lang()
	loc, err := time.LoadLocation(m.Zone)
	if err != nil {
		loc = time.UTC
	}
	mv := &meetingView{
		Code: m.Code, Title: m.Title.In(lang), Description: m.Description.In(lang), Place: m.Place.In(lang),
		Dates: w.DateRange(m.Start().In(loc), m.End().In(loc)), Zone: m.Zone,
		Participation: participation(v, m.Participation), Contact: m.Contact,
	}
	mv.State, mv.Registration = registration(w, m, now, loc)
	types := make([]string, len(m.Memberships))
	for i, ms := range m.Memberships {
		types[i] = w.T("membership." + ms)
	}
	mv.Members = strings.Join(types, " · ")
	for _, s := range m.Sessions {
		start, end := s.Start.In(loc), s.End.In(loc)
		mv.Sessions = append(mv.Sessions, sessionView{
			Title: s.Title.In(lang), Day: w.Date(start), Times: w.Time(start) + " – " + w.Time(end),
		})
	}
	for _, d := range m.Documents {
		mv.Documents = append(mv.Documents, documentView{Title: d.Title.In(lang), URL: d.URL})
	}
	return mv
}

// Params are the parameters of the texts about this meeting.
func (m *meetingView) Params() map[string]any { return map[string]any{"Zone": m.Zone} }

func participation(v *view, ways []string) string {
	switch {
	case len(ways) > 1:
		return v.T("web.meeting.both")
	case len(ways) == 1 && ways[0] == api.Remote:
		return v.T("web.meeting.remote")
	default:
		return v.T("web.meeting.onsite")
	}
}

// registration says whether one can register now.
func registration(w *words.Words, m *api.Meeting, now time.Time, loc *time.Location) (state, text string) {
	dated := func(key string, t time.Time) string {
		return w.T(key, map[string]any{"Date": w.DateTime(t.In(loc))})
	}
	switch {
	case m.Status == api.MeetingCancelled:
		return "over", w.T("web.meeting.cancelled")
	case m.Status == api.MeetingClosed:
		return "over", w.T("web.meeting.over")
	case now.Before(m.RegistrationFrom):
		return "early", dated("web.meeting.early", m.RegistrationFrom)
	case !now.Before(m.RegistrationUntil):
		return "over", w.T("web.meeting.over")
	case m.Capacity > 0 && m.Taken >= m.Capacity && m.WaitingList:
		return "waiting-list", w.T("web.meeting.waiting-list")
	case m.Capacity > 0 && m.Taken >= m.Capacity:
		return "full", w.T("web.meeting.full")
	default:
		return "open", dated("web.meeting.open", m.RegistrationUntil)
	}
}
