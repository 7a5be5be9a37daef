package main

import (
	"testing"

	"plenary/app"
)

// Whoever asks for the service before it was opened waits for that, and for nothing more.
func TestOpen_waitsForWhatWasBegunAhead(t *testing.T) {
	p := newProgram(options{dir: t.TempDir()}, app.Choice{})
	t.Cleanup(p.close)
	const nowhere = "http://127.0.0.1:1"
	p.openAhead(nowhere)
	if services, err := p.open(t.Context(), nowhere); err == nil {
		t.Errorf("opened %v, where nobody answers", services.Address)
	}
}
