package mail

import (
	"errors"
	"fmt"
	"slices"

	"plenary/api"
)

// Templates of e-mails, and the parameters and secrets that each one takes.
// Every one takes the parameter Username, and those about registrations take
// the parameters named at RegistrationReceived.
const (
	Activate          = "activate"           // secrets Link, Code
	AlreadyRegistered = "already-registered" // to an address that has an account already
	Invited           = "invited"            // to an address that staff has entered; secrets Link, Code
	Active            = "active"
	Reset             = "reset"         // parameters When, Machine: when it was asked for, and by what; secrets Link, Code
	ResetWaiting      = "reset-waiting" // to the address of an account that waits to be activated; secrets Link, Code
	PasswordChanged   = "password-changed"

	// What tells owners of what happened to their accounts.
	NewDevice          = "new-device"            // parameters Machine, When, and Failures, if several came before it
	LogInAfterFailures = "log-in-after-failures" // parameters Machine, When
	Locked             = "locked"                // deactivated for security; the way back is "Forgot password?"
	EmailCode          = "email-code"            // to a new address, not verified yet; secret Code
	EmailChangeAsked   = "email-change-asked"    // to the address of now; parameter Address, the new one, masked
	EmailChanged       = "email-changed"         // to the address of before; parameter Address, the new one, masked
	UsernameChanged    = "username-changed"
	ProfileCorrected   = "profile-corrected" // by staff; parameters Reason, and what was changed: see ProfileField
	QuestionSet        = "secret-question-set"
	QuestionUsed       = "secret-question-used"
	QuestionRemoved    = "secret-question-removed"
	SecondFactorOn     = "second-factor-on"
	SecondFactorOff    = "second-factor-off"
	RecoveryCodeUsed   = "recovery-code-used" // parameter Left, how many there still are
	Deactivated        = "deactivated"        // by staff
	Reactivated        = "reactivated"
	RolesChanged       = "roles-changed"       // parameter Roles
	ResetAddressSet    = "reset-address-set"   // to the account's own address; parameter Address, masked; secret Link, which stops it
	ResetAddressReady  = "reset-address-ready" // to the reset address
	DeletionAsked      = "deletion-asked"      // parameter When
	Deleted            = "deleted"
	ApprovalAsked      = "approval-asked"  // to the administrators who can give it; parameters What, User, By, When (until)
	ServiceChanged     = "service-changed" // to all administrators; parameters What, By, When, and Only, to the only one who is left
	Test               = "test"            // of the mail server's settings

	// About who speaks for an organization; parameters For, its name, and Kind.
	FocalPointAppointed = "focal-point-appointed"
	FocalPointEnded     = "focal-point-ended"
	DelegationWaiting   = "delegation-waiting" // parameters For, and Waiting, how many

	// About visa support, without what was given or written.
	VisaAnswered = "visa-answered" // parameters as at RegistrationReceived; State (api.VisaAnswered or api.VisaRefused) and To (the person, or api.FocalPoint)
	VisaNeeded   = "visa-needed"   // to the role visa; parameters Name and Waiting, how many

	// RegistrationReceived acknowledges: clearly no confirmation yet.
	// Parameters: Name, Number, Meeting (title), MeetingCode, Dates, Place,
	// Participation (api.OnSite or api.Remote), Companions (may be empty), RegisteredBy
	// (who registered somebody else, at once afterwards), By (of its newest event), and
	// State (api.WaitingFocalPoint or api.WaitingSecretariat).
	RegistrationReceived    = registrations + "received"
	RegistrationConfirmed   = registrations + "confirmed"
	RegistrationRefused     = registrations + "refused" // also Reason, Contact, and What, its newest event
	RegistrationWaitingList = registrations + "waiting-list"
	RegistrationWithdrawn   = registrations + "withdrawn"
	RegistrationChanged     = registrations + "changed" // also Fields, the names of the fields
	RegistrationOffered     = registrations + "offered" // also Until, by when to answer
	RegistrationLapsed      = registrations + "lapsed"  // likewise

	// What all participants of a meeting are told takes the same parameters.
	MeetingChanged   = "meeting-changed"   // another time or place
	MeetingCancelled = "meeting-cancelled" // also Reason and Contact

	// MeetingInvitation invites to a meeting; secret Link. Parameters: Name (may be empty),
	// Meeting, MeetingCode, Dates, Place, Contact, Until, Address (to whose account it is),
	// and Window and Approval, where the invitation passes them.
	MeetingInvitation = "meeting-invitation"
	// MeetingMail is what a meeting's managers write to participants. Parameters: Name,
	// Number, Meeting, MeetingCode, Dates, Place, Contact, and their own Subject and Text.
	MeetingMail = "meeting-mail"

	// RegistrationsChanged tells a meeting's managers. Parameters: Name (may be empty),
	// Meeting, MeetingCode, Count, Lines (a line for each registration), and More, how many
	// have no line.
	RegistrationsChanged = "registrations-changed"
)

// registrations begins the names of templates about registrations.
const registrations = "registration-"

// Priorities: e-mails leave in this order, those of one priority in the order in
// which they fell due.
const (
	urgent = iota // somebody waits for it at the screen, and its code does not live long
	notice        // tells owners what happened to their accounts
	bulk          // may come a hundred thousand at a time
	mass          // what managers write to all participants of a meeting: behind what each one waits for
	priorities
)

// template is all that there is to know of an e-mail but its texts.
type template struct {
	name     string
	priority int
	// optional ones can be switched off. All others are needed: without them
	// people get into no account, or are not told what happened to theirs.
	optional bool
	// anew: what the e-mail says can be made again from what it is about, and is
	// as true as it was.
	anew bool
	// unverified: it goes to an address that nobody has verified. Nothing is
	// repeated in it that somebody typed: it would be a way to have us deliver
	// other people's texts. A username can be a link, too (www.example.org).
	unverified bool
	// forget: to whom it went is forgotten with what it said, since nobody is left
	// who could ask for it.
	forget bool
	blocks []block // between the greeting and the farewell that all have
}

// templates are the e-mails that there are, in the order in which administrators
// see them. The reset e-mail is that of the source
// (sources/forgotten-password.txt), with the code added.
var templates = []template{
	{name: Activate, priority: urgent, anew: true, unverified: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	}},
	{name: Invited, priority: urgent, anew: true, unverified: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	}},
	{name: AlreadyRegistered, priority: urgent, anew: true, blocks: texts("intro", "reset", "second", "not-you")},
	{name: Active, priority: notice, optional: true, anew: true, blocks: texts("intro", "login")},
	{name: Reset, priority: urgent, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "asked", when: given("When")},
		{kind: paragraph, key: "not-you"},
	}},
	{name: ResetWaiting, priority: urgent, anew: true, unverified: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "code"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	}},
	{name: PasswordChanged, priority: notice, anew: true, blocks: texts("intro", "sessions", "not-you")},
	{name: NewDevice, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: warning, key: "machine"},
		{kind: warning, key: "failures", when: given("Failures")},
		{kind: paragraph, key: "not-you"},
	}},
	{name: LogInAfterFailures, priority: notice, blocks: []block{{kind: paragraph, key: "intro"}, {kind: warning, key: "machine"}, {kind: paragraph, key: "not-you"}}},
	{name: Locked, priority: notice, anew: true, blocks: texts("intro", "back", "not-you")},
	{name: EmailCode, priority: urgent, unverified: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: code},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "not-you"},
	}},
	{name: EmailChangeAsked, priority: notice, blocks: texts("intro", "not-you")},
	{name: EmailChanged, priority: notice, blocks: texts("intro", "not-you")},
	{name: UsernameChanged, priority: notice, anew: true, blocks: texts("intro", "not-you")},
	{name: ProfileCorrected, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "not-you"},
	}},
	{name: QuestionSet, priority: notice, anew: true, blocks: texts("intro", "not-you")},
	{name: QuestionUsed, priority: notice, anew: true, blocks: texts("intro", "not-you")},
	{name: QuestionRemoved, priority: notice, anew: true, blocks: texts("intro", "not-you")},
	{name: SecondFactorOn, priority: notice, anew: true, blocks: texts("intro", "codes", "not-you")},
	{name: SecondFactorOff, priority: notice, anew: true, blocks: texts("intro", "not-you")},
	{name: RecoveryCodeUsed, priority: notice, blocks: texts("intro", "not-you")},
	{name: Deactivated, priority: notice, anew: true, blocks: texts("intro", "desk")},
	{name: Reactivated, priority: notice, anew: true, blocks: texts("intro", "login")},
	{name: RolesChanged, priority: notice, blocks: texts("intro", "not-you")},
	{name: ResetAddressSet, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: warning, key: "not-you"},
		{kind: button, key: "link"},
	}},
	{name: ResetAddressReady, priority: urgent, blocks: texts("intro", "how", "limits")},
	{name: DeletionAsked, priority: notice, blocks: texts("intro", "back", "not-you")},
	{name: Deleted, priority: notice, forget: true, blocks: texts("intro")},
	{name: ApprovalAsked, priority: notice, optional: true, blocks: texts("intro", "how")},
	{name: ServiceChanged, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "who"},
		{kind: warning, key: "only", when: given("Only")},
		{kind: paragraph, key: "not-you"},
	}},
	{name: FocalPointAppointed, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro", when: param("Kind", api.FocalPoint)},
		{kind: paragraph, key: "assistant", when: param("Kind", api.Assistant)},
		{kind: paragraph, key: "how"},
		{kind: paragraph, key: "not-you"},
	}},
	{name: FocalPointEnded, priority: notice, blocks: []block{
		{kind: paragraph, key: "intro", when: param("Kind", api.FocalPoint)},
		{kind: paragraph, key: "assistant", when: param("Kind", api.Assistant)},
		{kind: paragraph, key: "not-you"},
	}},
	{name: DelegationWaiting, priority: bulk, optional: true, blocks: texts("intro", "how")},
	{name: VisaAnswered, priority: bulk, optional: true, blocks: []block{
		{kind: paragraph, key: "intro", when: param("State", api.VisaAnswered)},
		{kind: paragraph, key: "refused", when: param("State", api.VisaRefused)},
		{kind: facts},
		{kind: paragraph, key: "how", when: param("To", "")},
		{kind: paragraph, key: "delegation", when: param("To", api.FocalPoint)},
	}},
	{name: VisaNeeded, priority: bulk, optional: true, blocks: texts("intro", "how")},
	{name: RegistrationReceived, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: warning, key: "focal-point", when: param("State", api.WaitingFocalPoint)},
		{kind: warning, key: "secretariat", when: param("State", api.WaitingSecretariat)},
		{kind: facts},
		{kind: paragraph, key: "wait"},
	}},
	{name: RegistrationConfirmed, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "onsite", when: hasQR},
		{kind: qrCode, key: "qr", when: hasQR},
		{kind: paragraph, key: "remote", when: func(m Message) bool { return m.Params["Participation"] == api.Remote && m.Params["Username"] != "" }},
		{kind: paragraph, key: "remote-calendar", when: func(m Message) bool { return m.Params["Participation"] == api.Remote && m.Params["Username"] == "" }},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
		{kind: paragraph, key: "pdf", when: func(m Message) bool { return m.PDF != nil }},
		{kind: paragraph, key: "no-pdf", when: func(m Message) bool { return m.PDF == nil }},
	}},
	{name: RegistrationRefused, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: paragraph, key: "intro", when: func(m Message) bool { return m.Params["What"] != revoked }},
		{kind: warning, key: "revoked", when: param("What", revoked)},
		{kind: facts},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
		{kind: paragraph, key: "contact", when: given("Contact")},
	}},
	{name: RegistrationWaitingList, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: warning, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "order"},
	}},
	{name: RegistrationOffered, priority: bulk, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: warning, key: "until"},
		{kind: facts},
		{kind: paragraph, key: "how"},
		{kind: paragraph, key: "after"},
	}},
	{name: RegistrationLapsed, priority: bulk, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "again"},
	}},
	{name: RegistrationWithdrawn, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: paragraph, key: "intro", when: func(m Message) bool { return m.Params["By"] != api.FocalPoint }},
		{kind: paragraph, key: "focal-point", when: param("By", api.FocalPoint)},
		{kind: facts},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
		{kind: paragraph, key: "again"},
	}},
	{name: MeetingChanged, priority: mass, optional: true, blocks: []block{
		{kind: warning, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
		{kind: paragraph, key: "withdraw"},
	}},
	{name: MeetingCancelled, priority: mass, anew: true, blocks: []block{
		{kind: warning, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "calendar", when: func(m Message) bool { return m.Calendar != "" }},
		{kind: paragraph, key: "contact", when: given("Contact")},
	}},
	{name: MeetingInvitation, priority: bulk, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: facts},
		{kind: paragraph, key: "window", when: given("Window")},
		{kind: paragraph, key: "approval", when: given("Approval")},
		{kind: paragraph, key: "please"},
		{kind: button, key: "link"},
		{kind: paragraph, key: "paste"},
		{kind: paragraph, key: "limits"},
		{kind: paragraph, key: "contact", when: given("Contact")},
	}},
	{name: MeetingMail, priority: mass, blocks: []block{
		{kind: said},
		{kind: facts},
		{kind: paragraph, key: "why"},
		{kind: paragraph, key: "contact", when: given("Contact")},
	}},
	{name: RegistrationChanged, priority: bulk, optional: true, anew: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: warning, key: "focal-point", when: param("State", api.WaitingFocalPoint)},
		{kind: warning, key: "secretariat", when: param("State", api.WaitingSecretariat)},
		{kind: facts},
		{kind: paragraph, key: "onsite", when: hasQR},
		{kind: qrCode, key: "qr", when: hasQR},
		{kind: paragraph, key: "pdf", when: func(m Message) bool { return m.PDF != nil }},
		{kind: paragraph, key: "not-you"},
	}},
	{name: RegistrationsChanged, priority: bulk, optional: true, blocks: []block{
		{kind: paragraph, key: "intro"},
		{kind: paragraph, key: "list"},
		{kind: paragraph, key: "more", when: given("More")},
		{kind: paragraph, key: "where"},
	}},
	{name: Test, blocks: texts("intro")},
}

// revoked is the Parameter What of a refusal of what was confirmed (api.Event).
const revoked = "revoked"

// texts are paragraphs, by their keys.
func texts(keys ...string) []block {
	blocks := make([]block, len(keys))
	for i, key := range keys {
		blocks[i] = block{kind: paragraph, key: key}
	}
	return blocks
}

// ErrUnknownTemplate means that a message names a template that does not exist.
var ErrUnknownTemplate = errors.New("mail: unknown template")

func templateOf(name string) (*template, error) {
	i := slices.IndexFunc(templates, func(t template) bool { return t.name == name })
	if i < 0 {
		return nil, fmt.Errorf("%w %q", ErrUnknownTemplate, name)
	}
	return &templates[i], nil
}

// automatic are the e-mails that go out by themselves: all but that of an EMail Test.
func automatic(yield func(*template) bool) {
	for i := range templates {
		if templates[i].name != Test && !yield(&templates[i]) {
			return
		}
	}
}
