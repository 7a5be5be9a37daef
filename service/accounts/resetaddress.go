package accounts

import (
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// resetAddressLife is how long a reset address that staff has set counts, and its
// owner can stop it (security.md, Staff's help).
var resetAddressLife = proof.Stop.Life()

// usedAddressLife is how long a used one stays known: so long can the person
// make it their own.
const usedAddressLife = 30 * 24 * time.Hour

// activeResetAddress gives the address that staff has set for the next reset of
// an account, while it counts: for one reset within 72 hours. "Forgot password?"
// asks for it where a username was typed, and for nothing else: the address is
// not unique, an area manager's may serve several people.
func (a *Accounts) activeResetAddress(tx *store.Tx, accountID string) (email string, ok bool) {
	ok = tx.Get(`SELECT email FROM reset_addresses WHERE account_id = $1 AND used_at = 0 AND expires_at > $2`,
		accountID, store.Micros(a.Now())).Into(&email)
	return email, ok
}

// useResetAddress uses an account's reset address up, in the transaction of the
// reset whose e-mail went to it. It is api.CodeCodeExpired when it counts no
// more: used by another reset, replaced, taken back, stopped by the owner, or too
// old. It stays known, so that the person can make it their own. A deactivation by
// staff ends: staff has set the address to let the person in.
func (a *Accounts) useResetAddress(tx *store.Tx, accountID, email string) error {
	now := store.Micros(a.Now())
	if tx.Do(`UPDATE reset_addresses SET used_at = $1 WHERE account_id = $2 AND email = $3 AND used_at = 0 AND expires_at > $1`,
		now, accountID, email) != 1 {
		return refused(api.CodeCodeExpired)
	}
	tx.Do(`DELETE FROM deactivated WHERE account_id = $1`, accountID)
	a.log.Note(tx, audit.ResetAddressUsed, accountID, mask(email))
	return nil
}

// setResetAddress sets a user's reset address, in place of an earlier one.
func (s *staffChange) setResetAddress() error {
	endWith(s.tx, resetAddressReplaced, s.user.ID, "")
	now := s.Now()
	s.tx.Do(`INSERT INTO reset_addresses (account_id, email, reason, set_by, set_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, reason = excluded.reason, set_by = excluded.set_by,
			set_at = excluded.set_at, expires_at = excluded.expires_at, used_at = 0`,
		s.user.ID, s.Email, s.Reason, s.by, store.Micros(now), store.Micros(now.Add(resetAddressLife)))
	return nil
}

// resetAddressMails tell the owner, with a link that stops the reset address, and the
// person at the reset address.
func (s *staffChange) resetAddressMails(owner api.Account) []mail.Message {
	s.proofs.Void(s.tx, proof.Stop, s.user.ID)
	stop := s.proofs.Issue(s.tx, proof.Stop, s.user.ID)
	until := s.Now().Add(resetAddressLife)
	return []mail.Message{
		{
			Template: mail.ResetAddressSet, Params: map[string]string{"Address": mask(s.Email)},
			Secrets: map[string]string{mail.Link: s.link("stop", owner.Language, stop.Link)}, Expires: until,
		},
		{Template: mail.ResetAddressReady, To: s.Email, Expires: until},
	}
}

// resetAddressOf gives an account's reset address as staff sees it, or nil: one
// that counts, or one that was used.
func (a *Accounts) resetAddressOf(tx *store.Tx, id string) *api.ResetAddress {
	var r api.ResetAddress
	var expires, used int64
	if !tx.Get(`SELECT email, reason, COALESCE((SELECT username FROM accounts WHERE id = set_by), ''), expires_at, used_at FROM reset_addresses
		WHERE account_id = $1 AND (used_at > 0 OR expires_at > $2)`, id, store.Micros(a.Now())).
		Into(&r.Email, &r.Reason, &r.By, &expires, &used) {
		return nil
	}
	r.Expires, r.Used = store.Time(expires), used > 0
	return &r
}
