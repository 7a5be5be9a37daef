package screens

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/screentest"
	"plenary/screens/settings"
)

// remindingWindow is a window of somebody who takes part in a meeting with two sessions a
// day, in a zone whose clocks are set back in the night before. Err is what the system
// answers to a notification.
func remindingWindow(t *testing.T, err *error) (p *testProgram, now *time.Time, told *[]string) {
	t.Helper()
	told = &[]string{}
	p, now = lockedWindow(t, func(p *testProgram, d *WindowDeps) {
		morning := time.Date(2026, 10, 25, 9, 0, 0, 0, time.UTC)
		m := screentest.NewMeeting("C-00016700", "Briefing", "Geneva", "Europe/Zurich", morning, 1)
		m.Sessions = []api.MeetingSession{
			{Start: morning, End: morning.Add(2 * time.Hour)},
			{Start: morning.Add(5 * time.Hour), End: morning.Add(7 * time.Hour)},
		}
		p.meetings.All = append(p.meetings.All, m)
		mine := screentest.ConfirmedRemote()
		mine.Meeting = m.Code
		p.mine.Mine = append(p.mine.Mine, mine)
		p.session.lock.State.After = 0
		d.Notify = func(_ context.Context, title, text, link string) error {
			*told = append(*told, title+" | "+text+" | "+link)
			return *err
		}
	})
	return p, now, told
}

// passTime lets a second pass again and again.
func passTime(p *testProgram, now *time.Time, until time.Time) {
	for ; now.Before(until); *now = now.Add(time.Second) {
		p.shell.ticked()
	}
}

func TestReminders_onceForEachSession(t *testing.T) {
	p, now, told := remindingWindow(t, new(error))
	*now = time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC)
	passTime(p, now, now.Add(8*time.Hour))
	want := []string{
		"Briefing | Starts in 10 minutes, at 10:00 Geneva (09:00 your time) | plenary://service.example.int/m/C-00016700",
		"Briefing | Starts in 10 minutes, at 15:00 Geneva (14:00 your time) | plenary://service.example.int/m/C-00016700",
	}
	if !slices.Equal(*told, want) {
		t.Errorf("told\n%q, want\n%q", *told, want)
	}
}

func TestReminders_onlyOfWhatComesSoon(t *testing.T) {
	morning := time.Date(2026, 10, 25, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		change func(p *testProgram)
		now    time.Time
		want   int
	}{
		{"started late", func(*testProgram) {}, morning.Add(-3 * time.Minute), 1},
		{"eleven minutes before", func(*testProgram) {}, morning.Add(-11 * time.Minute), 0},
		{"it has begun", func(*testProgram) {}, morning, 0},
		{"not confirmed", func(p *testProgram) { p.mine.Mine[2].State = api.WaitingList }, morning.Add(-3 * time.Minute), 0},
		{"switched off", func(*testProgram) { fyne.CurrentApp().Preferences().SetBool(settings.PrefReminders, false) }, morning.Add(-3 * time.Minute), 0},
		{"logged out", func(p *testProgram) { p.shell.outside() }, morning.Add(-3 * time.Minute), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, now, told := remindingWindow(t, new(error))
			c.change(p)
			*now = c.now
			p.shell.ticked()
			if len(*told) != c.want {
				t.Errorf("told %q, want %d", *told, c.want)
			}
		})
	}
}

// While the window is locked nothing says which meeting it is, and what was told then is
// not told again.
func TestReminders_whileLocked(t *testing.T) {
	p, now, told := remindingWindow(t, new(error))
	*now = time.Date(2026, 10, 25, 8, 0, 0, 0, time.UTC)
	p.shell.lockNow()
	p.mine.Mine = nil // as the closed store has none
	if !p.locked() {
		t.Fatal("not locked")
	}
	passTime(p, now, now.Add(55*time.Minute))
	want := []string{"A meeting starts in 10 minutes | Unlock Plenary to see which one. | plenary://service.example.int"}
	if !slices.Equal(*told, want) {
		t.Fatalf("told %q, want %q", *told, want)
	}
	mine := screentest.ConfirmedRemote()
	mine.Meeting = "C-00016700"
	p.mine.Mine = append(p.mine.Mine, mine)
	p.enterPIN(t, screentest.PIN)
	passTime(p, now, now.Add(10*time.Minute))
	if len(*told) != 1 {
		t.Errorf("after unlocking told %q", *told)
	}
	if len(p.shell.reminders.hidden) != 0 {
		t.Error("what was kept for the lock is still there")
	}
}

func TestReminders_withoutNotificationsInTheWindow(t *testing.T) {
	err := errors.New("forced: no notifications here")
	p, now, _ := remindingWindow(t, &err)
	*now = time.Date(2026, 10, 25, 8, 51, 0, 0, time.UTC)
	p.shell.ticked()
	if got := p.shell.bar.String(); !strings.Contains(got, "Briefing. Starts in 9 minutes") {
		t.Fatalf("says %q", got)
	}
	screentest.Tap(t, p.window, "shell.bar.action")
	if p.shell.at != (route{name: routeRegistration, code: "C-00016700"}) {
		t.Errorf("leads to %v", p.shell.at)
	}
}
