package rules

import (
	"strings"
	"unicode"
)

// FullName is how a person is called: on a badge, in a list, in a letter. Chinese
// and Korean names have the family name first, without a space (王小明, 홍길동),
// names with kana likewise, with one (はな さくら); all others have it last. One
// of the two names may be empty.
func FullName(first, family string) string {
	first, family = inWords(first), inWords(family)
	switch writing := min(writingOf(first), writingOf(family)); {
	case first == "" || family == "":
		return first + family
	case writing == writtenInHan:
		return family + first
	case writing == writtenInKana:
		return family + " " + first
	default:
		return first + " " + family
	}
}

// AddressedName is FullName with the form of address or title: before the name,
// but behind it where both are Chinese, Japanese or Korean (王小明先生).
func AddressedName(title, first, family string) string {
	title, name := inWords(title), FullName(first, family)
	switch {
	case title == "" || name == "":
		return title + name
	case writingOf(title) == writtenInOther || writingOf(name) == writtenInOther:
		return title + " " + name
	case strings.Contains(name, " ") || strings.ContainsFunc(name, isHangul):
		return name + " " + title
	default:
		return name + title
	}
}

// NameSpellings are the other ways in which somebody may look for a name where
// FullName leaves out the space: the names in the other order and each by itself
// are found by their words.
func NameSpellings(first, family string) []string {
	first, family = inWords(first), inWords(family)
	if first == "" || family == "" || min(writingOf(first), writingOf(family)) == writtenInOther {
		return nil
	}
	return []string{family + first, first + family}
}

// SortName is the order of people in lists, compared byte by byte: by family
// name, then by first name, both folded. Who has one name is sorted by it.
func SortName(first, family string) string {
	first, family = Fold(inWords(first)), Fold(inWords(family))
	if family == "" {
		first, family = "", first
	}
	return family + "\x00" + first
}

func inWords(s string) string { return strings.Join(strings.Fields(s), " ") }

// writing is how a name is written, as far as its order depends on it. The
// smaller one counts where two meet.
type writing int

const (
	writtenInOther writing = iota
	writtenInKana
	writtenInHan // or Hangul
)

// writingOf judges by the letters; marks and punctuation do not count. A text
// without letters is writtenInOther.
func writingOf(s string) writing {
	w, letters := writtenInHan, false
	for _, r := range s {
		switch {
		case r == 'ー' || unicode.In(r, unicode.Hiragana, unicode.Katakana):
			w = min(w, writtenInKana)
		case unicode.In(r, unicode.Han, unicode.Bopomofo) || isHangul(r):
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return writtenInOther
		default:
			continue
		}
		letters = true
	}
	if !letters {
		return writtenInOther
	}
	return w
}

func isHangul(r rune) bool { return r >= '\u1100' && unicode.Is(unicode.Hangul, r) }
