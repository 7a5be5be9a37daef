package manage

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// building is the builder of a meeting's form.
func building(t *testing.T, service *screentest.Manager, code string) (*Meeting, *builder, fyne.Window) {
	t.Helper()
	m, w, _ := opened(t, service, code)
	m.tabs.Choose(2)
	return m, m.details.builder, w
}

// asked are the labels of a form, by sections.
func asked(form api.Form) string {
	var sections []string
	for _, s := range form.Sections {
		labels := []string{s.Title["en"] + ":"}
		for _, q := range s.Questions {
			labels = append(labels, q.Label["en"])
		}
		sections = append(sections, strings.Join(labels, " "))
	}
	return strings.Join(sections, "; ")
}

func TestBuilder_makesAForm(t *testing.T) {
	service := screentest.NewManager()
	m, b, w := building(t, service, draft)
	screentest.Tap(t, w, "form.add")
	b.forms["form.0"].Set("title", "Stay")
	screentest.Tap(t, w, "form.0.questions.add")
	name := "form.0.questions.0"
	b.forms[name].Set("label", "Diet")
	pickIn(t, w, name+".kind", api.KindChoice)
	b.forms[name+".choices.0"].Set("label", "Vegan")
	b.forms[name+".choices.1"].Set("label", "Halal")
	b.forms[name+".choices.1"].Set("places", "12")
	screentest.Tap(t, w, name+".required")
	screentest.Tap(t, w, name+".reapprove")
	b.forms[name].Set("retention", "30")
	screentest.Tap(t, w, "form.0.questions.add")
	name = "form.0.questions.1"
	b.forms[name].Set("label", "Why?")
	b.forms[name].Set("help", "In a few words")
	b.forms[name].Set("max", "100")
	pickIn(t, w, name+".if.question", b.text("form.0.questions.0.id"))
	pickIn(t, w, name+".if.answer", b.text("form.0.questions.0.choices.1.id"))
	screentest.Tap(t, w, "managed.save")
	got := service.Of(draft)
	if said := screentest.Said(w, "managed.foot"); !strings.Contains(said, "Saved") && len(service.Done) == 0 {
		t.Fatalf("said %q", said)
	}
	q := got.Form.Sections[0].Questions
	if asked(got.Form) != "Stay: Diet Why?" || q[0].Kind != api.KindChoice || !q[0].Required || q[0].Retention != 30 ||
		len(q[0].Choices) != 2 || q[0].Choices[1].Places != 12 || q[1].Max != 100 || q[1].Help["en"] == "" ||
		q[1].If == nil || q[1].If.Question != q[0].ID || q[1].If.Answer != q[0].Choices[1].ID ||
		!slices.Equal(got.Reapprove, []string{"/answers/" + q[0].ID}) {
		t.Errorf("saved %+v, %v", got.Form, got.Reapprove)
	}
	if wrong := rules.CheckForm(&got.Form); len(wrong) > 0 {
		t.Error(wrong)
	}
	if m.details.differs() {
		t.Error("differs after it was saved")
	}
}

// pickIn picks an item of a picker as a person does.
func pickIn(t *testing.T, w fyne.Window, id, item string) {
	t.Helper()
	screentest.Pick(screentest.Widget(t, w, id).(*parts.Picker), item)
}

// What is moved stays under the keyboard, so that it can be moved on.
func TestBuilder_movesByKeyboard(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	press := func(id string) {
		t.Helper()
		parts.Focus(b.buttons[id])
		screentest.Press(t, w, fyne.KeySpace)
	}
	has := func(want string) {
		t.Helper()
		if f, ok := w.Canvas().Focused().(*parts.Button); !ok || f != b.buttons[want] {
			t.Errorf("the keyboard is not at %s", want)
		}
	}
	order := func(want string) {
		t.Helper()
		form, _ := b.of.typed.form(func(string, string) int { return 0 })
		var ids []string
		for _, s := range form.Sections {
			for _, q := range s.Questions {
				ids = append(ids, q.ID)
			}
			ids = append(ids, "|")
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("order %s, want %s", got, want)
		}
	}
	press("form.0.questions.2.down") // into the next section
	order("diet visa | passport visit remarks |")
	has("form.1.questions.0.down")
	screentest.Press(t, w, fyne.KeySpace)
	order("diet visa | visit passport remarks |")
	press("form.1.questions.1.up")
	screentest.Press(t, w, fyne.KeySpace)
	order("diet visa passport | visit remarks |")
	press("form.0.questions.1.up")
	order("visa diet passport | visit remarks |")
	has("form.0.questions.0.down") // it can go no further up
	press("form.1.up")
	order("visit remarks | visa diet passport |")
	press("form.1.questions.2.edit")
	if b.text("form.1.questions.2.id") != "passport" || b.forms["form.1.questions.2"].Text("if.question") != "visa" {
		t.Errorf("the condition is lost: %v", b.of.typed)
	}
}

// A question that stands above what it hangs on is marked at once, and by the service's
// rules when it is saved.
func TestBuilder_marksBrokenConditions(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	screentest.Tap(t, w, "form.0.questions.2.up")
	screentest.Says(t, screentest.Said(w, "form.0.questions.1.about"), "condition", "before this one")
	screentest.Tap(t, w, "managed.save")
	if len(service.Done) != 0 || !b.open["passport"] {
		t.Errorf("saved %v, open %v", service.Done, b.open)
	}
	screentest.Says(t, b.forms["form.0.questions.1"].Field("if.question").Error(), "before this one")
	pickIn(t, w, "form.0.questions.1.if.question", always)
	screentest.Tap(t, w, "managed.save")
	if got := service.Of(published).Form.Sections[0].Questions[1]; got.ID != "passport" || got.If != nil {
		t.Errorf("saved %+v", got)
	}
}

func TestBuilder_duplicatesAndRemoves(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	screentest.Tap(t, w, "form.0.questions.1.edit")
	screentest.Tap(t, w, "form.0.questions.1.copy")
	form, _ := b.of.typed.form(func(string, string) int { return 0 })
	q := form.Sections[0].Questions
	if len(q) != 4 || q[2].ID == q[1].ID || q[2].Label["fr"] != q[1].Label["fr"] || q[2].Kind != api.KindYesNo {
		t.Errorf("duplicated %+v", q)
	}
	screentest.Tap(t, w, "form.0.questions.1.remove")
	screentest.Says(t, asking(w), "Do you need a visa?", "1 other is asked only with an answer to this one")
	screentest.Tap(t, w, "form.remove.no")
	screentest.Tap(t, w, "form.0.questions.1.remove")
	screentest.Tap(t, w, "form.remove.yes")
	screentest.Tap(t, w, "form.1.remove")
	screentest.Says(t, asking(w), "Visit", "2 questions")
	screentest.Tap(t, w, "form.remove.yes")
	form, _ = b.of.typed.form(func(string, string) int { return 0 })
	if got := asked(form); got != "Your stay: What do you not eat? Do you need a visa? Which country is your passport from?" {
		t.Errorf("left %s", got)
	}
	screentest.Tap(t, w, "form.0.questions.0.edit")
	screentest.Tap(t, w, "form.0.questions.0.choices.1.remove")
	screentest.Says(t, asking(w), "Fish")
	screentest.Tap(t, w, "form.remove.yes")
	screentest.Tap(t, w, "form.0.questions.0.choices.add")
	screentest.Tap(t, w, "form.0.questions.0.choices.1.remove") // with nothing in it
	if n := b.of.typed.rows("form.0.questions.0.choices"); n != 1 {
		t.Errorf("%d choices", n)
	}
}

// asking is what the question over a window says.
func asking(w fyne.Window) string {
	top := w.Canvas().Overlays().Top()
	if top == nil {
		return ""
	}
	return screentest.SaidIn(top)
}

// What the service finds wrong stands at the input that it belongs to, in its language.
func TestBuilder_showsMistakesWhereTheyBelong(t *testing.T) {
	for _, c := range []struct {
		pointer, code string
		field         func(b *builder) *parts.Field
		lang          string
		words         string
	}{
		{"/form/sections/0/questions/1/label/fr", api.FieldNotAccepted, func(b *builder) *parts.Field { return b.forms["form.0.questions.1"].Field("label") }, "fr", "HTML"},
		{"/form/sections/1/title/en", api.FieldTooLong, func(b *builder) *parts.Field { return b.forms["form.1"].Field("title") }, "en", "too long"},
		{"/form/sections/1/questions/0/choices/1/places", api.FieldOutOfRange, func(b *builder) *parts.Field { return b.forms["form.1.questions.0.choices.1"].Field("places") }, "en", "1,000,000"},
		{"/form/sections/1/questions/0/choices", api.FieldRequired, func(b *builder) *parts.Field { return b.groups["form.1.questions.0.choices"] }, "en", "at least one"},
		{"/form/sections/0/questions/2/if/answer", api.FieldUnknown, func(b *builder) *parts.Field { return b.forms["form.0.questions.2"].Field("if.answer") }, "en", "Choose the answer"},
		{"/form/sections/1/questions/1/max", api.FieldOutOfRange, func(b *builder) *parts.Field { return b.forms["form.1.questions.1"].Field("max") }, "en", "10,000"},
		{"/form/sections", api.FieldTooMany, func(b *builder) *parts.Field { return b.field }, "en", "200 questions"},
	} {
		t.Run(c.pointer, func(t *testing.T) {
			service := screentest.NewManager()
			m, b, w := building(t, service, published)
			m.tabs.Choose(1)
			m.details.form.Set("capacity", "50")
			service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: c.pointer, Code: c.code}}}
			screentest.Tap(t, w, "managed.save")
			screentest.Says(t, c.field(b).Error(), c.words)
			if m.shown != tabForm || m.details.lang != c.lang {
				t.Errorf("shown is %s in %s", m.shown, m.details.lang)
			}
		})
	}
}

// A change that does something to answers is saved once its effects are accepted.
func TestBuilder_asksBeforeAnswersAreTouched(t *testing.T) {
	service := screentest.NewManager()
	service.Effects = []api.FormEffect{
		{Kind: api.EffectChoiceRemoved, Question: "diet", Choice: "fish", Registrations: 7},
		{Kind: api.EffectRemoved, Question: "remarks", Registrations: 1},
	}
	_, _, w := building(t, service, published)
	screentest.Tap(t, w, "form.1.questions.1.edit")
	screentest.Tap(t, w, "form.1.questions.1.remove")
	screentest.Tap(t, w, "form.remove.yes")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, asking(w), "“Fish” of “What do you not eat?” is gone: 7 registrations", "“What else should we know?” is gone: 1 registration has")
	screentest.Tap(t, w, "managed.effects.no")
	if len(service.Done) != 0 {
		t.Fatalf("saved: %v", service.Done)
	}
	screentest.Tap(t, w, "managed.save")
	screentest.Tap(t, w, "managed.effects.yes")
	if got := service.Of(published).Form.Sections[1].Questions; len(got) != 1 {
		t.Errorf("saved %+v", got)
	}
}

// A question can be answered by a photo or a file, of at most so many MB.
func TestBuilder_asksForFiles(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, draft)
	screentest.Tap(t, w, "form.add")
	b.forms["form.0"].Set("title", "Papers")
	for i, kind := range []string{api.KindPhoto, api.KindFile} {
		screentest.Tap(t, w, "form.0.questions.add")
		name := fmt.Sprintf("form.0.questions.%d", i)
		b.forms[name].Set("label", kind)
		pickIn(t, w, name+".kind", kind)
	}
	b.forms["form.0.questions.1"].Set("max_bytes", "6")
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, b.forms["form.0.questions.1"].Field("max_bytes").Error(), "1 to 5")
	b.forms["form.0.questions.1"].Set("max_bytes", "2")
	screentest.Tap(t, w, "managed.save")
	q := service.Of(draft).Form.Sections[0].Questions
	if len(q) != 2 || q[0].Kind != api.KindPhoto || q[0].MaxBytes != 0 || q[1].Kind != api.KindFile || q[1].MaxBytes != 2<<20 {
		t.Errorf("saved %+v", q)
	}
	if screentest.Find(w, "register."+q[0].ID+".choose") == nil {
		t.Error("the preview does not ask for it")
	}
}

// The preview is the form itself, in the language that one chooses, and keeps what was
// tried out in it.
func TestBuilder_previews(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	if screentest.Find(w, "register.passport.entry") != nil {
		t.Error("asked without its condition")
	}
	screentest.Tap(t, w, "register.visa.yes")
	if screentest.Find(w, "register.passport.entry") == nil {
		t.Error("not asked with its condition")
	}
	screentest.Tap(t, w, "form.0.questions.1.edit")
	b.forms["form.0.questions.1"].Set("label", "Visa?")
	if b.preview.form.Entered().Answers["visa"][0] != "yes" {
		t.Error("what was tried out is gone")
	}
	said := screentest.SaidIn(b.preview.content)
	screentest.Says(t, said, "Visa?", "Name on the badge", "The laboratory")
	pickIn(t, w, "form.preview.language", "fr")
	screentest.Says(t, screentest.SaidIn(b.preview.content), "Avez-vous besoin d’un visa ?", "Nom sur le badge", "Le laboratoire")
	pickIn(t, w, "form.preview.language", "es") // texts that are not there are in English
	screentest.Says(t, screentest.SaidIn(b.preview.content), "Visa?", "Name on the badge")
	if b.of.lang != "en" {
		t.Errorf("the texts are edited in %s", b.of.lang)
	}
}

// A picker that was left tells of its choice a little later: then its place may be that of
// another question.
func TestBuilder_hearsNoPickerThatIsGone(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	screentest.Tap(t, w, "form.1.questions.1.edit")
	gone := screentest.Widget(t, w, "form.1.questions.1.kind").(*parts.Picker)
	screentest.Tap(t, w, "form.1.questions.1.up")
	screentest.Pick(gone, api.KindNumber)
	if b.text("form.1.questions.1.kind") != api.KindChoice || b.text("form.1.questions.0.kind") != api.KindLong {
		t.Errorf("kinds %s, %s", b.text("form.1.questions.0.kind"), b.text("form.1.questions.1.kind"))
	}
}

// Beside the section that one works on stands what people see of it.
func TestBuilder_previewsBesideWhatOneWorksOn(t *testing.T) {
	service := screentest.NewManager()
	form := &service.Meetings[0].Form
	form.Sections = append(form.Sections, api.FormSection{Title: api.Text{"en": "End"}, Questions: []api.Question{
		{ID: "end", Kind: api.KindLong, Label: api.Text{"en": "Anything else?"}},
	}})
	_, b, w := building(t, service, published)
	for _, question := range []string{"form.0.questions.0", "form.0.questions.1", "form.0.questions.2", "form.2.questions.0", "form.1.questions.0"} {
		screentest.Tap(t, w, question+".edit")
	}
	screentest.Settle(w)
	driver := fyne.CurrentApp().Driver()
	height := func(o fyne.CanvasObject) float32 { return driver.AbsolutePositionForObject(o).Y }
	if here, there := height(b.cards[1]), height(b.preview.form.Section(1)); here != there {
		t.Errorf("the section begins at %v, in the preview at %v", here, there)
	}
	screentest.Tap(t, w, "form.0.questions.1.edit") // above which there is less than in the preview
	if here, there := height(b.content), height(b.preview.content); here != there {
		t.Errorf("the page begins at %v, the preview at %v", here, there)
	}
}

// The preview is made once for all that is typed without a pause.
func TestBuilder_previewsInAPause(t *testing.T) {
	service := screentest.NewManager()
	env, steps := screentest.NewEnv(t), &screentest.Stepped{}
	m := NewMeeting(env, service, service.Prove, published, MeetingEvents{Back: func() {}, Open: func(string) {}})
	t.Cleanup(m.Close)
	m.env.Run = steps
	w := screentest.Show(t, m.Content(), 1100, 740)
	m.tabs.Choose(2)
	b := m.details.builder
	screentest.Tap(t, w, "form.0.questions.1.edit")
	steps.All()
	before := b.preview.form
	b.forms["form.0.questions.1"].Set("label", "Vis")
	first := steps.Len()
	b.forms["form.0.questions.1"].Set("label", "Visa?")
	for range first { // the pause of the first, and what comes then
		steps.Step()
		steps.StepAt(steps.Len() - 1)
	}
	if b.preview.form != before {
		t.Error("made anew while somebody types")
	}
	steps.All()
	if screentest.Says(t, screentest.SaidIn(b.preview.content), "Visa?"); b.preview.form == before {
		t.Error("not made anew in the pause")
	}
}

// What is half typed is kept as it is, and comes back.
func TestBuilder_draft(t *testing.T) {
	service := screentest.NewManager()
	m, b, w := building(t, service, published)
	screentest.Tap(t, w, "form.0.questions.add")
	b.forms["form.0.questions.3"].Set("retention", "a mon")
	m.Close()
	m, b, w = building(t, service, published)
	screentest.Tap(t, w, "form.0.questions.3.edit")
	if got := b.forms["form.0.questions.3"].Text("retention"); got != "a mon" {
		t.Errorf("back as %q", got)
	}
	screentest.Tap(t, w, "managed.save")
	screentest.Says(t, b.forms["form.0.questions.3"].Field("retention").Error(), "3,650")
	screentest.Says(t, b.forms["form.0.questions.3"].Field("label").Error(), "English")
	screentest.Tap(t, w, "managed.undo")
	screentest.Tap(t, w, "managed.undo.yes")
	if m.details.differs() || b.of.typed.rows("form.0.questions") != 3 {
		t.Error("discarded, and still there")
	}
}

// Enter saves, and the keyboard stays where it was, though all inputs are made anew.
func TestBuilder_keepsTheKeyboard(t *testing.T) {
	service := screentest.NewManager()
	_, b, w := building(t, service, published)
	title := b.forms["form.1"].Entry("title")
	title.SetText("Visit us")
	parts.Focus(title)
	title.CursorColumn = 5
	title.OnSubmitted(title.Text)
	now := b.forms["form.1"].Entry("title")
	if len(service.Done) != 1 || now == title || w.Canvas().Focused() != fyne.Focusable(now) || now.CursorColumn != 5 {
		t.Errorf("saved %v, the keyboard is at %v, in column %d", service.Done, w.Canvas().Focused(), now.CursorColumn)
	}
	parts.Focus(b.buttons["form.0.questions.1.edit"])
	b.refill()
	if w.Canvas().Focused() != fyne.Focusable(b.buttons["form.0.questions.1.edit"]) {
		t.Error("the button has lost the keyboard")
	}
}

// What cannot be added says so.
func TestBuilder_saysThatThereCanBeNoMore(t *testing.T) {
	service := screentest.NewManager()
	m, b, w := building(t, service, published)
	for i := b.of.typed.rows("form.0.questions.0.choices"); i < rules.MaxChoices; i++ {
		b.newChoice("form.0.questions.0")
	}
	b.addChoice("form.0.questions.0")
	screentest.Says(t, screentest.Said(w, "managed.foot"), "300 choices")
	for i := b.of.typed.rows(formRows); i < rules.MaxSections; i++ {
		b.of.typed.insertRow(formRows, i, map[string]string{"questions": "0"})
	}
	m.details.tell("")
	b.addSection()
	screentest.Says(t, screentest.Said(w, "managed.foot"), "50 sections")
	b.of.typed["form.0.questions"] = "200"
	m.details.tell("")
	b.addQuestion(1)
	screentest.Says(t, screentest.Said(w, "managed.foot"), "200 questions")
	for name, kind := range rowKinds {
		b.of.typed[name] = strconv.Itoa(kind.most)
		m.details.tell("")
		m.details.rows[name].append()
		screentest.Says(t, screentest.Said(w, "managed.foot"), "up to "+strconv.Itoa(kind.most))
	}
}

func TestValues_rows(t *testing.T) {
	v := values{"form": "2", "form.0.title.en": "A", "form.0.questions": "2", "form.0.questions.0.id": "a", "form.0.questions.1.id": "b", "form.1.title.en": "B"}
	v.moveRow("form.0.questions", 0, "form.0.questions", 1)
	want := values{"form": "2", "form.0.title.en": "A", "form.0.questions": "2", "form.0.questions.0.id": "b", "form.0.questions.1.id": "a", "form.1.title.en": "B"}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("%v", v)
	}
	v.moveRow(formRows, 1, formRows, 0)
	want = values{"form": "2", "form.0.title.en": "B", "form.1.title.en": "A", "form.1.questions": "2", "form.1.questions.0.id": "b", "form.1.questions.1.id": "a"}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("%v", v)
	}
}

func TestBuilder_pictures(t *testing.T) {
	var m *Meeting
	build := func(code string) func(e kit.Env) fyne.CanvasObject {
		return func(e kit.Env) fyne.CanvasObject {
			service := screentest.NewManager()
			m = NewMeeting(e, service, service.Prove, code, MeetingEvents{Back: func() {}, Open: func(string) {}})
			t.Cleanup(m.Close)
			return m.Content()
		}
	}
	open := func(question string) func(fyne.Window) {
		return func(w fyne.Window) {
			m.tabs.Choose(2)
			if question != "" {
				screentest.Tap(t, w, question+".edit")
				screentest.Settle(w)
				parts.IntoView(m.details.builder.buttons[question+".edit"])
			}
		}
	}
	screentest.Capture(t, "managed-form", build(published), open(""))
	screentest.Capture(t, "managed-form-question", build(published), open("form.1.questions.0"))
	screentest.CaptureFew(t, "managed-form-empty", build(draft), open(""))
	screentest.CaptureIn(t, screentest.Mirrored, "managed-form", build(published), open("form.0.questions.2"))
	screentest.CaptureFew(t, "managed-form-wrong", build(published), open(""), func(w fyne.Window) {
		screentest.Tap(t, w, "form.0.questions.2.up")
		screentest.Tap(t, w, "managed.save")
		screentest.Settle(w)
		parts.IntoView(m.details.builder.forms["form.0.questions.1"].Field("if.question"))
	})
}

// Every kind of the contract is offered.
func TestKinds_areThoseOfTheContract(t *testing.T) {
	field, _ := reflect.TypeFor[api.Question]().FieldByName("Kind")
	want := strings.Split(field.Tag.Get("enum"), ",")
	var got []string
	for _, k := range kinds {
		got = append(got, k.id)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// BenchmarkBuilder is what the window waits for in a form of 200 questions: for all inputs
// when one is added or moved, and for a letter.
func BenchmarkBuilder(b *testing.B) {
	service := screentest.NewManager()
	questions := make([]api.Question, 200)
	for i := range questions {
		questions[i] = api.Question{ID: newID("q"), Kind: api.KindText, Label: api.Text{"en": "What do you need?", "fr": "De quoi avez-vous besoin ?"}}
	}
	service.Meetings[0].Form = api.Form{Sections: []api.FormSection{{Questions: questions}}}
	env := screentest.NewEnv(b)
	m := NewMeeting(env, service, service.Prove, published, MeetingEvents{Back: func() {}, Open: func(string) {}})
	b.Cleanup(m.Close)
	w := screentest.Show(b, m.Content(), 1100, 740)
	m.tabs.Choose(2)
	screentest.Settle(w)
	screentest.Tap(b, w, "form.0.questions.100.edit")
	b.Run("show", func(b *testing.B) {
		for b.Loop() {
			m.details.builder.show()
		}
	})
	b.Run("preview", func(b *testing.B) {
		for b.Loop() {
			m.details.builder.preview.shown = api.Meeting{}
			m.details.builder.preview.follow()
		}
	})
	b.Run("letter", func(b *testing.B) {
		m.details.builder.preview.shown, m.shown = api.Meeting{}, tabDetails // the preview waits for a pause
		for i := 0; b.Loop(); i++ {
			m.details.builder.forms["form.0.questions.100"].Set("label", "a lamp, please"[:i%14+1])
		}
	})
}
