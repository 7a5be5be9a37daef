// Package credential holds by what a person proves who they are: the password and
// its rules, the authenticator app with its recovery codes, and the secret question.
// It stores and compares them; who may try, how often, and who is told of it, is for
// the packages that use it.
//
// The decisions are in docs/security.md: argon2id for what a person chooses, a
// signature under the service's key for what has enough random bits.
package credential

import (
	"cmp"
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/secret"
	"plenary/service/store"
)

// Credentials are those of all accounts. It is safe for concurrent use.
type Credentials struct {
	DB     *store.DB
	Key    *secret.Key
	Now    func() time.Time // the service's clock
	Hasher *Hasher
	// Policy gives the password policy of now.
	Policy func() rules.Policy
	// Breached tells whether a password stands in the operator's list of breached
	// ones; nil without a list.
	Breached func(password string) (bool, error)
}

// Typed brings a password into the form that is hashed. One that is longer than any
// password can be is refused before anything costly is done: api.CodeInvalid.
func Typed(password string) (string, error) {
	tooLong := api.Invalid(api.FieldError{Pointer: "/password", Code: api.FieldTooLong})
	if len(password) > rules.MaxPassword*utf8.UTFMax*2 {
		return "", tooLong
	}
	password = rules.NormalizePassword(password)
	if utf8.RuneCountInString(password) > rules.MaxPassword {
		return "", tooLong
	}
	return password, nil
}

// Judge refuses a new password by the rules that it breaks. words are what somebody
// tries first who guesses it (rules.PasswordContext).
//
// Errors: api.CodePasswordRefused, with a rules.PasswordRule for each of them.
func (c *Credentials) Judge(password string, words []string) error {
	broken := rules.PasswordBreaks(password, c.Policy(), words)
	if c.Breached != nil {
		breached, err := c.Breached(rules.NormalizePassword(password))
		if err != nil {
			return fmt.Errorf("credential: look for a breached password: %w", err)
		}
		if breached {
			broken = append(broken, rules.RuleBreached)
		}
	}
	if len(broken) > 0 {
		return Refused(broken...)
	}
	return nil
}

// Refused says by which rules a password is refused.
func Refused(broken ...rules.PasswordRule) error {
	p := &api.Problem{Code: api.CodePasswordRefused}
	for _, rule := range broken {
		p.Errors = append(p.Errors, api.FieldError{Pointer: "/password", Code: string(rule)})
	}
	return p
}

// RefuseKnown refuses the password of now, and the answer to the secret question,
// as a new password. It is asked once somebody has proved to be the owner: nobody
// else learns by it what they are.
//
// Errors: as Judge; api.CodeBusy.
func (c *Credentials) RefuseKnown(ctx context.Context, accountID, password string) error {
	var current, answer string
	there := false
	err := c.DB.Peek(ctx, func(tx *store.Tx) error {
		there = tx.Get(`SELECT password, COALESCE((SELECT q.answer FROM secret_questions q WHERE q.account_id = $1), '')
			FROM credentials WHERE account_id = $1`, accountID).Into(&current, &answer)
		return nil
	})
	if err != nil || !there {
		return err // erased meanwhile, as what follows finds out
	}
	if same, err := c.is(ctx, current, password); err != nil || same {
		return cmp.Or(err, Refused(rules.RuleSame))
	}
	if same, err := c.is(ctx, answer, rules.AnswerKey(password)); err != nil || same {
		return cmp.Or(err, Refused(rules.RuleGuess))
	}
	return nil
}

// IsPassword tells whether a text is the password of an account. Error: api.CodeBusy.
func (c *Credentials) IsPassword(ctx context.Context, accountID, text string) (bool, error) {
	var hash string
	err := c.DB.Peek(ctx, func(tx *store.Tx) error {
		tx.Get(`SELECT password FROM credentials WHERE account_id = $1`, accountID).Into(&hash)
		return nil
	})
	if err != nil {
		return false, err
	}
	return c.is(ctx, hash, text)
}

// is compares a text with a hash; none is that of no text.
func (c *Credentials) is(ctx context.Context, hash, text string) (bool, error) {
	if hash == "" || text == "" {
		return false, nil
	}
	return c.Hasher.Matches(ctx, hash, text)
}
