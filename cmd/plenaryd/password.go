package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"plenary/api"
	"plenary/rules"
)

// choosePassword reads a password as the first line of standard input, or makes
// one; made says that it is new and has to be shown.
func choosePassword(p process, fromStdin bool) (password string, made bool, err error) {
	if !fromStdin {
		return newPassword(), true, nil
	}
	line, err := bufio.NewReader(asText(io.LimitReader(p.stdin, 4096))).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, fmt.Errorf("read the password: %w", err)
	}
	password = strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", false, wrongUsage("standard input holds no password")
	}
	return password, false, nil
}

// ruleWords say what is wrong with a password that breaks a rule.
var ruleWords = map[rules.PasswordRule]string{
	rules.RuleLength: "it has less than 8 characters", rules.RuleLengthNIST: "it has less than 15 characters",
	rules.RuleTooLong: "it is too long", rules.RuleUpper: "it has no uppercase letter", rules.RuleLower: "it has no lowercase letter",
	rules.RuleNumber: "it has no number", rules.RuleSymbol: "it has no special symbol", rules.RuleGuess: "it is easy to guess",
	rules.RuleBreached: "it is in the list of breached passwords", rules.RuleSame: "it is the one of now",
}

// brokenRules says by which rules a password is refused.
func brokenRules(errs []api.FieldError) string {
	var broken []string
	for _, e := range errs {
		broken = append(broken, ruleWords[rules.PasswordRule(e.Code)])
	}
	return strings.Join(broken, ", ")
}

// explain turns what the service says to programs into words for an operator.
func explain(err error) error {
	p, ok := errors.AsType[*api.Problem](err)
	if !ok {
		return err
	}
	switch p.Code {
	case api.CodeNotFound:
		return errors.New("there is no such account")
	case api.CodeLastAdministrator:
		return errors.New("this is the last administrator, and one must stay: make another account an administrator first")
	case api.CodePasswordRefused:
		return fmt.Errorf("the password is refused: %s", brokenRules(p.Errors))
	case api.CodeInvalid:
		var fields []string
		for _, e := range p.Errors {
			fields = append(fields, strings.TrimPrefix(e.Pointer, "/")+" ("+e.Code+")")
		}
		return fmt.Errorf("wrong, or taken by another account: %s", strings.Join(fields, ", "))
	default:
		return err
	}
}
