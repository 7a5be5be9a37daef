package manage

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// opened is the page of one meeting; leads are where it wants to go.
func opened(t *testing.T, service *screentest.Manager, code string) (m *Meeting, w fyne.Window, leads *[]string) {
	t.Helper()
	leads = &[]string{}
	m = NewMeeting(screentest.NewEnv(t), service, service.Prove, code, MeetingEvents{
		Back: func() { *leads = append(*leads, "back") },
		Open: func(code string) { *leads = append(*leads, code) },
	})
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), 1100, 740), leads
}

const published, draft = "C-00016512", "C-00016513"

func TestList_pictures(t *testing.T) {
	build := func(e kit.Env) fyne.CanvasObject {
		l := NewList(e, screentest.NewManager(), ListEvents{Open: func(string) {}})
		t.Cleanup(l.Close)
		return l.Content()
	}
	screentest.Capture(t, "manage", build)
	screentest.CaptureFew(t, "manage-new", build, func(w fyne.Window) {
		screentest.Tap(t, w, "manage.new")
	})
}

func TestMeeting_pictures(t *testing.T) {
	var m *Meeting
	build := func(code string) func(e kit.Env) fyne.CanvasObject {
		return func(e kit.Env) fyne.CanvasObject {
			service := screentest.NewManager()
			m = NewMeeting(e, service, service.Prove, code, MeetingEvents{Back: func() {}, Open: func(string) {}})
			t.Cleanup(m.Close)
			return m.Content()
		}
	}
	screentest.Capture(t, "managed", build(published))
	screentest.CaptureFew(t, "managed-cancel", build(published), func(w fyne.Window) { screentest.Tap(t, w, "managed.cancel") })
	screentest.Capture(t, "managed-details", build(published), func(w fyne.Window) { m.tabs.Choose(1) })
	screentest.CaptureFew(t, "managed-arabic", build(published), func(w fyne.Window) {
		m.tabs.Choose(1)
		screentest.Tap(t, w, "managed.language.ar")
	})
	screentest.CaptureFew(t, "managed-wrong", build(draft), func(w fyne.Window) {
		m.details.typeIn("approval", api.ApprovalNone, nil)
		m.details.typeIn("memberships.academia", yes, nil)
		m.details.refill()
		m.tabs.Choose(0)
		m.overview.incomplete([]api.FieldError{{Pointer: "/zone", Code: "required"}, {Pointer: "/sessions", Code: "required"}})
	})
}

func TestList_opensAndCreates(t *testing.T) {
	service := screentest.NewManager()
	var leads []string
	l := NewList(screentest.NewEnv(t), service, ListEvents{Open: func(code string) { leads = append(leads, code) }})
	t.Cleanup(l.Close)
	w := screentest.Show(t, l.Content(), 1100, 740)
	if l.list.Len() != 4 {
		t.Fatalf("%d meetings", l.list.Len())
	}
	for search, want := range map[string]int{"x.509": 1, "اليوم": 1, "16513": 1, "GENÈVE": 3, "nothing": 0, "": 4} {
		l.list.Search.SetText(search)
		if l.list.Len() != want {
			t.Errorf("%q finds %d", search, l.list.Len())
		}
	}
	// By state they stand in the order in which a meeting has them.
	l.list.Search.SetText("")
	screentest.Tap(t, w, "manage.column.status")
	var states []string
	for row := range l.list.Len() {
		l.list.Choose(row)
		states = append(states, service.Of(l.list.ChosenID()).Status)
	}
	if want := []string{api.MeetingDraft, api.MeetingPublished, api.MeetingClosed, api.MeetingCancelled}; !slices.Equal(states, want) {
		t.Errorf("sorted by state: %v", states)
	}
	screentest.Tap(t, w, "manage.new")
	screentest.Tap(t, w, "manage.new.create")
	screentest.Says(t, l.form.Field("title").Error(), "title")
	l.form.Set("title", "Workshop")
	if got := l.Unsaved(); len(got) != 1 {
		t.Errorf("unsaved %q", got)
	}
	l.Back()
	screentest.Tap(t, w, "manage.new.discard.no")
	if l.form.Text("title") != "Workshop" || !l.card.Visible() {
		t.Error("Esc takes away what is typed")
	}
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/title/en", Code: api.FieldTooLong}}}
	screentest.Tap(t, w, "manage.new.create")
	screentest.Says(t, l.form.Field("title").Error(), "too long")
	service.ChangeErr = nil
	screentest.Tap(t, w, "manage.new.create")
	if len(leads) != 1 || service.Of(leads[0]) == nil || service.Of(leads[0]).Title["en"] != "Workshop" || len(l.Unsaved()) != 0 {
		t.Errorf("leads to %v", leads)
	}
	// Asked for once more as it was it is the same one, with another title it is not.
	if ids := service.Created; len(ids) != 2 || ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("asked for as %q", ids)
	}
	service.ChangeErr = errors.New("the answer was lost")
	screentest.Tap(t, w, "manage.new")
	for _, title := range []string{"Forum", "Youth Forum"} {
		l.form.Set("title", title)
		screentest.Tap(t, w, "manage.new.create")
	}
	if ids := service.Created; len(ids) != 4 || ids[1] == ids[2] || ids[2] == ids[3] {
		t.Errorf("asked for as %q", ids)
	}
}

// Without network the meetings are those of some time ago, which is said, and asked for anew
// once there is one.
func TestList_offlineAsItWasSeen(t *testing.T) {
	service := screentest.NewManager()
	service.Seen = screentest.Now.Add(-time.Hour)
	l := NewList(screentest.NewEnv(t), service, ListEvents{Open: func(string) {}})
	t.Cleanup(l.Close)
	w := screentest.Show(t, l.Content(), 1100, 740)
	screentest.Says(t, screentest.Said(w, "manage.seen"), "cannot be reached")
	service.Seen, service.Meetings = time.Time{}, service.Meetings[:2]
	l.SetOnline(true)
	if l.list.Len() != 2 || screentest.Find(w, "manage.seen") != nil {
		t.Errorf("online, %d meetings, as of earlier", l.list.Len())
	}
}

func TestMeeting_statusAfterAQuestion(t *testing.T) {
	service := screentest.NewManager()
	m, w, leads := opened(t, service, published)
	screentest.Tap(t, w, "managed.close")
	screentest.Tap(t, w, "managed.close.no")
	if len(service.Done) != 0 {
		t.Fatalf("done in spite of no: %v", service.Done)
	}
	screentest.Tap(t, w, "managed.close")
	screentest.Tap(t, w, "managed.close.yes")
	screentest.Tap(t, w, "managed.reopen")
	if want := []string{"close " + published, "reopen " + published}; !slices.Equal(service.Done, want) {
		t.Errorf("done %v", service.Done)
	}
	screentest.Says(t, m.bar.String(), "open again")
	service.ChangeErr = errors.New("the answer was lost")
	screentest.Tap(t, w, "managed.copy")
	service.ChangeErr = nil
	screentest.Tap(t, w, "managed.copy")
	if ids := service.Created; len(ids) != 2 || ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("asked for as %q", ids)
	}
	if len(*leads) != 1 || service.Of((*leads)[0]).Title["en"] != "Copy of Sixth ITU-T X.509 Day" {
		t.Errorf("leads to %v", *leads)
	}
}

func TestMeeting_cancelledWithReasonQuestionAndProof(t *testing.T) {
	service := screentest.NewManager()
	service.Unproved = true
	m, w, _ := opened(t, service, published)
	screentest.Tap(t, w, "managed.cancel")
	screentest.Tap(t, w, "managed.cancel.next")
	screentest.Says(t, m.overview.reason.Field("reason").Error(), "why")
	m.overview.reason.Set("reason", "The hall has burnt down.")
	screentest.Tap(t, w, "managed.cancel.next")
	screentest.Tap(t, w, "managed.cancel.yes")
	if !m.prover.Asking() {
		t.Fatal("no proof is asked for")
	}
	screentest.Input(t, w, "managed.proof.password").SetText("Right-password-1")
	screentest.Tap(t, w, "managed.proof.submit")
	if want := []string{"cancel because The hall has burnt down. " + published}; !slices.Equal(service.Done, want) {
		t.Errorf("done %v", service.Done)
	}
	if m.status.Text() != "Cancelled" {
		t.Errorf("shown as %s", m.status.Text())
	}
}

func TestMeeting_draftIsPublishedOrDeleted(t *testing.T) {
	service := screentest.NewManager()
	m, w, leads := opened(t, service, draft)
	m.tabs.Choose(0)
	screentest.Tap(t, w, "managed.publish")
	screentest.Says(t, screentest.Said(w, "managed.foot"), "Not published")
	screentest.Says(t, m.details.form.Field("zone").Error(), "zone")
	screentest.Says(t, m.details.rows[sessionRows].field.Error(), "session")
	m.tabs.Choose(0)
	screentest.Tap(t, w, "managed.delete")
	screentest.Tap(t, w, "managed.delete.yes")
	if service.Of(draft) != nil || !slices.Equal(*leads, []string{"back"}) {
		t.Errorf("still there, leads to %v", *leads)
	}
}

func TestDetails_areSavedAfterAQuestionThatNamesWhoIsTold(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	d.form.Set("capacity", "50")
	screentest.Tap(t, w, "managed.save")
	if got := service.Of(published); got.Capacity != 50 || len(service.Drafts) != 0 {
		t.Errorf("capacity %d, drafts %v", got.Capacity, service.Drafts)
	}
	d.rows[sessionRows].forms[0].Set("start", "2026-12-22 08:00")
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.tell.no")
	before := service.Of(published).Sessions[0].Start
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.tell.yes")
	if got := service.Of(published).Sessions[0].Start; got.Equal(before) || got.Hour() != 7 {
		t.Errorf("starts %s", got)
	}
	if d.differs() {
		t.Errorf("differs after it was saved: %v, %v", d.typed, d.filled)
	}
	// Nothing that the form does not show is lost.
	if service.Of(published).Taken != 37 {
		t.Error("what was counted is gone")
	}
}

// What is erased at once is named before it is.
func TestDetails_eraseAfterAQuestion(t *testing.T) {
	service := screentest.NewManager()
	over := service.Of(published)
	over.Sessions = []api.MeetingSession{{Start: screentest.Now.AddDate(0, 0, -9), End: screentest.Now.AddDate(0, 0, -8)}}
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	d.form.Set("retention", "30")
	screentest.Tap(t, w, "managed.retention_names")
	screentest.Tap(t, w, "managed.save")
	if got := service.Of(published); got.Retention != 30 || !got.RetentionNames {
		t.Fatalf("saved is %+v", got.MeetingPrivate)
	}
	d.form.Set("retention", "8")
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.erase.no")
	if got := service.Of(published); got.Retention != 30 {
		t.Errorf("saved is %+v", got.MeetingPrivate)
	}
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.erase.yes")
	if got := service.Of(published); got.Retention != 8 {
		t.Errorf("saved is %+v", got.MeetingPrivate)
	}
	d.form.Set("retention", "4000")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, d.form.Field("retention").Error(), "3650")
}

// Who is told of a change is said also where something is erased by it.
func TestDetails_eraseAndTell(t *testing.T) {
	service := screentest.NewManager()
	over := service.Of(published)
	over.Sessions = []api.MeetingSession{{Start: screentest.Now.AddDate(0, 0, -9), End: screentest.Now.AddDate(0, 0, -8)}}
	m, w, _ := opened(t, service, published)
	m.tabs.Choose(1)
	m.details.form.Set("retention", "2")
	m.details.form.Set("place", "Room A")
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.erase.yes")
	if len(service.Done) != 0 {
		t.Fatal("people are told without a question")
	}
	screentest.Tap(t, w, "managed.tell.yes")
	if got := service.Of(published); got.Retention != 2 || got.Place["en"] != "Room A" {
		t.Errorf("saved %+v", got)
	}
}

// A mistake that another input has put right is not shown any more.
func TestDetails_mistakesOfNow(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	d.form.Set("capacity", "many")
	d.form.Set("registration_from", "2027-01-01 09:00")
	screentest.Tap(t, w, "managed.save")
	if d.form.Field("registration_until").Error() == "" || d.form.Field("capacity").Error() == "" {
		t.Fatal("nothing is wrong")
	}
	d.form.Set("registration_from", "2026-10-22 09:00")
	screentest.Tap(t, w, "managed.save")
	if got := d.form.Field("registration_until").Error(); got != "" || d.form.Field("capacity").Error() == "" {
		t.Errorf("still said: %s", got)
	}
}

// The first mistake that stands here is led to, also behind one of which nothing is shown here.
func TestDetails_leadsToTheFirstMistake(t *testing.T) {
	m, _, _ := opened(t, screentest.NewManager(), published)
	m.tabs.Choose(2)
	m.details.mark([]api.FieldError{{Pointer: "/reapprove/0", Code: api.FieldUnknown}, {Pointer: "/nothing", Code: api.FieldUnknown}, {Pointer: "/capacity", Code: api.FieldInvalid}})
	if m.shown != tabDetails || m.details.form.Field("capacity").Error() == "" {
		t.Errorf("shown is %s", m.shown)
	}
}

// What was chosen from a list is taken back as well.
func TestDetails_undoOfAChoice(t *testing.T) {
	m, w, _ := opened(t, screentest.NewManager(), draft)
	screentest.Pick(screentest.Widget(t, w, "managed.zone").(*parts.Picker), "Europe/Zurich")
	screentest.Tap(t, w, "managed.undo")
	screentest.Tap(t, w, "managed.undo.yes")
	if got := m.details.form.Text("zone"); got != "" || m.details.differs() {
		t.Errorf("shows %q", got)
	}
}

// Who reads the meeting anew stays at the form.
func TestMeeting_readAnewOnTheSameTab(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, draft)
	m.tabs.Choose(2)
	screentest.Tap(t, w, "form.add")
	service.Of(draft).Edition++
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.bar.action")
	screentest.Tap(t, w, "managed.undo.yes")
	if m.shown != tabForm || m.details.differs() {
		t.Errorf("shown is %s", m.shown)
	}
}

// A session that goes takes none of those behind it from their rooms.
func TestDetails_listsFollowTheirSessions(t *testing.T) {
	service := screentest.NewManager()
	service.Meetings[0].Lists = []api.MeetingList{
		{ID: "one", Title: api.Text{"en": "Room A"}, Session: 1}, {ID: "two", Title: api.Text{"en": "Room B"}, Session: 2}, {ID: "all", Title: api.Text{"en": "Door"}},
	}
	m, w, _ := opened(t, service, published)
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.sessions.remove.0")
	screentest.Tap(t, w, "managed.row.yes")
	for i, want := range []string{"", "1", ""} {
		if got := m.details.rows[listRows].forms[i].Text("session"); got != want {
			t.Errorf("list %d is for session %q, want %q", i, got, want)
		}
	}
}

// Of a row in which nothing stands nobody is asked, and the keyboard stays near.
func TestDetails_removesAnEmptyRow(t *testing.T) {
	m, w, _ := opened(t, screentest.NewManager(), published)
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.consents.add")
	screentest.Tap(t, w, "managed.save") // which gives it an id
	screentest.Tap(t, w, "managed.consents.remove.0")
	if r := m.details.rows[consentRows]; len(r.forms) != 0 || w.Canvas().Focused() != fyne.Focusable(r.add) {
		t.Errorf("%d rows, the keyboard is at %v", len(r.forms), w.Canvas().Focused())
	}
}

func TestDetails_eachLanguage(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.language.es")
	if d.form.Text("title") != "" {
		t.Errorf("Spanish title %q", d.form.Text("title"))
	}
	d.form.Set("title", "Sexto día X.509")
	d.rows[sessionRows].forms[1].Set("title", "Segundo día")
	screentest.Tap(t, w, "managed.language.ar")
	if d.form.Text("title") != "اليوم السادس للمعيار X.509" {
		t.Errorf("Arabic title %q", d.form.Text("title"))
	}
	screentest.Tap(t, w, "managed.save")
	got := service.Of(published)
	if got.Title["es"] != "Sexto día X.509" || got.Title["fr"] == "" || got.Sessions[1].Title["es"] != "Segundo día" {
		t.Errorf("saved %v %v", got.Title, got.Sessions[1].Title)
	}
	// What is wrong in another language is shown in that one.
	screentest.Tap(t, w, "managed.language.en")
	d.form.Set("title", "")
	screentest.Tap(t, w, "managed.language.fr")
	screentest.Tap(t, w, "managed.save")
	if d.language.Chosen() != "en" {
		t.Errorf("shown in %s", d.language.Chosen())
	}
	screentest.Says(t, d.form.Field("title").Error(), "English")
}

// Membership types alone let anybody in, which is said while one chooses them.
func TestDetails_sayThatMembershipsNeedApproval(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.approval.none")
	screentest.Says(t, m.details.form.Field("approval").Error(), "themselves")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, m.details.form.Field("approval").Error(), "themselves")
	if len(service.Done) != 0 {
		t.Errorf("saved: %v", service.Done)
	}
	screentest.Tap(t, w, "managed.memberships.academia")
	screentest.Tap(t, w, "managed.memberships.member-state")
	if got := m.details.form.Field("approval").Error(); got != "" {
		t.Errorf("still said: %s", got)
	}
}

func TestDetails_rows(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.sessions.add")
	d.rows[sessionRows].forms[2].Set("start", "2026-12-24 10:00")
	d.rows[sessionRows].forms[2].Set("end", "2026-12-24 09:00")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, d.rows[sessionRows].forms[2].Field("end").Error(), "after")
	screentest.Tap(t, w, "managed.sessions.remove.0")
	screentest.Tap(t, w, "managed.row.no")
	screentest.Tap(t, w, "managed.sessions.add")
	screentest.Tap(t, w, "managed.sessions.remove.3") // with nothing in it
	if len(d.rows[sessionRows].forms) != 3 {
		t.Errorf("%d sessions", len(d.rows[sessionRows].forms))
	}
	screentest.Tap(t, w, "managed.sessions.remove.0")
	screentest.Tap(t, w, "managed.row.yes")
	if got := d.rows[sessionRows].forms[0].Text("title"); got != "Second day" || len(d.rows[sessionRows].forms) != 2 {
		t.Errorf("%d sessions, the first %q", len(d.rows[sessionRows].forms), got)
	}
	screentest.Tap(t, w, "managed.sessions.remove.1")
	screentest.Tap(t, w, "managed.row.yes")
	screentest.Tap(t, w, "managed.documents.remove.0")
	screentest.Tap(t, w, "managed.row.yes")
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.tell.yes")
	if got := service.Of(published); len(got.Sessions) != 1 || got.Sessions[0].Title["en"] != "Second day" || len(got.Documents) != 0 {
		t.Errorf("saved %+v, %+v", got.Sessions, got.Documents)
	}
}

// Lists get ids that stay, consents may be required, and the token is there as soon as
// something of it is.
func TestDetails_listsConsentsAndToken(t *testing.T) {
	service := screentest.NewManager()
	service.Meetings[0].Lists = []api.MeetingList{{ID: "list1", Title: api.Text{"en": "Room A"}}}
	m, w, _ := opened(t, service, published)
	d := m.details
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.lists.add")
	d.rows[listRows].forms[1].Set("title", "Room B")
	d.rows[listRows].forms[1].Set("session", "3")
	screentest.Tap(t, w, "managed.consents.add")
	d.rows[consentRows].forms[0].Set("text", "I may be filmed.")
	screentest.Tap(t, w, "managed.consents.0.required")
	screentest.Tap(t, w, "managed.participant_list.participants")
	d.form.Set("token.audience", "jitsi")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, d.rows[listRows].forms[1].Field("session").Error(), "sessions")
	screentest.Says(t, d.form.Field("token.room").Error(), "room")
	d.rows[listRows].forms[1].Set("session", "2")
	d.form.Set("token.room", "x509")
	screentest.Tap(t, w, "managed.save")
	got := service.Of(published)
	if len(got.Lists) != 2 || got.Lists[1].ID == "" || got.Lists[1].Session != 2 || len(got.Consents) != 1 || !got.Consents[0].Required ||
		got.ParticipantList != api.ListForParticipants || got.Token == nil || got.Token.Room != "x509" {
		t.Fatalf("saved %+v %+v %q %+v", got.Lists, got.Consents, got.ParticipantList, got.Token)
	}
	// The first one goes; the other keeps its id, and a new one gets none that there was: what
	// people have agreed to or entered under that is about something else.
	second := got.Lists[1].ID
	screentest.Tap(t, w, "managed.lists.remove.0")
	screentest.Tap(t, w, "managed.row.yes")
	screentest.Tap(t, w, "managed.lists.add")
	d.rows[listRows].forms[1].Set("title", "Room C")
	screentest.Tap(t, w, "managed.save")
	if got := service.Of(published).Lists; got[0].ID != second || got[0].Title["en"] != "Room B" || got[1].ID == "list1" || got[1].ID == second {
		t.Errorf("saved %+v", got)
	}
	if d.differs() {
		t.Errorf("differs: %v", d.typed)
	}
}

// What is typed is kept, comes back, also half typed, and can be discarded.
func TestDetails_draft(t *testing.T) {
	service := screentest.NewManager()
	m, _, _ := opened(t, service, published)
	m.details.rows[sessionRows].forms[0].Set("start", "2026-12-")
	m.Close()
	if d := service.Drafts[published]; d.Edition != 3 || d.Values["sessions.0.start"] != "2026-12-" {
		t.Fatalf("kept %+v", service.Drafts)
	}
	m, w, _ := opened(t, service, published)
	m.tabs.Choose(1)
	if got := m.details.rows[sessionRows].forms[0].Text("start"); got != "2026-12-" {
		t.Errorf("back as %q", got)
	}
	screentest.Says(t, screentest.Said(w, "managed.foot"), "again")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, m.details.rows[sessionRows].forms[0].Field("start").Error(), "2026-12-22 09:00")
	screentest.Tap(t, w, "managed.undo")
	screentest.Tap(t, w, "managed.undo.yes")
	if len(service.Drafts) != 0 || m.details.differs() {
		t.Errorf("discarded, and still %v", service.Drafts)
	}
}

// The reason of a cancellation is kept as the description is, and is none of it.
func TestOverview_keepsTheReasonOfACancellation(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	screentest.Tap(t, w, "managed.cancel")
	m.overview.reason.Set("reason", "The hall has")
	m.Close()
	m, w, _ = opened(t, service, published)
	if m.overview.typed() != "The hall has" || !m.overview.cancel.Visible() || m.details.differs() {
		t.Fatalf("back as %q", m.overview.typed())
	}
	screentest.Tap(t, w, "managed.cancel.close")
	screentest.Tap(t, w, "managed.cancel.discard.no")
	if m.overview.typed() != "The hall has" {
		t.Fatal("it is gone without a question")
	}
	screentest.Tap(t, w, "managed.cancel.close")
	screentest.Tap(t, w, "managed.cancel.discard.yes")
	if len(service.Drafts) != 0 {
		t.Errorf("kept although it was given up: %v", service.Drafts)
	}
	screentest.Tap(t, w, "managed.cancel")
	m.overview.reason.Set("reason", "The hall has burnt down.")
	screentest.Tap(t, w, "managed.cancel.next")
	screentest.Tap(t, w, "managed.cancel.yes")
	if service.Of(published).Status != api.MeetingCancelled || len(service.Drafts) != 0 || m.overview.cancel.Visible() {
		t.Errorf("cancelled, and kept %v", service.Drafts)
	}
}

// Who was slower is told, and what was typed stays until one takes what is stored.
func TestDetails_changedMeanwhile(t *testing.T) {
	service := screentest.NewManager()
	service.Drafts = map[string]app.MeetingDraft{published: {Edition: 2, Values: valuesOf(&service.Meetings[0].MeetingDetails)}}
	service.Drafts[published].Values["capacity"] = "99"
	m, w, _ := opened(t, service, published)
	m.tabs.Choose(1)
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, m.bar.String(), "meantime")
	if m.details.form.Text("capacity") != "99" {
		t.Error("what was typed is gone")
	}
	screentest.Tap(t, w, "managed.bar.action")
	screentest.Tap(t, w, "managed.undo.no")
	if m.details.form.Text("capacity") != "99" {
		t.Error("what was typed is gone in spite of no")
	}
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.bar.action")
	screentest.Tap(t, w, "managed.undo.yes")
	if m.details.form.Text("capacity") != "40" || len(service.Drafts) != 0 {
		t.Errorf("reloaded: capacity %s, %v", m.details.form.Text("capacity"), service.Drafts)
	}
}

func TestOverview_managers(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	screentest.Tap(t, w, "managed.managers.add")
	if got := m.overview.candidates(); len(got) != 1 || got[0].ID != "u2" {
		t.Fatalf("candidates %+v", got)
	}
	m.overview.picker.OnChange(m.overview.candidates()[0])
	screentest.Tap(t, w, "managed.managers.remove.u1")
	screentest.Tap(t, w, "managed.managers.remove.yes")
	if want := "managers [u1 u2] " + published + ", managers [u2] " + published; strings.Join(service.Done, ", ") != want {
		t.Errorf("done %v", service.Done)
	}
}

// What is pressed by keyboard leads on by keyboard, also once it cannot be pressed again.
func TestOverview_byKeyboard(t *testing.T) {
	service := screentest.NewManager()
	m, w, _ := opened(t, service, published)
	press := func(id string) {
		t.Helper()
		parts.Focus(screentest.Widget(t, w, id).(fyne.Focusable))
		screentest.Press(t, w, fyne.KeySpace)
	}
	at := func(id string) {
		t.Helper()
		if f, ok := w.Canvas().Focused().(interface{ WidgetID() string }); !ok || f.WidgetID() != id {
			t.Errorf("the keyboard is at %v, want %s", w.Canvas().Focused(), id)
		}
	}
	press("managed.close")
	press("managed.close.yes")
	at("managed.reopen")
	press("managed.managers.add")
	at("managed.managers.pick.entry")
	service.ChangeErr = &api.Problem{Code: api.CodeInternal}
	screentest.Pick(m.overview.picker, "u2")
	if m.overview.picker.PickedID() != "" {
		t.Error("who could not be added stands there as if it had worked")
	}
	service.ChangeErr = nil
	screentest.Pick(m.overview.picker, "u2")
	at("managed.managers.pick.entry")
	press("managed.managers.remove.u2")
	press("managed.managers.remove.yes")
	if want := "close, managers [u1 u2], managers [u1]"; strings.ReplaceAll(strings.Join(service.Done, ", "), " "+published, "") != want {
		t.Errorf("done %v", service.Done)
	}
}

// The keyboard begins at what a manager comes for, which is in sight with the title in the
// smallest window, and not at what closes the registration.
func TestMeeting_beginsAtTheRegistrations(t *testing.T) {
	if m, _, _ := opened(t, screentest.NewManager(), published); m.First() != fyne.Focusable(m.people) {
		t.Errorf("the keyboard begins at %v", m.First())
	}
}

func TestMeeting_thatIsGone(t *testing.T) {
	service := screentest.NewManager()
	m, _, _ := opened(t, service, "C-09999999")
	if m.bar.String() == "" || m.First() != nil {
		t.Error("nothing is said of a meeting that is not there")
	}
}

func TestMeeting_picturesFurtherDown(t *testing.T) {
	var m *Meeting
	build := func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewManager()
		m = NewMeeting(e, service, service.Prove, published, MeetingEvents{Back: func() {}, Open: func(string) {}})
		t.Cleanup(m.Close)
		return m.Content()
	}
	for name, below := range map[string]func() fyne.CanvasObject{
		"managed-sessions":     func() fyne.CanvasObject { return m.details.rows[sessionRows].field },
		"managed-registration": func() fyne.CanvasObject { return m.details.form.Field("approval") },
		"managed-consents":     func() fyne.CanvasObject { return m.details.form.Field("participant_list") },
		"managed-retention":    func() fyne.CanvasObject { return m.details.form.Field("retention") },
		"managed-documents":    func() fyne.CanvasObject { return m.details.rows[documentRows].field },
	} {
		screentest.CaptureFew(t, name, build, func(w fyne.Window) {
			m.tabs.Choose(1)
			screentest.Settle(w)
			parts.IntoView(below())
		})
	}
}
