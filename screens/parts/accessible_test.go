package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestAccessible_saysLabelRoleAndState: all that is seen of a part is said, but for what a
// password hides.
func TestAccessible_saysLabelRoleAndState(t *testing.T) {
	test.NewTempApp(t)
	SetSpoken(Spoken{
		Required: "required", Ticked: "ticked", NotTicked: "not ticked", Chosen: "chosen", Unavailable: "unavailable",
		Ascending: "upwards", Descending: "downwards", EmptyList: "empty",
	})
	t.Cleanup(func() { SetSpoken(Spoken{}) })
	const button, text, link = fyne.AccessibleRoleButton, fyne.AccessibleRoleText, fyne.AccessibleRoleLink
	entry := func(e *Entry, text string) *Entry {
		e.SetText(text)
		return e
	}
	wrong := NewEntry("e")
	NewField("f", "Name", true, wrong).SetError("Give your name.")
	first, family := NewEntry("first"), NewEntry("family")
	names := NewField("names", "", false, Row(1,
		Cell{Object: NewField("f", "First name", false, first)}, Cell{Object: NewField("f", "Family name", false, family)})).Over(first, family)
	names.SetError("Give one of them.")
	fixed := NewEntry("e")
	fixed.Disable()
	password := entry(NewPassword("p", "Show", "Hide"), "secret")
	NewField("f", "Password", false, password)
	picker := NewPicker("p", "", "", []Item{{ID: "ch", Text: "Switzerland"}})
	NewField("f", "Country", false, picker)
	picker.SetID("ch")
	agreed := NewCheck("c", Required(Span{Text: "I agree."})...)
	agreed.SetChecked(true)
	diet := NewCheck("c", Span{Text: "Vegan"})
	NewField("f", "Diet", false, Stack(0, diet))
	radios := NewRadios("r", []Item{{ID: "a", Text: "On site"}, {ID: "b", Text: "Online"}})
	NewField("f", "How", true, radios)
	radios.Set("b")
	gone := NewButton("b", "Delete", Danger, nil)
	gone.Disable()
	bar := NewBar("bar")
	bar.Say(Notice{Words: []Span{{Text: "Not saved."}}, Reference: "Reference: 3F7K"})
	tabs := NewTabs("t", Tab{ID: "a", Text: "Waiting", Content: Space(1)}, Tab{ID: "b", Text: "Sent", Content: Space(1)})
	tabs.SetCount("b", 3)
	nav := NewNavigation([]Place{{ID: "m", Text: "Meetings", Icon: arcs}, {ID: "i", Text: "Mail", Icon: arcs}})
	nav.Choose("m")
	nav.Count("i", "2")
	head := NewTableHead("h", []ColumnWidth{{Min: 10}, {Min: 10}}, []string{"n", "d"}, nil)
	head.Set(0, "Name", Ascending, true)
	head.Set(1, "Date", Unsorted, false)
	list := NewRowList("l", func() fyne.CanvasObject { return Stack(0, Ends(Bold(""), NewTag("Open", Info)), Body("")) }, func(row int, o fyne.CanvasObject) {
		c := o.(*fyne.Container)
		c.Objects[0].(*fyne.Container).Objects[0].(*Text).SetText([]string{"Group", "Council", "Board"}[row])
		c.Objects[1].(*Text).SetText([]string{"", "Geneva", "Rome"}[row])
	})
	list.Heading = func(row int) bool { return row == 0 }
	list.OnMarked, list.Marked = func(int, int, bool) {}, func(row int) bool { return row == 1 }
	w := test.NewTempWindow(t, list)
	w.Resize(fyne.NewSize(400, 400))
	list.Set(3, 2)
	copied := NewCopy("copy", Copying{Value: "x", Word: "Copy", Done: "Copied"})
	copied.Resize(copied.MinSize())

	for _, c := range []struct {
		of    any
		label string
		role  fyne.AccessibleRole
	}{
		{wrong, "Name, required, Give your name.", text},
		{family, "Family name, Give one of them.", text},
		{entry(fixed, "ann@example.org"), "ann@example.org, unavailable", text},
		{password, "Password", text},
		{password.revealer, "Show, Password", button},
		{picker.Entry(), "Country, Switzerland", text},
		{picker.Entry().ActionItem, "Country, Switzerland", button},
		{agreed.Input(), "I agree., required, ticked", button},
		{diet, "Diet, Vegan, not ticked", button},
		{radios, "How, required, Online, chosen", button},
		{radios.rows[0], "On site", button},
		{gone, "Delete, unavailable", button},
		{bar, "Not saved., Reference: 3F7K", text},
		{Body("The meeting is full."), "The meeting is full.", text},
		{Link("l", "Forgot password?", func() {}).links[0], "Forgot password?", link},
		{copied.link, "Copy", link},
		{NewTag("Confirmed", Success), "Confirmed", text},
		{tabs.heads[0], "Waiting, chosen", button},
		{tabs.heads[1], "Sent (3)", button},
		{nav.items[0], "Meetings, chosen", link},
		{nav.items[1], "Mail, 2", link},
		{head.heads[0], "Name, upwards", button},
		{head.heads[1], "Date", text},
		{list.shown[0], "Group, Open", text},
		{list.shown[1], "Council, Open, Geneva, ticked", button},
		{list, "Board, Open, Rome, chosen, not ticked, 3/3", button},
		{NewRowList("l", nil, nil), "empty", button},
	} {
		a, ok := c.of.(fyne.Accessible)
		if !ok {
			t.Errorf("%T says nothing", c.of)
			continue
		}
		if a.AccessibilityLabel() != c.label || a.AccessibilityRole() != c.role {
			t.Errorf("%T says %q as %s, not %q as %s", c.of, a.AccessibilityLabel(), a.AccessibilityRole(), c.label, c.role)
		}
	}
}
