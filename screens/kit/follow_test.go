package kit_test

import (
	"testing"

	"plenary/screens/screentest"
)

// What is shown is what is there, also where it changes while the screen is made.
func TestFollow_missesNothing(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	there, shown := "before", ""
	tell := func() {}
	change := func(to string) {
		there = to
		tell()
	}
	unfollow := e.Follow(t.Context(), func() {
		shown = there
		if there == "before" {
			change("meanwhile")
		}
	}, func(changed func()) func() {
		tell = changed
		return func() { tell = func() {} }
	})
	steps.All()
	if shown != "meanwhile" {
		t.Errorf("shows %q", shown)
	}
	change("later")
	steps.All()
	if shown != "later" {
		t.Errorf("shows %q", shown)
	}
	unfollow()
	change("after it")
	steps.All()
	if shown != "later" {
		t.Errorf("shows %q although nobody looks", shown)
	}
}
