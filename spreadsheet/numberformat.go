package spreadsheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what the format of a cell says about its number: whether it is a day, a
// time of day, or both, or how many digits it has at least.
type numberFormat struct {
	day, clock, elapsed bool
	digits              int
}

// formatOf reads a format: those up to 163 are known by their number (ECMA-376,
// 18.8.30, with those of East Asian languages), others by their code.
func formatOf(id int, code string) numberFormat {
	switch {
	case code != "":
		return readFormat(code)
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{day: true}
	case id == 22:
		return numberFormat{day: true, clock: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return numberFormat{clock: true}
	case id == 46:
		return numberFormat{clock: true, elapsed: true}
	}
	return numberFormat{}
}

// readFormat reads the part of a code that is for numbers above zero.
func readFormat(code string) (f numberFormat) {
	if strings.EqualFold(code, "General") {
		return f
	}
	zeros, others, months := 0, false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			i = len(code)
		case '"':
			n := strings.IndexByte(code[i+1:], '"')
			if n < 0 {
				i = len(code)
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return f
			}
			if inner := strings.ToLower(code[i+1 : i+n]); inner != "" && strings.Trim(inner, inner[:1]) == "" && strings.Contains("hms", inner[:1]) {
				f.clock, f.elapsed = true, true
			}
			i += n
		case 'y', 'Y', 'd', 'D':
			f.day = true
		case 'h', 'H', 's', 'S':
			f.clock = true
		case 'm', 'M':
			months = true
		case '0':
			zeros++
		default:
			others = others || strings.IndexByte("#?.,%Ee/@", c) >= 0
		}
	}
	if months && !f.clock { // else they are minutes, or there is a day too
		f.day = true
	}
	if !f.day && !f.clock && !others {
		f.digits = zeros
	}
	return f
}

// show is a number as it reads in its cell, but days and times as in CSV of Plenary. It
// is not ok for what is no number.
func (f numberFormat) show(text string, from1904 bool) (string, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return "", false
	}
	if f.day || f.clock {
		if text, ok := f.moment(n, from1904); ok {
			return text, true
		}
	}
	// Fifteen digits are what spreadsheet programs show; they save two more, which are
	// what binary fractions make of decimal ones.
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
		n = rounded
	}
	shown := strconv.FormatFloat(n, 'f', -1, 64)
	if shown == "-0" {
		shown = "0"
	}
	if n >= 0 && n == math.Trunc(n) {
		for len(shown) < min(f.digits, 30) {
			shown = "0" + shown
		}
	}
	return shown, true
}

// moment is a number of days as a day, a time of day or both; not ok outside of what
// spreadsheet programs show as such.
func (f numberFormat) moment(days float64, from1904 bool) (string, bool) {
	const lastDay = 2_958_466 // the first of year 10000
	if days < 0 || days >= lastDay {
		return "", false
	}
	seconds := int64(math.Round(days * 86400))
	day, rest := seconds/86400, seconds%86400
	clock := time.Unix(rest, 0).UTC().Format("15:04:05")
	switch {
	case f.elapsed && !f.day:
		return strconv.FormatInt(seconds/3600, 10) + clock[2:], true
	case !f.day && (day == 0 || !f.clock):
		return clock, true
	}
	zero := dayZero
	switch {
	case from1904:
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60: // 29 February 1900, which was none
		return "", false
	case day < 60:
		zero = zero.AddDate(0, 0, 1)
	}
	date := zero.AddDate(0, 0, int(day)).Format(time.DateOnly)
	if rest == 0 {
		return date, true
	}
	return date + " " + clock, true
}

// isoMoment is a day or time that a strict workbook has as ISO 8601, as CSV of Plenary has
// it; anything else stays.
func isoMoment(text string) string {
	text = strings.TrimSuffix(text, "Z")
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04"} {
		t, err := time.Parse(layout, text)
		switch {
		case err != nil:
			continue
		case t.Truncate(24 * time.Hour).Equal(t):
			return t.Format(time.DateOnly)
		default:
			return t.Format(time.DateTime)
		}
	}
	return text
}
