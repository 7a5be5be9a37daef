package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// elsewhereTries are the wrong codes that one account takes in an hour from
// recoveries which have sent no code themselves.
const elsewhereTries = 10

// codeFromElsewhere is for "I already have a code": the e-mail was asked for by
// another recovery of the same account, such as one before the program was
// started anew. It gives that recovery if its code is right. Wrong ones are
// counted for the account and not against the code, which a stranger could use
// up otherwise.
func (a *Accounts) codeFromElsewhere(ctx context.Context, r recovery, code string) (recovery, error) {
	tries := []budget{a.budget("code from elsewhere", elsewhereTries, time.Hour, r.who())}
	err := a.reserve(ctx, tries)
	if _, ok := errors.AsType[*errFull](err); ok {
		return r, refused(api.CodeCodeExpired)
	}
	if err != nil {
		return r, err
	}
	other, hash, err := a.newestCode(ctx, r)
	right := false
	if err == nil {
		right, err = a.hasher.matches(ctx, hash, code)
	}
	if e := a.giveBack(ctx, tries, err == nil && !right); e != nil {
		return r, errors.Join(err, e)
	}
	switch {
	case err != nil:
		return r, err
	case hash == "":
		return r, refused(api.CodeCodeExpired)
	case !right:
		return r, refused(api.CodeCodeWrong)
	}
	return other, nil
}

// newestCode finds the code that was sent last to whom r is about, existing or
// not; the hash is empty if none is good.
func (a *Accounts) newestCode(ctx context.Context, r recovery) (other recovery, hash string, err error) {
	other = r
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := tx.QueryRow(ctx, `SELECT r.id, r.reset_address, c.hash FROM recoveries r JOIN codes c ON c.subject = r.id
			WHERE r.account_id = $1 AND ($1 <> '' OR r.identifier = $2) AND c.tries < $3 AND c.expires_at > $4
			ORDER BY c.expires_at DESC LIMIT 1`,
			r.account, r.identifier, codeTries, store.Micros(a.Now())).Scan(&other.id, &other.resetAddress, &hash)
		if err != nil && !errors.Is(err, store.ErrNoRows) {
			return fmt.Errorf("accounts: find code: %w", err)
		}
		return nil
	})
	return other, hash, err
}

// sentCode tells whether a recovery has sent a code, whatever became of it.
func (a *Accounts) sentCode(ctx context.Context, r recovery) (sent bool, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM codes WHERE subject = $1)`, r.id).Scan(&sent)
	})
	if err != nil {
		return false, fmt.Errorf("accounts: look for a code: %w", err)
	}
	return sent, nil
}
