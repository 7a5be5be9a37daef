package staff

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/account/recovery"
	"plenary/service/mail"
	"plenary/service/store"
)

// setResetAddress sets a user's reset address, in place of an earlier one.
func (s *staffChange) setResetAddress() error {
	account.EndWith(s.tx, account.ResetAddressReplaced, s.user.ID, "")
	now := s.Now()
	s.tx.Do(`INSERT INTO reset_addresses (account_id, email, email_key, reason, set_by, set_at, expires_at, used_at)
		VALUES ($1, $2, $7, $3, $4, $5, $6, 0)
		ON CONFLICT (account_id) DO UPDATE SET email = excluded.email, email_key = excluded.email_key, reason = excluded.reason, set_by = excluded.set_by,
			set_at = excluded.set_at, expires_at = excluded.expires_at, used_at = 0`,
		s.user.ID, s.Email, s.Reason, s.by, store.Micros(now), store.Micros(now.Add(recovery.ResetAddressLife)), rules.EmailKey(s.Email))
	return nil
}

// resetAddressMails tell the owner, with a link that stops the reset address, and the
// person at the reset address.
func (s *staffChange) resetAddressMails(owner api.Account) []mail.Message {
	s.Proofs.Void(s.tx, proof.Stop, s.user.ID)
	stop := s.Proofs.Issue(s.tx, proof.Stop, s.user.ID)
	until := s.Now().Add(recovery.ResetAddressLife)
	return []mail.Message{
		{
			Template: mail.ResetAddressSet, Params: map[string]string{"Address": account.Mask(s.Email)},
			Secrets: map[string]string{mail.Link: s.PageLink("stop", owner.Language, stop.Link)}, Expires: until,
		},
		{Template: mail.ResetAddressReady, To: s.Email, Expires: until},
	}
}

// resetAddressOf gives an account's reset address as staff sees it, or nil: one
// that counts, or one that was used.
func (a *Staff) resetAddressOf(tx *store.Tx, id string) *api.ResetAddress {
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
