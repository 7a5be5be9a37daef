package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func goodMeeting() api.MeetingDetails {
	return api.MeetingDetails{
		Meeting: api.Meeting{
			Title: api.Text{"en": "Sixth X.509 Day", "ar": "اليوم السادس"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
			Sessions:         []api.MeetingSession{{Start: noon, End: noon.Add(time.Hour)}, {Start: noon, End: noon.Add(2 * time.Hour)}},
			RegistrationFrom: noon.AddDate(0, -1, 0), RegistrationUntil: noon,
			Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
			Documents: []api.Document{{Title: api.Text{"en": "Agenda"}, URL: "https://example.int/agenda.pdf"}},
		},
		MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1", Token: &api.JoinToken{Audience: "jitsi", Room: "1"}},
	}
}

func TestCheckMeeting(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*api.MeetingDetails)
		want   string
	}{
		{"good", func(*api.MeetingDetails) {}, ""},
		{"no title", func(d *api.MeetingDetails) { d.Title = api.Text{"fr": "Journée", "en": " "} }, "/title/en required"},
		{"a language that nobody offers", func(d *api.MeetingDetails) { d.Title["tlh"] = "jaj" }, "/title/tlh unknown"},
		{"a title of two lines", func(d *api.MeetingDetails) { d.Title["en"] = "Sixth\nDay" }, "/title/en invalid"},
		{"a long place", func(d *api.MeetingDetails) { d.Place["en"] = strings.Repeat("x", 201) }, "/place/en too-long"},
		{"no zone", func(d *api.MeetingDetails) { d.Zone = "" }, "/zone required"},
		{"no zone of this world", func(d *api.MeetingDetails) { d.Zone = "Mars/Olympus" }, "/zone unknown"},
		{"whatever zone this computer has", func(d *api.MeetingDetails) { d.Zone = "Local" }, "/zone unknown"},
		{"no session", func(d *api.MeetingDetails) { d.Sessions = nil }, "/sessions required"},
		{"many sessions", func(d *api.MeetingDetails) { d.Sessions = slices.Repeat(d.Sessions[:1], 101) }, "/sessions too-many"},
		{"a session without times", func(d *api.MeetingDetails) { d.Sessions = []api.MeetingSession{{}} }, "/sessions/0/start required, /sessions/0/end required"},
		{"a session that ends before", func(d *api.MeetingDetails) { d.Sessions[1].End = noon }, "/sessions/1/end out-of-range"},
		{"sessions out of order", func(d *api.MeetingDetails) { d.Sessions[1].Start = noon.Add(-time.Hour) }, "/sessions/1/start out-of-range"},
		{"rooms", func(d *api.MeetingDetails) {
			d.Lists = []api.MeetingList{{ID: "a", Title: api.Text{"en": "Room A"}, Session: 2}, {ID: "a", Session: 3}, {ID: "B", Title: api.Text{"en": "Room B"}}}
		}, "/lists/1/id repeated, /lists/1/title/en required, /lists/1/session out-of-range, /lists/2/id invalid"},
		{"no window", func(d *api.MeetingDetails) { d.RegistrationFrom, d.RegistrationUntil = time.Time{}, time.Time{} }, "/registration_from required, /registration_until required"},
		{"a window that closes before", func(d *api.MeetingDetails) { d.RegistrationUntil = d.RegistrationFrom }, "/registration_until out-of-range"},
		{"fewer than no places", func(d *api.MeetingDetails) { d.Capacity = -1 }, "/capacity out-of-range"},
		{"no way to take part", func(d *api.MeetingDetails) { d.Participation = nil }, "/participation required"},
		{"another way to take part", func(d *api.MeetingDetails) { d.Participation[0] = "telepathy" }, "/participation/0 unknown"},
		{"the same way twice", func(d *api.MeetingDetails) { d.Participation[0] = api.Remote }, "/participation/1 repeated"},
		{"remote without a platform", func(d *api.MeetingDetails) { d.Platform = "" }, "/platform required"},
		{"on site with a wrong platform", func(d *api.MeetingDetails) {
			d.Participation, d.Platform = []string{api.OnSite}, "javascript:alert(1)"
		}, "/platform invalid"},
		{"no membership", func(d *api.MeetingDetails) {
			d.Approval, d.Memberships = api.ApprovalSecretariat, []string{"unknown"}
		}, "/memberships/0 unknown"},
		{"a membership twice", func(d *api.MeetingDetails) {
			d.Approval, d.Memberships = api.ApprovalSecretariat, []string{"academia", "academia"}
		}, "/memberships/1 repeated"},
		// Whoever wants to come in says the membership themselves.
		{"memberships and nobody who looks", func(d *api.MeetingDetails) { d.Memberships = []string{"academia"} }, "/approval needs-approval"},
		{"memberships and a focal point", func(d *api.MeetingDetails) {
			d.Approval, d.Memberships = api.ApprovalFocalPoint, []string{"academia"}
		}, ""},
		{"no approval", func(d *api.MeetingDetails) { d.Approval = "" }, "/approval required"},
		{"another approval", func(d *api.MeetingDetails) { d.Approval = "oracle" }, "/approval unknown"},
		{"a bus", func(d *api.MeetingDetails) { d.Companions = 21 }, "/companions out-of-range"},
		{"no contact", func(d *api.MeetingDetails) { d.Contact = "" }, "/contact required"},
		{"no address", func(d *api.MeetingDetails) { d.Contact = "the desk" }, "/contact invalid"},
		{"a document of nothing", func(d *api.MeetingDetails) { d.Documents = []api.Document{{}} }, "/documents/0/title/en required, /documents/0/url required"},
		{"a document on a disk", func(d *api.MeetingDetails) { d.Documents[0].URL = "file:///etc/passwd" }, "/documents/0/url invalid"},
		{"a token without names", func(d *api.MeetingDetails) { d.Token = &api.JoinToken{} }, "/token/audience required, /token/room required"},
		{"a token for every room", func(d *api.MeetingDetails) { d.Token.Room = "*" }, "/token/room not-accepted"},
		{"a long token", func(d *api.MeetingDetails) { d.Token.Subject = strings.Repeat("x", 201) }, "/token/subject too-long"},
		{"a form", func(d *api.MeetingDetails) {
			d.Form.Sections = []api.FormSection{{Questions: []api.Question{{ID: "a", Kind: "mood", Label: api.Text{"en": "A"}}}}}
		}, "/form/sections/0/questions/0/kind unknown"},
	} {
		d := goodMeeting()
		c.change(&d)
		if got := said(CheckMeeting(&d)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		clean := CleanMeeting(d)
		if got := said(CheckMeeting(&clean)); c.want == "" && got != "" {
			t.Errorf("%s: cleaned it is wrong: %s", c.name, got)
		}
	}
}

func said(errs []api.FieldError) string {
	all := make([]string, len(errs))
	for i, e := range errs {
		all[i] = e.Pointer + " " + e.Code
	}
	return strings.Join(all, ", ")
}

func TestCheckDraft_mayLack(t *testing.T) {
	d := api.MeetingDetails{}
	if got := said(CheckDraft(&d)); got != "/title/en required" {
		t.Error(got)
	}
	d.Title, d.Capacity = api.Text{"en": "Day"}, -1
	if got := said(CheckDraft(&d)); got != "/capacity out-of-range" {
		t.Error(got)
	}
}

func TestCleanMeeting(t *testing.T) {
	d := goodMeeting()
	d.Title = api.Text{"en": "  Sixth   Day ", "fr": " "}
	d.Contact = " Meetings@EXAMPLE.int "
	d.Sessions[0].Start = noon.In(time.FixedZone("", 3600)).Add(7)
	c := CleanMeeting(d)
	if c.Title["en"] != "Sixth Day" || len(c.Title) != 1 || c.Contact != "Meetings@example.int" || c.Sessions[0].Start != noon {
		t.Errorf("%v %q %v", c.Title, c.Contact, c.Sessions[0].Start)
	}
	if d.Sessions[0].Start == noon {
		t.Error("the original was changed")
	}
}

func TestAfterAct(t *testing.T) {
	states := []string{api.MeetingDraft, api.MeetingPublished, api.MeetingClosed, api.MeetingCancelled, ""}
	want := map[string]string{
		"draft publish": "published", "draft delete": "", "published close": "closed", "published cancel": "cancelled",
		"closed reopen": "published", "closed cancel": "cancelled",
	}
	for _, state := range states {
		for _, act := range []MeetingAct{ActPublish, ActClose, ActReopen, ActCancel, ActDelete, "shelve"} {
			key := fmt.Sprintf("%s %s", state, act)
			next, ok := AfterAct(state, act)
			if to, can := want[key]; ok != can || next != to {
				t.Errorf("%s: %q %v", key, next, ok)
			}
		}
	}
}
