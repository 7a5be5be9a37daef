package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"plenary/api"
	"plenary/client"
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
	m.mu.Lock()
	if len(m.byCode) == 0 {
		m.byCode, m.etag, m.refreshed, m.written = byCode, etag, refreshed, refreshed
	}
	m.mu.Unlock()
	m.changed.tell()
}

// List returns all meetings: those to come and under way by their start, then
// those that are over, the latest first.
func (m *Meetings) List() []api.Meeting {
	m.mu.Lock()
	all := slices.Collect(maps.Values(m.byCode))
	m.mu.Unlock()
	now := m.core.now()
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
	if err != nil {
		return err
	}
	if changed {
		err = m.replace(list, etag)
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

// replace takes over a new list.
func (m *Meetings) replace(list []api.Meeting, etag string) error {
	byCode := make(map[string]api.Meeting, len(list))
	rows := make(map[string][]byte, len(list))
	for _, one := range list {
		row, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("keep the meetings: %w: %w", client.ErrBrokenAnswer, err)
		}
		byCode[one.Code], rows[one.Code] = one, row
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byCode, m.etag, m.unwritten = byCode, etag, rows
	return nil
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
	rows, etag, at, written := m.unwritten, m.etag, m.refreshed, m.written
	m.mu.Unlock()
	if rows == nil && (at.Equal(written) || !exact && at.Sub(written).Abs() < refreshedAge) {
		return
	}
	_, public := m.core.place.known()
	text, err := at.UTC().MarshalText()
	if rows != nil && err == nil {
		err = public.Replace(meetingsSet, etag, rows)
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
	m.unwritten, m.written = nil, at
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
