package manage

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

func testStatistics(t *testing.T, e kit.Env, service *screentest.Statistics) (*Statistics, fyne.Window) {
	t.Helper()
	s := NewStatistics(e, service, registrationsCatalog(), "C-00016512", StatisticsEvents{Back: func() {}})
	t.Cleanup(s.Close)
	return s, screentest.Show(t, s.Content(), 1024, 700)
}

func TestStatistics_pictures(t *testing.T) {
	var s *Statistics
	build := func(e kit.Env) fyne.CanvasObject {
		s = NewStatistics(e, screentest.NewStatistics(), registrationsCatalog(), "C-00016512", StatisticsEvents{Back: func() {}})
		t.Cleanup(s.Close)
		return s.Content()
	}
	screentest.Capture(t, "statistics", build)
	screentest.Capture(t, "statistics-countries", build, func(w fyne.Window) {
		screentest.Settle(w)
		cards := s.body.Objects[0].(*fyne.Container).Objects
		parts.IntoView(cards[len(cards)-1])
	})
}

// Twenty countries stand for themselves, the others together; the file has all of them.
func TestStatistics_charts(t *testing.T) {
	s, _ := testStatistics(t, screentest.NewEnv(t), screentest.NewStatistics())
	charts := map[string]chart{}
	for _, c := range s.charts() {
		charts[c.id] = c
	}
	if len(charts) != 5 {
		t.Errorf("%d charts", len(charts))
	}
	countries := charts["countries"]
	last := countries.rows[len(countries.rows)-1]
	if len(countries.rows) != 21 || last.Label != "4 other countries" || last.Count != 8+6+4+2 || len(countries.full) != 24 {
		t.Errorf("%d rows of %d, the last %+v", len(countries.rows), len(countries.full), last)
	}
	if m := charts["memberships"].rows; m[len(m)-1] != (parts.ChartRow{Label: "Not known", Count: 2}) {
		t.Errorf("%+v", m)
	}
	// Days without any have a bar of none.
	if days := charts["days"].rows; len(days) != 21 || days[4].Count != 0 {
		t.Errorf("%+v", days)
	}
	rows, _, _, err := s.exported().Page(t.Context(), "")
	if err != nil || len(rows) != 21+5+2+4+24 {
		t.Errorf("%d rows in the file, %v", len(rows), err)
	}
}

// Many days are put together to weeks, or months, of which none is left out.
func TestStatistics_periods(t *testing.T) {
	for _, c := range []struct {
		first, last string
		want        []string
		n           int
	}{
		{"2026-11-02", "2026-11-02", []string{"2 Nov 2026"}, 1},
		{"2026-10-03", "2026-11-02", []string{"3 Oct 2026"}, 31},
		{"2026-10-02", "2026-11-02", []string{"28 Sept – 4 Oct 2026", "5 – 11 Oct 2026"}, 6},
		{"2026-01-31", "2026-11-02", []string{"January 2026", "February 2026"}, 11},
	} {
		service := screentest.NewStatistics()
		service.Numbers.Days = []api.DayCount{{Day: c.first, Count: 2}}
		if c.last != c.first {
			service.Numbers.Days = append(service.Numbers.Days, api.DayCount{Day: c.last, Count: 3})
		}
		s, _ := testStatistics(t, screentest.NewEnv(t), service)
		rows := s.periods()
		sum := 0
		var labels []string
		for _, r := range rows {
			labels, sum = append(labels, r.Label), sum+r.Count
		}
		want := 2
		if c.last != c.first {
			want = 5
		}
		if len(rows) != c.n || sum != want {
			t.Errorf("%s to %s: %d rows with %d: %q", c.first, c.last, len(rows), sum, labels)
			continue
		}
		for i, label := range c.want {
			if !strings.EqualFold(strings.ReplaceAll(labels[i], "Sept ", "Sep "), strings.ReplaceAll(label, "Sept ", "Sep ")) {
				t.Errorf("%s to %s: %q", c.first, c.last, labels[:len(c.want)])
				break
			}
		}
	}
}

// A chart is saved as a picture that has its bars and its words; one that cannot be saved
// says so.
func TestStatistics_savesAPicture(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		e := screentest.NewEnv(t)
		e.Words = words.For(lang)
		s, w := testStatistics(t, e, screentest.NewStatistics())
		var name string
		var data []byte
		s.save = func(n string, b []byte) (string, error) {
			name, data = n, slices.Clone(b)
			return "/home/elena/" + n, nil
		}
		screentest.Tap(t, w, "statistics.countries.save")
		drawn, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if size := drawn.Bounds().Size(); size.X != 2*pictureWidth || size.Y < 1000 {
			t.Errorf("the picture is %v", size)
		}
		colors := map[any]int{}
		for y := range drawn.Bounds().Dy() {
			for x := range drawn.Bounds().Dx() {
				colors[drawn.At(x, y)]++
			}
		}
		if len(colors) < 20 {
			t.Errorf("the picture has %d colours", len(colors))
		}
		if !strings.HasPrefix(name, "C-00016512-") || !strings.HasSuffix(name, "-2026-11-22.png") {
			t.Errorf("its name is %q", name)
		}
		if dir := os.Getenv("PLENARY_SHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "statistics-saved-"+lang+".png"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s.save = func(string, []byte) (string, error) { return "", errors.New("full") }
		screentest.Tap(t, w, "statistics.days.save")
		if !strings.Contains(s.bar.String(), e.T("file.not-saved")) {
			t.Errorf("says %q", s.bar.String())
		}
	}
}

// What could not be counted is asked for again, and a meeting without registrations has
// nothing to draw.
func TestStatistics_againAndEmpty(t *testing.T) {
	service := screentest.NewStatistics()
	service.Numbers = api.Statistics{At: screentest.Now, Days: []api.DayCount{}}
	s, w := testStatistics(t, screentest.NewEnv(t), service)
	shown := func() int { return len(s.body.Objects[0].(*fyne.Container).Objects) }
	if len(s.charts()) != 0 || shown() != 1 {
		t.Errorf("%d charts", len(s.charts()))
	}
	service.Numbers = screentest.NewStatistics().Numbers
	service.Numbers.At = screentest.Now.Add(time.Minute)
	screentest.Tap(t, w, "statistics.again")
	if service.Asked != 2 || shown() != 5 || !strings.Contains(s.summary.String(), "318 registrations, 297 of them") {
		t.Errorf("asked %d times, says %q", service.Asked, s.summary.String())
	}
}
