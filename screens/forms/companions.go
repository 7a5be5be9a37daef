package forms

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// companionList are the accompanying persons: a name each, one input more with
// every "Add", up to what the meeting allows. A name that is emptied is gone.
type companionList struct {
	parts.Arranged
	env     kit.Env
	limit   int
	changed func()
	rows    *fyne.Container
	add     *parts.Button
	fields  []*parts.Field
	entries []*parts.Entry
}

func newCompanionList(env kit.Env, limit int, changed func()) *companionList {
	c := &companionList{env: env, limit: limit, changed: changed, rows: parts.Stack(parts.Gap12)}
	c.add = parts.NewButton("register.companions.add", env.T("register.companions.add"), parts.Outlined, func() {
		parts.Focus(c.addRow(""))
	})
	hint := parts.Small(env.Words.N("register.companions.hint", limit))
	c.Arrange(c, parts.Stack(parts.Gap12, hint, c.rows, parts.Inline(0, c.add)))
	return c
}

func (c *companionList) addRow(name string) *parts.Entry {
	n := len(c.entries)
	id := parts.ID("register.companions." + strconv.Itoa(n))
	entry := parts.NewEntry(id)
	entry.SetText(name)
	field := parts.NewField(id+".field", c.env.T("register.companions.name", map[string]any{"Number": n + 1}), false, entry)
	field.CheckWith(func() string {
		if len([]rune(strings.TrimSpace(entry.Text))) > rules.MaxBadgeName {
			return c.env.T("register.wrong.too-long", map[string]any{"Max": rules.MaxBadgeName})
		}
		return ""
	})
	entry.OnChanged = func(string) { c.changed() }
	c.entries, c.fields = append(c.entries, entry), append(c.fields, field)
	c.rows.Add(field)
	if len(c.entries) >= c.limit {
		c.add.Hide()
	}
	parts.Changed(c)
	return entry
}

func (c *companionList) fill(companions []api.Companion) {
	for i, entry := range c.entries {
		name := ""
		if i < len(companions) {
			name = companions[i].Name
		}
		entry.SetText(name)
	}
	for i := len(c.entries); i < min(len(companions), c.limit); i++ {
		c.addRow(companions[i].Name)
	}
}

func (c *companionList) entered() []api.Companion {
	var companions []api.Companion
	for _, e := range c.entries {
		if name := strings.TrimSpace(e.Text); name != "" {
			companions = append(companions, api.Companion{Name: name})
		}
	}
	return companions
}
