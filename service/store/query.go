package store

import "strings"

// Containing is the pattern of what contains a text, for LIKE ... ESCAPE '!':
// nothing in the text stands for anything else.
func Containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
