package manage

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func guestForm(t *testing.T, e kit.Env, service *screentest.Guests) (*Guest, fyne.Window, *screentest.WentTo) {
	t.Helper()
	went := &screentest.WentTo{}
	m := formMeeting()
	m.Form.Sections[0].Questions = append(m.Form.Sections[0].Questions, api.Question{ID: "portrait", Kind: api.KindPhoto, Label: api.Text{"en": "Portrait"}, Required: true})
	m.Visa = true
	g := NewGuest(e, service, m, GuestEvents{Done: func(n parts.Notice) { went.To("done: " + n.Words[0].Text)() }, Back: went.To("back")})
	t.Cleanup(g.Close)
	return g, screentest.Show(t, g.Content(), 1000, 900), went
}

// fillIn fills in what must be.
func (g *Guest) fillIn() {
	g.person.Set("first_name", "Bo")
	g.person.Set("family_name", "Berg")
	g.form.BadgeOf(g.person.Text("first_name"), g.person.Text("family_name"))
	in := g.form.Entered()
	in.Participation, in.Consents = api.OnSite, []string{"photos"}
	g.form.Fill(in)
	g.changed()
}

func TestGuest_registersSomebody(t *testing.T) {
	service := screentest.NewGuests()
	g, w, went := guestForm(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "guest.submit")
	if len(service.Imported) != 0 || g.person.Field("family_name").Error() == "" {
		t.Fatal("nobody is registered")
	}
	if len(service.Typed) != 0 {
		t.Error("nothing was typed")
	}
	g.fillIn()
	g.person.Set("email", "Bo <bo@example.org>")
	g.person.Set("organization", "Example Radio")
	service.Err = client.ErrUnreachable
	screentest.Tap(t, w, "guest.submit")
	screentest.Tap(t, w, "guest.submit")
	if len(service.Imported) != 2 || service.Imported[0].ID != service.Imported[1].ID || len(went.Places) != 0 || service.Typed[g.meeting.Code].Import != service.Imported[0].ID {
		t.Fatalf("the same twice: %+v", service.Imported)
	}
	service.Err = nil
	service.Said["Berg"] = api.ImportedRow{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/country", Code: api.FieldRequired}, {Pointer: "/answers/meals", Code: api.FieldTooLong}}}
	screentest.Tap(t, w, "guest.submit")
	if g.person.Field("country").Error() != g.env.T("import.wrong.at.country.required") || g.bar.String() == "" {
		t.Errorf("refused for the country: %q, %q", g.person.Field("country").Error(), g.bar.String())
	}
	service.Said["Berg"] = api.ImportedRow{Code: api.CodeMeetingFull}
	screentest.Tap(t, w, "guest.submit")
	if !strings.Contains(g.bar.String(), g.env.T("import.refused.meeting-full")) {
		t.Errorf("refused as a whole: %q", g.bar.String())
	}
	delete(service.Said, "Berg")
	g.person.Set("country", "SE")
	g.changed()
	screentest.Tap(t, w, "guest.submit")
	last := service.Imported[len(service.Imported)-1]
	p := last.Rows[0]
	if last.Check || len(last.Rows) != 1 || last.ID == service.Imported[0].ID || p.FamilyName != "Berg" || p.Email != "bo@example.org" || p.Country != "SE" ||
		p.BadgeName != "Bo Berg" || p.Participation != api.OnSite || p.Language != "en" || p.Visa || strings.Join(went.Places, ",") != "done: Bo Berg is registered: Confirmed." {
		t.Errorf("registered %+v, led to %v", last, went.Places)
	}
	if g.Close(); len(service.Typed) != 0 {
		t.Errorf("left %+v", service.Typed)
	}
}

// Whatever is typed is there when the form is opened again, with the import that was tried,
// until it is discarded.
func TestGuest_draftIsKeptAndRestored(t *testing.T) {
	service := screentest.NewGuests()
	g, _, _ := guestForm(t, screentest.NewEnv(t), service)
	if g.Close(); len(service.Typed) != 0 {
		t.Fatalf("nothing was typed: %+v", service.Typed)
	}
	g, w, _ := guestForm(t, screentest.NewEnv(t), service)
	test.Type(g.person.Entry("family_name"), "Berg")
	test.Type(g.person.Entry("organization"), "Example Radio")
	for name, value := range map[string]string{"country": "SE", "membership": "academia", "language": "fr"} {
		g.person.Set(name, value)
	}
	screentest.Tap(t, w, "register.participation.onsite")
	g.Close()
	if in := service.Typed[g.meeting.Code]; in.FamilyName != "Berg" || in.BadgeName != "Berg" || in.Import != "" || service.Flushed == 0 {
		t.Errorf("kept %+v, written %d times", in, service.Flushed)
	}
	again, w, _ := guestForm(t, screentest.NewEnv(t), service)
	if diff := cmp.Diff(g.entered(), again.entered()); diff != "" || again.foot.String() != again.env.T("register.draft.restored") {
		t.Errorf("restored (-before +after), saying %q:\n%s", again.foot, diff)
	}
	service.Err = client.ErrUnreachable
	again.fillIn()
	screentest.Tap(t, w, "guest.submit")
	again.Close()
	again, w, went := guestForm(t, screentest.NewEnv(t), service)
	if again.id == "" || again.id != service.Imported[0].ID {
		t.Errorf("the import is %q, before %+v", again.id, service.Imported)
	}
	service.Err = nil
	screentest.Tap(t, w, "guest.discard")
	screentest.Tap(t, w, "guest.discard.yes")
	if again.Close(); went.Last() != "back" || len(service.Typed) != 0 {
		t.Errorf("went to %q, left %+v", went.Last(), service.Typed)
	}
}

// What was registered before its answer was lost is registered, and nothing more is known.
func TestGuest_registeredBefore(t *testing.T) {
	g, _, _ := guestForm(t, screentest.NewEnv(t), screentest.NewGuests())
	if n := g.done(nil); len(n.Words) != 1 || n.Words[0].Text != g.env.T("guest.done.before") {
		t.Errorf("says %+v", n.Words)
	}
}

func TestGuest_asksBeforeItIsDiscarded(t *testing.T) {
	service := screentest.NewGuests()
	g, w, went := guestForm(t, screentest.NewEnv(t), service)
	g.fillIn()
	screentest.Tap(t, w, "guest.discard")
	if len(went.Places) != 0 || len(service.Typed) != 1 {
		t.Fatal("it was discarded without a question")
	}
	screentest.Tap(t, w, "guest.discard.yes")
	if strings.Join(went.Places, ",") != "back" || len(service.Typed) != 0 {
		t.Errorf("led to %v", went.Places)
	}
}

func TestGuest_pictures(t *testing.T) {
	screentest.CaptureFew(t, "guest-restored", func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewGuests()
		in := app.Guest{ImportedPerson: api.ImportedPerson{Organization: "Example Radio", Country: "SE"}}
		in.FamilyName, in.BadgeName, in.Language = "Berg", "Berg", "en"
		service.Typed = map[string]app.Guest{formMeeting().Code: in}
		g := NewGuest(e, service, formMeeting(), GuestEvents{})
		t.Cleanup(g.Close)
		return g.Content()
	})
	screentest.Capture(t, "guest", func(e kit.Env) fyne.CanvasObject {
		g := NewGuest(e, screentest.NewGuests(), formMeeting(), GuestEvents{})
		t.Cleanup(g.Close)
		return g.Content()
	})
}
