package signup

import (
	"plenary/api"
	"plenary/service/store"
)

// WaitingSignUp is a sign-up that was not activated yet.
type WaitingSignUp struct {
	ID          string
	PasswordMAC []byte
}

// WaitingSignUps gives the sign-ups under an identifier, the newest first; for
// a username there is one at most, for an address as many as its allowance of
// e-mails let through.
func (a *SignUps) WaitingSignUps(tx *store.Tx, column, key string) (list []WaitingSignUp) {
	for scan := range tx.Each(`SELECT id, password_mac FROM sign_ups
		WHERE `+column+` = $1 AND state = $2 AND expires_at > $3
		ORDER BY created_at DESC LIMIT 50`, key, api.SignUpWaiting, store.Micros(a.Now())) {
		var s WaitingSignUp
		scan(&s.ID, &s.PasswordMAC)
		list = append(list, s)
	}
	return list
}

// PasswordMAC is what log-in compares to tell whether a password is the one of a
// sign-up that waits. It is as secret as the service's key.
func (a *SignUps) PasswordMAC(signUpID, password string) []byte {
	return a.Key.MAC("sign-up password", []byte(signUpID), []byte(password))
}
