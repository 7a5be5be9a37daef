package accounts

import (
	"context"
	"slices"
	"strings"

	"plenary/service/account/credential"
	"plenary/service/caller"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// SecretQuestion gives the account's secret question.
func (a *Accounts) SecretQuestion(ctx context.Context, p caller.Caller) (api.SecretQuestion, error) {
	s := api.SecretQuestion{Policy: a.Policies.Now().SecretQuestion}
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		q, ok := a.credentials.Question(tx, p.AccountID)
		s.Set, s.Question, s.Own = ok, q.Text, q.Own
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
func (a *Accounts) SetSecretQuestion(ctx context.Context, p caller.Caller, in api.SetSecretQuestion) error {
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
	answer, err := a.credentials.Hasher.Hash(ctx, rules.AnswerKey(in.Answer))
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
		a.credentials.KeepQuestion(tx, p.AccountID, credential.Question{Text: question, Own: in.Own, Answer: answer})
		a.log.Note(tx, audit.QuestionSet, p.AccountID, "")
		a.tell(tx, account, mail.Message{Template: mail.QuestionSet})
		return nil
	})
}

// refusePasswordAsAnswer refuses the password as an answer: what is asked of the
// service desk, and typed in the clear, would open the account.
func (a *Accounts) refusePasswordAsAnswer(ctx context.Context, accountID, answer string) error {
	typed, err := credential.Typed(answer)
	if err != nil {
		return nil // longer than any password
	}
	for _, s := range slices.Compact([]string{typed, strings.TrimSpace(typed)}) {
		same, err := a.credentials.IsPassword(ctx, accountID, s)
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
func (a *Accounts) RemoveSecretQuestion(ctx context.Context, p caller.Caller) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if !credential.DropQuestion(tx, p.AccountID) {
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

// askedQuestion is the question that a recovery of the account asks: its own, or
// a made-up one, always the same, where it has none or has a role.
func (a *Accounts) askedQuestion(tx *store.Tx, accountID string) credential.Question {
	q, ok := a.credentials.Question(tx, accountID)
	if roles := granted(tx, accountID); ok && len(roles) == 1 {
		return q
	}
	return a.credentials.MadeUpQuestion(accountID)
}
