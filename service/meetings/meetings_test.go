package meetings_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// world is meetings on a database, with a clock.
type world struct {
	*meetings.Meetings
	t  *testing.T
	db *store.DB

	mu  sync.Mutex
	now time.Time
}

const code = "C-00016512"

var morning = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{t: t, db: db, now: morning}
	w.Meetings = meetings.New(meetings.Deps{
		DB: db, Audit: audit.New(secret.Generate(), func() time.Time { return morning }),
		Now: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
		Changed: func(*store.Tx, *meetings.Row) error { return nil },
	})
	w.Once = operation.New(operation.Deps{DB: db, Key: secret.Generate(), Now: w.Now}, nil).Once
	return w
}

func (w *world) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// meeting is one of a day in a month, changed as the test needs it.
func (w *world) meeting(change func(*api.MeetingDetails)) {
	w.t.Helper()
	d := api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
		Code:  code,
		Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"},
		Place: api.Text{"en": "Geneva", "fr": "Genève"},
		Zone:  "Europe/Zurich",
		Sessions: []api.MeetingSession{{
			Title: api.Text{"en": "Day"}, Start: morning.AddDate(0, 1, 0), End: morning.AddDate(0, 1, 0).Add(time.Hour),
		}},
		RegistrationFrom: morning.AddDate(0, 0, -1), RegistrationUntil: morning.AddDate(0, 0, 1),
		Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
	}}
	if change != nil {
		change(&d)
	}
	reports, err := w.Import(w.t.Context(), []api.MeetingDetails{d})
	if err != nil || reports[0].Outcome == "refused" {
		w.t.Fatalf("import: %+v, %v", reports, err)
	}
}

// etag is that of the list as it is now, however long the node keeps it.
func (w *world) etag() string {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.now.Add(2 * time.Second)
	w.mu.Unlock()
	tag, err := w.ETag(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return tag
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		tx.Get(query).Into(&n)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func wantCode(t *testing.T, err error, code api.Code) {
	t.Helper()
	p, ok := err.(*api.Problem)
	if !ok || p.Code != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func TestList_upcomingFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for i := range 250 {
			w.meeting(func(d *api.MeetingDetails) {
				d.Code = fmt.Sprintf("C-%08d", i)
				start := morning.AddDate(0, 0, i-100)
				d.Sessions[0].Start, d.Sessions[0].End = start, start.Add(time.Hour)
			})
		}
		tag := w.etag()
		var starts []time.Time
		after := ""
		for pages := 0; ; pages++ {
			page, err := w.List(t.Context(), after)
			if err != nil || pages > 3 {
				t.Fatalf("page %d: %v", pages, err)
			}
			for _, m := range page.Meetings {
				starts = append(starts, m.Start())
			}
			w.set(morning.AddDate(0, 0, 1)) // a day passes while somebody reads
			if after = page.Next; after == "" {
				break
			}
		}
		if len(starts) != 250 || !starts[0].Equal(morning) {
			t.Fatalf("%d meetings, the first on %s", len(starts), starts[0])
		}
		if !slices.IsSortedFunc(starts[:150], time.Time.Compare) ||
			!slices.IsSortedFunc(starts[150:], func(a, b time.Time) int { return b.Compare(a) }) {
			t.Error("not upcoming first, then the latest")
		}
		if later := w.etag(); later == tag {
			t.Error("the list's ETag stays although a meeting has ended")
		}
		_, err := w.List(t.Context(), "broken!")
		wantCode(t, err, api.CodeInvalid)
	})
}

func TestImport_reportsRows(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	var good, bad api.MeetingDetails
	m, err := w.Get(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	good.Meeting, good.Platform = m, "https://remote.example.int/1"
	bad.Meeting = m
	bad.Code, bad.Zone, bad.Sessions = "16512", "Mars/Olympus", nil
	reports, err := w.Import(t.Context(), []api.MeetingDetails{bad, good})
	if err != nil {
		t.Fatal(err)
	}
	if len(reports[0].Wrong) != 4 { // code, zone, sessions, platform
		t.Errorf("wrong: %q", reports[0].Wrong)
	}
	if reports[1].Outcome != "unchanged" {
		t.Errorf("second row: %+v", reports[1])
	}
}

// Who somebody is of, they say themselves: a meeting for certain membership types
// needs somebody who looks.
func TestImport_refusesMembershipsWithoutApproval(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	var d api.MeetingDetails
	w.meeting(func(made *api.MeetingDetails) { d = *made })
	d.Memberships = []string{"member-state"}
	for approval, want := range map[string]int{api.ApprovalNone: 1, api.ApprovalFocalPoint: 0, api.ApprovalSecretariat: 0} {
		d.Approval = approval
		if wrong := rules.CheckMeeting(&d); len(wrong) != want {
			t.Errorf("%s: %v", approval, wrong)
		}
	}
}

// What calendars show has a number of its own, and each change of any meeting has the
// next number of all.
func TestImport_countsChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		other := func(d *api.MeetingDetails) { d.Code = "C-00016513" }
		for _, c := range []struct {
			name              string
			change            func(*api.MeetingDetails)
			code              string
			revision, changed int
		}{
			{"new", nil, code, 0, 1},
			{"the same again", nil, code, 0, 1},
			{"another meeting", other, "C-00016513", 0, 2},
			{"the contact", func(d *api.MeetingDetails) { d.Contact = "desk@example.int" }, code, 0, 3},
			{"the place", func(d *api.MeetingDetails) { d.Place = api.Text{"en": "Bern"} }, code, 1, 4},
			{"the platform", func(d *api.MeetingDetails) {
				d.Place, d.Platform = api.Text{"en": "Bern"}, "https://remote.example.int/2"
			}, code, 2, 5},
			{"the time", func(d *api.MeetingDetails) { d.Sessions[0].End = d.Sessions[0].End.Add(time.Hour) }, code, 3, 6},
		} {
			w.meeting(c.change)
			revision := w.count(`SELECT revision FROM meetings WHERE code = '` + c.code + `'`)
			changed := w.count(`SELECT changed FROM meetings WHERE code = '` + c.code + `'`)
			if revision != c.revision || changed != c.changed {
				t.Errorf("%s: revision %d, change %d; want %d, %d", c.name, revision, changed, c.revision, c.changed)
			}
			if m, err := w.Get(t.Context(), c.code); err != nil || m.Revision != int64(c.revision) {
				t.Errorf("%s: told as revision %d (%v), want %d", c.name, m.Revision, err, c.revision)
			}
		}
	})
}
