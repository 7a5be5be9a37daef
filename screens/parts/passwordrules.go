package parts

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
	signs []*sign
	rules []Rule
}

// NewPasswordRules returns the list.
func NewPasswordRules(id ID, rules []Rule) *PasswordRules {
	p := &PasswordRules{ID: id}
	cells := make([]Cell, len(rules))
	for i := range rules {
		t := NewText(Span{}).WithSize(SizeSmall).WithID(id + ID("."+string(rune('a'+i))))
		s := newSign(signRing, ColorMuted)
		p.lines, p.signs = append(p.lines, t), append(p.signs, s)
		cells[i] = Cell{Object: signed(s, t), Min: 150, Weight: 1}
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
		kind, color := signRing, ColorMuted
		if r.Met {
			kind, color = signHook, ColorSuccess
		}
		p.signs[i].set(kind, color)
		p.lines[i].SetSpans(Span{Text: r.Text, Color: color})
	}
}

// Rules returns what the list shows.
func (p *PasswordRules) Rules() []Rule { return p.rules }
