package mail

import (
	"errors"
	"fmt"

	"plenary/api"
)

// blockKind is how a block of an e-mail looks.
type blockKind int

const (
	paragraph blockKind = iota
	notice              // a paragraph that must not be overlooked
	button              // text is the label of the link in secret Link
	code                // the code in secret Code
	facts               // the registration's data
	qrCode              // the QR code; text says what it is
)

// block is one piece of an e-mail: its look and the key of its text below
// "mail.TEMPLATE.". A block with a condition stands only where it is met.
type block struct {
	kind blockKind
	key  string
	when func(Message) bool
}

// layouts is how each e-mail is built, between the greeting and the farewell
// that all have. The reset e-mail is that of the source
// (sources/forgotten-password.txt), with the code added.
var layouts = map[string][]block{
	Activate: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	},
	AlreadyRegistered: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "reset"},
		{kind: paragraph, key: "not-you"},
	},
	Active: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "login"},
	},
	Reset: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	},
	PasswordChanged: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "sessions"},
		{kind: paragraph, key: "not-you"},
	},
	NewDevice: {{kind: paragraph, key: "intro"}, {kind: notice, key: "machine"}, {kind: paragraph, key: "not-you"}},
	Locked:    {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "back"}, {kind: paragraph, key: "not-you"}},
	EmailCode: {
		{kind: paragraph, key: "intro"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	},
	ResetWaiting: {
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	},
	EmailChangeAsked: {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	QuestionRemoved:  {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	EmailChanged:     {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	UsernameChanged:  {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	QuestionSet:      {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	QuestionUsed:     {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	SecondFactorOn:   {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "codes"}, {kind: paragraph, key: "not-you"}},
	SecondFactorOff:  {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	RecoveryCodeUsed: {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	Deactivated:      {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "desk"}},
	Reactivated:      {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "login"}},
	RolesChanged:     {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "not-you"}},
	ResetAddressSet: {
		{kind: paragraph, key: "intro"},
		{kind: notice, key: "not-you"},
		{kind: button, key: "link"},
	},
	ResetAddressReady: {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "how"}, {kind: paragraph, key: "limits"}},
	DeletionAsked:     {{kind: paragraph, key: "intro"}, {kind: paragraph, key: "back"}, {kind: paragraph, key: "not-you"}},
	Deleted:           {{kind: paragraph, key: "intro"}},
	Test:              {{kind: paragraph, key: "intro"}},
	RegistrationReceived: {
		{kind: paragraph, key: "intro"},
		{kind: notice, key: "focal-point", when: param("State", api.WaitingFocalPoint)},
		{kind: notice, key: "secretariat", when: param("State", api.WaitingSecretariat)},
		{kind: facts},
		{kind: paragraph, key: "wait"},
	},
	RegistrationConfirmed: {
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "onsite", when: hasQR},
		{kind: qrCode, key: "qr", when: hasQR},
		{kind: paragraph, key: "remote", when: param("Participation", api.Remote)},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
	},
	RegistrationRefused: {
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "contact", when: func(m Message) bool { return m.Params["Contact"] != "" }},
	},
	RegistrationWaitingList: {
		{kind: notice, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "order"},
	},
	RegistrationWithdrawn: {
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "again"},
	},
}

// factRows are the rows of facts: the parameter and the key of its label. Rows
// whose parameter is empty are left out.
var factRows = []struct{ param, label string }{
	{"Meeting", "mail.fact.meeting"},
	{"MeetingCode", "mail.fact.code"},
	{"Dates", "mail.fact.dates"},
	{"Place", "mail.fact.place"},
	{"Participation", "mail.fact.participation"},
	{"Companions", "mail.fact.companions"},
	{"Number", "mail.fact.number"},
	{"Reason", "mail.fact.reason"},
}

// ErrUnknownTemplate means that a message names a template that does not exist.
var ErrUnknownTemplate = errors.New("mail: unknown template")

func layoutOf(template string) ([]block, error) {
	l, ok := layouts[template]
	if !ok {
		return nil, fmt.Errorf("%w %q", ErrUnknownTemplate, template)
	}
	return l, nil
}

func param(name, value string) func(Message) bool {
	return func(m Message) bool { return m.Params[name] == value }
}

func hasQR(m Message) bool { return m.QR != "" }
