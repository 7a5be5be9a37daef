package meetings_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/meetings"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// manager makes an account with the role.
func (w *world) manager(name string) caller.Caller {
	w.t.Helper()
	storetest.Owners(w.t, w.db, name)
	if err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		tx.Do(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
				country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
			VALUES ($1, $1, $1, $1, $1, '', $1, 'Smith', '', 'en', 'CH', 'academia', '', 'Example', 0, 0, 0, '', $2)`, name, []byte(name))
		tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, name, api.RoleMeetingManager)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return caller.Caller{
		AccountID: name, Roles: []string{api.RoleParticipant, api.RoleMeetingManager},
		Account: api.Account{ID: name, Email: name + "@example.org"},
	}
}

func (w *world) create(who caller.Caller, title, from string) api.ManagedMeeting {
	w.t.Helper()
	m, err := w.Create(w.t.Context(), who, api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": title}, From: from})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// whole is a draft with all that it needs.
func (w *world) whole(who caller.Caller, title string) api.ManagedMeeting {
	w.t.Helper()
	m := w.create(who, title, "")
	m.Zone, m.Participation, m.Approval = "Europe/Zurich", []string{api.OnSite}, api.ApprovalNone
	m.Sessions = []api.MeetingSession{{Start: morning.AddDate(0, 1, 0), End: morning.AddDate(0, 1, 0).Add(time.Hour)}}
	m.RegistrationFrom, m.RegistrationUntil = morning, morning.AddDate(0, 0, 20)
	return w.save(who, m)
}

func (w *world) save(who caller.Caller, m api.ManagedMeeting) api.ManagedMeeting {
	w.t.Helper()
	saved, err := w.Save(w.t.Context(), who, m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition})
	if err != nil {
		w.t.Fatal(err)
	}
	return saved
}

func (w *world) status(who caller.Caller, m api.ManagedMeeting, act string) api.ManagedMeeting {
	w.t.Helper()
	changed, err := w.ChangeStatus(w.t.Context(), who, m.Code, api.ChangeMeetingStatus{Act: act, Edition: m.Edition})
	if err != nil {
		w.t.Fatalf("%s: %v", act, err)
	}
	return changed
}

// listed are the codes in the list that everybody reads.
func (w *world) listed() (codes []string) {
	w.t.Helper()
	w.etag()
	page, err := w.List(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range page.Meetings {
		codes = append(codes, m.Code+" "+m.Status)
	}
	return codes
}

func TestManage_fromDraftToCancelled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.manager("ana")
		m := w.whole(ana, "Seventh Day")
		if m.Code != "C-00000001" || m.Status != api.MeetingDraft || len(m.Managers) != 1 || m.Managers[0].Name != "ana Smith" || m.Contact != "ana@example.org" {
			t.Fatalf("made as %+v", m)
		}
		if got := w.listed(); len(got) != 0 {
			t.Errorf("a draft is listed: %v", got)
		}
		_, err := w.Get(t.Context(), m.Code)
		wantCode(t, err, api.CodeNotFound)
		wrong := func(act string, edition int64, want api.Code) {
			t.Helper()
			_, err := w.ChangeStatus(t.Context(), ana, m.Code, api.ChangeMeetingStatus{Act: act, Edition: edition})
			wantCode(t, err, want)
		}
		wrong("close", m.Edition, api.CodeWrongState)
		wrong("cancel", m.Edition, api.CodeInvalid)
		wrong("publish", m.Edition-1, api.CodeOutdated)

		m = w.status(ana, m, "publish")
		if got := w.listed(); !slices.Equal(got, []string{m.Code + " published"}) {
			t.Errorf("published: %v", got)
		}
		tag := w.etag()
		wantCode(t, w.Delete(t.Context(), ana, m.Code), api.CodeWrongState)
		m = w.status(ana, m, "close")
		if got := w.listed(); !slices.Equal(got, []string{m.Code + " closed"}) || w.etag() == tag {
			t.Errorf("closed: %v", got)
		}
		m = w.status(ana, m, "reopen")
		_, err = w.Cancel(t.Context(), ana, m.Code, api.CancelMeeting{Reason: " ", Edition: m.Edition})
		wantCode(t, err, api.CodeInvalid)
		revision := m.Revision
		m, err = w.Cancel(t.Context(), ana, m.Code, api.CancelMeeting{Reason: "Burnt down", Edition: m.Edition})
		if err != nil || m.Status != api.MeetingCancelled || m.Revision != revision+1 {
			t.Fatalf("cancelled: %+v, %v", m, err)
		}
		if got := w.listed(); !slices.Equal(got, []string{m.Code + " cancelled"}) {
			t.Errorf("cancelled: %v", got)
		}
		_, err = w.Save(t.Context(), ana, m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition})
		wantCode(t, err, api.CodeWrongState)
		wrong("reopen", m.Edition, api.CodeWrongState)
		if n := w.count(`SELECT COUNT(*) FROM audit WHERE event LIKE 'meeting-%'`); n != 6 {
			t.Errorf("%d entries in the audit log", n) // created, changed, published, closed, reopened, cancelled
		}
	})
}

// What a manager reads is what the next change has to name.
func TestSave_outdated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, ben := w.manager("ana"), w.manager("ben")
		m := w.whole(ana, "Seventh Day")
		both, err := w.SaveManagers(t.Context(), ana, m.Code, api.SaveManagers{Managers: []string{"ana", "ben"}, Edition: m.Edition})
		if err != nil || len(both.Managers) != 2 {
			t.Fatalf("%+v, %v", both.Managers, err)
		}
		_, err = w.Save(t.Context(), ana, m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition})
		wantCode(t, err, api.CodeOutdated)
		mine := both
		mine.Contact = "ben@example.int"
		saved := w.save(ben, mine)
		mine.Contact = "ana@example.int"
		_, err = w.Save(t.Context(), ana, m.Code, api.SaveMeeting{MeetingDetails: mine.MeetingDetails, Edition: mine.Edition})
		wantCode(t, err, api.CodeOutdated)
		if again := w.save(ana, saved); again.Edition != saved.Edition {
			t.Errorf("the same again is edition %d after %d", again.Edition, saved.Edition)
		}
	})
}

// Of another's meeting, everything is as if it were not there.
func TestManage_onlyOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, ben := w.manager("ana"), w.manager("ben")
		nobody := caller.Caller{AccountID: "ana", Roles: []string{api.RoleParticipant}}
		m := w.whole(ana, "Seventh Day")
		for _, who := range []caller.Caller{ben, nobody} {
			_, err := w.Manage(t.Context(), who, m.Code)
			wantCode(t, err, api.CodeNotFound)
			_, err = w.Save(t.Context(), who, m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition})
			wantCode(t, err, api.CodeNotFound)
			_, err = w.ChangeStatus(t.Context(), who, m.Code, api.ChangeMeetingStatus{Act: "publish", Edition: m.Edition})
			wantCode(t, err, api.CodeNotFound)
			_, err = w.Cancel(t.Context(), who, m.Code, api.CancelMeeting{Reason: "x", Edition: m.Edition})
			wantCode(t, err, api.CodeNotFound)
			_, err = w.SaveManagers(t.Context(), who, m.Code, api.SaveManagers{Managers: []string{"ben"}, Edition: m.Edition})
			wantCode(t, err, api.CodeNotFound)
			_, err = w.Create(t.Context(), who, api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Copy"}, From: m.Code})
			wantCode(t, err, api.CodeInvalid)
			wantCode(t, w.Delete(t.Context(), who, m.Code), api.CodeNotFound)
		}
		_, err := w.SaveManagers(t.Context(), ana, m.Code, api.SaveManagers{Managers: []string{"nobody"}, Edition: m.Edition})
		wantCode(t, err, api.CodeInvalid)
		codes := func(who caller.Caller) (codes []string) {
			page, err := w.Managed(t.Context(), who, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Meetings {
				codes = append(codes, row.Code)
			}
			return codes
		}
		w.meeting(nil) // imported: nobody is named
		if got := codes(ana); !slices.Equal(got, []string{code, m.Code}) && !slices.Equal(got, []string{m.Code, code}) {
			t.Errorf("ana manages %v", got)
		}
		if got := codes(ben); !slices.Equal(got, []string{code}) {
			t.Errorf("ben manages %v", got)
		}
		if err := w.Delete(t.Context(), ana, m.Code); err != nil {
			t.Error(err)
		}
		if got := codes(ana); !slices.Equal(got, []string{code}) {
			t.Errorf("after it was deleted: %v", got)
		}
		all, err := w.Managers(t.Context(), ben)
		if err != nil || len(all.Managers) != 2 || all.Managers[0].ID != "ana" {
			t.Errorf("managers %+v, %v", all, err)
		}
	})
}

// A draft may lack what a meeting needs, but nothing in it is wrong; what lacks or is over
// is not published.
func TestSave_draftsLackAndPublishedDoNot(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana := w.manager("ana")
	m := w.create(ana, "Seventh Day", "")
	_, err := w.ChangeStatus(t.Context(), ana, m.Code, api.ChangeMeetingStatus{Act: "publish", Edition: m.Edition})
	p, ok := err.(*api.Problem)
	if !ok || len(p.Errors) < 4 || !slices.Contains(p.Errors, api.FieldError{Pointer: "/sessions", Code: api.FieldRequired}) {
		t.Errorf("published with nothing in it: %+v", err)
	}
	page, err := w.Managed(t.Context(), ana, "")
	if err != nil || len(page.Meetings) != 1 || !page.Meetings[0].Start.IsZero() {
		t.Errorf("listed as %+v, %v", page.Meetings, err)
	}
	bad := m
	bad.Zone = "Mars/Olympus"
	_, err = w.Save(t.Context(), ana, m.Code, api.SaveMeeting{MeetingDetails: bad.MeetingDetails, Edition: m.Edition})
	if p, ok := err.(*api.Problem); !ok || !slices.Equal(p.Errors, []api.FieldError{{Pointer: "/zone", Code: api.FieldUnknown}}) {
		t.Errorf("Mars: %v", err)
	}
	m = w.whole(ana, "Eighth Day")
	published := w.status(ana, m, "publish")
	published.Sessions = nil
	_, err = w.Save(t.Context(), ana, published.Code, api.SaveMeeting{MeetingDetails: published.MeetingDetails, Edition: published.Edition})
	wantCode(t, err, api.CodeInvalid)
	m = w.whole(ana, "Ninth Day")
	w.set(morning.AddDate(0, 2, 0))
	_, err = w.ChangeStatus(t.Context(), ana, m.Code, api.ChangeMeetingStatus{Act: "publish", Edition: m.Edition})
	if p, ok := err.(*api.Problem); !ok || !slices.Equal(p.Errors, []api.FieldError{{Pointer: "/sessions", Code: api.FieldOutOfRange}}) {
		t.Errorf("over: %v", err)
	}
	_, err = w.Cancel(t.Context(), ana, published.Code, api.CancelMeeting{Reason: "x", Edition: published.Edition})
	wantCode(t, err, api.CodeWrongState)
}

// A copy has everything but the title, the state, and what was counted.
func TestCreate_copy(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana := w.manager("ana")
	w.meeting(func(d *api.MeetingDetails) { d.Capacity = 40 })
	c := w.create(ana, " Seventh  Day ", code)
	if c.Code == code || c.Status != api.MeetingDraft || c.Title["en"] != "Seventh Day" || c.Title["fr"] != "" || c.Capacity != 40 ||
		c.Platform != "https://remote.example.int/1" || len(c.Sessions) != 1 || c.Edition != 1 || c.Revision != 0 {
		t.Errorf("copied as %+v", c)
	}
}

// However often a draft is asked for, and whatever became of the answers, it is one.
func TestCreate_onceForEachID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, ben := w.manager("ana"), w.manager("ben")
		in := api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Day"}}
		stop := storetest.InjectFaults(db, storetest.FaultsOf(storetest.FaultLostAnswer))
		defer stop()
		first, err := w.Create(t.Context(), ana, in)
		if unknown := new(store.OutcomeUnknown); err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		again, err := w.Create(t.Context(), ana, in)
		if err != nil || first.Code != "" && again.Code != first.Code || w.count(`SELECT COUNT(*) FROM meetings`) != 1 {
			t.Errorf("first %q, then %q, %v, %d meetings", first.Code, again.Code, err, w.count(`SELECT COUNT(*) FROM meetings`))
		}
		if m, err := w.Create(t.Context(), ben, in); err != nil || m.Code == again.Code {
			t.Errorf("the same id of somebody else: %q, %v", m.Code, err)
		}
		another := in
		another.Title = api.Text{"en": "Another"}
		if _, err := w.Create(t.Context(), ana, another); !api.HasCode(err, api.CodeKeyReused) {
			t.Errorf("another one under the id: %v", err)
		}
		if err := w.Delete(t.Context(), ana, again.Code); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Create(t.Context(), ana, in); !api.HasCode(err, api.CodeNotFound) {
			t.Errorf("after it was deleted: %v", err)
		}
	})
}

func TestCreate_atOnceGetsTwoCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana, ben := w.manager("ana"), w.manager("ben")
		make := func(who caller.Caller) func(context.Context) {
			return func(ctx context.Context) {
				if _, err := w.Create(ctx, who, api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": who.AccountID}}); err != nil {
					t.Errorf("%s: %v", who.AccountID, err)
				}
			}
		}
		storetest.Pair(t, db, 1, make(ana), make(ben))
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { make(ana)(t.Context()) })
		}
		all.Wait()
		if n := w.count(`SELECT COUNT(*) FROM meetings WHERE code <= 'C-00000012'`); n != 12 {
			t.Errorf("%d meetings", n)
		}
	})
}

func TestManaged_pages(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana := w.manager("ana")
	for i := range 205 {
		w.meeting(func(d *api.MeetingDetails) {
			d.Code = fmt.Sprintf("C-%08d", i+1)
			d.Sessions[0].Start = morning.AddDate(0, 1, i/2)
			d.Sessions[0].End = d.Sessions[0].Start.Add(time.Hour)
		})
	}
	var starts []string
	after := ""
	for range 3 {
		page, err := w.Managed(t.Context(), ana, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Meetings {
			starts = append(starts, row.Start.Format(time.DateOnly)+row.Code)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(starts) != 205 || !slices.IsSortedFunc(starts, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("%d meetings, %v", len(starts), starts[:3])
	}
	_, err := w.Managed(t.Context(), ana, "broken!")
	wantCode(t, err, api.CodeInvalid)
}

// Those who come are told of another time or place, and of nothing else; what is being
// told gives way to what is newer.
func TestSave_noticesOfChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.manager("ana")
		m := w.whole(ana, "Seventh Day")
		m.Place = api.Text{"en": "Geneva"}
		m = w.status(ana, w.save(ana, m), "publish")
		open := func() (list []meetings.Notice) {
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				n := 0
				tx.Get(`SELECT COUNT(*) FROM meeting_notices WHERE done_at = 0`).Into(&n)
				list = nil
				if next, open := w.NextNotice(tx); open {
					list = append(list, next)
				}
				if n != len(list) {
					t.Errorf("%d notices are open", n)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return list
		}
		if got := open(); len(got) != 0 {
			t.Fatalf("a draft tells: %+v", got)
		}
		for _, c := range []struct {
			name   string
			change func(*api.ManagedMeeting)
			told   bool
			remote bool
		}{
			{"title", func(m *api.ManagedMeeting) { m.Title = api.Text{"en": "The Seventh Day"} }, false, false},
			{"capacity", func(m *api.ManagedMeeting) { m.Capacity = 7 }, false, false},
			{"platform", func(m *api.ManagedMeeting) { m.Platform = "https://remote.example.int/2" }, true, true},
			{"place", func(m *api.ManagedMeeting) { m.Place = api.Text{"en": "Bern"} }, true, false},
			{"platform while the place is told", func(m *api.ManagedMeeting) { m.Platform = "https://remote.example.int/3" }, true, false},
			{"time", func(m *api.ManagedMeeting) { m.Sessions[0].End = m.Sessions[0].End.Add(time.Hour) }, true, false},
		} {
			before := ""
			if list := open(); len(list) > 0 {
				before = list[0].ID
			}
			m.Sessions = slices.Clone(m.Sessions)
			c.change(&m)
			m = w.save(ana, m)
			list := open()
			if told := len(list) == 1 && list[0].ID != before; told != c.told || told && (list[0].Filter.Participation == api.Remote) != c.remote {
				t.Errorf("%s: %+v", c.name, list)
			}
		}
		w.set(morning.AddDate(0, 2, 0)) // over
		if err := db.Update(t.Context(), func(tx *store.Tx) error { tx.Do(`DELETE FROM meeting_notices`); return nil }); err != nil {
			t.Fatal(err)
		}
		m.Place = api.Text{"en": "Basel"}
		w.save(ana, m)
		if got := open(); len(got) != 0 {
			t.Errorf("told of what is over: %+v", got)
		}
	})
}

// A change that did not come about is not what this node goes by afterwards.
func TestSave_faultsLeaveNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ana := w.manager("ana")
		m := w.whole(ana, "Seventh Day")
		lost := m
		lost.Contact = "lost@example.int"
		stop := storetest.InjectFaults(db, storetest.FaultsOf(storetest.FaultRollback))
		_, err := w.Save(t.Context(), ana, m.Code, api.SaveMeeting{MeetingDetails: lost.MeetingDetails, Edition: m.Edition})
		stop()
		if err == nil {
			t.Fatal("saved in spite of a fault")
		}
		m.Contact = "kept@example.int"
		w.save(ana, m)
		if got, err := w.Manage(t.Context(), ana, m.Code); err != nil || got.Contact != "kept@example.int" {
			t.Errorf("%s, %v", got.Contact, err)
		}
	})
}

func TestForget_andManagedBy(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana, ben := w.manager("ana"), w.manager("ben")
	m := w.whole(ana, "Seventh Day")
	if _, err := w.SaveManagers(t.Context(), ana, m.Code, api.SaveManagers{Managers: []string{"ana", "ben"}, Edition: m.Edition}); err != nil {
		t.Fatal(err)
	}
	var held []string
	if err := w.db.Update(t.Context(), func(tx *store.Tx) error {
		held = w.ManagedBy(tx, ben.AccountID)
		w.Forget(tx, ana.AccountID)
		tx.Do(`DELETE FROM accounts WHERE id = 'ana'`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(held, []string{m.Code}) {
		t.Errorf("ben holds %v", held)
	}
	if n := w.count(`SELECT COUNT(*) FROM meeting_managers WHERE account_id = 'ana' OR added_by = 'ana'`); n != 0 {
		t.Errorf("%d rows say that ana managed meetings", n)
	}
}
