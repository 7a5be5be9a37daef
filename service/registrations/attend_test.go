package registrations_test

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// starts is when the meeting of newWorld begins, for an hour.
var starts = morning.AddDate(0, 1, 0)

// remote makes somebody who takes part remotely, and gives the registration's number.
func (w *world) remote(name string) (who, number string) {
	w.t.Helper()
	who = w.person(name, "en")
	r := w.do(who, api.OpRegister, ask(api.Remote))
	if r.Outcome != api.Done {
		w.t.Fatalf("register: %+v", r)
	}
	return who, r.Registration.Number
}

// attended gives the sessions that a person has joined, and when.
func (w *world) attended(who string) (list []api.Attend) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) (err error) {
		list, err = w.Attended(tx, who)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestAttend_once(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana, number := w.remote("Ana")
		w.set(starts.Add(3 * time.Hour)) // the network is back after the end
		first := starts.Add(-10 * time.Minute)
		op := w.operation(ana, api.OpAttend, api.Attend{Registration: strings.ToLower(number), Session: 1, At: first})
		for range 2 {
			d, err := w.deliver(ana, op)
			if err != nil || d.Results[0].Outcome != api.Done {
				t.Fatalf("deliver: %+v, %v", d, err)
			}
		}
		if r := w.do(ana, api.OpAttend, api.Attend{Registration: number, Session: 1, At: first.Add(time.Minute)}); r.Outcome != api.Done {
			t.Errorf("pressed twice: %+v", r)
		}
		got := w.attended(ana)
		if len(got) != 1 || got[0].Registration != number || got[0].Session != 1 || !got[0].At.Equal(first) {
			t.Errorf("attended %+v, want once at %v", got, first)
		}
		if r := w.state(number); r != api.Confirmed {
			t.Errorf("the registration is %s", r)
		}
	})
}

func TestAttend_refuses(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana, number := w.remote("Ana")
	bob := w.person("Bob", "en")
	onSite := w.register(bob).Registration.Number
	for _, c := range []struct {
		name   string
		who    string
		attend api.Attend
		now    time.Time
		want   api.Code
	}{
		{"too early", ana, api.Attend{Registration: number, Session: 1, At: starts.Add(-31 * time.Minute)}, starts, api.CodeWrongState},
		{"after the end", ana, api.Attend{Registration: number, Session: 1, At: starts.Add(time.Hour)}, starts.Add(2 * time.Hour), api.CodeWrongState},
		{"in the future", ana, api.Attend{Registration: number, Session: 1, At: starts}, starts.Add(-20 * time.Minute), api.CodeWrongState},
		{"a session that is not there", ana, api.Attend{Registration: number, Session: 2, At: starts}, starts, api.CodeInvalid},
		{"session 0", ana, api.Attend{Registration: number, At: starts}, starts, api.CodeInvalid},
		{"on site", bob, api.Attend{Registration: onSite, Session: 1, At: starts}, starts, api.CodeWrongState},
		{"somebody else's", bob, api.Attend{Registration: number, Session: 1, At: starts}, starts, api.CodeNotFound},
		{"none", ana, api.Attend{Registration: "R-0000-0000", Session: 1, At: starts}, starts, api.CodeNotFound},
	} {
		w.set(c.now)
		if r := w.do(c.who, api.OpAttend, c.attend); r.Outcome != api.RefusedResult || r.Code != c.want {
			t.Errorf("%s: %+v, want %s", c.name, r, c.want)
		}
		if c.want != api.CodeNotFound {
			continue
		}
		_, err := w.Join(t.Context(), caller.Caller{AccountID: c.who}, c.attend.Registration, api.Join{Session: 1})
		wantCode(t, err, c.want)
	}
	w.set(starts)
	w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
	if r := w.do(ana, api.OpAttend, api.Attend{Registration: number, Session: 1, At: starts}); r.Code != api.CodeWrongState {
		t.Errorf("withdrawn: %+v", r)
	}
	if len(w.attended(ana))+len(w.attended(bob)) != 0 {
		t.Error("a refused one was recorded")
	}
}

func TestJoin_givesThePlainAddressOrOneWithAToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana, number := w.remote("Ana")
		who := caller.Caller{AccountID: ana, Account: w.people[ana]}
		w.set(starts.Add(-31 * time.Minute))
		_, err := w.Join(t.Context(), who, number, api.Join{Session: 1})
		wantCode(t, err, api.CodeWrongState)
		w.set(starts.Add(-30 * time.Minute))
		plain, err := w.Join(t.Context(), who, number, api.Join{Session: 1})
		if err != nil || plain.Address != "https://remote.example.int/1" || !plain.Expires.IsZero() {
			t.Fatalf("join: %+v, %v", plain, err)
		}
		w.meeting(func(d *api.MeetingDetails) {
			d.Token = &api.JoinToken{Audience: "jitsi", Room: "1"}
		})
		signed, err := w.Join(t.Context(), who, number, api.Join{Session: 1})
		if err != nil || !strings.HasPrefix(signed.Address, "https://remote.example.int/1?jwt=ey") || !signed.Expires.Equal(starts.Add(-29*time.Minute)) {
			t.Errorf("join: %+v, %v", signed, err)
		}
		page, err := w.Own(t.Context(), who, "")
		if err != nil || !page.Registrations[0].JoinToken || strings.Contains(page.Registrations[0].Platform, "jwt") {
			t.Errorf("the registration says %+v, %v", page.Registrations, err)
		}
		if got := w.attended(ana); len(got) != 1 || !got[0].At.Equal(starts.Add(-30*time.Minute)) {
			t.Errorf("attended %+v", got)
		}
	})
}
