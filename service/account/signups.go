package account

import (
	"bytes"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/store"
)

// EndSignUps ends all sign-ups for an address: the activated one has become an
// account, and its code is good for a repetition; the others can become none. What
// they held is erased.
func (a *Accounts) EndSignUps(tx *store.Tx, emailKey, activated string) {
	for _, id := range tx.Strings(EraseSignUps+` WHERE email_key = $4 RETURNING id`, []byte{}, activated, api.SignUpActive, emailKey) {
		a.EndWithSignUp(tx, id)
		if id == activated {
			a.Proofs.VoidLinks(tx, proof.Activate, id)
			continue
		}
		a.Proofs.Void(tx, proof.Activate, id)
		ReleaseUsername(tx, id)
	}
}

// EraseSignUps ends sign-ups and erases what they held. It comes before their codes
// and links are voided: one that is being sent meanwhile is voided too, or is not
// sent. $1 is empty; $3 is the state of the one whose id is $2.
const EraseSignUps = `UPDATE sign_ups SET profile = '', search = '', password = '', password_mac = $1, email_key = '', username_key = '',
	state = CASE WHEN id = $2 THEN $3 ELSE '` + api.SignUpEnded + `' END`

// EndWithSignUp ends what ends with a sign-up.
func (a *Accounts) EndWithSignUp(tx *store.Tx, id string) {
	EndWith(tx, signUpEnded, id, "")
}

// RepeatedFlow tells whether a flow exists with this fingerprint;
// api.CodeKeyReused if it has another one.
func RepeatedFlow(tx *store.Tx, query string, flow, fingerprint []byte) (bool, error) {
	var known []byte
	if !tx.Get(query, flow).Into(&known) {
		return false, nil
	}
	if !bytes.Equal(known, fingerprint) {
		return false, api.Refuse(api.CodeKeyReused)
	}
	return true, nil
}

// ActivationMails is the hourly allowance of activation e-mails to one address.
func (a *Accounts) ActivationMails(emailKey string) throttle.Budget {
	return a.Budget("activation mail", a.Limits().Mails, time.Hour, []byte(emailKey))
}
