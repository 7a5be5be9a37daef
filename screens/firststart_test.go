package screens

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"
)

// fakeFinder answers as a test says.
type fakeFinder struct {
	tried []string
	err   error
}

func (f *fakeFinder) Try(_ context.Context, address string) (string, error) {
	f.tried = append(f.tried, address)
	return "https://" + address, f.err
}

func TestFirstStart_pictures(t *testing.T) {
	capture(t, "firststart", func(e Env) fyne.CanvasObject {
		e.Info.ServiceDesk = ""
		return NewFirstStart(e, &fakeFinder{}, FirstStartEvents{Chosen: func(string) {}, Demonstration: func() {}}).Content()
	})
}
