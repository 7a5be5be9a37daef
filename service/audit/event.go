package audit

// Event is the name of something that happened. A name is never changed.
type Event string

// The events of accounts.
const (
	Created               Event = "created"
	Imported              Event = "imported"
	Invited               Event = "invited" // by staff
	SignUpRefused         Event = "sign-up-refused"
	SignUpCorrected       Event = "sign-up-corrected" // its e-mail address, by staff
	SignUpEnded           Event = "sign-up-ended"     // by staff, or by another one that replaces it
	Activated             Event = "activated"
	LoggedIn              Event = "logged-in"
	LogInFailed           Event = "log-in-failed"
	NewDevice             Event = "new-device"
	Locked                Event = "locked" // deactivated for security
	ProofGiven            Event = "proof-given"
	SessionEnded          Event = "session-ended"
	SessionsEnded         Event = "sessions-ended"
	DeviceForgotten       Event = "device-forgotten"
	ResetSent             Event = "reset-sent"
	PasswordReset         Event = "password-reset"
	PasswordChanged       Event = "password-changed"
	QuestionSet           Event = "secret-question-set"
	QuestionRemoved       Event = "secret-question-removed"
	QuestionUsed          Event = "secret-question-used"
	AnswerFailed          Event = "secret-answer-failed"
	SecondFactorOn        Event = "second-factor-on"
	SecondFactorOff       Event = "second-factor-off"
	SecondFactorFailed    Event = "second-factor-failed"
	RecoveryCodeUsed      Event = "recovery-code-used"
	RecoveryCodesMade     Event = "recovery-codes-made"
	ProfileChanged        Event = "profile-changed"
	UsernameChanged       Event = "username-changed"
	EmailChangeAsked      Event = "email-change-asked"
	EmailChanged          Event = "email-changed"
	DataExported          Event = "data-exported"
	DeletionAsked         Event = "deletion-asked"
	DeletionTakenBack     Event = "deletion-taken-back"
	Deleted               Event = "deleted"
	Deactivated           Event = "deactivated" // by staff
	Reactivated           Event = "reactivated"
	RolesChanged          Event = "roles-changed"
	ResetAddressSet       Event = "reset-address-set"
	ResetAddressUsed      Event = "reset-address-used"
	ResetAddressStopped   Event = "reset-address-stopped"
	ApprovalAsked         Event = "approval-asked"
	ApprovalGiven         Event = "approval-given"
	ApprovalRefused       Event = "approval-refused"
	PolicyChanged         Event = "policy-changed"
	MailSettingsChanged   Event = "mail-settings-changed"
	MailTested            Event = "mail-tested"
	MailSwitched          Event = "mail-switched"
	MailSentAgain         Event = "mail-sent-again"
	OrganizationAccepted  Event = "organization-accepted"
	OrganizationMerged    Event = "organization-merged"
	FocalPointAppointed   Event = "focal-point-appointed"
	FocalPointEnded       Event = "focal-point-ended"
	OrganizationConfirmed Event = "organization-confirmed"
	LogEarlier            Event = "log-earlier" // the log ended before what a node had seen
	LogExported           Event = "log-exported"
	UsersExported         Event = "users-exported"
	MailsExported         Event = "mails-exported"
	OrganizationsExported Event = "organizations-exported" // those that people entered
	KeyRotated            Event = "key-rotated"
	SettingsChanged       Event = "settings-changed"
)

// The events of meetings.
const (
	MeetingCreated         Event = "meeting-created"
	MeetingChanged         Event = "meeting-changed" // its description
	MeetingPublished       Event = "meeting-published"
	MeetingClosed          Event = "meeting-closed" // registration for it
	MeetingReopened        Event = "meeting-reopened"
	MeetingCancelled       Event = "meeting-cancelled"
	MeetingDeleted         Event = "meeting-deleted" // a draft
	MeetingManagersChanged Event = "meeting-managers-changed"
	RegistrationsExported  Event = "registrations-exported"
	RegistrationsImported  Event = "registrations-imported"
	PeopleInvited          Event = "people-invited" // to a meeting
	InvitationWithdrawn    Event = "invitation-withdrawn"
	VisaRead               Event = "visa-read"     // a passport, each time
	VisaAnswered           Event = "visa-answered" // granted or refused
	VisaErased             Event = "visa-erased"
	ParticipantsMailed     Event = "participants-mailed"
	AnswersErased          Event = "answers-erased" // by themselves, after a meeting
)

// Events are all names, as a filter offers them.
var Events = []Event{
	Created, Imported, Invited, SignUpRefused, SignUpCorrected, SignUpEnded, Activated, LoggedIn, LogInFailed, NewDevice, Locked, ProofGiven, SessionEnded, SessionsEnded,
	DeviceForgotten, ResetSent, PasswordReset, PasswordChanged, QuestionSet, QuestionRemoved, QuestionUsed, AnswerFailed,
	SecondFactorOn, SecondFactorOff, SecondFactorFailed, RecoveryCodeUsed, RecoveryCodesMade, ProfileChanged, UsernameChanged,
	EmailChangeAsked, EmailChanged, DataExported, DeletionAsked, DeletionTakenBack, Deleted, Deactivated, Reactivated, RolesChanged,
	ResetAddressSet, ResetAddressUsed, ResetAddressStopped, ApprovalAsked, ApprovalGiven, ApprovalRefused, PolicyChanged,
	MailSettingsChanged, MailTested, MailSwitched, MailSentAgain, OrganizationAccepted, OrganizationMerged,
	FocalPointAppointed, FocalPointEnded, OrganizationConfirmed,
	LogEarlier, LogExported, UsersExported, MailsExported, OrganizationsExported, KeyRotated, SettingsChanged,
	MeetingCreated, MeetingChanged, MeetingPublished, MeetingClosed, MeetingReopened, MeetingCancelled, MeetingDeleted,
	MeetingManagersChanged, RegistrationsExported, RegistrationsImported, PeopleInvited, InvitationWithdrawn,
	VisaRead, VisaAnswered, VisaErased,
	ParticipantsMailed, AnswersErased,
}
