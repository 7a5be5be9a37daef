package app

import "testing"

func TestProfile_isWrittenOnlyWhenItChanged(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	const mark = "as it was"
	for range 2 {
		v := a.Session.open()
		before := a.Session.State().Account
		if err := v.store.Put(profileSet, profileKey, []byte(mark)); err != nil { // behind its back
			t.Fatal(err)
		}
		a.Session.profileSeen(v, before)
		if b, err := v.store.Get(profileSet, profileKey); string(b) != mark || err != nil {
			t.Errorf("written again: %s, %v", b, err)
		}
		changed := before
		changed.Username += "2"
		a.Session.profileSeen(v, changed)
		if got, ok := v.profile(); got.Username != changed.Username || !ok {
			t.Errorf("not written: %+v", got)
		}
		if err := a.Close(); err != nil { // and likewise after the next start
			t.Fatal(err)
		}
		a = m.startStill()
		if _, err := a.Session.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
