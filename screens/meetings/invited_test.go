package meetings

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

var aToken = strings.Repeat("a", 43)

func invitedTo(state string, mine bool) api.InvitationFound {
	return api.InvitationFound{
		Meeting: screentest.Meetings()[1].Code, State: state, Mine: mine, PassesWindow: true, PassesApproval: true, Until: screentest.Now.Add(48 * time.Hour),
	}
}

func TestRegister_saysWhatAnInvitationIsWorth(t *testing.T) {
	e := screentest.NewEnv(t)
	code := screentest.Meetings()[1].Code
	elsewhere := invitedTo(api.InvitationSent, true)
	elsewhere.Meeting = "C-00000001"
	for name, c := range map[string]struct {
		found *api.InvitationFound
		err   error
		want  string
	}{
		"good":            {ptr(invitedTo(api.InvitationSent, true)), nil, "register.invited.approval"},
		"somebody else's": {ptr(invitedTo(api.InvitationSent, false)), nil, "register.invited.other"},
		"used":            {ptr(invitedTo(api.InvitationUsed, true)), nil, "register.invited.used"},
		"over":            {ptr(invitedTo(api.InvitationExpired, true)), nil, "The time of this invitation was over on"},
		"taken back":      {nil, nil, "register.invited.gone"},
		"another meeting": {&elsewhere, nil, "register.invited.gone"},
		"no network":      {nil, client.ErrUnreachable, "register.invited.later"},
	} {
		mine := screentest.NewRegistrations()
		mine.Drafts = map[string]api.Register{code: {Meeting: code, Invitation: aToken}}
		mine.Invited, mine.Err = map[string]api.InvitationFound{}, c.err
		if c.found != nil {
			mine.Invited[aToken] = *c.found
		}
		r, w, _ := formInWindow(t, e, mine)
		want := c.want
		if e.Words.Has(want) {
			want = e.T(want)
		}
		if got := r.invited.String(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if r.form.Entered().BadgeName == "" {
			t.Errorf("%s: what is known of the person is not filled in", name)
		}
		complete(r)
		mine.Err = nil
		submit(t, w)
		if len(mine.Submitted) != 1 || mine.Submitted[0].Invitation != aToken {
			t.Errorf("%s: submitted %+v", name, mine.Submitted)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// Without network it is asked for later; who does not want the invitation registers without.
func TestRegister_invitationLaterAndNotAtAll(t *testing.T) {
	code := screentest.Meetings()[1].Code
	mine := screentest.NewRegistrations()
	mine.Drafts = map[string]api.Register{code: {Meeting: code, Invitation: aToken, BadgeName: "Elena"}}
	mine.Invited, mine.Err = map[string]api.InvitationFound{aToken: invitedTo(api.InvitationSent, true)}, client.ErrUnreachable
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	r.SetOnline(false)
	mine.Err = nil
	r.SetOnline(true)
	if !strings.Contains(r.invited.String(), r.env.T("register.invited.window")) || r.form.Entered().BadgeName != "Elena" {
		t.Errorf("online it says %q", r.invited.String())
	}
	screentest.Tap(t, w, "register.invited.action")
	if in := mine.Drafts[code]; in.Invitation != "" || r.invited.String() != "" {
		t.Errorf("without it the draft is %+v", in)
	}
	r.Invite(aToken)
	if in := mine.Drafts[code]; in.Invitation != aToken || in.BadgeName != "Elena" {
		t.Errorf("with it the draft is %+v", in)
	}
}

// Who follows a link and then registers without it has typed nothing, and keeps no draft.
func TestRegister_noDraftWithoutTheInvitation(t *testing.T) {
	code := screentest.Meetings()[1].Code
	for _, typed := range []bool{false, true} {
		mine := screentest.NewRegistrations()
		mine.Drafts = map[string]api.Register{code: {Meeting: code, Invitation: aToken}}
		mine.Invited = map[string]api.InvitationFound{aToken: invitedTo(api.InvitationSent, false)}
		_, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
		if typed {
			screentest.Input(t, w, "register.job").SetText("Chair")
		}
		screentest.Tap(t, w, "register.invited.action")
		if in, kept := mine.Drafts[code]; kept != typed || in.Invitation != "" {
			t.Errorf("typed %t: the draft is %+v", typed, in)
		}
		screentest.Input(t, w, "register.job").SetText("Editor")
		if mine.Drafts[code].JobTitle != "Editor" {
			t.Errorf("typed %t: what is typed afterwards is not kept: %+v", typed, mine.Drafts[code])
		}
	}
}

// The link of an invitation that is pasted into the search leads to the form with it.
func TestMeetings_pastedInvitation(t *testing.T) {
	e := screentest.NewEnv(t)
	meeting := screentest.Meetings()[1]
	e.Info.Address = "https://service.example.int"
	link := "https://service.example.int/m/" + meeting.Code + "?lang=fr#" + aToken
	went := &screentest.WentTo{}
	m := NewList(e, &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, screentest.NewRegistrations(), screentest.Account, ListEvents{
		Register: went.With("register"), Registration: went.With("registration"), Invited: went.With("invited"),
	})
	t.Cleanup(m.Close)
	screentest.Show(t, m.Content(), 1100, 700)
	m.list.Search.SetText(link)
	if m.list.Len() == 0 {
		t.Fatal("the meeting is not found")
	}
	m.on.Register(meeting.Code)
	m.entered(&meetingRow{meeting: &meeting})
	m.list.Search.SetText(meeting.Code)
	m.on.Register(meeting.Code)
	want := "invited plenary://service.example.int/m/" + meeting.Code + "#" + aToken
	if got := strings.Join(went.Places, ", "); strings.Count(got, want) != 2 || !strings.HasSuffix(got, "register "+meeting.Code) {
		t.Errorf("led to %s", got)
	}
}

func TestRegister_invitedPictures(t *testing.T) {
	code := screentest.Meetings()[1].Code
	for name, found := range map[string]api.InvitationFound{"good": invitedTo(api.InvitationSent, true), "other": invitedTo(api.InvitationSent, false)} {
		screentest.CaptureFew(t, "register-invited-"+name, func(e kit.Env) fyne.CanvasObject {
			mine := screentest.NewRegistrations()
			mine.Drafts = map[string]api.Register{code: {Meeting: code, Invitation: aToken}}
			mine.Invited = map[string]api.InvitationFound{aToken: found}
			return NewRegister(e, screentest.Meetings()[1], screentest.Account, mine, RegisterEvents{}).Content()
		})
	}
}
