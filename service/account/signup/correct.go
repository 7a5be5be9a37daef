package signup

import (
	"encoding/json"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/store"
)

// Correct gives a sign-up, which is held and waits, the e-mail address that was meant,
// and a day from now on to be activated; the activation e-mail goes there. What was sent
// to the address of before is void, and forgotten: it may be somebody else's.
// *throttle.Full where the allowance of the address is used up.
func (a *SignUps) Correct(tx *store.Tx, id, email string) error {
	s, ok := FindSignUp(tx, `s.id = $1`, id)
	if !ok || !s.Waits(a.Now()) {
		return api.Refuse(api.CodeNotFound)
	}
	s.Profile.Email = email
	text, err := json.Marshal(s.Profile)
	tx.Fail(err)
	tx.Do(`UPDATE sign_ups SET email_key = $1, profile = $2, search = $3, expires_at = $4 WHERE id = $5`,
		rules.EmailKey(email), string(text), s.Profile.SearchText(), store.Micros(a.Now().Add(s.life())), id)
	account.EndWith(tx, account.SignUpCorrected, id, "")
	a.forgetSent(tx, id)
	return a.Resend(tx, id)
}

// End ends one sign-up: what it held is erased, and its username is free again.
func (a *SignUps) End(tx *store.Tx, id string) {
	tx.Do(account.EraseSignUps+` WHERE id = $4`, []byte{}, "", "", id)
	a.EndWithSignUp(tx, id)
	a.forgetSent(tx, id)
	account.ReleaseUsername(tx, id)
}

// forgetSent voids the codes and links that a sign-up was sent, and erases the e-mails.
func (a *SignUps) forgetSent(tx *store.Tx, id string) {
	a.Proofs.Void(tx, proof.Activate, id)
	a.Mail.Erase(tx, "", id)
}
