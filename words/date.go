package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dateHabits are how a language writes dates: layouts after CLDR's full date
// without era, with {weekday}, {day}, {month}, {mon} and {year}; {from} and
// {until} are the days of a range within one month.
type dateHabits struct {
	weekdays [7]string // from Sunday
	months   [12]string
	short    [12]string
	first    string // the first day of a month, where it has a form of its own

	full     string // Tuesday, 12 January 2027
	brief    string // 12 Jan 2027
	noYear   string // 12 Jan, at the beginning of a range that crosses a month
	days     string // 2 – 4 Dec 2026
	between  string // between the two ends of a longer range
	dateTime string // {date} and {time}
	ofYear   string // January 2027
}

var dates = map[string]dateHabits{
	"en": {
		weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months:   [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:    [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		full:     "{weekday}, {day} {month} {year}", brief: "{day} {mon} {year}", noYear: "{day} {mon}",
		days: "{from} – {until} {mon} {year}", between: " – ", dateTime: "{date}, {time}", ofYear: "{month} {year}",
	},
	"fr": {
		weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months:   [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		short:    [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		first:    "1er",
		full:     "{weekday} {day} {month} {year}", brief: "{day} {mon} {year}", noYear: "{day} {mon}",
		days: "{from} – {until} {mon} {year}", between: " – ", dateTime: "{date} à {time}", ofYear: "{month} {year}",
	},
	"es": {
		weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
		months:   [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		short:    [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
		full:     "{weekday}, {day} de {month} de {year}", brief: "{day} {mon} {year}", noYear: "{day} {mon}",
		days: "{from} – {until} {mon} {year}", between: " – ", dateTime: "{date}, {time}", ofYear: "{month} de {year}",
	},
	"ru": {
		weekdays: [7]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
		months:   [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
		short:    [12]string{"янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."},
		full:     "{weekday}, {day} {month} {year} г.", brief: "{day} {mon} {year} г.", noYear: "{day} {mon}",
		days: "{from} – {until} {mon} {year} г.", between: " – ", dateTime: "{date}, {time}", ofYear: "{mon} {year} г.",
	},
	"zh": {
		weekdays: [7]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"},
		months:   [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		short:    [12]string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
		full:     "{year}年{month}{day}日{weekday}", brief: "{year}年{mon}{day}日", noYear: "{mon}{day}日",
		days: "{year}年{mon}{from}日至{until}日", between: "至", dateTime: "{date} {time}", ofYear: "{year}年{month}",
	},
	"ar": {
		weekdays: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
		months:   [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		short:    [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		full:     "{weekday}، {day} {month} {year}", brief: "{day} {mon} {year}", noYear: "{day} {mon}",
		days: "{from} – {until} {mon} {year}", between: " – ", dateTime: "{date}، {time}", ofYear: "{month} {year}",
	},
}

// Date is a day in full, in t's own zone: "Tuesday, 12 January 2027".
func (w *Words) Date(t time.Time) string {
	h := dates[w.lang]
	return h.fill(h.full, t, nil)
}

// ShortDate is a day where there is little room: "12 Jan 2027".
func (w *Words) ShortDate(t time.Time) string {
	h := dates[w.lang]
	return h.fill(h.brief, t, nil)
}

// Time is a time of day with 24 hours, in t's own zone: "14:30".
func (w *Words) Time(t time.Time) string { return t.Format("15:04") }

// DateTime is Date and Time: "Tuesday, 12 January 2027, 14:30".
func (w *Words) DateTime(t time.Time) string {
	return strings.NewReplacer("{date}", w.Date(t), "{time}", w.Time(t)).Replace(dates[w.lang].dateTime)
}

// Month is a month, in t's own zone: "January 2027".
func (w *Words) Month(t time.Time) string {
	h := dates[w.lang]
	return h.fill(h.ofYear, t, nil)
}

// DateRange is a range of days, short, each end in its own zone:
// "2 – 4 Dec 2026", "30 Nov – 4 Dec 2026", "12 May 2026" for one day.
func (w *Words) DateRange(from, until time.Time) string {
	h := dates[w.lang]
	fromYear, fromMonth, fromDay := from.Date()
	untilYear, untilMonth, untilDay := until.Date()
	switch {
	case fromYear != untilYear:
		return h.fill(h.brief, from, nil) + h.between + h.fill(h.brief, until, nil)
	case fromMonth != untilMonth && w.lang == "zh": // the year comes first
		return h.fill(h.brief, from, nil) + h.between + h.fill(h.noYear, until, nil)
	case fromMonth != untilMonth:
		return h.fill(h.noYear, from, nil) + h.between + h.fill(h.brief, until, nil)
	case fromDay != untilDay:
		return h.fill(h.days, until, &from)
	default:
		return h.fill(h.brief, from, nil)
	}
}

func (h dateHabits) fill(layout string, t time.Time, from *time.Time) string {
	values := []string{
		"{weekday}", h.weekdays[t.Weekday()],
		"{day}", h.day(t),
		"{until}", h.day(t),
		"{month}", h.months[t.Month()-1],
		"{mon}", h.short[t.Month()-1],
		"{year}", strconv.Itoa(t.Year()),
	}
	if from != nil {
		values = append(values, "{from}", h.day(*from))
	}
	return strings.NewReplacer(values...).Replace(layout)
}

func (h dateHabits) day(t time.Time) string {
	if t.Day() == 1 && h.first != "" {
		return h.first
	}
	return strconv.Itoa(t.Day())
}

// Offset is how far a time's zone is from UTC then: "UTC+1", "UTC−4:30", "UTC".
func Offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	switch h, min := seconds/3600, seconds%3600/60; {
	case h == 0 && min == 0:
		return "UTC"
	case min == 0:
		return fmt.Sprintf("UTC%s%d", sign, h)
	default:
		return fmt.Sprintf("UTC%s%d:%02d", sign, h, min)
	}
}
