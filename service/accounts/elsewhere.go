package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// elsewhereTries are the wrong codes that one identifier, and the account behind
// it, take in an hour from recoveries which have sent no code themselves.
const elsewhereTries = 10

// Kinds of their budgets.
const (
	elsewhereKind        = "code from elsewhere"
	elsewhereAccountKind = "code from elsewhere of account"
)

// codeFromElsewhere is for "I already have a code": the e-mail was asked for by
// another recovery of the same account, such as one before the program was
// started anew. It gives that recovery if its code is right. Wrong ones are
// counted for identifier and account and not against the code, which a stranger
// could use up otherwise.
//
// Neither that no code is good, nor that the account's tries were used up under
// its other identifier, is told: a stranger who has a code sent to an address
// would learn by it to which username that belongs, and that both exist.
func (a *Accounts) codeFromElsewhere(ctx context.Context, r recovery, code string) (recovery, error) {
	tries := []budget{
		a.budget(elsewhereKind, elsewhereTries, time.Hour, r.asked()),
		a.budget(elsewhereAccountKind, elsewhereTries, time.Hour, r.who()),
	}
	err := a.reserve(ctx, tries)
	full, isFull := errors.AsType[*errFull](err)
	quiet := isFull && full.kind == elsewhereAccountKind
	if quiet {
		tries = slices.DeleteFunc(tries, func(b budget) bool { return b.kind == elsewhereAccountKind })
		err = a.reserve(ctx, tries)
		_, isFull = errors.AsType[*errFull](err)
	}
	if isFull {
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
	right = right && !quiet
	if e := a.giveBack(ctx, tries, err == nil && !right); e != nil {
		return r, errors.Join(err, e)
	}
	switch {
	case err != nil:
		return r, err
	case !right:
		return r, refused(api.CodeCodeWrong)
	}
	return other, nil
}

// newestCode finds the code that was sent last to whom r is about, existing or
// not; the hash is empty if none is good.
func (a *Accounts) newestCode(ctx context.Context, r recovery) (other recovery, hash string, err error) {
	other = r
	// Of names that do not exist, those of this one: as few as an account has.
	same, args := ``, []any{r.account, codeTries, store.Micros(a.Now())}
	if r.account == "" {
		same, args = ` AND r.identifier = $4`, append(args, r.identifier)
	}
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		err := tx.QueryRow(ctx, `SELECT r.id, r.reset_address, c.hash FROM recoveries r JOIN codes c ON c.subject = r.id
			WHERE r.account_id = $1`+same+` AND c.tries < $2 AND c.expires_at > $3
			ORDER BY c.expires_at DESC LIMIT 1`, args...).Scan(&other.id, &other.resetAddress, &hash)
		if err != nil && !errors.Is(err, store.ErrNoRows) {
			return fmt.Errorf("accounts: find code: %w", err)
		}
		return nil
	})
	return other, hash, err
}

// sentCode tells whether a recovery has sent a code, whatever became of it: the
// link of the same e-mail is known for longer.
func (a *Accounts) sentCode(ctx context.Context, r recovery) (sent bool, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM codes WHERE subject = $1) OR EXISTS (SELECT 1 FROM links WHERE subject = $1)`, r.id).Scan(&sent)
	})
	if err != nil {
		return false, fmt.Errorf("accounts: look for a code: %w", err)
	}
	return sent, nil
}
