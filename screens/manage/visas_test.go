package manage

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func visasInWindow(t *testing.T, service *screentest.Visas) (*Visas, fyne.Window, *int) {
	t.Helper()
	waiting := -1
	v := NewVisas(screentest.NewEnv(t), service, func(n int) { waiting = n })
	t.Cleanup(v.Close)
	return v, screentest.Show(t, v.Content(), 1100, 760), &waiting
}

func (v *Visas) pick(row int) {
	v.list.Choose(row)
	v.panes.ShowDetail(true)
}

func TestVisas_pictures(t *testing.T) {
	var v *Visas
	service := screentest.NewVisas()
	build := func(e kit.Env) fyne.CanvasObject {
		*service = *screentest.NewVisas()
		v = NewVisas(e, service, func(int) {})
		t.Cleanup(v.Close)
		return v.Content()
	}
	then := func(do func()) func(fyne.Window) {
		return func(w fyne.Window) {
			screentest.Settle(w)
			do()
		}
	}
	screentest.Capture(t, "visas", build)
	screentest.Capture(t, "visas-case", build, then(func() { v.pick(0) }))
	screentest.Capture(t, "visas-passport", build, then(func() {
		v.pick(0)
		v.read("R-4444-5550")
	}))
	screentest.CaptureFew(t, "visas-answer-missing", build, then(func() {
		v.pick(1)
		v.send()
	}))
	screentest.CaptureFew(t, "visas-refused", build, then(func() {
		v.pick(0)
		v.form("R-4444-5550").Set("grant", api.VisaAnswered)
		v.form("R-4444-5550").Set("answer", "Yes")
		v.send()
		service.Send(api.CodeWrongState)
		v.pick(0)
	}))
	screentest.CaptureFew(t, "visas-answered", build, then(func() {
		v.tabs.Choose(1)
		v.pick(0)
	}))
}

// The passport is asked for on a click alone, and is gone once another case is chosen.
func TestVisas_thePassportBehindAClick(t *testing.T) {
	service := screentest.NewVisas()
	v, w, waiting := visasInWindow(t, service)
	if *waiting != 2 || v.list.Len() != 2 {
		t.Fatalf("%d wait, %d are shown", *waiting, v.list.Len())
	}
	v.pick(0)
	if len(service.Asked) != 0 || screentest.Find(w, "visas.passport.number") != nil {
		t.Fatal("it is shown without a click")
	}
	screentest.Tap(t, w, "visas.passport.show")
	if got := screentest.Widget(t, w, "visas.passport.number").(*parts.Text).String(); got != "X7731905Q" || !slices.Equal(service.Asked, []string{"R-4444-5550"}) {
		t.Errorf("shows %q, read %q", got, service.Asked)
	}
	clipboard := &screentest.Clipboard{}
	v.env.Clipboard = clipboard
	screentest.Tap(t, w, "visas.passport.copy")
	if got := strings.Join(clipboard.Copied, ""); !strings.Contains(got, "Passport number: X7731905Q\nDate of birth: 29 Feb 1980") || clipboard.Content() != "" || !v.bar.Visible() {
		t.Errorf("copied %q, which has to leave the clipboard", got)
	}
	v.pick(1)
	v.pick(0)
	if screentest.Find(w, "visas.passport.number") != nil || v.passport != nil {
		t.Error("it is shown again without a click")
	}
	screentest.Tap(t, w, "visas.passport.show")
	screentest.Tap(t, w, "visas.passport.hide")
	if screentest.Find(w, "visas.passport.number") != nil || len(service.Asked) != 2 {
		t.Errorf("hidden; read %q", service.Asked)
	}
	screentest.Tap(t, w, "visas.passport.show")
	v.Left()
	if v.passport != nil {
		t.Error("it stays where nobody sees it")
	}
}

// An answer needs a decision and words, is kept as it is typed while one looks at others,
// and shows that it waits, until the service has taken it or says why not.
func TestVisas_answer(t *testing.T) {
	service := screentest.NewVisas()
	v, w, waiting := visasInWindow(t, service)
	v.pick(0)
	screentest.Tap(t, w, "visas.send")
	if screentest.Mistake(w, "visas.grant.field") == "" || screentest.Mistake(w, "visas.answer.field") == "" || len(service.Kept) != 0 {
		t.Error("an empty answer is sent")
	}
	screentest.Tap(t, w, "visas.grant."+api.VisaAnswered)
	if got := screentest.Mistake(w, "visas.grant.field"); got != "" {
		t.Errorf("what is chosen is said to be missing: %s", got)
	}
	v.form(v.chosen.Registration).Set("answer", strings.Repeat("x", 2001))
	screentest.Tap(t, w, "visas.send")
	if screentest.Mistake(w, "visas.answer.field") == "" || len(service.Kept) != 0 {
		t.Error("an answer that is too long is sent")
	}
	v.form(v.chosen.Registration).Set("answer", "The letter was sent.")
	v.pick(1)
	if v.form(v.chosen.Registration).Text("answer") != "" || len(v.Unsaved()) != 1 {
		t.Errorf("another case has %q", v.form(v.chosen.Registration).Text("answer"))
	}
	v.pick(0)
	if v.form(v.chosen.Registration).Text("answer") != "The letter was sent." || v.form(v.chosen.Registration).Text("grant") != api.VisaAnswered {
		t.Errorf("what was typed is %q, %q", v.form(v.chosen.Registration).Text("answer"), v.form(v.chosen.Registration).Text("grant"))
	}
	screentest.Tap(t, w, "visas.send")
	if len(service.Kept) != 1 || !service.Kept[0].Grant || service.Kept[0].Answer != "The letter was sent." || len(v.Unsaved()) != 0 {
		t.Fatalf("kept %+v", service.Kept)
	}
	v.pick(0)
	if screentest.Find(w, "visas.send") != nil {
		t.Error("it can be sent twice")
	}
	service.Send(api.CodeWrongState)
	v.pick(0)
	if got := screentest.Widget(t, w, "visas.note").(*parts.Text).String(); !strings.Contains(got, "Somebody else has answered") || v.form(v.chosen.Registration).Text("answer") != "The letter was sent." {
		t.Errorf("says %q, typed %q", got, v.form(v.chosen.Registration).Text("answer"))
	}
	screentest.Tap(t, w, "visas.send")
	service.Send("")
	if *waiting != 1 || v.list.Len() != 1 || v.chosen != nil {
		t.Errorf("%d wait, %d are shown", *waiting, v.list.Len())
	}
	v.tabs.Choose(1)
	if v.list.Len() != 2 {
		t.Errorf("%d are granted", v.list.Len())
	}
}

// swiftVisas sends at once, so that the page never hears that something waits.
type swiftVisas struct{ *visasInMemory }

type visasInMemory = screentest.Visas // whose name is that of a method

func (s swiftVisas) SubscribeVisaAnswers(func()) (cancel func()) { return func() {} }

func (s swiftVisas) AnswerVisa(ctx context.Context, in api.AnswerVisa) error {
	err := s.visasInMemory.AnswerVisa(ctx, in)
	s.Send("")
	return err
}

func TestVisas_sentBeforeItIsSeenToWait(t *testing.T) {
	v := NewVisas(screentest.NewEnv(t), swiftVisas{screentest.NewVisas()}, func(int) {})
	t.Cleanup(v.Close)
	w := screentest.Show(t, v.Content(), 1100, 760)
	v.pick(0)
	screentest.Tap(t, w, "visas.grant."+api.VisaAnswered)
	v.form(v.chosen.Registration).Set("answer", "The letter was sent.")
	screentest.Tap(t, w, "visas.send")
	if v.list.Len() != 1 || v.chosen != nil {
		t.Errorf("%d are shown as if nobody had answered", v.list.Len())
	}
	if said := v.bar.String(); !strings.Contains(said, "Zdenka Nováková") {
		t.Errorf("says %q", said)
	}
	if v.tabs.Choose(1); v.bar.Visible() {
		t.Errorf("among those that are granted it says still %q", v.bar.String())
	}
}

// The keyboard begins at the requests, once they are there.
func TestVisas_keyboardAtTheRequests(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	v := NewVisas(e, screentest.NewVisas(), func(int) {})
	t.Cleanup(v.Close)
	w := screentest.Show(t, v.Content(), 1100, 760)
	w.Canvas().Focus(v.First()) // as the window does
	for steps.Step() {
	}
	if w.Canvas().Focused() != fyne.Focusable(v.list.List) {
		t.Errorf("the keyboard is at %v", w.Canvas().Focused())
	}
}

// The keyboard stays where the passport is shown and hidden.
func TestVisas_passportByKeyboard(t *testing.T) {
	v, w, _ := visasInWindow(t, screentest.NewVisas())
	v.pick(0)
	screentest.Tap(t, w, "visas.passport.show")
	if w.Canvas().Focused() != fyne.Focusable(v.hides) {
		t.Errorf("shown, the keyboard is at %v", w.Canvas().Focused())
	}
	screentest.Tap(t, w, "visas.passport.hide")
	if w.Canvas().Focused() != fyne.Focusable(v.shows) {
		t.Errorf("hidden, the keyboard is at %v", w.Canvas().Focused())
	}
}

// News of something else, and a list that is read anew, leave alone what is being written.
func TestVisas_writesOn(t *testing.T) {
	service := screentest.NewVisas()
	v, w, waiting := visasInWindow(t, service)
	v.pick(1)
	answer := v.form("R-4444-5551").Entry("answer")
	answer.SetText("The letter")
	parts.Focus(answer)
	service.Send("") // nothing
	if w.Canvas().Focused() != fyne.Focusable(answer) || v.forms["R-4444-5551"].Entry("answer") != answer {
		t.Error("the keyboard is taken away")
	}
	service.Cases = append(service.Cases[:1], service.Cases[2:]...) // as behind "Show more"
	v.listing.Load()
	if v.chosen == nil || screentest.Find(w, "visas.answer") == nil {
		t.Error("what is being written is gone from sight")
	}
	service.Err = client.ErrUnreachable
	service.Kept = []app.VisaAnswer{{AnswerVisa: api.AnswerVisa{Registration: "R-4444-5550", Grant: true}}}
	service.Send("")
	if *waiting != 1 {
		t.Errorf("%d are said to wait, though nothing was answered", *waiting)
	}
}

// Nobody decides on an own request, and what was erased says so.
func TestVisas_ownAndErased(t *testing.T) {
	service := screentest.NewVisas()
	service.Cases[0].Own, service.Cases[1].Erased = true, true
	v, w, _ := visasInWindow(t, service)
	v.pick(0)
	if screentest.Find(w, "visas.own") == nil || screentest.Find(w, "visas.send") != nil {
		t.Error("an own request can be answered")
	}
	v.pick(1)
	if screentest.Find(w, "visas.erased") == nil || screentest.Find(w, "visas.passport.show") != nil {
		t.Error("what was erased can be asked for")
	}
}
