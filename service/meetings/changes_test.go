package meetings_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// follower keeps the list of meetings as programs do.
type follower struct {
	etag   string
	byCode map[string]api.Meeting
	whole  int // how often it has fetched all
}

// follow asks for news, of a list that is as old as it may be.
func (f *follower) follow(w *world) {
	w.t.Helper()
	tag := w.etag()
	if tag == f.etag {
		return
	}
	page, ok, err := w.Changes(w.t.Context(), f.etag)
	if err != nil {
		w.t.Fatal(err)
	}
	if ok {
		for _, one := range page.Meetings {
			f.byCode[one.Code] = one
		}
		for _, count := range page.Counts {
			one := f.byCode[count.Code]
			one.Taken, one.ChoiceTaken, one.Version = count.Taken, count.ChoiceTaken, count.Version
			f.byCode[count.Code] = one
		}
		ok = len(f.byCode) == page.Total
	}
	if !ok {
		f.whole++
		f.byCode = w.all()
	}
	f.etag = tag
}

// all are the meetings as who has none of them is told.
func (w *world) all() map[string]api.Meeting {
	w.t.Helper()
	all, after := map[string]api.Meeting{}, ""
	for {
		page, err := w.List(w.t.Context(), after)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, one := range page.Meetings {
			all[one.Code] = one
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

// fill sets how many places of a meeting are taken, as registrations do.
func (w *world) fill(code string, taken int) {
	w.t.Helper()
	w.do(`UPDATE meeting_counts SET taken = $1, version = version + 1 WHERE meeting = $2`, taken, code)
}

func (w *world) do(query string, args ...any) {
	w.t.Helper()
	if err := w.db.UpdateCommitted(w.t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return tx.Err()
	}); err != nil {
		w.t.Fatal(err)
	}
}

// Whatever happens to meetings, who follows the changes has what the list has, and has
// fetched all of it only where there was no other way.
func TestChanges_areTheListAgainAgainstModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if err := w.newEpoch(); err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		who := w.manager("anna")
		for i := range 5 {
			w.meeting(func(d *api.MeetingDetails) { d.Code, d.Capacity = fmt.Sprintf("C-%08d", i+1), 32 })
		}
		f := follower{byCode: map[string]api.Meeting{}}
		f.follow(w)
		restored := 0
		for step := range 150 {
			for range rng.IntN(3) {
				code := fmt.Sprintf("C-%08d", 1+rng.IntN(5))
				switch rng.IntN(8) {
				case 0:
					w.status(who, w.whole(who, "New"), "publish")
				case 1:
					w.create(who, "Draft", "")
				case 2, 3:
					w.fill(code, rng.IntN(33))
				case 4: // it is over
					w.meeting(func(d *api.MeetingDetails) {
						d.Code, d.Capacity = code, 32
						d.Sessions[0].Start, d.Sessions[0].End = morning.Add(-2*time.Hour), morning.Add(-time.Hour)
						d.Title["en"] = fmt.Sprint("Over ", step)
					})
				case 5, 6:
					w.meeting(func(d *api.MeetingDetails) {
						d.Code, d.Capacity, d.Title["en"] = code, 32, fmt.Sprint("Step ", step)
					})
				case 7:
					if rng.IntN(3) > 0 {
						continue
					}
					// As after a restore: what was numbered is numbered again, for something else.
					w.do(`UPDATE settings SET value = '2' WHERE name = 'meetings-changed'`)
					w.do(`UPDATE meetings SET changed = 1, document = REPLACE(document, 'Step', 'Earlier')`)
					w.do(`UPDATE meetings SET edition = edition + 1000`) // what a new node has not read
					w.do(`UPDATE meeting_counts SET edition = edition + 1000`)
					if err := w.newEpoch(); err != nil {
						t.Fatal(err)
					}
					restored++
				}
			}
			f.follow(w)
			want := w.all()
			if !slices.Equal(slices.Sorted(maps.Keys(f.byCode)), slices.Sorted(maps.Keys(want))) {
				t.Fatalf("step %d: it has %d meetings, the list %d", step, len(f.byCode), len(want))
			}
			for code, one := range want {
				got := f.byCode[code]
				if got.Title["en"] != one.Title["en"] || got.Status != one.Status || !got.End().Equal(one.End()) {
					t.Fatalf("step %d: %s is %v, and in the list %v", step, code, got.Title, one.Title)
				}
				if off := got.Taken - one.Taken; off > 2 || off < -2 { // a sixteenth of 32
					if one.End().After(w.Meetings.Now()) {
						t.Fatalf("step %d: of %s %d places are taken, in the list %d", step, code, got.Taken, one.Taken)
					}
				}
			}
		}
		if restored == 0 || f.whole > restored+1 {
			t.Errorf("all was fetched %d times; there were %d restores", f.whole, restored)
		}
	})
}

func (w *world) newEpoch() error {
	return w.db.UpdateCommitted(w.t.Context(), func(tx *store.Tx) error {
		tx.NewEpoch()
		return tx.Err()
	})
}

// A change that is not committed yet is told later, also where others were told meanwhile.
func TestChanges_missNoneOfTwoAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		if err := w.newEpoch(); err != nil {
			t.Fatal(err)
		}
		title := func(ctx context.Context, code, title string) {
			m := api.MeetingDetails{Meeting: w.all()[code], MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}}
			m.Title = api.Text{"en": title}
			if _, err := w.Import(ctx, []api.MeetingDetails{m}); err != nil {
				t.Error(err)
			}
		}
		for _, code := range []string{"C-00000001", "C-00000002"} {
			w.meeting(func(d *api.MeetingDetails) { d.Code = code })
		}
		f := follower{byCode: map[string]api.Meeting{}}
		f.follow(w)
		storetest.Pair(t, db, 1,
			func(ctx context.Context) { title(ctx, "C-00000001", "First") },
			func(ctx context.Context) {
				f.follow(w)
				title(ctx, "C-00000002", "Second")
				f.follow(w)
			})
		f.follow(w)
		if f.byCode["C-00000001"].Title["en"] != "First" || f.byCode["C-00000002"].Title["en"] != "Second" || f.whole != 1 {
			t.Errorf("it has %v", f.byCode)
		}
	})
}

// A cursor of another epoch, or of the future, or none, has all fetched again.
func TestChanges_fetchAgain(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	if err := w.newEpoch(); err != nil {
		t.Fatal(err)
	}
	w.meeting(nil)
	tag := w.etag()
	if page, ok, err := w.Changes(t.Context(), tag); !ok || err != nil || len(page.Meetings) != 0 || page.Total != 1 {
		t.Errorf("since now: %+v, %v, %v", page, ok, err)
	}
	if _, ok, _ := w.Changes(t.Context(), "W/"+tag); !ok {
		t.Error("a weak ETag is not taken")
	}
	future := tag[:len(tag)-1] + `zz"`
	for _, bad := range []string{"", "*", `"m"`, `"m.."`, `"x.y.1"`, future, tag + ", " + tag} {
		if _, ok, err := w.Changes(t.Context(), bad); ok || err != nil {
			t.Errorf("%s is taken, %v", bad, err)
		}
	}
	if err := w.newEpoch(); err != nil {
		t.Fatal(err)
	}
	if again := w.etag(); again == tag {
		t.Error("the ETag stays although the database was restored")
	}
	if _, ok, _ := w.Changes(t.Context(), tag); ok {
		t.Error("what was numbered before a restore is taken")
	}
	for i := range 101 {
		w.meeting(func(d *api.MeetingDetails) { d.Code = fmt.Sprintf("C-%08d", i+1) })
	}
	if _, ok, _ := w.Changes(t.Context(), w.etag()); !ok {
		t.Error("nothing has changed")
	}
}
