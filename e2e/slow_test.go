//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/service"
	"plenary/e2e/slow"
)

// slowAnswer is how long the service takes to answer here, and quickly what
// counts as going on meanwhile.
const (
	slowAnswer = 10 * time.Second
	quickly    = 2 * time.Second
)

// TestWindow_goesOnWhileTheServiceIsSlow works the program while a request
// waits for its answer for ten seconds: what is typed appears, other screens
// open, and the answer is still taken when it comes.
func TestWindow_goesOnWhileTheServiceIsSlow(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "patient@example.org", Password: "Slow-Train-To-Brig-9"}
	must(t, j.service.SignUp(j.mails, person, "Patience", "Keller"))
	network, err := slow.Start(j.service.Address)
	must(t, err)
	t.Cleanup(func() { network.Close() })
	j.address = network.Address()
	must(t, j.start())
	must(t, j.see("login.submit")())

	network.SetDelay(slowAnswer)
	start := time.Now()
	must(t, all(j.fill("login.identifier", person.Identifier), j.fill("login.password", person.Password), j.press("Enter"))())
	must(t, await.Until(quickly, "the request", func() (bool, error) { return network.Waiting() > 0, nil }))
	must(t, j.see("login.busy")())

	before, err := j.plenary.Picture()
	must(t, err)
	must(t, j.fill("login.meeting", "C-00016512")())
	must(t, await.Until(quickly, "what is typed to appear", func() (bool, error) {
		now, err := j.plenary.Picture()
		return err == nil && desktop.Differing(before, now) > 200, err
	}))
	if time.Since(start) > slowAnswer {
		t.Fatal("typing took longer than the answer: this proves nothing")
	}
	picture, err := j.plenary.Picture()
	must(t, err)
	must(t, desktop.SavePNG(filepath.Join(pictures(t), "slow-service.png"), picture))
	if err := j.see("meetings.list")(); err != nil {
		t.Fatalf("the late answer was not taken: %v", err)
	}

	// The next requests are slow as well; the lists are there all the same.
	for _, place := range []string{"nav.mymeetings", "nav.settings", "nav.meetings"} {
		from := time.Now()
		must(t, j.click(place)())
		if took := time.Since(from); took > quickly {
			t.Errorf("%s took %v", place, took)
		}
	}
	must(t, j.see("meetings.list")())
}
