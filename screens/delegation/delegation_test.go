package delegation

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

var ana = api.Account{ID: "ana", FirstName: "Ana", Language: "fr", Organization: api.Organization{Country: "FR"}}

func catalog() *screentest.Catalog { return &screentest.Catalog{All: screentest.Meetings()} }

func shown(t *testing.T, service *screentest.Delegation, on Events) (*Delegation, fyne.Window) {
	t.Helper()
	d := New(screentest.NewEnv(t), service, catalog(), on)
	t.Cleanup(d.Close)
	return d, screentest.Show(t, d.Content(), 1100, 740)
}

// What waits comes first: what is to be decided, and what the service did not take.
func TestDelegation_whatWaits(t *testing.T) {
	count := -1
	d, w := shown(t, screentest.NewDelegation(), Events{Waiting: func(n int) { count = n }})
	if d.list.Len() != 5 || count != 5 {
		t.Errorf("%d rows, told %d", d.list.Len(), count)
	}
	screentest.Tap(t, w, "delegation.tab.all")
	if d.list.Len() != 8 {
		t.Errorf("all: %d rows", d.list.Len())
	}
	test.Type(d.list.Search, "小明")
	if d.list.Len() != 1 {
		t.Errorf("found %d rows", d.list.Len())
	}
}

// What has expired, or was never told, is not nothing.
func TestDelegation_thatHasNotArrived(t *testing.T) {
	e := screentest.NewEnv(t)
	for kind, want := range map[string]string{api.FocalPoint: "delegation.nothing.title", "": "meetings.never.title"} {
		service := &screentest.Delegation{Kind: kind}
		d, _ := shown(t, service, Events{})
		if said := screentest.SaidIn(d.Content()); !strings.Contains(said, e.T(want)) {
			t.Errorf("appointed to %q: %s", kind, said)
		}
	}
}

// One is approved at once; a refusal says why; what was decided says so, and cannot be
// decided again.
func TestDelegation_decidesOnOne(t *testing.T) {
	service := screentest.NewDelegation()
	d, w := shown(t, service, Events{})
	d.list.ChooseID("R-AAAA-0001")
	screentest.Tap(t, w, "delegation.refuse")
	if len(service.Done) != 0 || d.why.Error() == "" {
		t.Fatalf("refused without a reason: %q", service.Done)
	}
	test.Type(d.reason, "not of us")
	if got := d.Unsaved(); len(got) != 1 {
		t.Errorf("unsaved: %q", got)
	}
	screentest.Tap(t, w, "delegation.refuse")
	d.list.ChooseID("R-AAAA-0002")
	screentest.Tap(t, w, "delegation.approve")
	if want := []string{"refuse R-AAAA-0001 not of us", "approve R-AAAA-0002"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
	if d.reason.Text != "" || len(d.Unsaved()) != 0 {
		t.Errorf("the reason stays: %q", d.reason.Text)
	}
	screentest.Tap(t, w, "delegation.tab.all")
	d.list.ChooseID("R-AAAA-0002")
	if screentest.Find(w, "delegation.approve") != nil || screentest.Find(w, "delegation.note") == nil {
		t.Error("decided again")
	}
}

// Several at once: those that may be decided on.
func TestDelegation_decidesOnSeveral(t *testing.T) {
	service := screentest.NewDelegation()
	d, w := shown(t, service, Events{})
	d.list.List.OnMarked(0, d.list.Len(), true)
	if marked := d.list.Marked(); len(marked) != 5 {
		t.Fatalf("marked %d", len(marked))
	}
	screentest.Tap(t, w, "delegation.marked.approve")
	if want := []string{"approve R-AAAA-0001 R-AAAA-0002 R-AAAA-0003"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
	if len(d.list.Marked()) != 0 {
		t.Error("the marks stay")
	}
	service.Err = app.ErrNoSession
	d.list.List.OnMarked(0, d.list.Len(), true)
	screentest.Tap(t, w, "delegation.marked.clear")
}

// What the service did not take can be looked at, corrected or put away.
func TestDelegation_whatWasNotTaken(t *testing.T) {
	service := screentest.NewDelegation()
	var again *app.Delegate
	d, w := shown(t, service, Events{Again: func(of *app.Delegate) { again = of }})
	d.list.ChooseID("op-1")
	screentest.Tap(t, w, "delegation.again")
	if again == nil || again.Asked.FamilyName != "Ng" {
		t.Errorf("again %+v", again)
	}
	screentest.Tap(t, w, "delegation.dismiss")
	d.list.ChooseID("R-AAAA-0005")
	screentest.Tap(t, w, "delegation.forget")
	if want := []string{"dismiss op-1", "forget R-AAAA-0005"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
}

func TestDelegation_withdrawsAfterAQuestion(t *testing.T) {
	service := screentest.NewDelegation()
	d, w := shown(t, service, Events{})
	screentest.Tap(t, w, "delegation.tab.all")
	d.list.ChooseID("R-AAAA-0006")
	if screentest.Find(w, "delegation.withdraw") != nil {
		t.Error("one's own is withdrawn here")
	}
	d.list.ChooseID("R-AAAA-0007")
	screentest.Tap(t, w, "delegation.withdraw")
	screentest.Tap(t, w, "delegation.withdraw.yes")
	if want := []string{"withdraw R-AAAA-0007"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
}

// Somebody else is registered by the meeting's own form; the name stands on the badge
// unless another one was written there.
func TestRegister_somebody(t *testing.T) {
	service := screentest.NewDelegation()
	e := screentest.NewEnv(t)
	meeting := screentest.Meetings()[0]
	meeting.Form, meeting.Participation = api.Form{}, []string{api.OnSite}
	done := false
	r := NewRegister(e, meeting, service, ana, nil, "", func() { done = true }, func() {})
	t.Cleanup(r.Close)
	w := screentest.Show(t, r.Content(), 1000, 700)
	screentest.Tap(t, w, "delegation.register.submit")
	if len(service.Asked) != 0 || r.fields["/family_name"].Error() == "" {
		t.Fatal("registered nobody")
	}
	if len(r.Unsaved()) != 0 {
		t.Error("unsaved before anything was typed")
	}
	test.Type(r.first, "小明")
	test.Type(r.family, "王")
	test.Type(r.email, "wang")
	screentest.Tap(t, w, "delegation.register.submit")
	if r.fields["/email"].Error() == "" || len(r.Unsaved()) != 1 {
		t.Error("no address, and taken")
	}
	test.Type(r.email, "@example.org")
	screentest.Tap(t, w, "delegation.register.submit")
	if len(service.Asked) != 1 || !done {
		t.Fatalf("asked %+v", service.Asked)
	}
	if in := service.Asked[0]; in.FamilyName != "王" || in.BadgeName == "" || in.Email != "wang@example.org" || in.Meeting != meeting.Code || in.Language != ana.Language {
		t.Errorf("asked %+v", in)
	}
}

func TestRegister_againWhatWasRefused(t *testing.T) {
	service := screentest.NewDelegation()
	of := service.Delegates[0]
	meeting := screentest.Meetings()[0]
	meeting.Form, meeting.Participation = api.Form{}, []string{api.Remote}
	r := NewRegister(screentest.NewEnv(t), meeting, service, ana, of.Asked, of.Operation, func() {}, func() {})
	t.Cleanup(r.Close)
	w := screentest.Show(t, r.Content(), 1000, 700)
	screentest.Tap(t, w, "delegation.register.submit")
	if want := []string{`register Ng instead of "op-1"`}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
}

// What was typed is kept until it is sent, or discarded after a question.
func TestRegister_discards(t *testing.T) {
	left := 0
	r := NewRegister(screentest.NewEnv(t), screentest.Meetings()[0], screentest.NewDelegation(), ana, nil, "", func() {}, func() { left++ })
	t.Cleanup(r.Close)
	w := screentest.Show(t, r.Content(), 1000, 700)
	test.Type(r.family, "Ng")
	screentest.Tap(t, w, "delegation.register.discard")
	if left != 0 || len(r.Unsaved()) != 1 {
		t.Fatal("discarded without a question")
	}
	screentest.Tap(t, w, "delegation.register.discard.yes")
	if left != 1 || len(r.Unsaved()) != 0 {
		t.Errorf("left %d times, unsaved %q", left, r.Unsaved())
	}
	screentest.Tap(t, w, "delegation.register.discard")
	if left != 2 {
		t.Error("with nothing typed it asks")
	}
}

func TestMeetings_areThoseThatAreOpen(t *testing.T) {
	chosen := ""
	m := NewMeetings(screentest.NewEnv(t), catalog(), func(code string) { chosen = code }, func() {})
	t.Cleanup(m.Close)
	screentest.Show(t, m.Content(), 1000, 700)
	if n := m.list.Len(); n == 0 || n == len(screentest.Meetings()) {
		t.Fatalf("%d of %d are open", n, len(screentest.Meetings()))
	}
	m.list.List.OnOpened(0)
	if chosen == "" {
		t.Error("nothing chosen")
	}
}

// The secretariat sees who is appointed, finds who can be, and is asked before it appoints.
func TestFocalPoints_appoint(t *testing.T) {
	service := screentest.NewAppoints()
	f := NewFocalPoints(screentest.NewEnv(t), service, api.Account{ID: "boss"}, nil)
	t.Cleanup(f.Close)
	w := screentest.Show(t, f.Content(), 1100, 740)
	if f.list.Len() != 2 {
		t.Fatalf("%d appointed", f.list.Len())
	}
	test.Type(f.list.Search, "no")
	f.list.ChooseID("p3")
	screentest.Tap(t, w, "focalpoints.confirm")
	screentest.Tap(t, w, "focalpoints.appoint.focal-point")
	if len(service.Done) != 1 {
		t.Fatalf("without a question: %q", service.Done)
	}
	screentest.Tap(t, w, "focalpoints.ask.yes")
	if f.chosen.Kind != api.FocalPoint || screentest.Find(w, "focalpoints.appoint.focal-point") != nil {
		t.Errorf("afterwards: %+v", f.chosen)
	}
	screentest.Tap(t, w, "focalpoints.end")
	screentest.Tap(t, w, "focalpoints.end.yes")
	if want := []string{"confirm p3", "focal-point p3", "end p3"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
	}
}

func TestDelegation_pictures(t *testing.T) {
	screentest.Capture(t, "delegation", func(e kit.Env) fyne.CanvasObject {
		d := New(e, screentest.NewDelegation(), catalog(), Events{})
		t.Cleanup(d.Close)
		d.list.ChooseID("R-AAAA-0001")
		return d.Content()
	})
	screentest.Capture(t, "delegation-marked", func(e kit.Env) fyne.CanvasObject {
		d := New(e, screentest.NewDelegation(), catalog(), Events{})
		t.Cleanup(d.Close)
		d.list.List.OnMarked(0, 4, true)
		return d.Content()
	})
	screentest.CaptureFew(t, "delegation-refused", func(e kit.Env) fyne.CanvasObject {
		d := New(e, screentest.NewDelegation(), catalog(), Events{})
		t.Cleanup(d.Close)
		d.list.ChooseID("R-AAAA-0005")
		return d.Content()
	})
	screentest.Capture(t, "delegation-register", func(e kit.Env) fyne.CanvasObject {
		r := NewRegister(e, screentest.Meetings()[0], screentest.NewDelegation(), ana, nil, "", func() {}, func() {})
		t.Cleanup(r.Close)
		return r.Content()
	})
	screentest.CaptureFew(t, "delegation-meetings", func(e kit.Env) fyne.CanvasObject {
		m := NewMeetings(e, catalog(), func(string) {}, func() {})
		t.Cleanup(m.Close)
		return m.Content()
	})
	screentest.Capture(t, "focalpoints", func(e kit.Env) fyne.CanvasObject {
		f := NewFocalPoints(e, screentest.NewAppoints(), api.Account{ID: "boss"}, nil)
		t.Cleanup(f.Close)
		f.list.ChooseID("p1")
		return f.Content()
	})
}

// Visa support of the organization's people stands in a list of its own, with what the
// secretariat answered.
func TestDelegation_visaSupport(t *testing.T) {
	service := screentest.NewDelegation()
	d, w := shown(t, service, Events{})
	screentest.Tap(t, w, "delegation.tab.visa")
	if d.list.Len() != 0 {
		t.Fatalf("%d rows without any", d.list.Len())
	}
	service.Delegates[1].Visa, service.Delegates[6].Visa, service.Delegates[6].VisaAnswer = api.VisaAsked, api.VisaAnswered, "Sent to the embassy in Cairo."
	d.reload()
	if d.list.Len() != 2 {
		t.Errorf("%d rows", d.list.Len())
	}
	one := service.Delegates[6]
	if got, _ := d.tag(&one); got != "Granted" {
		t.Errorf("its row says %q", got)
	}
	d.list.ChooseID("R-AAAA-0006")
	if got := screentest.Said(w, "delegation.visa.answer"); got != "Sent to the embassy in Cairo." {
		t.Errorf("the answer is %q", got)
	}
	d.list.ChooseID("R-AAAA-0001")
	if screentest.Find(w, "delegation.visa") == nil || screentest.Find(w, "delegation.visa.answer") != nil {
		t.Error("one that waits for its confirmation has an answer")
	}
}

func TestDelegation_visaPictures(t *testing.T) {
	screentest.CaptureFew(t, "delegation-visa", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewDelegation()
		service.Delegates[6].Visa, service.Delegates[6].VisaAnswer = api.VisaAnswered, "The letter was sent to the embassy in Cairo."
		d := New(e, service, catalog(), Events{})
		t.Cleanup(d.Close)
		d.tabs.Choose(2)
		d.list.ChooseID("R-AAAA-0006")
		d.panes.ShowDetail(true)
		return d.Content()
	})
}
