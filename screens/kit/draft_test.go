package kit_test

import (
	"context"
	"slices"
	"testing"

	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// Of what is typed one letter after the other the last state is saved, once.
func TestDraft_soon(t *testing.T) {
	steps := &screentest.Stepped{}
	e := screentest.NewEnv(t)
	e.Run = steps
	typed := ""
	var saved []string
	d := kit.NewDraft(e, func() string { return typed }, func(_ context.Context, s string) error {
		saved = append(saved, s)
		return nil
	}, func(error) {})
	for _, letter := range "room" {
		typed += string(letter)
		d.Soon(t.Context())
	}
	steps.All()
	typed += "s"
	d.Soon(t.Context())
	steps.All()
	if want := []string{"room", "rooms"}; !slices.Equal(saved, want) {
		t.Errorf("saved %q, want %q", saved, want)
	}
}
