package delegation

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
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
	if len(service.Drafts) != 0 {
		t.Error("a draft before anything was typed")
	}
	test.Type(r.first, "小明")
	test.Type(r.family, "王")
	test.Type(r.email, "wang")
	screentest.Tap(t, w, "delegation.register.submit")
	if r.fields["/email"].Error() == "" || len(service.Drafts) != 1 {
		t.Error("no address, and taken")
	}
	test.Type(r.email, "@example.org")
	screentest.Tap(t, w, "delegation.register.submit")
	if r.Close(); len(service.Asked) != 1 || !done || len(service.Drafts) != 0 {
		t.Fatalf("asked %+v, drafts %+v", service.Asked, service.Drafts)
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

// openRegister opens the form of the second meeting, which asks a lot.
func openRegister(t *testing.T, e kit.Env, service *screentest.Delegation, again *api.RegisterFor, instead string) (*Register, fyne.Window, *screentest.WentTo) {
	t.Helper()
	went := &screentest.WentTo{}
	r := NewRegister(e, screentest.Meetings()[1], service, ana, again, instead, went.To("done"), went.To("back"))
	return r, screentest.Show(t, r.Content(), 1000, 700), went
}

// Whatever is typed is there when the form is opened again, that of somebody who is corrected
// apart from that of somebody else for the same meeting; until it is discarded after a question.
func TestRegister_draftIsKeptAndRestored(t *testing.T) {
	refused := screentest.NewDelegation().Delegates[0]
	for name, c := range map[string]struct {
		again   *api.RegisterFor
		instead string
		before  string // what stands in the form before anything is typed
	}{
		"somebody else": {},
		"a correction":  {refused.Asked, refused.Operation, "Ng"},
	} {
		t.Run(name, func(t *testing.T) {
			service, e := screentest.NewDelegation(), screentest.NewEnv(t)
			other := api.RegisterFor{Register: api.Register{Meeting: "C-00016512", BadgeName: "Bo"}, FirstName: "Bo", Language: "en"}
			service.Drafts = map[string]api.RegisterFor{"C-00016512op-9": other}
			r, _, _ := openRegister(t, e, service, c.again, c.instead)
			if r.Close(); len(service.Drafts) != 1 {
				t.Fatalf("with nothing typed: %+v", service.Drafts)
			}
			r, w, went := openRegister(t, e, service, c.again, c.instead)
			screentest.Tap(t, w, "delegation.register.discard")
			if went.Last() != "back" {
				t.Fatal("with nothing typed it asks")
			}
			test.Type(r.family, "Li")
			test.Type(r.email, "li@example.org")
			screentest.Tap(t, w, "delegation.register.language.es")
			screentest.Tap(t, w, "register.participation.onsite")
			test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
			if r.Close(); service.Flushed == 0 {
				t.Error("it was not written when the form was left")
			}
			again, w, went := openRegister(t, e, service, c.again, c.instead)
			if diff := cmp.Diff(r.entered(), again.entered()); diff != "" {
				t.Errorf("restored (-before +after):\n%s", diff)
			}
			if in := again.entered(); !strings.Contains(in.FamilyName, "Li") || !strings.Contains(in.FamilyName, c.before) || in.Language != "es" || in.JobTitle != "Engineer" {
				t.Errorf("restored %+v", in)
			}
			if said := again.foot.String(); said != e.T("register.draft.restored") {
				t.Errorf("says %q", said)
			}
			screentest.Tap(t, w, "delegation.register.discard")
			if len(went.Places) != 0 || len(service.Drafts) != 2 {
				t.Fatal("discarded without a question")
			}
			screentest.Tap(t, w, "delegation.register.discard.yes")
			if again.Close(); went.Last() != "back" || !reflect.DeepEqual(service.Drafts, map[string]api.RegisterFor{"C-00016512op-9": other}) {
				t.Errorf("went to %q, left %+v", went.Last(), service.Drafts)
			}
		})
	}
}

// What is typed while the registration is being kept, or while that fails, is a draft still.
func TestRegister_draftStaysWhereItCannotBeSent(t *testing.T) {
	service := screentest.NewDelegation()
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	meeting := screentest.Meetings()[0]
	meeting.Form, meeting.Participation = api.Form{}, []string{api.OnSite}
	r := NewRegister(e, meeting, service, ana, nil, "", func() { t.Error("it was sent") }, func() {})
	test.Type(r.family, "Ng")
	service.Err = localdb.ErrDiskFull
	r.submit() // while the draft is being saved
	r.submit()
	steps.All()
	if in := service.Drafts[meeting.Code]; len(service.Asked) != 1 || in.FamilyName != "Ng" || r.bar.String() == "" {
		t.Errorf("asked %d times, kept %+v, says %q", len(service.Asked), in, r.bar)
	}
	service.Err = nil
	test.Type(r.first, "Zoë")
	r.Close()
	steps.All()
	if in := service.Drafts[meeting.Code]; in.FirstName != "Zoë" {
		t.Errorf("then %+v", in)
	}
}

// What is begun stands among what waits, and leads to its form, or is discarded after a
// question; so is what was typed to correct what was refused, when that is dismissed.
func TestDelegation_drafts(t *testing.T) {
	service := screentest.NewDelegation()
	service.Delegates[0].Corrected = true
	service.Delegates = append(service.Delegates, app.Delegate{Delegate: api.Delegate{Meeting: "C-00016512", State: app.StateDraft}, Asked: &api.RegisterFor{}})
	var again *app.Delegate
	d, w := shown(t, service, Events{Again: func(of *app.Delegate) { again = of }})
	if d.list.Len() != 6 {
		t.Errorf("%d rows", d.list.Len())
	}
	d.list.ChooseID("draft C-00016512")
	screentest.Says(t, screentest.SaidIn(d.Content()), d.env.T("delegation.draft.nobody"), d.env.T("delegation.note.draft"))
	screentest.Tap(t, w, "delegation.again")
	if again == nil || again.State != app.StateDraft || again.Operation != "" {
		t.Errorf("leads to %+v", again)
	}
	screentest.Tap(t, w, "delegation.draft")
	screentest.Tap(t, w, "delegation.draft.discard.no")
	if len(service.Done) != 0 {
		t.Fatalf("done %q", service.Done)
	}
	screentest.Tap(t, w, "delegation.draft")
	screentest.Tap(t, w, "delegation.draft.discard.yes")
	d.list.ChooseID("op-1")
	if screentest.Find(w, "delegation.note.corrected") == nil {
		t.Error("it does not say that a correction is begun")
	}
	screentest.Tap(t, w, "delegation.dismiss")
	screentest.Tap(t, w, "delegation.dismiss.discard.yes")
	if want := []string{"drop C-00016512", "dismiss op-1"}; !slices.Equal(service.Done, want) {
		t.Errorf("done %q, want %q", service.Done, want)
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
	screentest.CaptureFew(t, "delegation-draft", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewDelegation()
		service.Delegates[0].Corrected = true
		service.Delegates = append(service.Delegates, app.Delegate{Delegate: api.Delegate{Meeting: "C-00016512", State: app.StateDraft}, Asked: &api.RegisterFor{}})
		d := New(e, service, catalog(), Events{})
		t.Cleanup(d.Close)
		d.list.ChooseID("draft C-00016512")
		return d.Content()
	})
	screentest.CaptureFew(t, "delegation-corrected", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewDelegation()
		service.Delegates[0].Corrected = true
		d := New(e, service, catalog(), Events{})
		t.Cleanup(d.Close)
		d.list.ChooseID("op-1")
		return d.Content()
	})
	screentest.CaptureFew(t, "delegation-register-restored", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewDelegation()
		service.Drafts = map[string]api.RegisterFor{"C-00016342": {FirstName: "Zoë", FamilyName: "Ng", Language: "fr", Register: api.Register{Participation: api.Remote, BadgeName: "Zoë Ng"}}}
		r := NewRegister(e, screentest.Meetings()[0], service, ana, nil, "", func() {}, func() {})
		t.Cleanup(r.Close)
		return r.Content()
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

// That approving confirms whose organization it is stands only where one can approve.
func TestDelegation_organizationOfThePerson(t *testing.T) {
	d, w := shown(t, screentest.NewDelegation(), Events{})
	screentest.Tap(t, w, "delegation.tab.all")
	for number, want := range map[string]string{"R-AAAA-0001": "chosen", "R-AAAA-0007": "unconfirmed", "R-AAAA-0006": "confirmed"} {
		d.list.ChooseID(number)
		if got := screentest.Said(w, "delegation.organization"); got != d.env.T("delegation.organization."+want) {
			t.Errorf("of %s: %q, want what is %s", number, got, want)
		}
	}
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
