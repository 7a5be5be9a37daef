package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// What was told is kept for as long as it is good for, and what its person made for ever.
func TestExpiry_ofWhatTheServiceHasTold(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	b := newBench(t, t.TempDir())
	t.Cleanup(b.server.Close)
	store, start := b.vault.store, time.Now()
	fill := func() {
		t.Helper()
		err := errors.Join(
			saveRows(store, registrationsSet, map[string]api.Registration{"R-1": {Number: "R-1", Meeting: changedMeeting}}),
			saveRows(store, delegationHeadSet, map[string]delegationHead{"head": {Kind: api.FocalPoint, At: start}}),
			saveRows(store, delegationSet, map[string]api.Delegate{"R-2": {Number: "R-2"}}),
			saveRows(store, delegationRefused, map[string]api.Code{"R-2": api.CodeWrongState}),
			saveRows(store, managedRegistrationsSet, map[string]seen[api.RegistrationRows]{changedMeeting: {At: start}, "C-00000012": {At: start.Add(5 * day)}}),
			saveRows(store, managedMeetingsSet, map[string]seen[[]api.ManagedMeetingRow]{everything: {At: start}}),
			putDraft(store, ownDraft(&api.Change{Register: api.Register{Meeting: "C-00000021"}}), start),
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Enqueue(api.OpRegister, api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	rows := func(set string) (n int) {
		t.Helper()
		_, all, err := store.Scan(set)
		if err != nil && !errors.Is(err, localdb.ErrNotFound) {
			t.Fatal(err)
		}
		return len(all)
	}
	sets := []string{registrationsSet, delegationHeadSet, delegationSet, delegationRefused, managedRegistrationsSet, managedMeetingsSet}
	b.app.core.contact = start
	for _, c := range []struct {
		name   string
		passed time.Duration
		left   []int // rows of the sets
	}{
		{"at once", 0, []int{1, 1, 1, 1, 2, 1}},
		{"within a week", 7*day - time.Minute, []int{1, 1, 1, 1, 2, 1}},
		{"after a week", 7*day + time.Minute, []int{1, 1, 1, 1, 1, 0}},
		{"after a week for the other meeting too", 13 * day, []int{1, 1, 1, 1, 0, 0}},
		{"after two weeks", 14*day + time.Minute, []int{1, 0, 0, 0, 0, 0}},
		{"within half a year", 179 * day, []int{1, 0, 0, 0, 0, 0}},
		{"after half a year", 181 * day, []int{0, 0, 0, 0, 0, 0}},
	} {
		fill()
		b.clocks.set(0, c.passed)
		before := slices.Collect(func(yield func(int) bool) {
			for _, set := range sets {
				if !yield(rows(set)) {
					return
				}
			}
		})
		some := b.app.core.expire(store)
		var left []int
		for _, set := range sets {
			left = append(left, rows(set))
		}
		if !slices.Equal(left, c.left) || some != !slices.Equal(left, before) {
			t.Errorf("%s: left are %v, want %v; some: %v", c.name, left, c.left, some)
		}
		if pending, err := store.Pending(); len(pending) != 1 || err != nil {
			t.Errorf("%s: %d operations wait, %v", c.name, len(pending), err)
		}
		if _, err := store.Draft(draftOf("C-00000021")); err != nil {
			t.Errorf("%s: the draft: %v", c.name, err)
		}
	}
	b.app.core.contact = time.Time{}
	fill()
	if b.app.core.expire(store); rows(registrationsSet) != 1 {
		t.Error("without a contact that is known, nothing is too old")
	}
	b.close(t)
}

// A program that runs on, as in a computer that sleeps for weeks, forgets as well, also while
// there is no network.
func TestExpiry_whileTheProgramRuns(t *testing.T) {
	t.Parallel()
	b, _ := registeredBench(t)
	b.app.Delegation.replace(b.vault, api.Delegation{Kind: api.FocalPoint, Registrations: []api.Delegate{{Number: "R-2"}}}, "")
	b.app.Sync.expire(b.vault)
	if kind, _ := b.app.Delegation.About(); kind != api.FocalPoint || len(b.app.Delegation.List()) != 1 {
		t.Fatalf("it is %q, with %d", kind, len(b.app.Delegation.List()))
	}
	b.server.Close()
	b.clocks.set(0, 15*24*time.Hour)
	b.app.Sync.expire(b.vault)
	if kind, _ := b.app.Delegation.About(); kind != "" || len(b.app.Delegation.List()) != 0 {
		t.Errorf("after two weeks: %q, with %d", kind, len(b.app.Delegation.List()))
	}
	if b.mine(t, changedMeeting); !b.app.Registrations.Told() {
		t.Error("it is not known what the person has")
	}
	b.clocks.set(0, 200*24*time.Hour)
	b.app.Sync.expire(b.vault)
	if one, ok := b.app.Registrations.Get(changedMeeting); ok || b.app.Registrations.Told() {
		t.Errorf("after half a year: %+v", one)
	}
}

// What a focal point has is confirmed by each answer that nothing is new: it does not expire
// although nothing changes.
func TestExpiry_ofADelegationThatIsConfirmed(t *testing.T) {
	t.Parallel()
	b, _ := registeredBench(t)
	d := b.app.Delegation
	d.replace(b.vault, api.Delegation{Kind: api.FocalPoint, Registrations: []api.Delegate{{Number: "R-2"}}}, "")
	for range 3 {
		b.clocks.set(0, time.Duration(b.clocks.passed.Load())+10*24*time.Hour)
		d.confirm(b.vault)
	}
	d.forgetStore()
	b.app.core.expire(b.vault.store)
	d.tell()
	if len(d.List()) != 1 {
		t.Error("it is forgotten")
	}
}

// A list of meetings without any contact for half a year is none.
func TestExpiry_ofMeetings(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var list listedMeetings
	list.serve(m)
	a := m.startStill()
	if err := errors.Join(a.Meetings.Refresh(t.Context()), a.Close()); err != nil {
		t.Fatal(err)
	}
	m.server.Close()
	for _, c := range []struct {
		after time.Duration
		there bool
	}{{170 * 24 * time.Hour, true}, {190 * 24 * time.Hour, false}, {0, false}} {
		a := m.startStill()
		a.core.now = func() time.Time { return time.Now().Add(c.after) }
		a.Meetings.mu.Lock()
		clear(a.Meetings.byCode)
		a.Meetings.mu.Unlock()
		a.Meetings.load()
		if _, there := a.Meetings.Get("C-00000011"); there != c.there {
			t.Errorf("after %v: there: %v", c.after, there)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What is offline is so since the last answer, also of an earlier run.
func TestStatus_offlineSinceTheLastAnswer(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	last := time.Now().Add(-50 * time.Hour).Round(time.Second)
	a.core.contact = last
	m.server.Close()
	a.Sync.note(a.Sync.round(t.Context()), time.Minute)
	if s := a.Sync.Status(); s.Online || !s.Since.Equal(last) {
		t.Errorf("online %v since %v, want %v", s.Online, s.Since, last)
	}
}
