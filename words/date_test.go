package words

import (
	"testing"
	"time"
	_ "time/tzdata" // Windows has no database of time zones
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 14, 5, 0, 0, time.UTC)
}

func TestDates_followTheLanguage(t *testing.T) {
	tuesday := day(2027, 1, 12)
	for _, c := range []struct{ lang, date, short, dateTime, month string }{
		{"en", "Tuesday, 12 January 2027", "12 Jan 2027", "Tuesday, 12 January 2027, 14:05", "January 2027"},
		{"fr", "mardi 12 janvier 2027", "12 janv. 2027", "mardi 12 janvier 2027 à 14:05", "janvier 2027"},
		{"es", "martes, 12 de enero de 2027", "12 ene 2027", "martes, 12 de enero de 2027, 14:05", "enero de 2027"},
		{"ru", "вторник, 12 января 2027 г.", "12 янв. 2027 г.", "вторник, 12 января 2027 г., 14:05", "янв. 2027 г."},
		{"zh", "2027年1月12日星期二", "2027年1月12日", "2027年1月12日星期二 14:05", "2027年1月"},
		{"ar", "الثلاثاء، 12 يناير 2027", "12 يناير 2027", "الثلاثاء، 12 يناير 2027، 14:05", "يناير 2027"},
	} {
		w := &Words{lang: c.lang}
		if got := w.Date(tuesday); got != c.date {
			t.Errorf("%s: date %q, want %q", c.lang, got, c.date)
		}
		if got := w.ShortDate(tuesday); got != c.short {
			t.Errorf("%s: short date %q, want %q", c.lang, got, c.short)
		}
		if got := w.DateTime(tuesday); got != c.dateTime {
			t.Errorf("%s: %q, want %q", c.lang, got, c.dateTime)
		}
		if got := w.Month(tuesday); got != c.month {
			t.Errorf("%s: month %q, want %q", c.lang, got, c.month)
		}
	}
}

func TestDateRange_saysNothingTwice(t *testing.T) {
	for _, c := range []struct {
		lang        string
		from, until time.Time
		want        string
	}{
		{"en", day(2026, 5, 12), day(2026, 5, 12), "12 May 2026"},
		{"en", day(2026, 12, 2), day(2026, 12, 4), "2 – 4 Dec 2026"},
		{"en", day(2026, 11, 30), day(2026, 12, 4), "30 Nov – 4 Dec 2026"},
		{"en", day(2026, 12, 30), day(2027, 1, 2), "30 Dec 2026 – 2 Jan 2027"},
		{"en", day(2026, 12, 4), day(2027, 12, 4), "4 Dec 2026 – 4 Dec 2027"},
		{"fr", day(2026, 12, 1), day(2026, 12, 4), "1er – 4 déc. 2026"},
		{"fr", day(2026, 11, 30), day(2026, 12, 1), "30 nov. – 1er déc. 2026"},
		{"zh", day(2026, 12, 2), day(2026, 12, 4), "2026年12月2日至4日"},
		{"zh", day(2026, 11, 30), day(2026, 12, 4), "2026年11月30日至12月4日"},
		{"ru", day(2026, 12, 2), day(2026, 12, 4), "2 – 4 дек. 2026 г."},
	} {
		if got := (&Words{lang: c.lang}).DateRange(c.from, c.until); got != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestTime_isThatOfTheZone(t *testing.T) {
	geneva, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC).In(geneva)
	if got := For("en").DateTime(late); got != "Friday, 1 January 2027, 00:30" {
		t.Errorf("%q", got)
	}
}

func TestOffset(t *testing.T) {
	at := time.Date(2027, 1, 12, 8, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"UTC": "UTC", "Asia/Kolkata": "UTC+5:30", "America/St_Johns": "UTC−3:30", "Asia/Tokyo": "UTC+9",
	} {
		l, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := Offset(at.In(l)); got != want {
			t.Errorf("%s: %q, want %q", zone, got, want)
		}
	}
}
