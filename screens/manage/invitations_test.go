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

func invitationsWith(t *testing.T, service *screentest.Guests, text string) (*Invitations, fyne.Window, *int) {
	t.Helper()
	back := new(int)
	e := screentest.NewEnv(t)
	e.ChooseFile = func(_ []string, chosen func(kit.ChosenFile)) { chosen(fileOf(file(text))) }
	i := NewInvitations(e, service, registrationsCatalog(), "C-00016512", InvitationsEvents{Back: func() { *back++ }})
	t.Cleanup(i.Close)
	return i, screentest.Show(t, i.Content(), 1300, 900), back
}

func TestPerson_readsWhatIsTyped(t *testing.T) {
	for line, want := range map[string]string{
		"amina@example.org":                     "|amina@example.org",
		"Amina Dupont <amina@example.org>":      "Amina Dupont|amina@example.org",
		"\"Dupont, Amina\" <Amina@Example.org>": "Dupont, Amina|Amina@example.org",
		"Amina Dupont\tamina@example.org":       "Amina Dupont|amina@example.org",
		"Amina Dupont; amina@example.org":       "Amina Dupont|amina@example.org",
		"Amina Dupont":                          "",
		"amina@example":                         "",
		"a@example.org <b@example":              "",
		"Amina\u202e <amina@example.org>":       "",
	} {
		p, ok := person(line)
		if got := p.Name + "|" + p.Email; ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", line, got, ok)
		}
	}
}

func TestInvitations_invites(t *testing.T) {
	service := screentest.NewGuests()
	i, w, back := invitationsWith(t, service, "Name;E-mail address;Language of e-mails\nBo Berg;bo@example.org;fr\nCy;cy@example.org;\n")
	screentest.Tap(t, w, "invitations.invite")
	screentest.Tap(t, w, "invite.send")
	if len(service.Sent) != 0 || i.inviter.form.Field("people").Error() == "" {
		t.Fatal("nobody was invited")
	}
	i.inviter.form.Set("people", "Amina Dupont <amina@example.org>\n\nwrong\n")
	screentest.Tap(t, w, "invite.send")
	if got := i.inviter.form.Field("people").Error(); !strings.Contains(got, "3") {
		t.Errorf("the line is not named: %q", got)
	}
	i.inviter.form.Set("people", "Amina Dupont <amina@example.org>\n")
	screentest.Tap(t, w, "invite.file")
	screentest.Tap(t, w, "invite.choose")
	want := "Amina Dupont <amina@example.org>\nBo Berg <bo@example.org>\nCy <cy@example.org>"
	if got := i.inviter.form.Text("people"); got != want {
		t.Fatalf("with the file's: %q, %q", got, i.bar.String())
	}
	if len(i.Unsaved()) != 1 {
		t.Error("what is typed would be lost")
	}
	i.inviter.window.SetChecked(true)
	service.Err = client.ErrUnreachable
	screentest.Tap(t, w, "invite.send")
	screentest.Tap(t, w, "invite.send")
	if len(service.Sent) != 2 || service.Sent[0].ID != service.Sent[1].ID || !i.inviter.shown {
		t.Fatalf("the same twice: %+v", service.Sent)
	}
	service.Err = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/people/1/email", Code: api.FieldRepeated}}}
	screentest.Tap(t, w, "invite.send")
	if got := i.inviter.form.Field("people").Error(); !strings.Contains(got, "Line 2") {
		t.Errorf("what was refused is not named: %q", got)
	}
	service.Err = nil
	i.inviter.form.Set("people", "Amina Dupont <amina@example.org>\nCy <cy@example.org>\nBo Berg <bo@example.org>")
	screentest.Tap(t, w, "invite.send")
	last := service.Sent[len(service.Sent)-1]
	if len(last.People) != 3 || last.People[2].Language != "fr" || last.People[1].Language != "en" || !last.PassesWindow || last.PassesApproval || last.ID == service.Sent[0].ID {
		t.Errorf("invited: %+v", last)
	}
	if i.inviter.shown || i.list.Len() != 7 || len(i.Unsaved()) != 0 || !strings.Contains(i.bar.String(), "3 invitations") {
		t.Errorf("afterwards %d invitations, %q", i.list.Len(), i.bar.String())
	}
	i.Back()
	if *back != 1 {
		t.Error("Back leads nowhere")
	}
}

func TestInvitations_asksBeforeWhatIsTypedIsLost(t *testing.T) {
	i, w, back := invitationsWith(t, screentest.NewGuests(), "")
	screentest.Tap(t, w, "invitations.invite")
	i.Back() // nothing is typed
	if i.inviter.shown {
		t.Fatal("the form stays")
	}
	screentest.Tap(t, w, "invitations.invite")
	i.inviter.form.Set("people", "amina@example.org")
	i.Back()
	if !i.inviter.shown || screentest.Find(w, "invite.leave.yes") == nil {
		t.Fatal("nothing was asked")
	}
	screentest.Tap(t, w, "invite.leave.yes")
	if i.inviter.shown || *back != 0 {
		t.Error("the form stays")
	}
}

func TestInvitations_sendsAgainAndTakesBack(t *testing.T) {
	service := screentest.NewGuests()
	i, w, _ := invitationsWith(t, service, "")
	for row, want := range map[int]struct{ send, withdraw bool }{0: {true, true}, 1: {false, false}, 2: {true, true}, 3: {true, false}} {
		i.list.Choose(row)
		if got := screentest.Find(w, "invitations.send") != nil; got != want.send {
			t.Errorf("%d: send again %v", row, got)
		}
		if got := screentest.Find(w, "invitations.withdraw") != nil; got != want.withdraw {
			t.Errorf("%d: take back %v", row, got)
		}
	}
	i.list.Choose(0)
	parts.Focus(screentest.Widget(t, w, "invitations.send").(fyne.Focusable))
	screentest.Press(t, w, fyne.KeySpace)
	if screentest.Find(w, "invitations.send") != nil || screentest.Find(w, "invitations.just-sent") == nil || w.Canvas().Focused() != fyne.Focusable(i.list.List) {
		t.Errorf("what was just sent is sent again by a double click; the keyboard is at %v", w.Canvas().Focused())
	}
	i.list.Choose(2)
	screentest.Tap(t, w, "invitations.send")
	screentest.Tap(t, w, "invitations.withdraw")
	screentest.Tap(t, w, "invitations.withdraw.yes")
	want := "send i0 " + screentest.Now.AddDate(0, 0, 10).Format("2006-01-02") + ", send i2 " + screentest.Now.AddDate(0, 0, 30).Format("2006-01-02") + ", withdraw i2"
	if got := strings.Join(service.Done, ", "); got != want {
		t.Errorf("done %s, want %s", got, want)
	}
	service.Err = &api.Problem{Code: api.CodeWrongState}
	screentest.Tap(t, w, "invitations.send")
	if i.bar.String() == "" {
		t.Error("nothing is said of one that was used meanwhile")
	}
}

func TestInvitations_pictures(t *testing.T) {
	var i *Invitations
	build := func(e kit.Env) fyne.CanvasObject {
		i = NewInvitations(e, screentest.NewGuests(), registrationsCatalog(), "C-00016512", InvitationsEvents{Back: func() {}})
		t.Cleanup(i.Close)
		return i.Content()
	}
	screentest.Capture(t, "invitations-list", build)
	screentest.Capture(t, "invitations-detail", build, func(w fyne.Window) {
		screentest.Settle(w)
		i.list.Choose(0)
		i.panes.ShowDetail(true)
	})
	screentest.Capture(t, "invitations-invite", build, func(w fyne.Window) {
		screentest.Settle(w)
		i.open()
		i.inviter.form.Set("people", "Amina Dupont <amina@example.org>\nboris@example")
		i.inviter.send()
	})
}
