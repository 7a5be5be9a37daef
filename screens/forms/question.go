package forms

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// question is one question of a meeting's form on the screen.
type question struct {
	q     api.Question
	taken map[string]int
	field *parts.Field
	// answer reads what is entered, in the form of api.Answers.
	answer func() []string
	// set fills in an answer without telling anybody.
	set func([]string)
	// first is what takes the keyboard.
	first fyne.Focusable
	// input is that of a file or photo; nil for others.
	input *fileInput
}

// fewChoices is up to how many choices are shown at once; more are picked from
// a list with a search.
const fewChoices = 8

// newQuestion makes the input for a question. taken are the places that are taken of the
// meeting's choices (api.Meeting.ChoiceTaken). changed is called at every
// change, left when the keyboard leaves it.
func newQuestion(env kit.Env, q *api.Question, taken map[string]int, changed func(), left func(*question)) *question {
	out := &question{q: *q, taken: taken}
	id := parts.ID("register." + q.ID)
	var input fyne.CanvasObject
	leave := func(focused bool) {
		if !focused {
			left(out)
		}
	}
	hint := q.Help.In(env.Words.Lang())
	switch q.Kind {
	case api.KindChoice, api.KindYesNo:
		input = out.oneOf(env, id, changed, leave)
	case api.KindChoices:
		input = out.severalOf(env, id, changed, left)
	case api.KindCountry:
		input = out.country(env, id, changed)
	case api.KindFile, api.KindPhoto:
		input = out.file(env, id, changed)
		hint = strings.TrimSpace(hint + " " + out.input.hint())
	default:
		input = out.text(id, changed, leave)
		if q.Kind == api.KindDate {
			hint = strings.TrimSpace(hint + " " + env.T("register.hint.date"))
		}
	}
	out.field = parts.NewField(id+".field", q.Label.In(env.Words.Lang()), q.Required, input)
	if hint != "" {
		out.field.WithHint(parts.Span{Text: hint})
	}
	if picker, ok := input.(*parts.Picker); ok {
		out.field.CheckWith(func() string { return out.mistake(env) })
		out.first = picker.Entry()
	}
	return out
}

// mistake is what is wrong with the answer, in words, or nothing.
func (q *question) mistake(env kit.Env) string {
	code := rules.ValidateAnswer(&q.q, q.answer())
	if code == "" {
		return ""
	}
	return answerMistake(env, &q.q, code)
}

// answerMistake turns a field's code into words for a question.
func answerMistake(env kit.Env, q *api.Question, code string) string {
	limit := q.Max
	if limit == 0 {
		limit = rules.MaxText
		if q.Kind == api.KindLong {
			limit = rules.MaxLong
		}
	}
	data := map[string]any{"Max": limit}
	if rules.IsFile(q.Kind) {
		data["Max"] = env.Bytes(int64(rules.FileLimit(q)))
	}
	key := "register.wrong." + code
	if special := key + "." + q.Kind; env.Words.Has(special) {
		key = special
	}
	return env.T(key, data)
}

func (q *question) text(id parts.ID, changed func(), leave func(bool)) fyne.CanvasObject {
	entry := parts.NewEntry(id)
	if q.q.Kind == api.KindLong {
		entry = parts.NewMultiLine(id, 4)
	}
	entry.OnFocus = func(focused bool) {
		if !focused && q.q.Kind == api.KindDate {
			if day, ok := kit.DayOf(entry.Text); ok && day != entry.Text {
				entry.SetText(day)
			}
		}
		leave(focused)
	}
	quiet := false
	entry.OnChanged = func(string) {
		if !quiet {
			changed()
		}
	}
	q.answer = func() []string {
		text := strings.TrimSpace(entry.Text)
		switch {
		case text == "":
			return nil
		case q.q.Kind == api.KindDate:
			if day, ok := kit.DayOf(text); ok {
				text = day
			}
		case q.q.Kind == api.KindNumber:
			text = strings.Replace(text, ",", ".", 1)
		}
		return []string{text}
	}
	q.set = func(answer []string) {
		if _, _, file := rules.FileOf(answer); file {
			answer = nil // as the question had been of another kind before
		}
		text := strings.Join(answer, "\n")
		if text == entry.Text {
			return // a long form is filled in with little
		}
		quiet = true
		entry.SetText(text)
		quiet = false
	}
	q.first = entry
	return entry
}

// choices are what the question offers; yes and no are words of ours.
func (q *question) choices(env kit.Env) []parts.Item {
	if q.q.Kind == api.KindYesNo {
		return []parts.Item{{ID: "yes", Text: env.T("register.yes")}, {ID: "no", Text: env.T("register.no")}}
	}
	items := make([]parts.Item, len(q.q.Choices))
	for i, c := range q.q.Choices {
		items[i] = parts.Item{ID: c.ID, Text: c.Label.In(env.Words.Lang())}
		// It can be chosen all the same: this is as of the last refresh, and one can wait
		// for it on the waiting list.
		if l := (rules.Limit{Question: q.q.ID, Choice: c.ID, Places: c.Places}); c.Places > 0 && l.Full(q.taken) {
			items[i].Text = env.T("register.choice.full", map[string]any{"Choice": items[i].Text})
		}
	}
	return items
}

func (q *question) oneOf(env kit.Env, id parts.ID, changed func(), leave func(bool)) fyne.CanvasObject {
	items := q.choices(env)
	if len(items) > fewChoices {
		return q.pick(env, id, items, changed)
	}
	radios := parts.NewRadios(id, items)
	q.answer = func() []string { return nonEmpty(radios.Chosen()) }
	q.first = radios
	body := parts.Stack(parts.Gap4, radios)
	var clear fyne.CanvasObject // takes back an answer that need not be given
	show := func() {
		answered := radios.Chosen() != ""
		switch {
		case q.q.Required:
		case clear != nil:
			parts.SetVisible(answered, clear)
		case answered: // few are, and forms are long
			clear = parts.Link(id+".clear", env.T("register.clear"), func() {
				q.set(nil)
				parts.Focus(radios)
				changed()
			})
			body.Add(clear)
		}
	}
	radios.OnFocus = leave
	radios.OnChange = func(string) {
		q.field.SetError("")
		show()
		changed()
	}
	q.set = func(answer []string) {
		radios.Set(strings.Join(answer, ""))
		show()
	}
	return body
}

func (q *question) pick(env kit.Env, id parts.ID, items []parts.Item, changed func()) fyne.CanvasObject {
	return q.pickOf(env, id, parts.NewChoices(items), changed)
}

func (q *question) pickOf(env kit.Env, id parts.ID, choices *parts.Choices, changed func()) fyne.CanvasObject {
	picker := parts.NewPickerOf(id, env.T("register.pick"), env.T("register.pick.none"), choices)
	if !q.q.Required {
		picker.WithNothing()
	}
	picker.OnChange = func(parts.Item) { changed() }
	q.answer = func() []string { return nonEmpty(picker.PickedID()) }
	q.set = func(answer []string) {
		if len(answer) == 0 {
			picker.Clear()
			return
		}
		picker.SetID(answer[0])
	}
	return picker
}

func (q *question) country(env kit.Env, id parts.ID, changed func()) fyne.CanvasObject {
	return q.pickOf(env, id, kit.Countries(env), changed)
}

func (q *question) severalOf(env kit.Env, id parts.ID, changed func(), left func(*question)) fyne.CanvasObject {
	stack := parts.Stack(parts.Gap4)
	items := q.choices(env)
	checks := make([]*parts.Check, len(items))
	quiet := false
	for i, item := range items {
		checks[i] = parts.NewCheck(id+"."+parts.ID(item.ID), parts.Span{Text: item.Text})
		checks[i].OnChange = func(bool) {
			if !quiet {
				left(q)
				changed()
			}
		}
		stack.Add(checks[i])
	}
	q.answer = func() []string {
		var chosen []string
		for i, c := range checks {
			if c.Checked() {
				chosen = append(chosen, items[i].ID)
			}
		}
		return chosen
	}
	q.set = func(answer []string) {
		quiet = true
		for i, c := range checks {
			c.SetChecked(slices.Contains(answer, items[i].ID))
		}
		quiet = false
	}
	if len(checks) > 0 {
		q.first = checks[0].Input()
	}
	return stack
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
