package api

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Code is the stable name of what went wrong. Programs decide by it and turn
// it into words; titles and details are for developers only.
type Code string

// The codes of the contract. A code is never renamed or reused.
const (
	CodeInvalid            Code = "invalid"                // 422: fields are wrong, see Errors
	CodeMalformed          Code = "malformed"              // 400: not the JSON that was asked for
	CodeTooLarge           Code = "too-large"              // 413
	CodeMediaType          Code = "unsupported-media-type" // 415: a body that does not say that it is JSON, or is compressed
	CodeMethod             Code = "method-not-allowed"     // 405 with Allow: the path is there, but not for this method
	CodeNotFound           Code = "not-found"              // 404
	CodeUnauthenticated    Code = "unauthenticated"        // 401: no access token, or one that has ended
	CodeSessionEnded       Code = "session-ended"          // 401: the refresh token has ended; log in again
	CodeRefreshRace        Code = "refresh-race"           // 409: an older refresh token, used again within 60 s
	CodeForbidden          Code = "forbidden"              // 403
	CodeCredentials        Code = "credentials"            // 401: identifier or password wrong
	CodeNotActive          Code = "not-active"             // 403: right password, address not yet verified
	CodeDeactivated        Code = "deactivated"            // 403: deactivated for security; "Forgot password?" is the way back
	CodeDeactivatedByStaff Code = "deactivated-by-staff"   // 403: right password; only staff can let its owner in again
	CodeSecondFactorNeeded Code = "second-factor-needed"   // 401: the password is right, the second factor is missing
	CodeSecondFactorWrong  Code = "second-factor-wrong"    // 401: it does not match, was used already, or is too old
	CodeProofNeeded        Code = "proof-needed"           // 403: prove again who you are, see Reauthenticate
	CodeAnswerWrong        Code = "answer-wrong"           // 422: to the secret question; tries are limited
	CodeOwnRoles           Code = "own-roles"              // 409: nobody changes their own roles or account as staff
	CodeLastAdministrator  Code = "last-administrator"     // 409: one must stay
	CodeSecondPerson       Code = "second-person"          // 409: another administrator must approve
	CodeMailFailed         Code = "mail-failed"            // 422: the settings do not work; those of before stay
	CodeTooMany            Code = "too-many"               // 429 with Retry-After
	CodeBusy               Code = "busy"                   // 503 with Retry-After: too much to do
	CodeUnavailable        Code = "unavailable"            // 503 with Retry-After: the database takes no work now; nothing was done
	CodeOutcomeUnknown     Code = "outcome-unknown"        // 503 with Retry-After: it may have been done or not; look before it is done again
	CodeCodeWrong          Code = "code-wrong"             // 422: code does not match; tries are limited
	CodeCodeExpired        Code = "code-expired"           // 410: too old, used, or too many tries: ask for a new one
	CodePasswordRefused    Code = "password-refused"       // 422: breaks the policy, by the rules in Errors; the code stays good
	CodeKeyReused          Code = "key-reused"             // 409: flow or operation seen with another body
	CodeVersionTooOld      Code = "version-too-old"        // 426: Plenary must be updated
	CodeNotEncrypted       Code = "not-encrypted"          // 403: the request came over a network in clear
	CodeOutdated           Code = "outdated"               // 409: somebody else changed it meanwhile; read it again
	CodeInternal           Code = "internal"               // 500
	CodeAlreadyRegistered  Code = "already-registered"     // 409
	CodeRegistrationEarly  Code = "registration-early"     // 409: registration has not opened
	CodeRegistrationClosed Code = "registration-closed"    // 409: registration is over
	CodeMeetingCancelled   Code = "meeting-cancelled"      // 409: there will be no meeting
	CodeTooLate            Code = "too-late"               // 409: the meeting's time for changes, or for withdrawals, is over
	CodeMeetingFull        Code = "meeting-full"           // 409: full and without waiting list
	CodeChoiceFull         Code = "choice-full"            // 409: no place is left of a choice in Errors; the meeting has some
	CodeOfferOver          Code = "offer-over"             // 409: the time is over in which the place could be accepted
	CodeNotForMembership   Code = "not-for-membership"     // 403: the meeting is not for this membership type
	CodeWrongState         Code = "wrong-state"            // 409: such as approving what was withdrawn
	CodeTooManyFiles       Code = "too-many-files"         // 409: an account can have no more files that no registration names, or send no more within a day
	CodeStreamForked       Code = "stream-forked"          // 409: a stream's number came with another id; open a new stream
	CodeNumberGap          Code = "number-gap"             // 409: an operation's number is not the next one of its stream
	CodeEffects            Code = "effects"                // 409: the change does something to what people have answered, see Effects
	CodeInvitationOver     Code = "invitation-over"        // 409: the invitation was used, taken back, or its time is over
	CodeInvitationOther    Code = "invitation-other"       // 403: the invitation is for another e-mail address than the account's
	CodeUnknownOperation   Code = "unknown-operation"      // refused: a kind that this service does not know
)

// Problem is every error of the service: RFC 9457 problem details,
// application/problem+json. It never holds a rejected value.
type Problem struct {
	Type      string       `json:"type" doc:"urn:plenary:problem:CODE"`
	Title     string       `json:"title" doc:"for developers, in English"`
	Status    int          `json:"status"`
	Code      Code         `json:"code"`
	Reference string       `json:"reference" doc:"the request in the service's log"`
	Errors    []FieldError `json:"errors,omitempty"`
	Effects   []FormEffect `json:"effects,omitempty" doc:"what a change of a form does to answers, and was not acknowledged"`
	// RetryAfter is the wait that the service asked for with the header of
	// that name; zero when it asked for none. It is not part of the body.
	RetryAfter time.Duration `json:"-"`
}

// FieldError says what is wrong with one field of the request.
type FieldError struct {
	Pointer string `json:"pointer" doc:"JSON Pointer into the request's body (RFC 6901), such as /email; of a parameter its name, such as /after"`
	Code    string `json:"code" enum:"required,invalid,too-long,too-short,unknown,not-accepted,too-many,out-of-range,full,repeated,needs-approval,wrong-type,too-large,too-many-pixels,damaged,not-found,forbidden,wrong-state,length,length-nist,upper,lower,number,symbol,guess,breached,same" doc:"what is wrong; from wrong-type to damaged what is wrong with a file; from not-found to wrong-state why one of many was refused, or that the file of an answer is not there; from length on, and too-long, the rules that a password breaks (password-refused)"`
}

// Codes of a FieldError.
const (
	FieldRequired    = "required"
	FieldInvalid     = "invalid"
	FieldTooLong     = "too-long"
	FieldTooShort    = "too-short"
	FieldUnknown     = "unknown" // such as a choice that the form does not offer
	FieldTaken       = "taken"   // another account has it; only staff is told so
	FieldNotAccepted = "not-accepted"
	FieldTooMany     = "too-many"
	FieldClockAhead  = "clock-ahead"  // a code of an authenticator app whose clock is up to an hour ahead
	FieldClockBehind = "clock-behind" // ... or behind
	FieldOutOfRange  = "out-of-range"
	FieldRepeated    = "repeated"       // another one in the same list has it
	FieldApproval    = "needs-approval" // people give it themselves: somebody has to look at who registers
	FieldFull        = "full"           // no place is left of this choice
	FieldNotFound    = "not-found"      // the file that the answer names

	// What is wrong with a file.
	FieldWrongType     = "wrong-type"      // it is none of the kinds that the question takes
	FieldTooLarge      = "too-large"       // in bytes
	FieldTooManyPixels = "too-many-pixels" // a picture of more pixels than are decoded
	FieldDamaged       = "damaged"         // it begins as a picture and is none
)

func (p *Problem) Error() string {
	return fmt.Sprintf("service: %s (%d, reference %s)", p.Code, p.Status, p.Reference)
}

// HasCode tells whether an error is a Problem with one of the codes.
func HasCode(err error, codes ...Code) bool {
	p, ok := errors.AsType[*Problem](err)
	return ok && slices.Contains(codes, p.Code)
}

// Refuse is the problem that a code alone tells.
func Refuse(code Code) error { return &Problem{Code: code} }

// Invalid is the problem of fields that are wrong.
func Invalid(fields ...FieldError) error { return &Problem{Code: CodeInvalid, Errors: fields} }
