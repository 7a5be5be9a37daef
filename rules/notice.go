package rules

import (
	"slices"

	"plenary/api"
)

// Limits of an e-mail to participants, in characters.
const (
	MaxMailSubject = 150
	MaxMailText    = 5000
)

// RegistrationStates are all that the service knows.
var RegistrationStates = []string{
	api.WaitingFocalPoint, api.WaitingSecretariat, api.WaitingList, api.Offered, api.Confirmed, api.Refused, api.Withdrawn,
}

// CleanMail gives an e-mail to participants as it is sent: texts as of Line and Lines,
// without those that are empty.
func CleanMail(in api.MailParticipants) api.MailParticipants {
	in.Subject = cleanText(in.Subject, func(s string) string { s, _ = Line(s); return s })
	in.Text = cleanText(in.Text, func(s string) string { s, _ = Lines(s); return s })
	return in
}

// CheckMail lists everything that is wrong with an e-mail to participants: it has to be
// there in English, and a language that has a subject has a text as well.
func CheckMail(in *api.MailParticipants) []api.FieldError {
	var c meetingCheck
	to := &in.To
	c.say(to.State != "" && !slices.Contains(RegistrationStates, to.State), "/to/state", api.FieldUnknown)
	c.say(to.Participation != "" && to.Participation != api.OnSite && to.Participation != api.Remote, "/to/participation", api.FieldUnknown)
	c.say(to.Membership != "" && !slices.Contains(Memberships(), Membership(to.Membership)), "/to/membership", api.FieldUnknown)
	c.say(to.Country != "" && (len(to.Country) != 2 || !upper(to.Country)), "/to/country", api.FieldUnknown)
	c.text("/subject", in.Subject, true, MaxMailSubject, Line)
	c.text("/text", in.Text, true, MaxMailText, Lines)
	clean := CleanMail(*in)
	for _, lang := range MeetingLanguages[1:] {
		c.say(clean.Subject[lang] == "" && clean.Text[lang] != "", "/subject/"+lang, api.FieldRequired)
		c.say(clean.Subject[lang] != "" && clean.Text[lang] == "", "/text/"+lang, api.FieldRequired)
	}
	return c.wrong
}

func upper(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(b byte) bool { return b < 'A' || b > 'Z' })
}
