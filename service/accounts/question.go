package accounts

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// sealedQuestion is the purpose under which questions are sealed: they may be
// the person's own words.
const sealedQuestion = "secret-question"

// SecretQuestion gives the account's secret question.
func (a *Accounts) SecretQuestion(ctx context.Context, p Principal) (api.SecretQuestion, error) {
	s := api.SecretQuestion{Policy: a.Policies.Now().SecretQuestion}
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		q, ok := a.secretQuestion(tx, p.AccountID)
		s.Set, s.Question, s.Own = ok, q.question, q.own
		return nil
	})
	return s, err
}

// SetSecretQuestion sets the secret question, or another one, and tells the
// owner. It is closed to accounts with a role (security.md, Secret question).
//
// Errors: api.CodeForbidden, also where the policy is "off"; api.CodeInvalid for
// a question that is not offered, an answer with less than three letters and
// digits, one that anybody would try first, or one that is known to others: the
// question itself, a name, the username, the address; an answer that is the
// password; api.CodeBusy.
func (a *Accounts) SetSecretQuestion(ctx context.Context, p Principal, in api.SetSecretQuestion) error {
	if a.Policies.Now().SecretQuestion == api.QuestionOff {
		return refused(api.CodeForbidden)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return err
	}
	question, err := validQuestion(in, account)
	if err != nil {
		return err
	}
	if err := a.refusePasswordAsAnswer(ctx, p.AccountID, in.Answer); err != nil {
		return err
	}
	answer, err := a.hasher.hash(ctx, rules.AnswerKey(in.Answer))
	if err != nil {
		return err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if len(granted(tx, p.AccountID)) > 1 {
			return refused(api.CodeForbidden)
		}
		if err := a.spendChange(tx, p.AccountID); err != nil {
			return err
		}
		tx.Do(`INSERT INTO secret_questions (account_id, question, own, answer, set_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (account_id) DO UPDATE SET question = excluded.question, own = excluded.own, answer = excluded.answer,
				set_at = excluded.set_at`,
			p.AccountID, a.Key.Seal(sealedQuestion, []byte(p.AccountID), []byte(question)), boolToInt(in.Own), answer, store.Micros(a.Now()))
		a.log.Note(tx, audit.QuestionSet, p.AccountID, "")
		a.tell(tx, account, mail.Message{Template: mail.QuestionSet})
		return nil
	})
}

// refusePasswordAsAnswer refuses the password as an answer: what is asked of the
// service desk, and typed in the clear, would open the account.
func (a *Accounts) refusePasswordAsAnswer(ctx context.Context, accountID, answer string) error {
	typed, err := typedPassword(answer)
	if err != nil {
		return nil // longer than any password
	}
	var owner target
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		owner, _ = findAccount(tx, `a.id = $1`, `NULL`, accountID)
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range slices.Compact([]string{typed, strings.TrimSpace(typed)}) {
		same, err := a.is(ctx, owner.password, s)
		if err != nil {
			return err
		}
		if same {
			return invalid(api.FieldError{Pointer: "/answer", Code: api.FieldInvalid})
		}
	}
	return nil
}

// RemoveSecretQuestion removes the secret question, and tells the owner; where there
// is none, it does nothing.
func (a *Accounts) RemoveSecretQuestion(ctx context.Context, p Principal) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if tx.Do(`DELETE FROM secret_questions WHERE account_id = $1`, p.AccountID) == 0 {
			return nil
		}
		a.log.Note(tx, audit.QuestionRemoved, p.AccountID, "")
		return a.tellAbout(tx, p.AccountID, mail.Message{Template: mail.QuestionRemoved})
	})
}

// validQuestion judges question and answer, and gives the question as it is kept.
func validQuestion(in api.SetSecretQuestion, p api.Account) (question string, err error) {
	v := validation{}
	question = v.line("/question", in.Question)
	switch {
	case len(v.fields) > 0:
	case in.Own && !rules.AnswerLongEnough(question):
		v.wrong("/question", api.FieldInvalid)
	case !in.Own && !slices.Contains(api.SecretQuestions, question):
		v.wrong("/question", api.FieldUnknown)
	}
	answer := rules.AnswerKey(in.Answer)
	local, _, _ := strings.Cut(p.Email, "@")
	known := []string{question, p.Username, p.Email, local, p.FirstName, p.FamilyName, p.FirstName + p.FamilyName, p.FamilyName + p.FirstName, p.Organization.Name}
	known = append(known, rules.Tokens(question)...)
	switch {
	case !rules.AnswerLongEnough(answer):
		v.wrong("/answer", api.FieldTooShort)
	case rules.AnswerIsGuessed(in.Answer):
		v.wrong("/answer", api.FieldInvalid)
	case slices.ContainsFunc(known, func(s string) bool { return rules.AnswerKey(s) == answer }):
		v.wrong("/answer", api.FieldInvalid)
	}
	if len(v.fields) > 0 {
		return "", invalid(v.fields...)
	}
	return question, nil
}

// secretQuestion is a question and the hash of its answer, which is empty for a
// made-up one.
type secretQuestion struct {
	question string
	own      bool
	answer   string
}

// secretQuestion reads that of an account; ok is false for none.
func (a *Accounts) secretQuestion(tx *store.Tx, accountID string) (q secretQuestion, ok bool) {
	var sealed []byte
	var own int64
	if !tx.Get(`SELECT question, own, answer FROM secret_questions WHERE account_id = $1`, accountID).Into(&sealed, &own, &q.answer) {
		return q, false
	}
	plain, err := a.Key.Open(sealedQuestion, []byte(accountID), sealed)
	if err != nil {
		tx.Fail(fmt.Errorf("accounts: open secret question: %w", err))
		return q, false
	}
	q.question, q.own = string(plain), own == 1
	return q, true
}

// askedQuestion is the question that a recovery of the account asks: its own, or
// a made-up one, always the same, where it has none or has a role.
func (a *Accounts) askedQuestion(tx *store.Tx, accountID string) secretQuestion {
	q, ok := a.secretQuestion(tx, accountID)
	if roles := granted(tx, accountID); ok && len(roles) == 1 {
		return q
	}
	n := binary.BigEndian.Uint64(a.Key.MAC("made-up question", []byte(accountID)))
	return secretQuestion{question: api.SecretQuestions[n%uint64(len(api.SecretQuestions))]}
}
