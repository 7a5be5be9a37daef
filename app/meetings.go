package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// Meetings are those of the service, readable without network.
type Meetings struct {
	core *core
	turn turn // of the one call at a time that asks for the list

	keeping sync.Mutex // held while the list or its time is written

	mu        sync.Mutex // guards what follows
	byCode    map[string]api.Meeting
	etag      string
	refreshed time.Time
	unwritten map[string][]byte // rows of the list, until the store has them; nil then
	rewrite   bool              // unwritten are all rows
	written   time.Time         // refreshed, as the store has it

	changed signal
}

func newMeetings(k *core) *Meetings {
	return &Meetings{core: k, turn: newTurn(), byCode: map[string]api.Meeting{}}
}

// The data sets of the meetings: the list by code, with its ETag as version, and
// when the service last confirmed it.
const (
	meetingsSet  = "meetings"
	refreshedSet = "meetings-refreshed"
	refreshedKey = "at"
)

// load reads what is stored. A list that is not whole is fetched again.
func (m *Meetings) load() {
	_, public := m.core.place.known()
	if public == nil {
		return
	}
	etag, rows, err := public.Scan(meetingsSet)
	if err != nil {
		return
	}
	byCode := make(map[string]api.Meeting, len(rows))
	for code, row := range rows {
		var one api.Meeting
		if json.Unmarshal(row, &one) != nil || one.Code != code || len(one.Sessions) == 0 || len(one.Participation) == 0 {
			return
		}
		byCode[code] = one
	}
	var refreshed time.Time
	if b, err := public.Get(refreshedSet, refreshedKey); err == nil && refreshed.UnmarshalText(b) != nil {
		refreshed = time.Time{}
	}
	if m.core.keptTooLong(refreshed, withoutContact) {
		if err := public.Replace(meetingsSet, "", nil); err != nil {
			m.core.log.Warn("what has been kept for too long is not deleted", "cause", Explain(err).Kind)
		}
		return
	}
	m.mu.Lock()
	if len(m.byCode) == 0 {
		m.byCode, m.etag, m.refreshed, m.written = byCode, etag, refreshed, refreshed
	}
	m.mu.Unlock()
	m.changed.tell()
}

// List returns all meetings: those to come and under way by their start, then
// those that are over, the latest first; not those that have been for longer than
// meetingOver.
func (m *Meetings) List() []api.Meeting {
	m.mu.Lock()
	all := slices.Collect(maps.Values(m.byCode))
	m.mu.Unlock()
	now := m.core.now()
	all = slices.DeleteFunc(all, func(one api.Meeting) bool { return len(one.Sessions) > 0 && now.Sub(one.End()) > meetingOver })
	slices.SortFunc(all, func(a, b api.Meeting) int {
		overA, overB := a.End().Before(now), b.End().Before(now)
		switch {
		case overA && !overB:
			return 1
		case overB && !overA:
			return -1
		case overA:
			return cmp.Or(b.Start().Compare(a.Start()), cmp.Compare(a.Code, b.Code))
		default:
			return cmp.Or(a.Start().Compare(b.Start()), cmp.Compare(a.Code, b.Code))
		}
	})
	return all
}

// Get returns a meeting that is known here.
func (m *Meetings) Get(code string) (api.Meeting, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	one, ok := m.byCode[code]
	return one, ok
}

// Find returns a meeting, from the service if it is not known here. Errors to
// test for: api.CodeNotFound.
func (m *Meetings) Find(ctx context.Context, code string) (api.Meeting, error) {
	if one, ok := m.Get(code); ok {
		return one, nil
	}
	one, err := m.core.client.Meeting(ctx, code)
	if err != nil {
		return api.Meeting{}, err
	}
	m.mu.Lock()
	m.byCode = maps.Clone(m.byCode)
	m.byCode[code] = one
	m.mu.Unlock()
	m.changed.tell()
	return one, nil
}

// Refresh asks the service for news.
func (m *Meetings) Refresh(ctx context.Context) error {
	give, err := m.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	if err := m.core.place.confirm(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	etag := m.etag
	m.mu.Unlock()
	list, etag, changed, err := m.core.client.Meetings(ctx, etag)
	if err == nil && changed && !m.take(&list, etag) {
		if list, etag, changed, err = m.core.client.Meetings(ctx, ""); err == nil {
			m.take(&list, etag)
		}
	}
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.refreshed = m.core.now()
	m.mu.Unlock()
	m.keep(false)
	if changed {
		m.changed.tell()
	}
	return nil
}

// take takes over what is new, or all, and tells whether what is known then is the list; if
// not, all has to be fetched again.
func (m *Meetings) take(list *api.Meetings, etag string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	byCode, rows := map[string]api.Meeting{}, map[string][]byte{}
	if list.Changes {
		byCode = maps.Clone(m.byCode)
		maps.Copy(rows, m.unwritten)
	}
	put := func(one api.Meeting) {
		byCode[one.Code] = one
		if row, err := json.Marshal(one); err == nil { // as it was read
			rows[one.Code] = row
		}
	}
	for _, one := range list.Meetings {
		put(one)
	}
	for _, count := range list.Counts {
		if one, ok := byCode[count.Code]; ok && (one.Version != count.Version || one.Taken != count.Taken) {
			one.Taken, one.ChoiceTaken, one.Version = count.Taken, count.ChoiceTaken, count.Version
			put(one)
		}
	}
	if list.Changes && len(byCode) != list.Total {
		return false
	}
	m.byCode, m.etag, m.unwritten, m.rewrite = byCode, etag, rows, m.rewrite || !list.Changes
	return true
}

// refreshedAge is by how much the time of the list may differ in the store while the
// program runs.
const refreshedAge = time.Hour

// keep writes the list, if the store does not have it, and its time, if that is asked for
// or the store's differs much. What fails, such as on a full disk, is tried again: it is a
// reason to have less offline, not to show less now.
func (m *Meetings) keep(exact bool) {
	m.keeping.Lock()
	defer m.keeping.Unlock()
	m.mu.Lock()
	rows, all, etag, at, written := m.unwritten, m.rewrite, m.etag, m.refreshed, m.written
	m.mu.Unlock()
	if rows == nil && (at.Equal(written) || !exact && at.Sub(written).Abs() < refreshedAge) {
		return
	}
	_, public := m.core.place.known()
	text, err := at.UTC().MarshalText()
	switch {
	case rows == nil || err != nil:
	case all:
		err = public.Replace(meetingsSet, etag, rows)
	default:
		if err = public.Apply(meetingsSet, etag, rows, nil); errors.Is(err, localdb.ErrNotFound) || errors.Is(err, localdb.ErrTooLarge) {
			m.again() // the list of before is not there, or all of it is written more easily
		}
	}
	if err == nil {
		err = public.Put(refreshedSet, refreshedKey, text)
	}
	if err != nil {
		m.core.log.Warn("not kept for offline", "what", meetingsSet, "cause", Explain(err).Kind)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unwritten, m.rewrite, m.written = nil, false, at
}

// again has all fetched again at the next refresh.
func (m *Meetings) again() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.etag = ""
}

// Refreshed is when the service last confirmed the list; zero for never.
func (m *Meetings) Refreshed() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refreshed
}

// Subscribe calls f after each change of the list, on any goroutine.
func (m *Meetings) Subscribe(f func()) (cancel func()) {
	return m.changed.subscribe(f)
}
