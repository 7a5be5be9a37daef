package manage

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
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

// fill fills in what must be.
func (g *Guest) fill() {
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
	if len(g.Unsaved()) != 0 {
		t.Error("nothing was typed")
	}
	g.fill()
	g.person.Set("email", "Bo <bo@example.org>")
	g.person.Set("organization", "Example Radio")
	service.Err = client.ErrUnreachable
	screentest.Tap(t, w, "guest.submit")
	screentest.Tap(t, w, "guest.submit")
	if len(service.Imported) != 2 || service.Imported[0].ID != service.Imported[1].ID || len(went.Places) != 0 || len(g.Unsaved()) != 1 {
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
}

func TestGuest_asksBeforeItIsDiscarded(t *testing.T) {
	g, w, went := guestForm(t, screentest.NewEnv(t), screentest.NewGuests())
	g.fill()
	screentest.Tap(t, w, "guest.discard")
	if len(went.Places) != 0 {
		t.Fatal("it was discarded without a question")
	}
	screentest.Tap(t, w, "guest.discard.yes")
	if strings.Join(went.Places, ",") != "back" || len(g.Unsaved()) != 0 {
		t.Errorf("led to %v", went.Places)
	}
}

func TestGuest_pictures(t *testing.T) {
	screentest.Capture(t, "guest", func(e kit.Env) fyne.CanvasObject {
		g := NewGuest(e, screentest.NewGuests(), formMeeting(), GuestEvents{})
		t.Cleanup(g.Close)
		return g.Content()
	})
}
