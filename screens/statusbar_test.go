package screens

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/screentest"
)

func TestStatusBar_saysWhatCounts(t *testing.T) {
	for _, c := range []struct {
		name   string
		status app.Status
		want   string
	}{
		{"all well", app.Status{Online: true, Refreshed: screentest.Now}, "Online | Nothing waits to be sent | Meetings updated 09:14 | example.int"},
		{"offline", app.Status{Since: screentest.Now.Add(-26 * 60e9), Waiting: 2}, "Offline since 08:48 | 2 registrations wait to be sent | example.int"},
		{"since yesterday", app.Status{Since: screentest.Now.AddDate(0, 0, -1)}, "Offline since 21 Nov 2026, 09:14 | Nothing waits to be sent | example.int"},
		{"at the start", app.Status{Begins: true}, "Connecting … | Nothing waits to be sent | example.int"},
		{"a fast clock", app.Status{Online: true, Offset: -12 * time.Minute}, "Online (this computer’s clock is 12 minutes fast) | Nothing waits to be sent | example.int"},
		{"a slow clock", app.Status{Online: true, Offset: 2190 * 24 * time.Hour}, "Online (this computer’s clock is 2190 days slow) | Nothing waits to be sent | example.int"},
		{"a clock that is right enough", app.Status{Online: true, Offset: 119 * time.Second}, "Online | Nothing waits to be sent | example.int"},
		{"refused", app.Status{Online: true, Attention: 1}, "Online | 1 needs your attention | example.int"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newStatusBar(screentest.NewEnv(t), false, nil)
			b.set(c.status)
			if got := b.String(); got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

func TestStatusBar_leavesOutWhatDoesNotFit(t *testing.T) {
	b := newStatusBar(screentest.NewEnv(t), true, nil)
	b.set(app.Status{Online: true, Refreshed: screentest.Now})
	r := b.CreateRenderer().(*statusRenderer)
	shown := func(width float32) []bool {
		r.Layout(fyne.NewSize(width, 30))
		return []bool{r.texts[2].Visible(), r.texts[3].Visible()} // list, service
	}
	if got := shown(900); !slices.Equal(got, []bool{true, true}) {
		t.Errorf("wide: %v", got)
	}
	if got := shown(260); !slices.Equal(got, []bool{false, false}) {
		t.Errorf("narrow: %v", got)
	}
	if !strings.HasSuffix(b.String(), "Demonstration") {
		t.Errorf("says %q", b.String())
	}
}
