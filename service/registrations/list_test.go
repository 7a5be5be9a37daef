package registrations_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// etag is that of the list as it is now, however long the node keeps it.
func (w *world) etag() string {
	w.t.Helper()
	w.pass(2 * time.Second)
	tag, err := w.ETag(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return tag
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// In a rush of registrations people's programs keep the list that they have: its
// ETag changes when a meeting has filled by a sixteenth, and when it is full or not
// full any more.
func TestETag_staysWhileAMeetingFills(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 32 })
		tags := []string{w.etag()}
		var last api.Result
		var who string
		for i := range 32 {
			who = w.person(fmt.Sprintf("P%d", i), "en")
			last = w.register(who)
			tags = append(tags, w.etag())
		}
		different := slices.Compact(slices.Clone(tags))
		if len(different) != 17 { // sixteen steps, and full
			t.Errorf("%d ETags while 32 places were taken", len(different))
		}
		if tags[31] == tags[32] {
			t.Error("full, and the ETag stays")
		}
		w.register(w.person("Late", "en")) // on the waiting list
		if w.etag() != tags[32] {
			t.Error("the waiting list changes the ETag")
		}
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 32, false })
		changed := w.etag()
		if changed == tags[32] {
			t.Error("another description, and the ETag stays")
		}
		w.do(who, api.OpWithdraw, api.Withdraw{Registration: last.Registration.Number}) // the last on the list takes it
		if w.etag() != changed || w.taken() != 32 {
			t.Errorf("%d taken", w.taken())
		}
	})
}

// The list is read at most once a second, and never older.
func TestList_isKeptForASecond(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		list := func() int {
			t.Helper()
			page, err := w.List(t.Context(), "")
			if err != nil || len(page.Meetings) != 1 {
				t.Fatalf("%+v, %v", page, err)
			}
			return page.Meetings[0].Taken
		}
		if n := list(); n != 0 {
			t.Fatalf("%d taken", n)
		}
		w.register(w.person("Ana", "en"))
		if n := list(); n != 0 {
			t.Errorf("read anew within the second: %d taken", n)
		}
		w.pass(time.Second)
		if n := list(); n != 1 {
			t.Errorf("a second later: %d taken", n)
		}
	})
}

// What a person's program sees of its registrations has another ETag when anything of
// it is another, and the same when nothing is.
func TestOwnETag_changesWithWhatOwnGives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
		ana, bo := caller.Caller{AccountID: w.person("Ana", "en")}, w.person("Bo", "en")
		now := func() string {
			t.Helper()
			tag, err := w.OwnETag(t.Context(), ana)
			if err != nil {
				t.Fatal(err)
			}
			return tag
		}
		seen := map[string]string{now(): "nothing"}
		changes := func(what string) {
			t.Helper()
			tag := now()
			if was, ok := seen[tag]; ok {
				t.Errorf("%s: the ETag is that of %s", what, was)
			}
			seen[tag] = what
			if again := now(); again != tag {
				t.Errorf("%s: %s, and then %s", what, tag, again)
			}
		}
		asked := ask(api.Remote)
		number := w.do(ana.AccountID, api.OpRegister, asked).Registration.Number
		changes("registered")
		before := now()
		other := w.register(bo).Registration.Number
		if _, err := w.decide(other, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		if tag := now(); tag != before {
			t.Errorf("somebody else: %s, and then %s", before, tag)
		}
		if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		changes("confirmed")
		w.meeting(func(d *api.MeetingDetails) {
			d.Approval, d.Platform = api.ApprovalSecretariat, "https://remote.example.int/2"
		})
		changes("another platform")
		w.do(ana.AccountID, api.OpWithdraw, api.Withdraw{Registration: number})
		changes("withdrawn")
		ana.Account.Appointed = api.FocalPoint
		changes("appointed")
		ana.Roles = []string{api.RoleMeetingManager}
		changes("a role")
		if err := db.UpdateCommitted(t.Context(), func(tx *store.Tx) error {
			tx.NewEpoch()
			return tx.Err()
		}); err != nil {
			t.Fatal(err)
		}
		changes("restored")
	})
}

func TestOwn_inPagesNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.person("Ana", "en")
		const all = 205
		var want []string
		for i := range all {
			code := fmt.Sprintf("C-%08d", i)
			w.meeting(func(d *api.MeetingDetails) { d.Code = code })
			asked := ask(api.OnSite)
			asked.Meeting = code
			want = append(want, w.do(ana, api.OpRegister, asked).Registration.Number)
			if i%3 == 0 { // some at the same moment
				w.pass(time.Millisecond)
			}
		}
		var got []string
		var newest int
		for after, pages := "", 0; ; pages++ {
			page, err := w.Own(t.Context(), caller.Caller{AccountID: ana}, after)
			if err != nil || pages > 2 {
				t.Fatalf("page %d: %v", pages+1, err)
			}
			if pages == 0 {
				newest = len(page.Registrations)
			}
			for _, r := range page.Registrations {
				got = append(got, r.Number)
				if len(r.History) != 2 {
					t.Errorf("%s: %+v", r.Number, r.History)
				}
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if newest != 200 || len(got) != all || got[0] == want[0] {
			t.Errorf("%d on the first page, %d in all", newest, len(got))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Error("not each once")
		}
	})
}
