package forms

import (
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// visaCard asks who comes whether they need visa support, and if they do, for what a letter
// of invitation says of the passport. One that was given before is not shown again: it can
// be corrected while nobody has answered.
type visaCard struct {
	parts.Arranged
	env     kit.Env
	meeting *api.Meeting
	changed func()

	needs      *parts.Check
	whole      *parts.Field // around needs
	inputs     *fyne.Container
	entries    map[string]*parts.Entry // by the name in the contract
	fields     map[string]*parts.Field
	country    *parts.Picker
	given      *fyne.Container // says that there is one already
	state      string          // of what was asked for before; empty for nothing
	correcting bool
}

// passportFields are the inputs in the order of the screen, two beside each other, by their
// names in the contract.
var passportFields = [][2]string{{"family_name", "given_names"}, {"nationality", "number"}, {"birth", "birth_place"}, {"issued", "expires"}}

// days are those of the fields that are a day.
var days = map[string]bool{"birth": true, "issued": true, "expires": true}

func newVisaCard(env kit.Env, meeting *api.Meeting, changed func()) *visaCard {
	c := &visaCard{env: env, meeting: meeting, changed: changed, entries: map[string]*parts.Entry{}, fields: map[string]*parts.Field{}}
	t := env.T
	c.needs = parts.NewCheck("register.visa-support", parts.Span{Text: t("visa.needs")})
	c.whole = parts.NewField("register.visa-support.field", "", false, c.needs).WithHint(parts.Span{Text: t("visa.needs.hint")})
	c.needs.OnChange = func(bool) {
		c.whole.SetError("")
		c.show()
		changed()
	}
	c.inputs = parts.Stack(parts.Gap16, parts.Small(t("visa.who-reads")).WithID("register.visa-support.who-reads"))
	for _, pair := range passportFields {
		c.inputs.Add(parts.Row(parts.Gap16,
			parts.Cell{Object: c.input(pair[0]), Min: 240, Weight: 1}, parts.Cell{Object: c.input(pair[1]), Min: 240, Weight: 1}))
	}
	c.given = parts.Stack(parts.Gap12)
	c.Arrange(c, parts.Stack(parts.Gap16, parts.Section(t("visa.title")), c.whole, c.given, c.inputs))
	c.show()
	return c
}

// input makes one input of the passport.
func (c *visaCard) input(name string) *parts.Field {
	id := parts.ID("register.passport." + name)
	var input fyne.CanvasObject
	if name == "nationality" {
		c.country = parts.NewPickerOf(id, c.env.T("register.pick"), c.env.T("register.pick.none"), kit.Countries(c.env))
		c.country.OnChange = func(parts.Item) { c.changed() }
		input = c.country
	} else {
		entry := parts.NewEntry(id)
		entry.OnChanged = func(string) { c.changed() }
		if days[name] {
			entry.OnFocus = func(focused bool) {
				if day, ok := kit.DayOf(entry.Text); !focused && ok && day != entry.Text {
					entry.SetText(day)
				}
			}
		}
		c.entries[name], input = entry, entry
	}
	field := parts.NewField(id+".field", c.env.T("visa.passport."+name), name != "given_names", input)
	hint := "visa.passport." + name + ".hint"
	switch {
	case c.env.Words.Has(hint):
		field.WithHint(parts.Span{Text: c.env.T(hint)})
	case days[name]:
		field.WithHint(parts.Span{Text: c.env.T("register.hint.date")})
	}
	field.CheckWith(func() string {
		for _, e := range rules.ValidatePassport(c.meeting, c.typed()) {
			if e.Pointer == "/passport/"+name {
				return c.mistake(e)
			}
		}
		return ""
	})
	c.fields[name] = field
	return field
}

// mistake says what is wrong with a field of the passport.
func (c *visaCard) mistake(e api.FieldError) string {
	name := strings.TrimPrefix(e.Pointer, "/passport/")
	key, limit := "register.wrong."+e.Code, rules.MaxName
	if name == "number" {
		limit = rules.MaxPassportNumber
	}
	if days[name] && e.Code == api.FieldInvalid {
		key += ".date"
	}
	if special := "visa.wrong." + name + "." + e.Code; c.env.Words.Has(special) {
		key = special
	}
	return c.env.T(key, map[string]any{"Max": limit})
}

// show shows the inputs where a passport is to be given, or that there is one.
func (c *visaCard) show() {
	asks := c.needs.Checked()
	parts.SetVisible(asks && (c.state == "" || c.correcting), c.inputs)
	parts.SetVisible(asks && c.state != "" && !c.correcting, c.given)
}

// correctable tells whether there is a passport that nobody has answered yet.
func (c *visaCard) correctable() bool { return c.state == api.VisaAsked || c.state == api.VisaWaiting }

// first is what takes the keyboard.
func (c *visaCard) first() fyne.Focusable { return c.entries["family_name"] }

// typed is what is entered of a passport; nil for nothing.
func (c *visaCard) typed() *api.Passport {
	text := func(name string) string {
		s := strings.TrimSpace(c.entries[name].Text)
		if day, ok := kit.DayOf(s); ok && days[name] {
			return day
		}
		return s
	}
	p := api.Passport{
		FamilyName: text("family_name"), GivenNames: text("given_names"), Nationality: c.country.PickedID(), Number: text("number"),
		Birth: text("birth"), BirthPlace: text("birth_place"), Issued: text("issued"), Expires: text("expires"),
	}
	if p == (api.Passport{}) {
		return nil
	}
	return &p
}

func (c *visaCard) entered(in *api.Register) {
	if in.Visa = c.needs.Checked(); in.Visa && (c.state == "" || c.correcting) {
		in.Passport = c.typed()
	}
}

func (c *visaCard) fill(in *api.Register) {
	c.needs.SetChecked(in.Visa)
	c.correcting = c.correctable() && (c.correcting || in.Passport != nil)
	c.put(in.Passport)
	c.show()
}

// put puts a passport into the inputs; nil empties them.
func (c *visaCard) put(p *api.Passport) {
	if p == nil {
		p = &api.Passport{}
	}
	for name, value := range map[string]string{
		"family_name": p.FamilyName, "given_names": p.GivenNames, "number": p.Number, "birth": p.Birth, "birth_place": p.BirthPlace,
		"issued": p.Issued, "expires": p.Expires,
	} {
		c.entries[name].SetText(value)
	}
	if p.Nationality == "" {
		c.country.Clear()
	} else {
		c.country.SetID(p.Nationality)
	}
}

// visaStates are those of visa support.
var visaStates = kit.Tagged{
	{api.VisaAsked, parts.Info},
	{api.VisaWaiting, parts.Warning},
	{api.VisaAnswered, parts.Success},
	{api.VisaRefused, parts.Bad},
}

// VisaTag is how visa support stands, in words.
func VisaTag(env kit.Env, state string) (string, parts.Tone) {
	return visaStates.Tag(env, "visa.state.", state)
}

// GivenBefore says that visa support was asked for before, and how it stands (api.VisaAsked
// and so on). While nobody has answered the passport can be corrected: read is asked for it
// then, and calls fill with what it is, or nil where it cannot be had.
func (f *Form) GivenBefore(state string, read func(fill func(*api.Passport))) {
	c := f.visa
	if c == nil || state == "" {
		return
	}
	c.state = state
	t := f.env.T
	kit.Swap(c.given, parts.Muted(t("visa.given."+state)).WithID("register.passport.given"))
	if c.correctable() {
		c.given.Add(parts.Inline(0, parts.NewButton("register.passport.correct", t("visa.correct"), parts.Outlined, func() {
			read(func(p *api.Passport) { f.correct(p) })
		})))
	}
	c.show()
}

// correct shows the passport to be corrected.
func (f *Form) correct(p *api.Passport) {
	f.filling = true
	f.visa.correcting = true
	f.visa.put(p)
	f.visa.show()
	f.filling = false
	parts.Changed(f.visa)
	parts.Focus(f.visa.first())
}

// Visa is what somebody asks for of visa support, to read: of the passport the last signs of
// its number.
func Visa(env kit.Env, in *api.Register) Section {
	s := Section{Title: env.T("visa.title")}
	if !in.Visa {
		return s
	}
	add := func(key, value, id string) {
		s.Pairs = append(s.Pairs, parts.Pair{Key: env.T(key), Value: parts.Body(value).WithID(parts.ID(id))})
	}
	add("visa.title", env.T("register.yes"), "answer.visa-support")
	if in.Passport == nil {
		add("visa.passport", env.T("visa.passport.before"), "answer.passport")
	} else {
		add("visa.passport", rules.MaskPassport(in.Passport.Number), "answer.passport")
	}
	return s
}
