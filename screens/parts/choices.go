package parts

import (
	"sync"

	"plenary/rules"
)

// Item is one thing to pick.
type Item struct {
	ID   string
	Text string
	// Detail tells it from others of the same name; it is asked for items that are seen.
	Detail func() string
	// Keys are other names under which typing finds it, Codes what is to be typed in full.
	Keys, Codes []string
	// Do is set for what is not to be picked but to be done, such as to search elsewhere.
	Do func()
}

func (i *Item) detail() string {
	if i.Detail == nil {
		return ""
	}
	return i.Detail()
}

// Choices is a list to pick from, made ready to be searched in. Pickers may share it.
type Choices struct {
	items []Item
	ready func() []rules.Choice
}

// NewChoices gives a list, which is made ready by the first search in it.
func NewChoices(items []Item) *Choices {
	return &Choices{items: items, ready: sync.OnceValue(func() []rules.Choice {
		ready := make([]rules.Choice, len(items))
		for i := range items {
			ready[i] = rules.NewChoice(items[i].Text, items[i].Keys, items[i].Codes)
		}
		return ready
	})}
}

// After gives the list behind one more item.
func (c *Choices) After(first Item) *Choices {
	return &Choices{items: append([]Item{first}, c.items...), ready: sync.OnceValue(func() []rules.Choice {
		return append([]rules.Choice{rules.NewChoice(first.Text, first.Keys, first.Codes)}, c.ready()...)
	})}
}

// Prepare makes the list ready, which takes some milliseconds for one as long as that of
// the countries: on any goroutine.
func (c *Choices) Prepare() { c.ready() }

// find gives the items that fit what was typed, the best first; all for nothing. Those
// found by another name than the shown one have it as detail.
func (c *Choices) find(typed string) []Item {
	if len(rules.Tokens(typed)) == 0 {
		return c.items
	}
	found := rules.FindChoices(c.ready(), typed)
	items := make([]Item, len(found))
	for k, f := range found {
		items[k] = c.items[f.Choice]
		if f.Other >= 0 && items[k].Detail == nil {
			name := items[k].Keys[f.Other]
			items[k].Detail = func() string { return name }
		}
	}
	return items
}

// highlight splits a text into spans, with what was typed in bold.
func highlight(text string, typed []rules.SearchWord) []Span {
	runes, bold := []rune(text), rules.Marks(text, typed)
	var spans []Span
	for i := 0; i < len(runes); {
		j := i + 1
		for j < len(runes) && bold[j] == bold[i] {
			j++
		}
		spans = append(spans, Span{Text: string(runes[i:j]), Bold: bold[i]})
		i = j
	}
	return spans
}
