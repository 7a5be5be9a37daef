package recovery

import (
	"cmp"
	"context"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/login"
	"plenary/service/account/proof"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// CheckCode tells whether the code from the e-mail is right, without using it
// up, and of an account that waits to be activated for whom it was asked for. Errors:
// api.CodeCodeWrong, api.CodeCodeExpired (also after five wrong ones).
func (a *Recoveries) CheckCode(ctx context.Context, in api.RecoveryCode) (out api.LinkedSignUp, err error) {
	r, _, err := a.codeOf(ctx, in.Flow, in.Code)
	if err != nil || r.signUp == "" {
		return out, err
	}
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		s, err := a.resettable(tx, r.signUp)
		out = s.Linked()
		return err
	})
	return out, err
}

// codeOf checks a code and gives the recovery that sent it, and the code as its
// proof. A right one costs no try.
func (a *Recoveries) codeOf(ctx context.Context, flow, typed string) (recovery, proof.Proof, error) {
	r, err := a.recoveryByFlow(ctx, flow)
	if err != nil {
		return r, proof.Proof{}, err
	}
	var sent bool
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		sent = a.Proofs.Sent(tx, proof.Reset, r.id)
		return nil
	})
	if err != nil {
		return r, proof.Proof{}, err
	}
	if !sent {
		return a.codeOfAnotherRecovery(ctx, r, typed)
	}
	shown, err := a.Proofs.Try(ctx, proof.Reset, r.id, typed)
	if err != nil {
		return r, shown, err
	}
	return r, shown, a.Proofs.GiveBack(ctx, shown)
}

// resetGrant is what somebody has shown, which allows to set a new password.
type resetGrant struct {
	recovery
	// use uses the proof up: of many that come at once, one does, and the others get
	// api.CodeCodeExpired.
	use func(*store.Tx) error
	// mailed: the e-mail of the recovery is part of the proof, and reached whom
	// it was sent to. answered: the answer to the secret question is part of it.
	mailed, answered bool
}

// mailedGrant is what a code or link of a recovery allows.
func (a *Recoveries) mailedGrant(r recovery, shown proof.Proof) resetGrant {
	return resetGrant{recovery: r, mailed: true, use: func(tx *store.Tx) error { return a.Proofs.Use(tx, shown) }}
}

// Reset sets a new password by the code from the e-mail, the answer to the
// secret question, or both, and the second factor where there is one. A
// password that the policy refuses (api.CodePasswordRefused) leaves them good.
// All sessions and known devices end, failures are forgotten, and the owner is
// told.
//
// Errors: api.CodeInvalid where somebody who was invited does not accept the terms, or
// wishes no possible username; also api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong,
// api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany,
// api.CodeForbidden for an answer where the policy takes none, api.CodeBusy.
func (a *Recoveries) Reset(ctx context.Context, in api.Reset) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return credential.Refused(rules.RuleTooLong)
	}
	// The proof first: the policy looks at the person's names, and what it says
	// of a password would tell them.
	var p resetGrant
	if in.Answer != "" {
		p, err = a.answerGrant(ctx, in.Flow, in.Code, in.Answer)
	} else {
		p, err = a.codeGrant(ctx, in.Flow, in.Code)
	}
	if err != nil {
		return err
	}
	return a.reset(ctx, p, password, in.SecondFactor, acceptance{in.AcceptTerms, in.ReadPrivacy, in.Username})
}

// acceptance is what somebody accepts who gets into an account for the first time, and the
// username that somebody who was invited wishes.
type acceptance struct {
	terms, privacy bool
	username       string
}

// judge is api.CodeInvalid for what was not accepted.
func (c acceptance) judge() error {
	var v account.Validation
	v.Accepted(c.terms, c.privacy)
	if len(v.Fields) > 0 {
		return api.Invalid(v.Fields...)
	}
	return nil
}

func (a *Recoveries) codeGrant(ctx context.Context, flow, code string) (resetGrant, error) {
	r, shown, err := a.codeOf(ctx, flow, code)
	return a.mailedGrant(r, shown), err
}

// ResetByLinkOf tells whether a reset link is good, and of an account that waits to be
// activated for whom it was asked for. It changes nothing. Error: api.CodeCodeExpired.
func (a *Recoveries) ResetByLinkOf(ctx context.Context, in api.Link) (out api.LinkedSignUp, err error) {
	// One state of the database: recovery and sign-up belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		r, shown, err := a.linkedRecovery(tx, in.Token)
		out = api.LinkedSignUp{Terms: shown.Handed}
		if err != nil || r.signUp == "" {
			return err
		}
		s, err := a.resettable(tx, r.signUp)
		out = s.Linked()
		return err
	})
	return out, err
}

// ResetByLink is Reset by the link from the e-mail, or by one that the operator handed
// over: who comes by that, or was invited, accepts the terms as in a sign-up, or gets
// api.CodeInvalid.
func (a *Recoveries) ResetByLink(ctx context.Context, in api.ResetByLink) error {
	password, err := credential.Typed(in.Password)
	if err != nil {
		return credential.Refused(rules.RuleTooLong)
	}
	r, shown, err := a.recoveryByLink(ctx, in.Token)
	if err != nil {
		return err
	}
	accepts := acceptance{in.AcceptTerms, in.ReadPrivacy, in.Username}
	if shown.Handed {
		if err := accepts.judge(); err != nil {
			return err
		}
	}
	return a.reset(ctx, a.mailedGrant(r, shown), password, in.SecondFactor, accepts)
}

// recoveryByLink gives the recovery that sent a link, and the link as its proof.
func (a *Recoveries) recoveryByLink(ctx context.Context, token string) (r recovery, shown proof.Proof, err error) {
	// One state of the database: link and recovery belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		r, shown, err = a.linkedRecovery(tx, token)
		return err
	})
	return r, shown, err
}

// linkedRecovery is recoveryByLink within a transaction.
func (a *Recoveries) linkedRecovery(tx *store.Tx, token string) (r recovery, shown proof.Proof, err error) {
	if shown, err = a.Proofs.ByLink(tx, proof.Reset, token); err != nil {
		return r, shown, err
	}
	r, err = a.livingRecovery(tx, `r.id = $1 AND (r.account_id <> '' OR r.sign_up IS NOT NULL)`, shown.Flow)
	return r, shown, err
}

// reset judges the new password and sets it.
func (a *Recoveries) reset(ctx context.Context, p resetGrant, password, secondFactor string, accepts acceptance) error {
	switch {
	case p.signUp != "":
		return a.resetWaiting(ctx, p, password, accepts)
	case p.account == "":
		return api.Refuse(api.CodeCodeExpired) // nobody can have been sent its proof
	}
	account, err := a.Account(ctx, p.account)
	if err != nil {
		return err
	}
	t, err := a.beginSecondFactor(ctx, p.account, secondFactor)
	if err != nil {
		return err
	}
	err = a.Credentials.Judge(password, a.ContextOf(account))
	// Where a second factor is asked for, whoever has the e-mail has proved half: what
	// the password of now is, and the answer, is not said before the other half.
	if err == nil && len(t.Budgets) == 0 {
		err = a.Credentials.RefuseKnown(ctx, p.account, password)
		if api.HasCode(err, api.CodePasswordRefused) {
			err = cmp.Or(a.used(ctx, p.id), err) // it may be the one that the same proof has just set
		}
	}
	if err != nil {
		return a.logIns.GiveUp(ctx, t, err)
	}
	hash, err := a.Credentials.Hasher.Hash(ctx, password)
	if err != nil {
		return a.logIns.GiveUp(ctx, t, err)
	}
	// SERIALIZABLE: question, device, roles and reset address are looked at once more.
	return a.logIns.Conclude(ctx, t, a.DB.Update, func(tx *store.Tx) error {
		if err := a.resetNow(tx, p, hash, secondFactor); err != nil {
			return err
		}
		a.Throttle.Release(tx, t.Budgets, false)
		return nil
	})
}

// used is api.CodeCodeExpired for a recovery that was used, or is too old.
func (a *Recoveries) used(ctx context.Context, recoveryID string) error {
	_, err := a.Recovery(ctx, `r.id = $1`, recoveryID)
	return err
}

// resetNow uses the proofs up and sets the password.
func (a *Recoveries) resetNow(tx *store.Tx, p resetGrant, hash, secondFactor string) error {
	if err := account.HoldFor(tx, p.account, api.CodeCodeExpired); err != nil {
		return err
	}
	if err := p.use(tx); err != nil {
		return err
	}
	if err := a.UseSecondFactor(tx, p.account, secondFactor); err != nil {
		return err
	}
	if p.mailed && p.resetAddress != "" {
		if err := a.useResetAddress(tx, p.account, p.resetAddress); err != nil {
			return err
		}
	}
	if err := a.ResetPassword(tx, p.account, hash); err != nil || !p.answered {
		return err
	}
	a.Audit.Note(tx, audit.QuestionUsed, p.account)
	return a.TellAbout(tx, p.account, mail.Message{Template: mail.QuestionUsed})
}

// beginSecondFactor is an attempt at the second factor at a reset; it has no slots
// where none is asked for. It has a budget of its own, since the way back must stay
// open to an account that is deactivated for security; what fails counts for the
// account as well.
//
// Errors: api.CodeSecondFactorNeeded when nothing was typed, api.CodeTooMany.
func (a *Recoveries) beginSecondFactor(ctx context.Context, accountID, typed string) (*login.Attempt, error) {
	t := &login.Attempt{Target: account.Target{AccountID: accountID}}
	var needed bool
	// One state of the database: a second factor counts by the roles.
	err := a.DB.View(ctx, func(tx *store.Tx) error {
		_, needed = a.AskedSecondFactor(tx, accountID)
		return nil
	})
	switch {
	case err != nil || !needed:
		return t, err
	case typed == "":
		return nil, api.Refuse(api.CodeSecondFactorNeeded)
	}
	counted := a.AccountBudget(accountID, "")
	counted.CountOnly = true
	t.Budgets = []throttle.Budget{a.ResetFactorBudget(accountID), counted}
	return t, a.ExplainFull(a.Reserve(ctx, t.Budgets))
}
