package accounts

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// CheckCode tells whether the code from the e-mail is right, without using it
// up: nil, api.CodeCodeWrong, or api.CodeCodeExpired (also after five wrong
// ones).
func (a *Accounts) CheckCode(ctx context.Context, in api.RecoveryCode) error {
	_, _, err := a.codeOf(ctx, in.Flow, in.Code)
	return err
}

// codeOf checks a code and gives the recovery that sent it, and the code as its
// proof. A right one costs no try.
func (a *Accounts) codeOf(ctx context.Context, flow, typed string) (recovery, proof.Proof, error) {
	r, err := a.recoveryByFlow(ctx, flow)
	if err != nil {
		return r, proof.Proof{}, err
	}
	var sent bool
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		sent = a.proofs.Sent(tx, proof.Reset, r.id)
		return nil
	})
	if err != nil {
		return r, proof.Proof{}, err
	}
	if !sent {
		return a.codeFromElsewhere(ctx, r, typed)
	}
	shown, err := a.proofs.Try(ctx, proof.Reset, r.id, typed)
	if err != nil {
		return r, shown, err
	}
	return r, shown, a.proofs.GiveBack(ctx, shown)
}

// resetProof is what somebody has shown to set a new password.
type resetProof struct {
	recovery
	// use uses the proof up: of many that come at once, one does, and the others get
	// api.CodeCodeExpired.
	use func(context.Context, *store.Tx) error
	// mailed: the e-mail of the recovery is part of the proof, and reached whom
	// it was sent to. answered: the answer to the secret question is part of it.
	mailed, answered bool
}

// mailedProof is the proof that is a code or link of a recovery.
func (a *Accounts) mailedProof(r recovery, shown proof.Proof) resetProof {
	return resetProof{recovery: r, mailed: true, use: func(ctx context.Context, tx *store.Tx) error {
		return a.proofs.Use(tx, shown)
	}}
}

// Reset sets a new password by the code from the e-mail, the answer to the
// secret question, or both, and the second factor where there is one. A
// password that the policy refuses (api.CodePasswordRefused) leaves them good.
// All sessions and known devices end, failures are forgotten, and the owner is
// told.
//
// Errors: also api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong,
// api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany,
// api.CodeForbidden for an answer where the policy takes none, api.CodeBusy.
func (a *Accounts) Reset(ctx context.Context, in api.Reset) error {
	password, err := typedPassword(in.Password)
	if err != nil {
		return refusedPassword(rules.RuleTooLong)
	}
	// The proof first: the policy looks at the person's names, and what it says
	// of a password would tell them.
	var p resetProof
	if in.Answer != "" {
		p, err = a.answerProof(ctx, in.Flow, in.Code, in.Answer)
	} else {
		p, err = a.codeProof(ctx, in.Flow, in.Code)
	}
	if err != nil {
		return err
	}
	return a.reset(ctx, p, password, in.SecondFactor)
}

func (a *Accounts) codeProof(ctx context.Context, flow, code string) (resetProof, error) {
	r, shown, err := a.codeOf(ctx, flow, code)
	return a.mailedProof(r, shown), err
}

// ResetByLinkOf tells whether a reset link is good, and of an account that waits to be
// activated for whom it was asked for, so that the owner of the address can judge: who,
// organization and asked are zero for another one. It changes nothing. Error:
// api.CodeCodeExpired.
func (a *Accounts) ResetByLinkOf(ctx context.Context, token string) (who, organization string, asked time.Time, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, _, err := a.linkedRecovery(ctx, tx, token)
		if err != nil || r.signUp == "" {
			return err
		}
		s, err := a.resettable(ctx, tx, r.signUp)
		who, organization, asked = s.profile.fullName(), s.profile.Name, s.created
		return err
	})
	return who, organization, asked, err
}

// ResetByLink is Reset by the link from the e-mail.
func (a *Accounts) ResetByLink(ctx context.Context, token, password, secondFactor string) error {
	password, err := typedPassword(password)
	if err != nil {
		return refusedPassword(rules.RuleTooLong)
	}
	r, shown, err := a.recoveryByLink(ctx, token)
	if err != nil {
		return err
	}
	return a.reset(ctx, a.mailedProof(r, shown), password, secondFactor)
}

// recoveryByLink gives the recovery that sent a link, and the link as its proof.
func (a *Accounts) recoveryByLink(ctx context.Context, token string) (r recovery, shown proof.Proof, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, shown, err = a.linkedRecovery(ctx, tx, token)
		return err
	})
	return r, shown, err
}

// linkedRecovery is recoveryByLink within a transaction.
func (a *Accounts) linkedRecovery(ctx context.Context, tx *store.Tx, token string) (r recovery, shown proof.Proof, err error) {
	if shown, err = a.proofs.ByLink(tx, proof.Reset, token); err != nil {
		return r, shown, err
	}
	r, err = a.findRecovery(ctx, tx, `r.id = $1 AND (r.account_id <> '' OR r.sign_up IS NOT NULL)`, shown.Flow)
	return r, shown, err
}

// reset judges the new password and sets it.
func (a *Accounts) reset(ctx context.Context, p resetProof, password, secondFactor string) error {
	switch {
	case p.signUp != "":
		return a.resetWaiting(ctx, p, password)
	case p.account == "":
		return refused(api.CodeCodeExpired) // nobody can have been sent its proof
	}
	account, err := a.Account(ctx, p.account)
	if err != nil {
		return err
	}
	t, err := a.trySecondFactor(ctx, p.account, secondFactor)
	if err != nil {
		return err
	}
	err = a.judgePassword(password, a.contextOf(account))
	// Where a second factor is asked for, whoever has the e-mail has proved half: what
	// the password of now is, and the answer, is not said before the other half.
	if err == nil && len(t.budgets) == 0 {
		err = a.refuseKnown(ctx, p.account, password)
		if api.HasCode(err, api.CodePasswordRefused) {
			err = cmp.Or(a.used(ctx, p.id), err) // it may be the one that the same proof has just set
		}
	}
	if err != nil {
		return a.giveUp(ctx, t, err)
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return a.giveUp(ctx, t, err)
	}
	return a.finish(ctx, t, a.DB.Write, func(ctx context.Context, tx *store.Tx) error {
		if err := a.resetNow(ctx, tx, p, hash, secondFactor); err != nil {
			return err
		}
		_, err := a.throttle.Release(ctx, tx, t.budgets, false)
		return err
	})
}

// used is api.CodeCodeExpired for a recovery that was used, or is too old.
func (a *Accounts) used(ctx context.Context, recoveryID string) error {
	_, err := a.recovery(ctx, `r.id = $1`, recoveryID)
	return err
}

// resetNow uses the proofs up and sets the password.
func (a *Accounts) resetNow(ctx context.Context, tx *store.Tx, p resetProof, hash, secondFactor string) error {
	if err := holdFor(ctx, tx, p.account, api.CodeCodeExpired); err != nil {
		return err
	}
	if err := p.use(ctx, tx); err != nil {
		return err
	}
	if err := a.useSecondFactor(ctx, tx, p.account, secondFactor); err != nil {
		return err
	}
	if p.mailed && p.resetAddress != "" {
		if err := a.useResetAddress(ctx, tx, p.account, p.resetAddress); err != nil {
			return err
		}
	}
	if err := a.setPassword(ctx, tx, p.account, hash); err != nil || !p.answered {
		return err
	}
	a.log.Note(tx, audit.QuestionUsed, p.account, "")
	return a.tellAbout(ctx, tx, p.account, mail.Message{Template: mail.QuestionUsed})
}

// trySecondFactor holds the slots of a try of the second factor at a reset, if
// the account has one. The tries have a budget of their own, since the way back
// must stay open to an account that is deactivated for security; what fails
// counts for the account as well.
//
// Errors: api.CodeSecondFactorNeeded when nothing was typed, api.CodeTooMany.
func (a *Accounts) trySecondFactor(ctx context.Context, accountID, typed string) (*try, error) {
	t := &try{found: found{accountID: accountID}}
	needed := false
	err := a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, asked, err := a.askedSecondFactor(ctx, tx, accountID)
		needed = asked
		return err
	})
	switch {
	case err != nil || !needed:
		return t, err
	case typed == "":
		return nil, refused(api.CodeSecondFactorNeeded)
	}
	account := a.accountBudget(t.found, "")
	account.CountOnly = true
	t.budgets = []budget{a.resetSeconds(accountID), account}
	return t, a.explainFull(a.reserve(ctx, t.budgets))
}

// resetSeconds is the budget of wrong second factors at resets of an account.
func (a *Accounts) resetSeconds(accountID string) budget {
	return a.budget("second factor at reset", a.limits().IdentifierFailures, a.failureWindow(), []byte(accountID))
}

// setPassword is what a reset does: everything that could be somebody else's ends.
func (a *Accounts) setPassword(ctx context.Context, tx *store.Tx, accountID, hash string) error {
	return a.replacePassword(ctx, tx, Principal{AccountID: accountID}, hash, audit.PasswordReset)
}

// replacePassword sets a password, ends what ends with it (whatEnds) but for the
// session of whoever asks, if there is one, forgets failures, and tells the owner.
// The account is held.
func (a *Accounts) replacePassword(ctx context.Context, tx *store.Tx, who Principal, hash string, event audit.Event) error {
	if _, err := tx.Exec(ctx, `UPDATE credentials SET password = $1, changed_at = $2 WHERE account_id = $3`,
		hash, store.Micros(a.Now()), who.AccountID); err != nil {
		return fmt.Errorf("accounts: set password: %w", err)
	}
	if err := endWith(ctx, tx, passwordChanged, who.AccountID, who.SessionID); err != nil {
		return err
	}
	a.log.Note(tx, audit.SessionsEnded, who.AccountID, string(event))
	account, err := a.Profile(ctx, tx, who.AccountID)
	if err != nil {
		return err
	}
	budgets := append(a.guessBudgets(found{
		accountID: who.AccountID, emailKey: rules.EmailKey(account.Email), usernameKey: rules.UsernameKey(account.Username),
	}), a.lockNotice(who.AccountID), a.resetSeconds(who.AccountID))
	if err := throttle.Forget(ctx, tx, budgets...); err != nil {
		return err
	}
	a.log.Note(tx, event, who.AccountID, "")
	return a.tell(ctx, tx, account, mail.Message{Template: mail.PasswordChanged})
}
