package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line brings a text of one line, such as a name, into the form in which it is
// kept: NFC, one space where there were several, none at its ends, and without
// what cannot be seen (soft hyphens, marks of zero width). ok is false for what
// is no text of one line: line ends, control characters, bytes that are no
// UTF-8, and marks that turn the text around them, since a name must not change
// what stands beside it on a badge or in a list. line is then what is left
// without all that; Visible gives this alone.
//
// Joiners, direction marks and variation selectors stay where people type them
// on purpose: within words of Persian and Indic scripts, beside Arabic and Hebrew
// letters, behind a Chinese character.
func Line(s string) (line string, ok bool) { return kept(s, false) }

// Lines is Line for a text of several lines. They end in a line feed; tabs and
// repeated spaces stay.
func Lines(s string) (text string, ok bool) { return kept(s, true) }

// Visible is what can be seen of a text, on one line: for one that only
// describes, or is searched for, nothing is refused.
func Visible(s string) string {
	line, _ := Line(lineEnds.Replace(s))
	return line
}

// Typed is what a person has typed or pasted into a field for what has no spaces
// at its ends and nothing that cannot be seen: an address, a username, a number.
func Typed(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unseen(r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner { // those are part of words
			return -1
		}
		return r
	}, s))
}

var (
	lineEnds = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", "\v", " ", "\f", " ", "\u0085", " ", "\u2028", " ", "\u2029", " ")
	newLines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

func kept(s string, lines bool) (text string, ok bool) {
	ok = utf8.ValidString(s)
	s = strings.ToValidUTF8(s, "")
	if lines {
		s = newLines.Replace(s)
	}
	rightToLeft := strings.ContainsFunc(s, isRightToLeft)
	var b strings.Builder
	var last, mark rune // last one written; a mark that counts if something follows
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t'):
		case turnsAround(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar:
			ok = false
			continue
		case unseen(r):
			if b.Len() > 0 && staysWithin(r, last, rightToLeft) {
				mark = r
			}
			continue
		case unicode.IsSpace(r):
			r = ' '
			if !lines && last == ' ' {
				continue
			}
		}
		if mark != 0 {
			b.WriteRune(mark)
			mark = 0
		}
		b.WriteRune(r)
		last = r
	}
	if unicode.Is(unicode.Variation_Selector, mark) { // belongs to what stands before it
		b.WriteRune(mark)
	}
	return norm.NFC.String(strings.TrimFunc(b.String(), func(r rune) bool {
		return unicode.IsSpace(r) || unseen(r) && !unicode.Is(unicode.Variation_Selector, r)
	})), ok
}

// unseen says whether nothing is drawn for a character: Unicode's
// Default_Ignorable_Code_Point (UAX #44), the byte order mark among them.
func unseen(r rune) bool {
	return r >= '\u00ad' && unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// turnsAround says whether a character changes the direction of what follows it,
// beyond the text that it stands in: embeddings, overrides and isolates (UAX #9).
func turnsAround(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// staysWithin says whether an unseen character means something behind last.
func staysWithin(r, last rune, rightToLeft bool) bool {
	switch {
	case r == zeroWidthNonJoiner || r == zeroWidthJoiner || unicode.Is(unicode.Variation_Selector, r):
		return unicode.In(last, unicode.L, unicode.M, unicode.S)
	case r == '\u200e' || r == '\u200f' || r == '\u061c':
		return rightToLeft
	}
	return false
}

func isRightToLeft(r rune) bool {
	return r >= '\u0590' && unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
}
