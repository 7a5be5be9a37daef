package kit

import (
	"strconv"
	"strings"
	"time"

	"plenary/rules"
	"plenary/words"
)

// DayOf reads a day as people type it with the year first: 2026-12-31,
// 2026/12/31, 2026.12.31, 2026 12 31 or 20261231; and with the year last where only one day
// can be meant: 31.12.2026, since with points the day comes first everywhere, 31/12/2026 and
// 12/31/2026, but not 3/4/2026, which differs between countries.
func DayOf(s string) (string, bool) {
	fields := strings.FieldsFunc(rules.Fold(s), func(r rune) bool { return r < '0' || r > '9' })
	if len(fields) == 1 && len(fields[0]) == 8 {
		fields = []string{fields[0][:4], fields[0][4:6], fields[0][6:]}
	}
	if len(fields) == 3 && len(fields[2]) == 4 {
		fields = yearFirst(s, fields)
	}
	if len(fields) != 3 || len(fields[0]) != 4 {
		return "", false
	}
	var n [3]int
	for i, f := range fields {
		v, err := strconv.Atoi(f)
		if err != nil {
			return "", false
		}
		n[i] = v
	}
	day := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if day.Year() != n[0] || int(day.Month()) != n[1] || day.Day() != n[2] {
		return "", false
	}
	return day.Format(time.DateOnly), true
}

// yearFirst puts the parts of a day with the year last into the order of DayOf; it gives
// nothing where it is not clear which one is the month.
func yearFirst(s string, fields []string) []string {
	first, _ := strconv.Atoi(fields[0])
	second, _ := strconv.Atoi(fields[1])
	switch {
	case first > 12 || first == second || strings.Count(s, ".") == 2:
		return []string{fields[2], fields[1], fields[0]}
	case second > 12:
		return []string{fields[2], fields[0], fields[1]}
	}
	return nil
}

// Distance says how long something takes to come, in the largest unit that
// makes sense: "24 minutes", "3 hours", "5 days". Under a minute it is one minute.
func Distance(w *words.Words, d time.Duration) string {
	switch minutes := int((d + time.Minute - 1) / time.Minute); {
	case minutes < 1:
		return w.N("when.minutes", 1)
	case minutes < 100:
		return w.N("when.minutes", minutes)
	case minutes < 48*60:
		return w.N("when.hours", (minutes+30)/60)
	default:
		return w.N("when.days", (minutes+12*60)/(24*60))
	}
}

// Clock is a time for people near it: the hour today, else the short date and hour.
func Clock(w *words.Words, t, now time.Time) string {
	t, now = t.In(now.Location()), now.In(now.Location())
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return w.Time(t)
	}
	return w.ShortDate(t) + ", " + w.Time(t)
}
