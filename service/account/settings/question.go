package settings

import (
	"context"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// SecretQuestion gives the account's secret question.
func (a *Settings) SecretQuestion(ctx context.Context, p caller.Caller) (api.SecretQuestion, error) {
	s := api.SecretQuestion{Policy: a.Policies.Now().SecretQuestion}
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		q, ok := a.Credentials.Question(tx, p.AccountID)
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
func (a *Settings) SetSecretQuestion(ctx context.Context, p caller.Caller, in api.SetSecretQuestion) error {
	if a.Policies.Now().SecretQuestion == api.QuestionOff {
		return api.Refuse(api.CodeForbidden)
	}
	owner, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return err
	}
	question, err := validQuestion(in, owner)
	if err != nil {
		return err
	}
	if err := a.refusePasswordAsAnswer(ctx, p.AccountID, in.Answer); err != nil {
		return err
	}
	answer, err := a.Credentials.Hasher.Hash(ctx, rules.AnswerKey(in.Answer))
	if err != nil {
		return err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		if len(account.Granted(tx, p.AccountID)) > 1 {
			return api.Refuse(api.CodeForbidden)
		}
		if err := a.SpendChange(tx, p.AccountID); err != nil {
			return err
		}
		a.Credentials.KeepQuestion(tx, p.AccountID, credential.Question{Text: question, Own: in.Own, Answer: answer})
		a.Audit.Note(tx, audit.QuestionSet, p.AccountID)
		a.Tell(tx, owner, mail.Message{Template: mail.QuestionSet})
		return nil
	})
}

// refusePasswordAsAnswer refuses the password as an answer: what is asked of the
// service desk, and typed in the clear, would open the account.
func (a *Settings) refusePasswordAsAnswer(ctx context.Context, accountID, answer string) error {
	typed, err := credential.Typed(answer)
	if err != nil {
		return nil // longer than any password
	}
	for _, s := range slices.Compact([]string{typed, strings.TrimSpace(typed)}) {
		same, err := a.Credentials.IsPassword(ctx, accountID, s)
		if err != nil {
			return err
		}
		if same {
			return api.Invalid(api.FieldError{Pointer: "/answer", Code: api.FieldInvalid})
		}
	}
	return nil
}

// RemoveSecretQuestion removes the secret question, and tells the owner; where there
// is none, it does nothing.
func (a *Settings) RemoveSecretQuestion(ctx context.Context, p caller.Caller) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		if !credential.DropQuestion(tx, p.AccountID) {
			return nil
		}
		a.Audit.Note(tx, audit.QuestionRemoved, p.AccountID)
		return a.TellAbout(tx, p.AccountID, mail.Message{Template: mail.QuestionRemoved})
	})
}

// validQuestion judges question and answer, and gives the question as it is kept.
func validQuestion(in api.SetSecretQuestion, p api.Account) (question string, err error) {
	v := account.Validation{}
	question = v.Line("/question", in.Question)
	switch {
	case len(v.Fields) > 0:
	case in.Own && !rules.AnswerLongEnough(question):
		v.Wrong("/question", api.FieldInvalid)
	case !in.Own && !slices.Contains(api.SecretQuestions, question):
		v.Wrong("/question", api.FieldUnknown)
	}
	answer := rules.AnswerKey(in.Answer)
	local, _, _ := strings.Cut(p.Email, "@")
	known := []string{question, p.Username, p.Email, local, p.FirstName, p.FamilyName, p.FirstName + p.FamilyName, p.FamilyName + p.FirstName, p.Organization.Name}
	known = append(known, rules.Tokens(question)...)
	switch {
	case !rules.AnswerLongEnough(answer):
		v.Wrong("/answer", api.FieldTooShort)
	case rules.AnswerIsGuessed(in.Answer):
		v.Wrong("/answer", api.FieldInvalid)
	case slices.ContainsFunc(known, func(s string) bool { return rules.AnswerKey(s) == answer }):
		v.Wrong("/answer", api.FieldInvalid)
	}
	if len(v.Fields) > 0 {
		return "", api.Invalid(v.Fields...)
	}
	return question, nil
}
