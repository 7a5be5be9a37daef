package account

import (
	"strings"
	"unicode/utf8"
)

// Masked is the first character and the last label, with a length that
// tells nothing (security.md, Masked address).
func Masked(first, label string) string {
	return first + "••••••@••••••." + label
}

// Mask hides an address but for its first character and last label.
func Mask(address string) string {
	_, n := utf8.DecodeRuneInString(address)
	return Masked(strings.ToLower(address[:n]), address[strings.LastIndexByte(address, '.')+1:])
}
