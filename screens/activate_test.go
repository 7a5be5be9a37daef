package screens

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

// fakeActivation answers as a test says.
type fakeActivation struct {
	err       error
	state     string
	code      string
	password  string
	resent    int
	stateErr  error
	stateAsks int
}

func (f *fakeActivation) Activate(_ context.Context, _ api.Flow, code, password string) error {
	f.code, f.password = code, password
	return f.err
}

func (f *fakeActivation) Resend(context.Context, api.Flow) error {
	f.resent++
	return f.err
}

func (f *fakeActivation) SignUpState(context.Context, api.Flow) (string, error) {
	f.stateAsks++
	return f.state, f.stateErr
}

func TestActivate_pictures(t *testing.T) {
	capture(t, "activate", func(e Env) fyne.CanvasObject {
		e.Info.Demo = true
		return NewActivate(e, &fakeActivation{}, api.Flow{}, "elena.garcia@example.org", "", ActivateEvents{}).Content()
	})
}
