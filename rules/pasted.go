package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pasted is what a field of one line takes of a pasted text. Line ends and what
// cannot be seen fall away at both ends, since copying brings them along; a line
// end within becomes a space, and the rest stays, spaces at the ends too.
func Pasted(s string) string { return trimPasted(s, isLineEnd) }

// PastedPassword is Pasted for a password: tabs fall away at its ends as well, as
// they come from tables.
func PastedPassword(s string) string {
	return trimPasted(s, func(r rune) bool { return isLineEnd(r) || r == '\t' })
}

// trimPasted cuts a text at the line ends (or what else ends it) that are nearest to
// its middle; spaces beyond those are not part of what was meant.
func trimPasted(s string, ends func(rune) bool) string {
	first := strings.IndexFunc(s, visible)
	if first < 0 {
		return onlySpaces(cutAfter(s, ends))
	}
	last := strings.LastIndexFunc(s, visible)
	_, width := utf8.DecodeRuneInString(s[last:])
	last += width
	before, middle, after := s[:first], s[first:last], s[last:]
	if i := strings.IndexFunc(after, ends); i >= 0 {
		after = after[:i]
	}
	middle = strings.ReplaceAll(middle, "\r\n", "\n")
	middle = strings.Map(func(r rune) rune {
		if isLineEnd(r) {
			return ' '
		}
		return r
	}, middle)
	return onlySpaces(cutAfter(before, ends)) + middle + onlySpaces(after)
}

// cutAfter is what stands behind the last of the ends.
func cutAfter(s string, ends func(rune) bool) string {
	runes := []rune(s)
	for i := len(runes) - 1; i >= 0; i-- {
		if ends(runes[i]) {
			return string(runes[i+1:])
		}
	}
	return s
}

// onlySpaces leaves the spaces of what has nothing else that can be seen.
func onlySpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unseen(r) || unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, s)
}

func isLineEnd(r rune) bool {
	return r >= '\n' && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// visible reports whether a character is more than a space or an unseen mark.
// Variation selectors belong to what stands before them.
func visible(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && (!unseen(r) || unicode.Is(unicode.Variation_Selector, r))
}
