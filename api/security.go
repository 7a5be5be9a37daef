package api

import "time"

// How one proves who one is, beyond the password.

// Reauthenticate proves again, within a session, who is there: POST
// /v1/session/proof, 204. For ProofLife after it, the operations that ask for a
// fresh proof (CodeProofNeeded) are open to this session. Tries count as those
// of a log-in do.
type Reauthenticate struct {
	Password     string `json:"password" minLength:"1" maxLength:"1024"`
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40" doc:"six digits or a recovery code, where two-step log-in is on"`
}

// ProofLife is how long a fresh proof lasts.
const ProofLife = 5 * time.Minute

// ChangePassword is POST /v1/account/password. The password of now is the proof. All
// other sessions and all known devices end; the owner is told. The answer is a
// Session: the tokens that this session goes on with, those of before are void.
type ChangePassword struct {
	Current      string `json:"current" minLength:"1" maxLength:"1024"`
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40"`
	New          string `json:"new" maxLength:"1024"`
}

// SecondFactor answers GET /v1/account/second-factor.
type SecondFactor struct {
	On            bool      `json:"on"`
	Since         time.Time `json:"since,omitzero"`
	RecoveryCodes int       `json:"recovery_codes" doc:"how many are left"`
	Required      bool      `json:"required,omitempty" doc:"by policy, for one of the account's roles: the role works only while it is on"`
}

// SecondFactorSetup answers POST /v1/account/second-factor (fresh proof): a new
// secret that counts once it was confirmed.
type SecondFactorSetup struct {
	Secret string `json:"secret" doc:"base 32, for typing"`
	URI    string `json:"uri" doc:"otpauth://totp/..., for a QR code"`
}

// ConfirmSecondFactor is POST /v1/account/second-factor/confirm (fresh proof):
// a code of the app that has the secret turns two-step log-in on. DELETE
// /v1/account/second-factor (fresh proof) turns it off.
type ConfirmSecondFactor struct {
	Code string `json:"code" minLength:"6" maxLength:"12"`
}

// RecoveryCodes answers the confirmation, and POST
// /v1/account/second-factor/recovery-codes (fresh proof), after which earlier
// ones are void. Each works once. They are shown this one time.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

// SecretQuestion answers GET /v1/account/secret-question.
type SecretQuestion struct {
	Policy   string `json:"policy" enum:"on,with-email,off"`
	Set      bool   `json:"set"`
	Question string `json:"question,omitempty" doc:"id of one of SecretQuestions, or the person's own words"`
	Own      bool   `json:"own,omitempty"`
}

// SetSecretQuestion is PUT /v1/account/secret-question (fresh proof), 204;
// DELETE removes it. The answer is kept like a password; case, accents, spaces
// and punctuation do not count.
type SetSecretQuestion struct {
	Question string `json:"question" minLength:"1" maxLength:"120" doc:"id of one of SecretQuestions, or the person's own words"`
	Own      bool   `json:"own,omitempty"`
	Answer   string `json:"answer" minLength:"1" maxLength:"120"`
}

// SecretQuestions are the ids of the questions that are offered.
var SecretQuestions = []string{"first-school", "first-street", "childhood-friend", "first-journey", "first-concert", "grandparent-birthplace", "first-job-place", "favourite-teacher"}

// Policies of the secret question.
const (
	QuestionOn        = "on"         // in full on a known device, elsewhere as with-email
	QuestionWithEmail = "with-email" // after the code from the e-mail
	QuestionOff       = "off"
)

// RecoveryAnswer checks the answer to the secret question without using it up:
// POST /v1/account/recovery/answer, 204. Code is needed unless Recovery.Question
// was given.
type RecoveryAnswer struct {
	Flow   string `json:"flow" minLength:"43" maxLength:"43"`
	Code   string `json:"code,omitempty" maxLength:"40"`
	Answer string `json:"answer" minLength:"1" maxLength:"120"`
}

// RecoveryQuestion answers POST /v1/account/recovery/question (RecoveryCode):
// the question, to whoever has the code from the e-mail. Where there is none,
// it is one of SecretQuestions, always the same.
type RecoveryQuestion struct {
	Question string `json:"question"`
	Own      bool   `json:"own,omitempty"`
}
