package rules

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Policy names what a password must be.
type Policy string

const (
	// PolicyClassic is the five rules of sources/forgotten-password.txt, step
	// 2, and "not easy to guess" (design.md, The service).
	PolicyClassic Policy = "classic"
	// PolicyNIST is NIST SP 800-63B-4, 3.1.1.2: length, no composition rules,
	// nothing easy to guess.
	PolicyNIST Policy = "nist"
)

// PasswordRule is the id of a rule; its text is words "password.rule." and the id.
type PasswordRule string

// The rules, in the order in which they are shown.
const (
	RuleLength     PasswordRule = "length"      // At least 8 characters
	RuleLengthNIST PasswordRule = "length-nist" // At least 15 characters
	RuleUpper      PasswordRule = "upper"       // An uppercase letter
	RuleLower      PasswordRule = "lower"       // A lowercase letter
	RuleNumber     PasswordRule = "number"      // A number
	RuleSymbol     PasswordRule = "symbol"      // A special symbol
	RuleGuess      PasswordRule = "guess"       // Not easy to guess
	RuleTooLong    PasswordRule = "too-long"    // At most 128 characters; reported only when broken
)

// MaxPassword is the length that a password may have, in characters after
// NormalizePassword.
const MaxPassword = 128

// maxPasswordBytes refuses before anything costly is done: no 128 characters
// have more bytes, four for each of a base and its marks before composition.
const maxPasswordBytes = 1024

const (
	maxGuessInput = 64 // characters that are tried to be guessed
	maxContext    = 40 // words of context
)

// RuleResult is one line of the list under a password field.
type RuleResult struct {
	Rule PasswordRule
	Met  bool
}

// NormalizePassword is what is hashed and judged: NFC, so that one password
// typed on two systems is one password.
func NormalizePassword(s string) string { return norm.NFC.String(s) }

// PasswordReport judges a password, rule by rule, in the order of the source.
// Context is what an attacker would try first: names, organization, e-mail
// address, username. It takes less than a millisecond for ordinary passwords, but
// a twentieth of a second the first time: screens call it off the window's goroutine.
//
// Letters, numbers and symbols are those of any script. A letter of a script
// without case (Chinese, Arabic, Hebrew, ...) meets both the uppercase and the
// lowercase rule: it is neither, and its writers must not be forced to another
// script. A space is no symbol: it is too easily typed unseen.
func PasswordReport(password string, policy Policy, context []string) []RuleResult {
	if policy == "" {
		policy = PolicyClassic
	}
	tooLong := len(password) > maxPasswordBytes
	if tooLong {
		password = password[:maxPasswordBytes]
	}
	password = NormalizePassword(password)
	length := utf8.RuneCountInString(password)
	tooLong = tooLong || length > MaxPassword

	var report []RuleResult
	if policy == PolicyNIST {
		report = append(report, RuleResult{RuleLengthNIST, length >= 15})
	} else {
		k := kindsOf(password)
		report = append(report,
			RuleResult{RuleLength, length >= 8},
			RuleResult{RuleUpper, k.upper},
			RuleResult{RuleLower, k.lower},
			RuleResult{RuleNumber, k.number},
			RuleResult{RuleSymbol, k.symbol},
		)
	}
	report = append(report, RuleResult{RuleGuess, hardToGuess(password, context)})
	if tooLong {
		report = append(report, RuleResult{RuleTooLong, false})
	}
	return report
}

// PasswordAcceptable says whether a password meets every rule of the policy.
func PasswordAcceptable(password string, policy Policy, context []string) bool {
	return !slices.ContainsFunc(PasswordReport(password, policy, context), func(r RuleResult) bool { return !r.Met })
}

type characterKinds struct{ upper, lower, number, symbol bool }

func kindsOf(password string) characterKinds {
	var k characterKinds
	for _, r := range password {
		switch {
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			k.upper = true
		case unicode.IsLower(r):
			k.lower = true
		case unicode.IsLetter(r): // of a script without case
			k.upper, k.lower = true, true
		case unicode.IsNumber(r):
			k.number = true
		case unicode.IsPunct(r) || unicode.IsSymbol(r):
			k.symbol = true
		}
	}
	return k
}

func hardToGuess(password string, context []string) bool {
	var known []string
	for _, text := range context {
		for _, word := range Tokens(truncate(text, 400)) {
			if len(known) < maxContext && utf8.RuneCountInString(word) >= 3 {
				known = append(known, word)
			}
		}
	}
	return guessBits(password, known) >= hardBits
}
