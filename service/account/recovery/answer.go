package recovery

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/login"
	"plenary/service/account/proof"
	"plenary/service/account/session"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/store"
)

// AnswerTries are the wrong answers to the secret question that an account takes
// in an hour.
const AnswerTries = 5

// RecoveryQuestion gives the secret question to whoever has the code from the
// e-mail, which is not used up; where there is none, a made-up one.
//
// Errors: api.CodeForbidden where the policy is "off"; those of CheckCode.
func (a *Recoveries) RecoveryQuestion(ctx context.Context, in api.RecoveryCode) (api.RecoveryQuestion, error) {
	if a.Policies.Now().SecretQuestion == api.QuestionOff {
		return api.RecoveryQuestion{}, api.Refuse(api.CodeForbidden)
	}
	r, _, err := a.codeOf(ctx, in.Flow, in.Code)
	if err != nil {
		return api.RecoveryQuestion{}, err
	}
	var q credential.Question
	// One state of the database: the question of somebody who has a role is made up.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		q = a.askedQuestion(tx, r.account)
		return nil
	})
	return api.RecoveryQuestion{Question: q.Text, Own: q.Own}, err
}

// CheckAnswer tells whether the answer to the secret question is right, without
// using it up. Beside it, the code from the e-mail is needed but for a recovery
// that was begun on a known device.
//
// Errors: api.CodeForbidden where the policy is "off"; api.CodeCodeWrong,
// api.CodeCodeExpired, api.CodeAnswerWrong; api.CodeTooMany after five wrong
// answers in an hour, or too many failures on the device; api.CodeBusy.
func (a *Recoveries) CheckAnswer(ctx context.Context, in api.RecoveryAnswer) error {
	_, err := a.answerGrant(ctx, in.Flow, in.Code, in.Answer)
	return err
}

// answerGrant checks the answer, and the code if one was given or is needed.
func (a *Recoveries) answerGrant(ctx context.Context, flow, code, answer string) (resetGrant, error) {
	p := resetGrant{answered: true}
	policy := a.Policies.Now().SecretQuestion
	if policy == api.QuestionOff {
		return p, api.Refuse(api.CodeForbidden)
	}
	var shown proof.Proof
	var err error
	if code == "" {
		p.recovery, err = a.recoveryByFlow(ctx, flow)
		if err == nil && (p.device == nil || policy != api.QuestionOn) {
			err = api.Refuse(api.CodeCodeWrong)
		}
	} else {
		p.recovery, shown, err = a.codeOf(ctx, flow, code)
		p.mailed = true
	}
	if err != nil {
		return p, err
	}
	hash, err := a.checkAnswer(ctx, p, answer)
	if err != nil {
		return p, err
	}
	// Right so far; used up only if question and device are still those.
	p.use = func(tx *store.Tx) error {
		if err := a.sameQuestion(tx, p.account, hash); err != nil {
			return err
		}
		if p.mailed {
			return a.Proofs.Use(tx, shown)
		}
		return a.useDeviceRecovery(tx, p.recovery)
	}
	return p, nil
}

// sameQuestion is api.CodeCodeExpired unless an answer is still that of an account,
// which is held and has no role.
func (a *Recoveries) sameQuestion(tx *store.Tx, accountID, answer string) error {
	if !tx.Has(`SELECT 1 FROM secret_questions q WHERE q.account_id = $1 AND q.answer = $2
		AND NOT EXISTS (SELECT 1 FROM account_roles r WHERE r.account_id = $1)`, accountID, answer) {
		return api.Refuse(api.CodeCodeExpired)
	}
	return nil
}

// useDeviceRecovery uses a recovery up that was begun on a known device, of an
// account that is held. It is api.CodeCodeExpired once the device was forgotten.
func (a *Recoveries) useDeviceRecovery(tx *store.Tx, r recovery) error {
	if tx.Do(`DELETE FROM recoveries WHERE id = $1 AND expires_at > $2
		AND EXISTS (SELECT 1 FROM devices d WHERE d.hash = recoveries.device AND d.account_id = $3)`,
		r.id, store.Micros(a.Now()), r.account) != 1 {
		return api.Refuse(api.CodeCodeExpired)
	}
	return nil
}

// checkAnswer counts a try, compares, and gives the hash that the answer is of.
// It costs the same where there is no question. Wrong answers have a budget of
// their own, and count where wrong passwords do: for the device if that is the
// proof, and always for the account, whose budget does not close this way back.
func (a *Recoveries) checkAnswer(ctx context.Context, p resetGrant, answer string) (hash string, err error) {
	t := &login.Attempt{Target: account.Target{AccountID: p.account}}
	account := a.AccountBudget(p.account, "")
	account.CountOnly = true
	t.Budgets = []throttle.Budget{a.Budget("answer", AnswerTries, time.Hour, []byte(p.account)), account}
	if !p.mailed {
		t.Budgets = append(t.Budgets, a.DeviceBudget(p.device))
	}
	if err := a.Reserve(ctx, t.Budgets); err != nil {
		return "", a.ExplainFull(err)
	}
	var q credential.Question
	var known bool
	// One state of the database: device and question belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		known = p.mailed || session.IsDevice(tx, p.device, p.account)
		q = a.askedQuestion(tx, p.account)
		return nil
	})
	if err != nil {
		return "", a.logIns.GiveUp(ctx, t, err)
	}
	right, err := a.Credentials.Hasher.Matches(ctx, q.Answer, rules.AnswerKey(answer))
	switch {
	case err != nil:
		return "", a.logIns.GiveUp(ctx, t, err)
	case !known:
		return "", a.logIns.GiveUp(ctx, t, api.Refuse(api.CodeCodeExpired)) // the device was forgotten
	case !right:
		return "", a.logIns.Failed(ctx, t, audit.AnswerFailed, api.Refuse(api.CodeAnswerWrong))
	}
	return q.Answer, a.GiveBack(ctx, t.Budgets, false)
}

// askedQuestion is the question that a recovery of the account asks: its own, or
// a made-up one, always the same, where it has none or has a role.
func (a *Recoveries) askedQuestion(tx *store.Tx, accountID string) credential.Question {
	q, ok := a.Credentials.Question(tx, accountID)
	if roles := account.Granted(tx, accountID); ok && len(roles) == 1 {
		return q
	}
	return a.Credentials.MadeUpQuestion(accountID)
}
