package staff

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/store"
)

// SetPassword gives the account with a username another password, as the
// demonstration does at each start. As after a reset, all its sessions and
// devices end, guessing starts anew, and the owner gets an e-mail.
//
// Errors: api.CodeNotFound, api.CodePasswordRefused.
func (a *Staff) SetPassword(ctx context.Context, username, password string) error {
	if err := a.Credentials.Judge(password, rules.PasswordContext("", "", username, "", "", a.Name())); err != nil {
		return err
	}
	hash, err := a.Credentials.Hasher.Hash(ctx, rules.NormalizePassword(password))
	if err != nil {
		return err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := holdNamed(tx, username)
		if err != nil {
			return err
		}
		return a.ResetPassword(tx, id, hash)
	})
}

// Handed is a link by which the owner of an account chooses a password.
type Handed struct {
	Link  string
	Until time.Time
}

// HandLink takes the password of the account with a username away and gives a link,
// good for 72 hours, by which its owner chooses another one, for the operator to hand
// over where no e-mail arrives: the operator knows no password of anybody. As after a
// reset, all its sessions and devices end, guessing starts anew, and the owner gets an
// e-mail. A second factor, where there is one, is still asked for. An earlier link is
// void. Error: api.CodeNotFound.
func (a *Staff) HandLink(ctx context.Context, username string) (h Handed, err error) {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		id, err := holdNamed(tx, username)
		if err != nil {
			return err
		}
		if err := a.ResetPassword(tx, id, ""); err != nil {
			return err
		}
		h, err = a.hand(tx, id)
		return err
	})
	return h, err
}

// hand makes a link of Handed, by way of a recovery that nobody began.
func (a *Staff) hand(tx *store.Tx, accountID string) (Handed, error) {
	owner, err := a.Profile(tx, accountID)
	if err != nil {
		return Handed{}, err
	}
	id, err := account.NewID()
	if err != nil {
		return Handed{}, err
	}
	now := a.Now()
	h := Handed{Until: now.Add(proof.Handed.Life())}
	tx.Do(`INSERT INTO recoveries (id, flow_hash, fingerprint, identifier, about, account_id, machine, known,
			reset_address, created_at, sent_at, expires_at) VALUES ($1, $2, $3, $3, $4, $5, '', 0, '', $6, 0, $7)`,
		id, tokens.MustHash(tokens.New()), []byte{}, []byte(accountID), accountID, store.Micros(now), store.Micros(h.Until))
	h.Link = a.PageLink("reset", owner.Language, a.Proofs.Issue(tx, proof.Handed, id).Link)
	a.Audit.Note(tx, audit.ResetSent, accountID, audit.Fact(api.DetailBy, api.ByOperator))
	return h, nil
}

// holdNamed gives, and holds, the account with a username, or is api.CodeNotFound.
func holdNamed(tx *store.Tx, username string) (id string, err error) {
	if !tx.Get(`SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(username)).Into(&id) {
		return "", api.Refuse(api.CodeNotFound)
	}
	return id, account.Hold(tx, id)
}

// Deactivate keeps everybody out of an account until Reactivate. Errors:
// api.CodeNotFound, api.CodeLastAdministrator.
func (a *Staff) Deactivate(ctx context.Context, username string) error {
	return a.operate(ctx, username, change{Kind: api.KindDeactivate})
}

// Reactivate ends Deactivate, and also the lock after too many wrong passwords.
// Where there is neither, it changes nothing. Error: api.CodeNotFound.
func (a *Staff) Reactivate(ctx context.Context, username string) error {
	return a.operate(ctx, username, change{Kind: api.KindActivate})
}

// SetRoles gives the account with a username these roles and no others, as the
// operator does where there is no second administrator to approve it.
//
// Errors: api.CodeNotFound, api.CodeInvalid, api.CodeLastAdministrator.
func (a *Staff) SetRoles(ctx context.Context, username string, roles []string) error {
	known, err := knownRoles(roles)
	if err != nil {
		return err
	}
	return a.operate(ctx, username, change{Kind: api.KindRoles, Roles: known})
}

// operate does a change at once: whoever can run plenaryd on the service's data
// needs nobody's approval.
func (a *Staff) operate(ctx context.Context, username string, c change) error {
	// SERIALIZABLE: how many administrators there are is read. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		account.TakeTurns(tx)
		id, err := holdNamed(tx, username)
		if err != nil {
			return err
		}
		s, err := a.holdForChange(tx, id, "", c)
		if err != nil {
			return err
		}
		s.Before = s.user.Roles
		if needed, err := s.needed(); err != nil || !needed {
			return err
		}
		return s.apply()
	})
}
