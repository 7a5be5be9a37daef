package kit

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
)

// Input is an input of a form. What it does not say is found by its name: its ids are
// AREA.NAME and AREA.NAME.field, its words AREA.NAME, AREA.NAME.hint (where there is one)
// and AREA.wrong.NAME, and its place in the request is /NAME.
type Input struct {
	Name     string
	Label    string // in words; "-" for none
	Hint     string // in words
	Pointer  string // JSON Pointer into the request, or its end
	Required bool

	// At most one of these; without, it is a line of text.
	Secret bool           // typed unseen; spaces at its ends count
	Lines  int            // a text of several lines, so many in sight
	Choose []parts.Item   // one of them, all in sight
	Pick   *parts.Choices // one of them, by typing or from a list

	// Placeholder stands in an empty input; NoMatch where nothing in Pick fits. In words.
	Placeholder, NoMatch string

	// Wrong says what is wrong with a value, in words, or nothing. Without it an input that
	// is required must not be empty (AREA.wrong.NAME).
	Wrong func(value string) string
	// Refused are the words for what the service does not accept; AREA.wrong.NAME without.
	Refused func(wrong api.FieldError) string
	// Changed is told of a change of this input.
	Changed func(value string)
}

// Form is the inputs of a page as a list.
type Form struct {
	env    Env
	area   string
	inputs []*formInput
	filled map[string]string // see Fill

	// Changed is told of each change; nil for nobody.
	Changed func()
	// Enter is what Enter does in a line of text; nil for nothing.
	Enter func()
}

type formInput struct {
	Input
	field  *parts.Field
	focus  fyne.Focusable
	entry  *parts.Entry  // of a text
	radios *parts.Radios // of Choose
	picker *parts.Picker // of Pick
}

// NewForm makes the inputs; Field gives each for the layout.
func NewForm(env Env, area string, inputs ...Input) *Form {
	f := &Form{env: env, area: area, filled: map[string]string{}}
	f.Add(inputs...)
	return f
}

// Add makes more inputs, after those that are there.
func (f *Form) Add(inputs ...Input) {
	for _, in := range inputs {
		f.inputs = append(f.inputs, f.make(in))
	}
}

func (f *Form) key(name string) string { return f.area + "." + name }

func (f *Form) make(in Input) *formInput {
	i := &formInput{Input: in}
	id := parts.ID(f.key(in.Name))
	changed := func(value string) {
		if i.Input.Changed != nil {
			i.Input.Changed(value)
		}
		if f.Changed != nil {
			f.Changed()
		}
	}
	var object fyne.CanvasObject
	switch {
	case in.Choose != nil:
		i.radios = parts.NewRadios(id, in.Choose)
		i.radios.OnChange = func(chosen string) {
			if i.field.Error() != "" {
				i.field.Check()
			}
			changed(chosen)
		}
		object, i.focus = i.radios, i.radios
	case in.Pick != nil:
		i.picker = parts.NewPickerOf(id, in.Placeholder, in.NoMatch, in.Pick)
		if !in.Required {
			i.picker.WithNothing()
		}
		i.picker.OnChange = func(p parts.Item) { changed(p.ID) }
		object, i.focus = i.picker, i.picker.Entry()
	default:
		switch {
		case in.Secret:
			i.entry = f.env.Password(id)
		case in.Lines > 1:
			i.entry = parts.NewMultiLine(id, in.Lines)
		default:
			i.entry = parts.NewEntry(id)
		}
		i.entry.SetPlaceHolder(in.Placeholder)
		i.entry.OnChanged = changed
		i.entry.OnSubmitted = func(string) {
			if f.Enter != nil {
				f.Enter()
			}
		}
		object, i.focus = i.entry, i.entry
	}
	label := in.Label
	switch label {
	case "":
		label = f.env.T(f.key(in.Name))
	case "-":
		label = ""
	}
	if in.Secret {
		i.field = f.env.PasswordField(id+".field", label, in.Required, i.entry)
	} else {
		i.field = parts.NewField(id+".field", label, in.Required, object)
	}
	i.field.CheckWith(func() string { return f.wrong(i) })
	hint := in.Hint
	if key := f.key(in.Name + ".hint"); hint == "" && f.env.Words.Has(key) {
		hint = f.env.T(key)
	}
	if hint != "" {
		i.field.WithHint(parts.Span{Text: hint})
	}
	return i
}

// of finds an input; a name that there is not is a mistake of the page's author.
func (f *Form) of(name string) *formInput {
	for _, i := range f.inputs {
		if i.Name == name {
			return i
		}
	}
	panic("kit: the form " + f.area + " has no input " + name)
}

func (i *formInput) value() string {
	switch {
	case i.radios != nil:
		return i.radios.Chosen()
	case i.picker != nil:
		return i.picker.PickedID()
	case i.Secret:
		return i.entry.Text
	}
	return strings.TrimSpace(i.entry.Text)
}

func (f *Form) wrong(i *formInput) string {
	switch {
	case i.Wrong != nil:
		return i.Wrong(i.value())
	case i.Required && i.value() == "":
		return f.env.T(f.key("wrong." + i.Name))
	}
	return ""
}

// Field is an input with its label, hint and mistake, for the layout.
func (f *Form) Field(name string) *parts.Field { return f.of(name).field }

// Has tells whether there is an input of this name.
func (f *Form) Has(name string) bool {
	return slices.ContainsFunc(f.inputs, func(i *formInput) bool { return i.Name == name })
}

// Focus is what takes the keyboard in an input.
func (f *Form) Focus(name string) fyne.Focusable { return f.of(name).focus }

// Fields are all of them, in order.
func (f *Form) Fields() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(f.inputs))
	for at, i := range f.inputs {
		objects[at] = i.field
	}
	return objects
}

// Entry is the input of a text itself.
func (f *Form) Entry(name string) *parts.Entry { return f.of(name).entry }

// Text is what stands in an input: the text without spaces around it, or the id of what
// was chosen.
func (f *Form) Text(name string) string { return f.of(name).value() }

// Int is Text as a number; 0 where it is none, which Wrong has to tell.
func (f *Form) Int(name string) int {
	n, _ := strconv.Atoi(f.Text(name))
	return n
}

// Set puts a value into an input.
func (f *Form) Set(name, value string) {
	switch i := f.of(name); {
	case i.radios != nil:
		i.radios.Set(value)
	case i.picker != nil && value == "":
		i.picker.Clear()
	case i.picker != nil:
		i.picker.SetID(value)
	default:
		i.entry.SetText(value)
	}
}

// SetHint puts other words below an input.
func (f *Form) SetHint(name, words string) {
	f.of(name).field.WithHint(parts.Span{Text: words})
}

// Enable has a text typed in, or only read.
func (f *Form) Enable(name string, on bool) {
	if entry := f.of(name).entry; on {
		entry.Enable()
	} else {
		entry.Disable()
	}
}

// Fill puts values into inputs as they are stored, without mistakes: Differs compares with
// them.
func (f *Form) Fill(values map[string]string) {
	for name, value := range values {
		f.Set(name, value)
		i := f.of(name)
		i.field.SetError("")
		f.filled[name] = i.value()
	}
}

// Differs reports whether something else stands in the form than was filled in.
func (f *Form) Differs() bool {
	for _, i := range f.inputs {
		if i.value() != f.filled[i.Name] {
			return true
		}
	}
	return false
}

// First is what takes the keyboard.
func (f *Form) First() fyne.Focusable { return f.inputs[0].focus }

// Check shows all mistakes, and gives the keyboard to the first input that has one; it
// reports whether all is right. What is hidden is not judged.
func (f *Form) Check() bool {
	var wrong []*formInput
	f.together(func() {
		for _, i := range f.inputs {
			if i.field.Visible() && !i.field.Check() {
				wrong = append(wrong, i)
			}
		}
	})
	if len(wrong) == 0 {
		return true
	}
	parts.Focus(wrong[0].focus)
	return false
}

// together makes changes to several fields, and lays them out once.
func (f *Form) together(changes func()) {
	if len(f.inputs) > 0 {
		parts.Together(f.inputs[0].field, changes)
	}
}

// Refused shows what the service does not accept at its input, for Calls.
func (f *Form) Refused(err error) bool {
	var refused []*formInput
	f.together(func() {
		for _, wrong := range f.env.Explain(err).Fields {
			for _, i := range f.inputs {
				if !i.at(wrong.Pointer) {
					continue
				}
				words := f.env.T(f.key("wrong." + i.Name))
				if i.Input.Refused != nil {
					words = i.Input.Refused(wrong)
				}
				i.field.SetRight(false)
				i.field.SetError(words)
				refused = append(refused, i)
			}
		}
	})
	if len(refused) == 0 {
		return false
	}
	parts.IntoView(refused[0].field)
	parts.Focus(refused[0].focus)
	return true
}

func (i *formInput) at(pointer string) bool {
	own := i.Pointer
	if own == "" {
		own = "/" + i.Name
	}
	return pointer != "" && strings.HasSuffix(pointer, own)
}
