package accounts

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"plenary/rules"
)

// masked is the first character and the last label, with a length that
// tells nothing (security.md, Masked address).
func masked(first, label string) string {
	return first + "••••••@••••••." + label
}

// mask hides an address but for its first character and last label.
func mask(address string) string {
	_, n := utf8.DecodeRuneInString(address)
	return masked(strings.ToLower(address[:n]), address[strings.LastIndexByte(address, '.')+1:])
}

// shown is what "Is this your e-mail?" shows for an identifier: an address as
// it was typed, a masked one for a username.
func (a *Accounts) shown(typed, address string) string {
	if rules.EmailKey(typed) != "" {
		return typed
	}
	if address != "" {
		return mask(address)
	}
	return a.madeUpMask(rules.IdentifierKey(typed))
}

// Last labels of made-up addresses, as often as they stand here: about as in
// the directories of participants of international meetings.
var labels = strings.Fields(`
	com com com com com com com com com com com com org org org org int int int net net gov edu
	ch ch fr fr fr de de uk uk jp jp cn cn cn kr kr br in it es ca ru sa ae eg ng ke za id my mx ar`)

const letters = "aaaaabbccccdddeeffgghhiijjjjkkkllllmmmmmmnnnoopppqrrrrsssssstttuvvwxyyz"

// madeUpMask is the masked address of a username that does not exist: the same
// at each try, and like those that exist, where the first letter of the address
// mostly is the username's.
func (a *Accounts) madeUpMask(key string) string {
	m := a.Key.MAC("made-up address", []byte(key))
	first := string(letters[int(binary.BigEndian.Uint16(m[0:]))%len(letters)])
	if m[2]%4 != 0 {
		if r, _ := utf8.DecodeRuneInString(key); r != utf8.RuneError {
			first = string(r)
		}
	}
	return masked(first, labels[int(binary.BigEndian.Uint16(m[4:]))%len(labels)])
}
