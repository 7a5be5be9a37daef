package recovery

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"plenary/rules"
	"plenary/service/account"
)

// shown is what "Is this your e-mail?" shows for an identifier: an address as
// it was typed, a masked one for a username.
func (a *Recoveries) shown(typed, address string) string {
	if rules.EmailKey(typed) != "" {
		return typed
	}
	if address != "" {
		return account.Mask(address)
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
func (a *Recoveries) madeUpMask(key string) string {
	m := a.Key.MAC("made-up address", []byte(key))
	first := string(letters[int(binary.BigEndian.Uint16(m[0:]))%len(letters)])
	if m[2]%4 != 0 {
		if r, _ := utf8.DecodeRuneInString(key); r != utf8.RuneError {
			first = string(r)
		}
	}
	return account.Masked(first, labels[int(binary.BigEndian.Uint16(m[4:]))%len(labels)])
}
