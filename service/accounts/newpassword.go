package accounts

import (
	"cmp"
	"context"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// judgePassword refuses a new password by the rules that it breaks. context is
// what somebody tries first who guesses it (rules.PasswordContext).
//
// Errors: api.CodePasswordRefused, with a rules.PasswordRule for each of them.
func (a *Accounts) judgePassword(password string, context []string) error {
	broken := rules.PasswordBreaks(password, a.passwords(), context)
	if a.Breached != nil {
		breached, err := a.Breached(rules.NormalizePassword(password))
		if err != nil {
			return fmt.Errorf("accounts: look for a breached password: %w", err)
		}
		if breached {
			broken = append(broken, rules.RuleBreached)
		}
	}
	if len(broken) > 0 {
		return refusedPassword(broken...)
	}
	return nil
}

// refuseKnown refuses the password of now, and the answer to the secret question,
// as a new password. It is asked once somebody has proved to be the owner: nobody
// else learns by it what they are.
//
// Errors: as judgePassword; api.CodeBusy.
func (a *Accounts) refuseKnown(ctx context.Context, accountID, password string) error {
	var current, answer string
	there := false
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		there = tx.Get(`SELECT password, COALESCE((SELECT q.answer FROM secret_questions q WHERE q.account_id = $1), '')
			FROM credentials WHERE account_id = $1`, accountID).Into(&current, &answer)
		return nil
	})
	if err != nil || !there {
		return err // erased meanwhile, as what follows finds out
	}
	if same, err := a.is(ctx, current, password); err != nil || same {
		return cmp.Or(err, refusedPassword(rules.RuleSame))
	}
	if same, err := a.is(ctx, answer, rules.AnswerKey(password)); err != nil || same {
		return cmp.Or(err, refusedPassword(rules.RuleGuess))
	}
	return nil
}

// is compares a text with a hash; none is that of no text.
func (a *Accounts) is(ctx context.Context, hash, text string) (bool, error) {
	if hash == "" || text == "" {
		return false, nil
	}
	return a.hasher.matches(ctx, hash, text)
}

// refusedPassword says by which rules a password is refused.
func refusedPassword(broken ...rules.PasswordRule) error {
	p := &api.Problem{Code: api.CodePasswordRefused}
	for _, rule := range broken {
		p.Errors = append(p.Errors, api.FieldError{Pointer: "/password", Code: string(rule)})
	}
	return p
}

// contextOf are the words that a password of an account must not be made of.
func (a *Accounts) contextOf(p api.Account) []string {
	return rules.PasswordContext(p.FirstName, p.FamilyName, p.Username, p.Email, p.Organization.Name, a.Name())
}
