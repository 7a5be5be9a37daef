package recovery

import (
	"context"
	"errors"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/store"
)

// OtherFlowTries are the wrong codes that one identifier, and the account behind
// it, take in an hour from recoveries which have sent no code themselves.
const OtherFlowTries = 10

// Kinds of their budgets.
const (
	otherFlowKind        = "code of another recovery"
	otherFlowAccountKind = "code of another recovery of account"
)

// codeOfAnotherRecovery is for "I already have a code": the e-mail was asked for by
// another recovery of the same account, such as one before the program was
// started anew. It gives that recovery if its code is right. Wrong ones are
// counted for identifier and account and not against the code, which a stranger
// could use up otherwise.
//
// Neither that no code is good, nor that the account's tries were used up under
// its other identifier, is told: a stranger who has a code sent to an address
// would learn by it to which username that belongs, and that both exist.
func (a *Recoveries) codeOfAnotherRecovery(ctx context.Context, r recovery, typed string) (recovery, proof.Proof, error) {
	var none proof.Proof
	code, ok := rules.NormalizeCode(typed)
	if !ok {
		return r, none, api.Refuse(api.CodeCodeWrong) // no code at all: costs no try
	}
	tries := []throttle.Budget{
		a.Budget(otherFlowKind, OtherFlowTries, time.Hour, r.asked()),
		a.Budget(otherFlowAccountKind, OtherFlowTries, time.Hour, r.who()),
	}
	err := a.Reserve(ctx, tries)
	full, noSlot := errors.AsType[*throttle.Full](err)
	quiet := noSlot && full.Kind == otherFlowAccountKind
	if quiet {
		tries = slices.DeleteFunc(tries, func(b throttle.Budget) bool { return b.Kind == otherFlowAccountKind })
		err = a.Reserve(ctx, tries)
		_, noSlot = errors.AsType[*throttle.Full](err)
	}
	if noSlot {
		return r, none, api.Refuse(api.CodeCodeExpired)
	}
	if err != nil {
		return r, none, err
	}
	other, newest, ok, err := a.newestCode(ctx, r)
	right := a.Proofs.Is(newest, proof.Reset, code) && ok && !quiet
	if e := a.GiveBack(ctx, tries, err == nil && !right); e != nil {
		return r, none, errors.Join(err, e)
	}
	switch {
	case err != nil:
		return r, none, err
	case !right:
		return r, none, api.Refuse(api.CodeCodeWrong)
	}
	return other, newest, nil
}

// SentRecoveries are those about somebody that have sent an e-mail since a time. As
// many are looked at for a name that does not exist, and however many a stranger has
// begun: the time of the answer tells nothing.
const SentRecoveries = `SELECT id FROM recoveries WHERE about = $1 AND sent_at > $2`

// newestCode finds the code that was sent last to whom r is about, existing or not,
// and the recovery that sent it. ok is false if none is good.
func (a *Recoveries) newestCode(ctx context.Context, r recovery) (other recovery, newest proof.Proof, ok bool, err error) {
	other = r
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		newest, ok = a.Proofs.Newest(tx, proof.Reset, SentRecoveries, r.about(), store.Micros(a.Now().Add(-proof.Reset.Life())))
		if ok {
			other.id = newest.Flow
			tx.Get(`SELECT reset_address FROM recoveries WHERE id = $1`, other.id).Into(&other.resetAddress)
		}
		return nil
	})
	return other, newest, ok, err
}
