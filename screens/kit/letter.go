package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Letter shows the plain text of an e-mail. Its facts, which are aligned by spaces there,
// stand in rows: letters are not all of one width here. The text before the first facts has
// the id.
func Letter(id parts.ID, text string) fyne.CanvasObject {
	out := parts.Stack(parts.Gap12)
	var said []string
	var facts []parts.Pair
	end := func() {
		if words := strings.Trim(strings.Join(said, "\n"), "\n"); words != "" {
			body := parts.Body(words)
			if len(out.Objects) == 0 {
				body.WithID(id)
			}
			out.Add(body)
		}
		if len(facts) > 0 {
			out.Add(parts.KeyValues(facts...))
		}
		said, facts = nil, nil
	}
	for _, line := range strings.Split(text, "\n") {
		if name, value, ok := fact(line); ok {
			if len(facts) == 0 {
				end()
			}
			facts = append(facts, parts.Pair{Key: name, Value: parts.Body(value)})
			continue
		}
		if len(facts) > 0 {
			end()
		}
		said = append(said, line)
	}
	end()
	return out
}

// fact reads a line as service/mail writes one of a list of facts: indented, with a name, at
// least three spaces, and a value.
func fact(line string) (name, value string, ok bool) {
	indented, ok := strings.CutPrefix(line, "    ")
	name, value, parted := strings.Cut(indented, "   ")
	value = strings.TrimSpace(value)
	return name, value, ok && parted && name != "" && value != ""
}
