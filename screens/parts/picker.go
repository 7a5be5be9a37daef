package parts

// pickerRows is how many rows of a picker's list are seen at once, unless
// WithRows says otherwise.
const pickerRows = 6

// Picker is a choice from a list, which opens over the page (see Root), below the input
// or above it, wherever there is room. The keyboard stays with the input: typing filters
// the list; Down, Up, Enter and Escape do the rest. Tab goes through it without opening.
type Picker struct {
	composite
	ID

	// OnChange is told what was picked.
	OnChange func(Item)
	// OnQuery is told what is typed, after the results are shown.
	OnQuery func(query string)

	entry    *Entry
	list     *pickList
	source   func(query string) []Item
	empty    string
	picked   *Item
	open     bool
	filling  bool
	focused  bool
	onLeave  func()
	search   bool
	optional bool // see WithNothing
}

// NewPicker returns a choice among items. noMatch is what it says when nothing
// fits what was typed.
func NewPicker(id ID, placeholder, noMatch string, items []Item) *Picker {
	p := newPicker(id, placeholder, noMatch)
	p.SetItems(items)
	return p
}

// NewPickerOf is NewPicker for choices that pickers share.
func NewPickerOf(id ID, placeholder, noMatch string, choices *Choices) *Picker {
	p := newPicker(id, placeholder, noMatch)
	p.setChoices(choices)
	return p
}

// NewSearch returns a choice whose results come from a search, called at each
// keystroke, so it must be fast. It shows results from the first letter on.
func NewSearch(id ID, placeholder, noMatch string, search func(query string) []Item) *Picker {
	p := newPicker(id, placeholder, noMatch)
	p.search = true
	p.source = search
	return p
}

// WithNothing lets a person take a choice back by emptying the input; OnChange is told of
// an item without an id then.
func (p *Picker) WithNothing() *Picker {
	p.optional = true
	return p
}

// WithRows sets how many rows of the list are seen at once.
func (p *Picker) WithRows(n int) *Picker {
	p.list.setRows(n)
	return p
}

// WithDetailBelow puts what tells an item from others under its name, not beside it.
func (p *Picker) WithDetailBelow() *Picker {
	p.list.below = true
	return p
}

// SetEmpty changes what the list says when nothing fits.
func (p *Picker) SetEmpty(words string) {
	p.empty = words
	p.SearchAgain()
}

func newPicker(id ID, placeholder, noMatch string) *Picker {
	p := &Picker{ID: id, entry: NewEntry(id + ".entry"), empty: noMatch}
	p.entry.SetPlaceHolder(placeholder)
	p.entry.ActionItem = newArrow(p)
	p.entry.OnChanged = p.typed
	p.entry.OnKey = p.key
	p.entry.OnFocus = p.focusChanged
	p.entry.OnTapped = p.tapped
	p.list = newPickList(p)
	p.content = arranged(&stackLayout{}, p.entry)
	p.ExtendBaseWidget(p)
	return p
}

// SetItems replaces what can be picked; what was picked stays if it is among them.
func (p *Picker) SetItems(items []Item) { p.setChoices(NewChoices(items)) }

func (p *Picker) setChoices(choices *Choices) {
	p.source, p.list.wish = choices.find, choices.items
	items := choices.items
	if p.picked == nil {
		return
	}
	for _, i := range items {
		if i.ID == p.picked.ID {
			p.Set(i)
			return
		}
	}
	p.Clear()
}

// Entry returns the input within, which takes the focus.
func (p *Picker) Entry() *Entry { return p.entry }

// Picked returns what was picked, and whether anything was.
func (p *Picker) Picked() (Item, bool) {
	if p.picked == nil {
		return Item{}, false
	}
	return *p.picked, true
}

// PickedID returns the id of what was picked, or nothing.
func (p *Picker) PickedID() string {
	i, _ := p.Picked()
	return i.ID
}

// Set picks an item without telling OnChange.
func (p *Picker) Set(i Item) {
	p.picked = &i
	p.fill(i.Text)
	p.close()
}

// SetID picks the item of the list that has this id, without telling OnChange.
func (p *Picker) SetID(id string) {
	for _, i := range p.source("") {
		if i.ID == id {
			p.Set(i)
			return
		}
	}
}

// Clear empties the choice without telling OnChange.
func (p *Picker) Clear() {
	p.picked = nil
	p.fill("")
	p.close()
}

// SetWrong outlines the choice as one with a mistake.
func (p *Picker) SetWrong(wrong bool) { p.entry.SetWrong(wrong) }

// IsOpen tells whether the list is open.
func (p *Picker) IsOpen() bool { return p.open }

// Items returns what the list has now.
func (p *Picker) Items() []Item { return p.list.items }

// SearchAgain asks the search again, after what it searches in has changed.
func (p *Picker) SearchAgain() {
	if p.open {
		p.show(p.entry.Text)
	}
}

// Open shows the list: all of it, or for a search what the text finds.
func (p *Picker) Open() {
	if p.search {
		p.show(p.entry.Text)
		return
	}
	p.show("")
	if p.picked != nil {
		p.list.chooseID(p.picked.ID)
	}
}

func (p *Picker) fill(text string) {
	p.filling = true
	p.entry.SetText(text)
	p.filling = false
	if !p.focused { // a long name is read from its beginning
		p.entry.CursorColumn = 0
		p.entry.Refresh()
	}
}

func (p *Picker) typed(text string) {
	if p.filling {
		return
	}
	if p.search {
		p.picked = nil
	}
	if p.search && text == "" {
		p.close()
	} else {
		p.show(text)
		if p.optional && text == "" {
			p.list.chosen = -1 // nothing is what Enter takes
			p.list.again()
		}
	}
	if p.OnQuery != nil {
		p.OnQuery(text)
	}
}

// show opens the list with what a query finds.
func (p *Picker) show(query string) {
	p.list.set(p.source(query), query)
	p.open = true
	if root := rootOf(p.entry); root != nil {
		IntoView(p.entry)
		root.show(p.list)
	}
}

func (p *Picker) close() {
	if !p.open {
		return
	}
	p.open = false
	if root := rootOf(p.entry); root != nil {
		root.remove(p.list)
	}
}

func (p *Picker) pick(i Item) {
	if i.Do != nil {
		i.Do()
		return
	}
	p.Set(i)
	p.entry.SelectAll()
	if p.OnChange != nil {
		p.OnChange(i)
	}
}

// tapped opens the list on a click; the text is selected, so that typing
// replaces it.
func (p *Picker) tapped() {
	if p.open {
		return
	}
	p.entry.SelectAll()
	p.Open()
}

// toggle opens or closes the list on a click on the arrow.
func (p *Picker) toggle() {
	Focus(p.entry)
	if p.open {
		p.restore()
	} else {
		p.Open()
	}
}
