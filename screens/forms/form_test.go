package forms

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// formInWindow is the form of the second meeting in a window, with what is known.
func formInWindow(t *testing.T) (*Form, fyne.Window) {
	t.Helper()
	meeting := screentest.Meetings()[1]
	f := New(screentest.NewEnv(t), &meeting, func() {})
	f.Fill(f.Known(&screentest.Account))
	return f, screentest.Show(t, parts.Scroll(parts.Margins(f.Content())), 1000, 700)
}

func TestForm_fillsInWhatIsKnown(t *testing.T) {
	f, _ := formInWindow(t)
	in := f.Entered()
	want := api.Register{Meeting: "C-00016512", BadgeName: "Elena García", Answers: api.Answers{"passport_country": {"ES"}, "phone": {"+34 600 123 456"}}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("the form begins with (-want +got):\n%s", diff)
	}
}

func TestForm_countryOfAPassportIsFoundAsPeopleTypeIt(t *testing.T) {
	f, w := formInWindow(t)
	f.question("visa").set([]string{"yes"})
	screentest.TabTo(t, w, "register.passport_country.entry")
	screentest.Write(t, w, "holland")
	if screentest.Find(w, "register.passport_country.row0") == nil {
		t.Fatal("no list opens")
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if got := f.Entered().Answers["passport_country"]; len(got) != 1 || got[0] != "NL" {
		t.Errorf("the answer is %v", got)
	}
}

func TestForm_mistakeStandsAtItsFieldOnceItIsLeft(t *testing.T) {
	for _, c := range []struct{ id, text, want string }{
		{"arrival", "12 May", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "2027-02-30", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "20270228", ""},
		{"nights", "three", "Please enter a number, such as 12 or 0.5."},
		{"nights", "2,5", ""},
		{"phone", "call me", "Please enter a phone number, such as +41 22 730 51 11."},
	} {
		t.Run(c.id+" "+c.text, func(t *testing.T) {
			f, w := formInWindow(t)
			q := f.question(c.id)
			q.set(nil)
			w.Canvas().Focus(q.first)
			test.Type(q.first, c.text)
			if q.field.Error() != "" {
				t.Errorf("says %q while it is typed", q.field.Error())
			}
			w.Canvas().FocusNext()
			if got := q.field.Error(); got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

func TestForm_companionsUpToTheLimit(t *testing.T) {
	f, w := formInWindow(t)
	screentest.Tap(t, w, "register.companions.add")
	screentest.Tap(t, w, "register.companions.add")
	if screentest.Find(w, "register.companions.add") != nil {
		t.Error("more than the meeting allows")
	}
	test.Type(screentest.Widget(t, w, "register.companions.1").(fyne.Focusable), "Omar")
	if got := f.Entered().Companions; len(got) != 1 || got[0].Name != "Omar" {
		t.Errorf("companions %v, want the one that has a name", got)
	}
}
