package rules

import (
	"net/url"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata" // Windows has no database of time zones
	"unicode/utf8"

	"plenary/api"
)

// MeetingLanguages are those that a meeting's texts can be in; English is always there.
var MeetingLanguages = []string{"en", "fr", "es", "ru", "zh", "ar"}

// Limits of a meeting's description. Texts are counted in characters.
const (
	MaxMeetingLine     = 200
	MaxMeetingText     = 10_000
	MaxMeetingSessions = 100
	MaxMeetingPlaces   = 1_000_000
	MaxCompanions      = 20
	MaxMeetingLists    = 50
	MaxDocuments       = 50
)

// MaxReason is the longest reason that staff gives, in characters.
const MaxReason = 500

// CleanMeeting gives a description as it is kept: texts as of Line and Lines, without
// those that are empty, times in microseconds UTC, as all of the contract are.
func CleanMeeting(d api.MeetingDetails) api.MeetingDetails {
	line := func(s string) string { s, _ = Line(s); return s }
	text := func(s string) string { s, _ = Lines(s); return s }
	d.Title, d.Place, d.Description = cleanText(d.Title, line), cleanText(d.Place, line), cleanText(d.Description, text)
	d.Zone, d.Platform = Typed(d.Zone), Typed(d.Platform)
	if email, err := ParseEmail(d.Contact); err == nil {
		d.Contact = email
	}
	d.ChangeUntil, d.WithdrawUntil = keptTime(d.ChangeUntil), keptTime(d.WithdrawUntil)
	d.Consents = slices.Clone(d.Consents)
	for i, c := range d.Consents {
		d.Consents[i].Text = cleanText(c.Text, text)
	}
	d.RegistrationFrom, d.RegistrationUntil = keptTime(d.RegistrationFrom), keptTime(d.RegistrationUntil)
	d.Sessions = slices.Clone(d.Sessions)
	for i, s := range d.Sessions {
		d.Sessions[i] = api.MeetingSession{Title: cleanText(s.Title, line), Start: keptTime(s.Start), End: keptTime(s.End)}
	}
	d.Lists = slices.Clone(d.Lists)
	for i, list := range d.Lists {
		d.Lists[i].Title = cleanText(list.Title, line)
	}
	d.Documents = slices.Clone(d.Documents)
	for i, document := range d.Documents {
		d.Documents[i] = api.Document{Title: cleanText(document.Title, line), URL: Typed(document.URL)}
	}
	if d.Sessions == nil {
		d.Sessions = []api.MeetingSession{} // in JSON lists, not null
	}
	if d.Participation == nil {
		d.Participation = []string{}
	}
	d.Form = cleanForm(d.Form, line, text)
	return d
}

// cleanForm gives a form as it is kept.
func cleanForm(form api.Form, line, text func(string) string) api.Form {
	sections := make([]api.FormSection, len(form.Sections)) // in JSON a list, not null
	for s, section := range form.Sections {
		sections[s] = api.FormSection{Title: cleanText(section.Title, line), If: section.If, Questions: make([]api.Question, len(section.Questions))}
		for i, q := range section.Questions {
			q.Label, q.Help = cleanText(q.Label, text), cleanText(q.Help, text)
			q.Choices = slices.Clone(q.Choices)
			for n, choice := range q.Choices {
				q.Choices[n].Label = cleanText(choice.Label, text)
			}
			sections[s].Questions[i] = q
		}
	}
	return api.Form{Sections: sections}
}

func cleanText(t api.Text, clean func(string) string) api.Text {
	kept := api.Text{}
	for lang, s := range t {
		if s = clean(s); s != "" {
			kept[lang] = s
		}
	}
	return kept
}

func keptTime(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// CheckMeeting lists everything that is wrong with a description; nothing where people
// could register by it.
func CheckMeeting(d *api.MeetingDetails) []api.FieldError {
	c := meetingCheck{}
	c.texts(d)
	c.sessions(d)
	c.lists(d)
	c.registration(d)
	c.changes(d)
	for _, e := range CheckForm(&d.Form) {
		c.wrong = append(c.wrong, api.FieldError{Pointer: "/form" + e.Pointer, Code: e.Code})
	}
	return c.wrong
}

// CheckDraft is CheckMeeting for a meeting that nobody sees yet: it has a title, and may
// lack everything else.
func CheckDraft(d *api.MeetingDetails) (wrong []api.FieldError) {
	for _, e := range CheckMeeting(d) {
		if e.Code != api.FieldRequired || e.Pointer == "/title/en" {
			wrong = append(wrong, e)
		}
	}
	return wrong
}

// meetingCheck gathers what is wrong.
type meetingCheck struct{ wrong []api.FieldError }

func (c *meetingCheck) say(bad bool, pointer, code string) {
	if bad {
		c.wrong = append(c.wrong, api.FieldError{Pointer: pointer, Code: code})
	}
}

// oneOf says the first thing that is wrong with one field.
func (c *meetingCheck) oneOf(pointer string, codes ...string) {
	for _, code := range codes {
		if code != "" {
			c.say(true, pointer, code)
			return
		}
	}
}

func when(bad bool, code string) string {
	if bad {
		return code
	}
	return ""
}

// text judges one text in all its languages, in their order.
func (c *meetingCheck) text(pointer string, t api.Text, required bool, longest int, kept func(string) (string, bool)) {
	english, _ := kept(t["en"])
	c.say(required && english == "", pointer+"/en", api.FieldRequired)
	for _, lang := range sortedKeys(t) {
		at := pointer + "/" + escapePointer(lang)
		_, ok := kept(t[lang])
		c.oneOf(at, when(!slices.Contains(MeetingLanguages, lang), api.FieldUnknown), when(!ok, api.FieldInvalid),
			when(utf8.RuneCountInString(t[lang]) > longest, api.FieldTooLong))
	}
}

func (c *meetingCheck) texts(d *api.MeetingDetails) {
	c.text("/title", d.Title, true, MaxMeetingLine, Line)
	c.text("/description", d.Description, false, MaxMeetingText, Lines)
	c.text("/place", d.Place, false, MaxMeetingLine, Line)
	_, err := ParseEmail(d.Contact)
	c.oneOf("/contact", when(d.Contact == "", api.FieldRequired), when(err != nil, api.FieldInvalid))
	c.say(len(d.Documents) > MaxDocuments, "/documents", api.FieldTooMany)
	for i, document := range d.Documents {
		at := "/documents/" + strconv.Itoa(i)
		c.text(at+"/title", document.Title, true, MaxMeetingLine, Line)
		c.oneOf(at+"/url", when(Typed(document.URL) == "", api.FieldRequired), when(!WebAddress(Typed(document.URL)), api.FieldInvalid))
	}
}

func (c *meetingCheck) sessions(d *api.MeetingDetails) {
	zone := Typed(d.Zone)
	_, err := time.LoadLocation(zone)
	c.oneOf("/zone", when(zone == "", api.FieldRequired), when(zone == "Local" || err != nil, api.FieldUnknown))
	c.oneOf("/sessions", when(len(d.Sessions) == 0, api.FieldRequired), when(len(d.Sessions) > MaxMeetingSessions, api.FieldTooMany))
	for i, s := range d.Sessions {
		at := "/sessions/" + strconv.Itoa(i)
		c.text(at+"/title", s.Title, false, MaxMeetingLine, Line)
		c.oneOf(at+"/start", when(s.Start.IsZero(), api.FieldRequired), when(i > 0 && s.Start.Before(d.Sessions[i-1].Start), api.FieldOutOfRange))
		c.oneOf(at+"/end", when(s.End.IsZero(), api.FieldRequired), when(!s.End.After(s.Start), api.FieldOutOfRange))
	}
}

func (c *meetingCheck) lists(d *api.MeetingDetails) {
	c.say(len(d.Lists) > MaxMeetingLists, "/lists", api.FieldTooMany)
	for i, list := range d.Lists {
		at := "/lists/" + strconv.Itoa(i)
		c.oneOf(at+"/id", when(list.ID == "", api.FieldRequired), when(!validID(list.ID, letters, letters+digits+"_"), api.FieldInvalid),
			when(slices.ContainsFunc(d.Lists[:i], func(o api.MeetingList) bool { return o.ID == list.ID }), api.FieldRepeated))
		c.text(at+"/title", list.Title, true, MaxMeetingLine, Line)
		c.say(list.Session < 0 || list.Session > len(d.Sessions), at+"/session", api.FieldOutOfRange)
	}
}

func (c *meetingCheck) registration(d *api.MeetingDetails) {
	c.say(d.RegistrationFrom.IsZero(), "/registration_from", api.FieldRequired)
	c.oneOf("/registration_until", when(d.RegistrationUntil.IsZero(), api.FieldRequired),
		when(!d.RegistrationUntil.After(d.RegistrationFrom), api.FieldOutOfRange))
	c.say(d.Capacity < 0 || d.Capacity > MaxMeetingPlaces, "/capacity", api.FieldOutOfRange)
	c.say(len(d.Participation) == 0, "/participation", api.FieldRequired)
	for i, p := range d.Participation {
		c.oneOf("/participation/"+strconv.Itoa(i), when(p != api.OnSite && p != api.Remote, api.FieldUnknown),
			when(slices.Contains(d.Participation[:i], p), api.FieldRepeated))
	}
	remote, platform := slices.Contains(d.Participation, api.Remote), Typed(d.Platform)
	c.oneOf("/platform", when(remote && platform == "", api.FieldRequired), when(platform != "" && !WebAddress(platform), api.FieldInvalid))
	c.token(d.Token)
	c.say(d.Retention < 0 || d.Retention > MaxRetention, "/retention", api.FieldOutOfRange)
	for i, ms := range d.Memberships {
		c.oneOf("/memberships/"+strconv.Itoa(i), when(!Membership(ms).Real(), api.FieldUnknown),
			when(slices.Contains(d.Memberships[:i], ms), api.FieldRepeated))
	}
	known := []string{api.ApprovalNone, api.ApprovalFocalPoint, api.ApprovalSecretariat}
	// Who somebody is of, they say themselves, and nobody has looked at it: so it can keep
	// people out, but not let them in.
	c.oneOf("/approval", when(d.Approval == "", api.FieldRequired), when(!slices.Contains(known, d.Approval), api.FieldUnknown),
		when(d.Approval == api.ApprovalNone && len(d.Memberships) > 0, api.FieldApproval))
	c.say(d.OfferHours < 0 || d.OfferHours > MaxOfferHours, "/offer_hours", api.FieldOutOfRange)
	c.say(d.Companions < 0 || d.Companions > MaxCompanions, "/companions", api.FieldOutOfRange)
}

// token judges how a platform takes join tokens.
func (c *meetingCheck) token(t *api.JoinToken) {
	if t == nil {
		return
	}
	c.oneOf("/token/audience", when(t.Audience == "", api.FieldRequired), when(len(t.Audience) > MaxMeetingLine, api.FieldTooLong))
	// The room * would open every room of the platform.
	c.oneOf("/token/room", when(t.Room == "", api.FieldRequired), when(t.Room == "*", api.FieldNotAccepted), when(len(t.Room) > MaxMeetingLine, api.FieldTooLong))
	c.say(len(t.Subject) > MaxMeetingLine, "/token/subject", api.FieldTooLong)
}

// WebAddress says whether a text is the whole address of something in the web, with
// nobody's name or password in it.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
