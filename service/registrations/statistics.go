package registrations

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/meetings"
	"plenary/service/store"
)

const (
	// statisticsAge is how old the numbers are at most that a node gives.
	statisticsAge = 5 * time.Second
	// quarter is into what registrations are counted first: zones differ from UTC by
	// whole ones.
	quarter = 15 * time.Minute
)

// statistics are the numbers of meetings that this node has counted last.
type statistics struct {
	mu        sync.Mutex
	byMeeting map[string]*countedOnce
}

// countedOnce are the numbers of one meeting; whoever asks while they are counted waits
// for them.
type countedOnce struct {
	mu sync.Mutex
	api.Statistics
}

func (s *statistics) of(code string) *countedOnce {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byMeeting == nil {
		s.byMeeting = map[string]*countedOnce{}
	}
	if s.byMeeting[code] == nil {
		s.byMeeting[code] = &countedOnce{}
	}
	return s.byMeeting[code]
}

// Statistics gives a meeting's numbers to its managers. It refuses with api.CodeNotFound as
// Managed does.
func (rs *Registrations) Statistics(ctx context.Context, who caller.Caller, code string) (numbers api.Statistics, err error) {
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		if err := rs.managedBy(tx, code, who); err != nil {
			return err
		}
		meeting, err := rs.Meetings.Read(tx, code)
		if err != nil {
			return err
		}
		last, now := rs.statistics.of(code), rs.Now()
		last.mu.Lock()
		defer last.mu.Unlock()
		if age := now.Sub(last.At); age < 0 || age >= statisticsAge {
			counted := countAll(tx, meeting)
			if tx.Err() != nil {
				return tx.Err()
			}
			counted.At = inDatabase(now)
			last.Statistics = counted
		}
		numbers = last.Statistics
		return nil
	})
	return numbers, err
}

// countAll counts a meeting's registrations: two statements, however many there are.
func countAll(tx *store.Tx, meeting *meetings.Row) (s api.Statistics) {
	days := map[string]int{}
	zone := zoneOf(meeting)
	for scan := range tx.Each(`SELECT created_at / $2, COUNT(*) FROM registrations WHERE meeting = $1 GROUP BY 1`, meeting.Code, quarter.Microseconds()) {
		var at int64
		var n int
		scan(&at, &n)
		days[store.Time(at*quarter.Microseconds()).In(zone).Format(time.DateOnly)] += n
		s.Registrations += n
	}
	states, participation, memberships, countries := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for scan := range tx.Each(`SELECT state, participation, membership, country, COUNT(*) FROM registrations WHERE meeting = $1
		GROUP BY state, participation, membership, country`, meeting.Code) {
		var state, way, membership, country string
		var n int
		scan(&state, &way, &membership, &country, &n)
		states[state] += n
		if state == api.Refused || state == api.Withdrawn {
			continue
		}
		s.Living += n
		participation[way] += n
		memberships[membership] += n
		countries[country] += n
	}
	s.Days = []api.DayCount{}
	for day, n := range days {
		s.Days = append(s.Days, api.DayCount{Day: day, Count: n})
	}
	slices.SortFunc(s.Days, func(a, b api.DayCount) int { return strings.Compare(a.Day, b.Day) })
	s.States, s.Participation, s.Memberships, s.Countries = mostFirst(states), mostFirst(participation), mostFirst(memberships), mostFirst(countries)
	return s
}

func mostFirst(counts map[string]int) []api.Count {
	list := []api.Count{}
	for id, n := range counts {
		list = append(list, api.Count{ID: id, Count: n})
	}
	slices.SortFunc(list, func(a, b api.Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.ID, b.ID)) })
	return list
}
