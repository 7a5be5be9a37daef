package kit

import "testing"

func TestDayOf(t *testing.T) {
	for typed, want := range map[string]string{
		"2026-12-31": "2026-12-31", "2026/1/2": "2026-01-02", "2026.1.2": "2026-01-02", " 20261231 ": "2026-12-31", "٢٠٢٦-١٢-٣١": "2026-12-31",
		"2026年12月31日": "2026-12-31", "31.12.2026": "2026-12-31", "3. 4. 2026": "2026-04-03", "31/12/2026": "2026-12-31", "12/31/2026": "2026-12-31", "5-5-2026": "2026-05-05",
		"3/4/2026": "", "3-4-2026": "", "31.13.2026": "", "1.2.26": "", "32/1/2026": "", "2026-13-01": "", "2026-02-30": "", "": "", "26-12-31": "", "2026-12": "",
	} {
		if got, _ := DayOf(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func FuzzDayOf(f *testing.F) {
	for _, s := range []string{"2026-12-31", "20261231", "31.12.2026", "12/31/2026", "0000-00-00", "9999999999999999999-1-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, ok := DayOf(s)
		if !ok {
			return
		}
		if again, ok := DayOf(day); !ok || again != day {
			t.Errorf("%q is %q, which is %q", s, day, again)
		}
	})
}
