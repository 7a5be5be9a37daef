package parts

import (
	"fyne.io/fyne/v2"
)

// Rule is one line of the list of password rules.
type Rule struct {
	Text string
	Met  bool
}

// PasswordRules is the live list of what a password must have: a tick for what
// it has, a ring for what it lacks, in two columns.
type PasswordRules struct {
	composite
	ID
	lines []*Text
	rules []Rule
}

// NewPasswordRules returns the list.
func NewPasswordRules(id ID, rules []Rule) *PasswordRules {
	p := &PasswordRules{ID: id}
	cells := make([]Cell, len(rules))
	for i := range rules {
		t := NewText(Span{}).WithSize(SizeSmall).WithID(id + ID("."+string(rune('a'+i))))
		p.lines = append(p.lines, t)
		cells[i] = Cell{Object: t, Min: 150, Weight: 1}
	}
	row := newRow(&rowLayout{gap: Gap12, lineGap: 3}, cells)
	p.content = Layers(row)
	p.ExtendBaseWidget(p)
	p.Set(rules)
	return p
}

// Set shows what is met; the rules are those of NewPasswordRules, in order.
func (p *PasswordRules) Set(rules []Rule) {
	p.rules = rules
	for i, r := range rules {
		sign, color := "○ ", ColorMuted
		if r.Met {
			sign, color = "✓ ", fyne.ThemeColorName(ColorSuccess)
		}
		p.lines[i].SetSpans(Span{Text: sign + r.Text, Color: color})
	}
}

// Rules returns what the list shows.
func (p *PasswordRules) Rules() []Rule { return p.rules }
