//go:build e2e

package e2e

import "testing"

// TestSecondStart_bringsTheFirstToTheFront starts Plenary again while its window
// is minimized, without and with a link.
func TestSecondStart_bringsTheFirstToTheFront(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	must(t, all(j.start, j.see("login.submit"))())
	must(t, all(j.minimized, j.startsAgain(), j.inFront)())
	must(t, all(j.minimized, j.startsAgain(approved), j.inFront, j.see("login.bar"))())
}
