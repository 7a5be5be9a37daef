package rules

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Choice is one of a list that a person chooses from, made ready to be searched in.
type Choice struct {
	name   name
	others []name
	codes  []name
}

// NewChoice makes a choice ready: what it is called, by which other names it is found as
// well, and by which codes, which are to be typed in full.
func NewChoice(called string, others, codes []string) Choice {
	c := Choice{name: newName(called)}
	for _, s := range others {
		c.others = append(c.others, newName(s))
	}
	for _, s := range codes {
		c.codes = append(c.codes, newName(s))
	}
	return c
}

// Found is a choice that fits what was typed: its place in the list, and by which of its
// other names it was found, -1 for none of them.
type Found struct{ Choice, Other int }

// FindChoices gives the choices that fit what was typed, the best first: those that have
// it as name or code; then those whose name begins with it; then those in whose name each
// word begins a word; then those that have each word anywhere. Among equals the name that
// is shown comes before other ones, then the order of the list counts. Only where nothing
// fits, one letter may be wrong. What has no letters and no digits finds nothing.
func FindChoices(choices []Choice, text string) []Found {
	typed := newTyped(text)
	if len(typed.words) == 0 {
		return nil
	}
	found := typed.find(choices, typed.fit)
	if len(found) == 0 && typed.size >= minTypo {
		found = typed.find(choices, typed.misspelt)
	}
	return found
}

// fit is how well a name fits what was typed; less is better.
type fit int

const (
	exact fit = iota
	beginning
	wordBeginnings
	inside
	noFit
)

// minInside and minTypo are the letters from which on the inside of words is looked at,
// and one letter may be wrong: with fewer, nearly everything would fit.
const (
	minInside = 3
	minTypo   = 4
)

func (t *typed) find(choices []Choice, fits func(*name) fit) []Found {
	type ranked struct {
		Found
		fit fit
	}
	var all []ranked
	for i := range choices {
		c := &choices[i]
		best := ranked{Found{i, -1}, fits(&c.name)}
		for k := range c.others {
			if f := fits(&c.others[k]); f < best.fit {
				best = ranked{Found{i, k}, f}
			}
		}
		if slices.ContainsFunc(c.codes, func(code name) bool { return t.is(&code) }) {
			best = ranked{Found{i, -1}, exact}
		}
		if best.fit < noFit {
			all = append(all, best)
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(min(a.Other, 0), min(b.Other, 0)))
	})
	found := make([]Found, len(all))
	for i, r := range all {
		found[i] = r.Found
	}
	return found
}

// name is a name in the spellings under which it is searched.
type name struct {
	spellings []string // see Spellings
	compact   []string // the same without what is between the words
}

func newName(text string) name {
	n := name{spellings: Spellings(text)}
	for _, s := range n.spellings {
		n.compact = append(n.compact, compact(s))
	}
	return n
}

// compact leaves the words of a folded text, without anything between them.
func compact(folded string) string {
	return strings.Map(func(r rune) rune {
		if IsWord(r) {
			return r
		}
		return -1
	}, folded)
}

// typed is what somebody has typed to find a name.
type typed struct {
	words []SearchWord
	text  name
	size  int // letters
}

func newTyped(text string) *typed {
	t := &typed{words: SearchWords(text), text: newName(strings.TrimSpace(text))}
	t.size = utf8.RuneCountInString(t.text.compact[0])
	return t
}

// is reports whether a name or code is what was typed, dots and spaces aside.
func (t *typed) is(n *name) bool {
	return slices.ContainsFunc(t.text.compact, func(s string) bool { return slices.Contains(n.compact, s) })
}

func (t *typed) fit(n *name) fit {
	switch {
	case t.is(n):
		return exact
	case t.some(n, strings.HasPrefix):
		return beginning
	case t.all(n, beginsWord):
		return wordBeginnings
	case t.size >= minInside && t.all(n, strings.Contains):
		return inside
	}
	return noFit
}

// some reports whether one spelling of what was typed stands in the right way to one of the name's.
func (t *typed) some(n *name, stands func(name, typed string) bool) bool {
	for _, name := range n.spellings {
		for _, typed := range t.text.spellings {
			if stands(name, typed) {
				return true
			}
		}
	}
	return false
}

// all reports whether every word of what was typed does.
func (t *typed) all(n *name, stands func(name, word string) bool) bool {
	for _, word := range t.words {
		if !slices.ContainsFunc(n.spellings, func(name string) bool {
			return slices.ContainsFunc(word, func(w string) bool { return stands(name, w) })
		}) {
			return false
		}
	}
	return len(t.words) > 0
}

// beginsWord reports whether a word of a folded text begins with another one.
func beginsWord(text, word string) bool { return wordAt(text, word) >= 0 }

// wordAt is where a word of a folded text begins with another one, in bytes; -1 if
// none does.
func wordAt(text, word string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		here, size := utf8.DecodeRuneInString(text[i:])
		if i == 0 || !IsWord(before) || breaksAnywhere(here) {
			return i
		}
		from = i + max(size, 1)
	}
}

// breaksAnywhere reports whether any letter of the script may begin a word.
func breaksAnywhere(r rune) bool { return writtenWithoutSpaces(r) || unicode.Is(unicode.Hangul, r) }

// misspelt is exact for a name that begins with what was typed but for one letter: a
// wrong one, one too many, one too few, or two that changed places (Damerau-Levenshtein
// distance 1); wordBeginnings where a word of the name does. Names are taken as they are
// written: in the letters of passports, those of other scripts would come by chance.
func (t *typed) misspelt(n *name) fit {
	typed := t.text.compact[0]
	if oneOff(typed, n.compact[0]) {
		return exact
	}
	if len(t.words) == 1 && slices.ContainsFunc(wordsOf(n.spellings[0]), func(word string) bool { return oneOff(typed, word) }) {
		return wordBeginnings
	}
	return noFit
}

// oneOff reports whether typed is the beginning of a word but for one letter.
func oneOff(typed, word string) bool {
	same := 0
	for same < len(typed) && same < len(word) && typed[same] == word[same] {
		same++
	}
	for same > 0 && same < len(typed) && !utf8.RuneStart(typed[same]) {
		same--
	}
	typed, word = typed[same:], word[same:]
	if typed == "" {
		return true
	}
	a, sizeA := utf8.DecodeRuneInString(typed)
	b, sizeB := utf8.DecodeRuneInString(word)
	if word == "" {
		return len(typed) == sizeA // one too many at the end
	}
	afterA, afterB := typed[sizeA:], word[sizeB:]
	if strings.HasPrefix(afterB, afterA) || strings.HasPrefix(word, afterA) || strings.HasPrefix(afterB, typed) {
		return true
	}
	nextA, sizeNextA := utf8.DecodeRuneInString(afterA)
	nextB, sizeNextB := utf8.DecodeRuneInString(afterB)
	return afterA != "" && afterB != "" && nextA == b && nextB == a &&
		strings.HasPrefix(afterB[sizeNextB:], afterA[sizeNextA:])
}
