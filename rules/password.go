package rules

import (
	"slices"
	"strings"
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

	// Rules that only the service can judge; reported only when broken.
	RuleBreached PasswordRule = "breached" // Not in the operator's list of breached passwords
	RuleSame     PasswordRule = "same"     // Another one than that of now
)

// Product is the name of the program. Whoever guesses passwords of its service
// tries it first.
const Product = "Plenary"

// MaxPassword is the length that a password may have, in characters after
// NormalizePassword.
const MaxPassword = 128

// maxPasswordBytes refuses before anything costly is done: no 128 characters
// have more bytes, four for each of a base and its marks before composition.
const maxPasswordBytes = 1024

const (
	maxGuessInput = 64 // characters that are tried to be guessed
	maxContext    = 80 // words of context
)

// RuleResult is one line of the list under a password field.
type RuleResult struct {
	Rule PasswordRule
	Met  bool
}

// NormalizePassword is what is hashed and judged: NFC, so that one password
// typed on two systems is one password.
func NormalizePassword(s string) string { return norm.NFC.String(s) }

// PasswordContext is what somebody tries first who guesses a person's password:
// names, username, e-mail address, and the names of the person's organization and
// of the one that runs the service. Any may be empty.
func PasswordContext(first, family, username, email, organization, service string) []string {
	return []string{first, family, username, email, organization, service}
}

// PasswordReport judges a password, rule by rule, in the order of the source.
// Context is what an attacker would try first (PasswordContext); the name of the
// program is always part of it. It takes less than a millisecond for ordinary passwords, but
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
	return len(PasswordBreaks(password, policy, context)) == 0
}

// PasswordBreaks are the rules of the policy that a password does not meet.
func PasswordBreaks(password string, policy Policy, context []string) []PasswordRule {
	var broken []PasswordRule
	for _, r := range PasswordReport(password, policy, context) {
		if !r.Met {
			broken = append(broken, r.Rule)
		}
	}
	return broken
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
	return password != "" && guessBits(password, knownWords(context)) >= hardBits
}

// ReadCommonWords reads what PasswordReport compares passwords with, which it would do
// itself with the first one: for a goroutine that nobody waits for.
func ReadCommonWords() { commonWords() }

// knownWords are the words of a context, in both spellings, those of each text
// written together, and their first letters: Example Telecom Union is known as
// exampletelecomunion and etu, too.
func knownWords(context []string) []string {
	known := []string{Fold(Product)}
	add := func(word string) {
		if len(known) < maxContext && utf8.RuneCountInString(word) >= 3 && utf8.RuneCountInString(word) <= maxWord && !slices.Contains(known, word) {
			known = append(known, word)
		}
	}
	for _, text := range context {
		for _, spelling := range Spellings(truncate(text, 400)) {
			words := wordsOf(spelling)
			initials := ""
			for _, word := range words {
				add(word)
				first, _ := utf8.DecodeRuneInString(word)
				initials += string(first)
			}
			add(strings.Join(words, ""))
			add(initials)
		}
	}
	return known
}
