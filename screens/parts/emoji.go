package parts

import "strings"

// emojiWords say that emoji were left out; see SetEmojiWords.
var emojiWords string

// SetEmojiWords sets what a field says when emoji were left out of its text. Like
// every widget it belongs to the window's goroutine.
func SetEmojiWords(words string) { emojiWords = words }

// isEmoji reports whether a character is one for which the program has no font: a
// sign of replacement would stand in its place.
func isEmoji(r rune) bool { return r >= 0x1F000 && r <= 0x1FAFF }

// isEmojiPart reports whether a character only changes or joins emoji.
func isEmojiPart(r rune) bool {
	return r == '\u200d' || r == '\ufe0f' || r == '\u20e3' || r >= 0xE0020 && r <= 0xE007F
}

// withoutEmoji leaves emoji out of a text, with what belongs to them.
func withoutEmoji(s string) string {
	within := false // an emoji
	return strings.Map(func(r rune) rune {
		switch {
		case isEmoji(r):
			within = true
			return -1
		case within && isEmojiPart(r):
			return -1
		}
		within = false
		return r
	}, s)
}

// sayNoEmoji has the field say that emoji were left out, until the next change.
func (e *Entry) sayNoEmoji() {
	if e.field != nil {
		e.field.remark(emojiWords)
	}
}
