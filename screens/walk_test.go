package screens

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

func BenchmarkSignup_typing(b *testing.B) {
	e := testEnv(b)
	s := newTestSignup(e, &fakeSignup{})
	show(b, s.Content(), 1100, 740)
	s.contact.password.password.SetText("Meridian8line")
	for b.Loop() {
		test.Type(s.contact.first, "E")
		if len(s.contact.first.Text) > 20 {
			s.contact.first.SetText("")
		}
	}
}

func BenchmarkSignup_search(b *testing.B) {
	e := testEnv(b)
	s := newTestSignup(e, &fakeSignup{})
	show(b, s.Content(), 1100, 740)
	s.organization.organization.Entry().FocusGained()
	for b.Loop() {
		test.Type(s.organization.organization.Entry(), "t")
		s.organization.organization.Entry().SetText("")
	}
}
