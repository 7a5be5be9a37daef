package rules

import (
	"slices"
	"strings"
	"time"

	"plenary/api"
)

// Limits of a passport's number, in letters and digits. ICAO Doc 9303 has nine in the
// machine-readable zone; what is printed can be longer.
const (
	minPassportNumber = 5
	MaxPassportNumber = 20
)

// MaxVisaAnswer is how long the answer on visa support can be, in characters.
const MaxVisaAnswer = 2000

// AsksVisa tells whether who takes part in this way is asked for visa support.
func AsksVisa(m *api.Meeting, participation string) bool {
	return m.Visa && participation == api.OnSite
}

// ValidatePassport judges what is given of a passport for a meeting's visa support, with
// pointers such as /passport/number, in the order of the screen; nil is none.
func ValidatePassport(m *api.Meeting, p *api.Passport) []api.FieldError {
	if p == nil {
		p = &api.Passport{}
	}
	var errs []api.FieldError
	add := func(field, code string) {
		if code != "" {
			errs = append(errs, api.FieldError{Pointer: "/passport/" + field, Code: code})
		}
	}
	given, _ := Line(p.GivenNames)
	add("family_name", validateLine(p.FamilyName, MaxName, given == ""))
	add("given_names", validateLine(p.GivenNames, MaxName, false))
	add("nationality", validateNationality(p.Nationality))
	add("number", validatePassportNumber(p.Number))
	birth, code := passportDay(p.Birth)
	add("birth", code)
	add("birth_place", validateLine(p.BirthPlace, MaxName, true))
	issued, code := passportDay(p.Issued)
	if code == "" && (!birth.IsZero() && issued.Before(birth) || issued.After(m.End())) {
		code = api.FieldOutOfRange
	}
	add("issued", code)
	expires, code := passportDay(p.Expires)
	if code == "" && (!issued.IsZero() && !expires.After(issued) || !expires.After(m.End())) {
		code = api.FieldOutOfRange
	}
	add("expires", code)
	return errs
}

func validateNationality(s string) string {
	switch s = Typed(s); {
	case s == "":
		return api.FieldRequired
	case !IsCountry(s):
		return api.FieldUnknown
	}
	return ""
}

// passportDay reads a day; zero and the reason where it is none.
func passportDay(s string) (time.Time, string) {
	if s = Typed(s); s == "" {
		return time.Time{}, api.FieldRequired
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil || day.Year() < 1900 {
		return time.Time{}, api.FieldInvalid
	}
	return day, ""
}

func validatePassportNumber(s string) string {
	switch n := passportNumber(s); {
	case n == "":
		return api.FieldRequired
	case strings.Trim(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "":
		return api.FieldInvalid
	case len(n) < minPassportNumber:
		return api.FieldTooShort
	case len(n) > MaxPassportNumber:
		return api.FieldTooLong
	}
	return ""
}

// passportNumber is a number as it is kept: in capitals, without spaces and hyphens.
func passportNumber(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(Typed(s)))
}

// CleanPassport is a passport that ValidatePassport accepts, as it is kept.
func CleanPassport(p api.Passport) api.Passport {
	p.FamilyName, _ = Line(p.FamilyName)
	p.GivenNames, _ = Line(p.GivenNames)
	p.BirthPlace, _ = Line(p.BirthPlace)
	p.Nationality, p.Number = Typed(p.Nationality), passportNumber(p.Number)
	p.Birth, p.Issued, p.Expires = Typed(p.Birth), Typed(p.Issued), Typed(p.Expires)
	return p
}

// MaskPassport is a passport's number as it is shown beside other answers: its last three
// signs.
func MaskPassport(number string) string {
	n := []rune(passportNumber(number))
	if len(n) <= minPassportNumber {
		return "•••"
	}
	return "•••" + string(n[len(n)-3:])
}

// ValidateChange judges a changed registration as ValidateRegister does a new one; the
// passport that was given before stays where the change brings none.
func ValidateChange(m *api.Meeting, before, after *api.Register) []api.FieldError {
	errs := ValidateRegister(m, after)
	if !before.Visa || after.Passport != nil {
		return errs
	}
	return slices.DeleteFunc(errs, func(e api.FieldError) bool { return strings.HasPrefix(e.Pointer, "/passport/") })
}

// OnVisaOnly tells whether a change corrects a passport or takes visa support back, and does
// nothing else: that can be done until the meeting is over.
func OnVisaOnly(changed []api.Changed) bool {
	return !slices.ContainsFunc(changed, func(c api.Changed) bool { return !ofVisa(c) || len(c.After) > 0 })
}

// ofVisa tells whether a changed field is one of visa support.
func ofVisa(c api.Changed) bool { return c.Field == "/visa" || c.Field == "/passport" }

// VisaAfter is what becomes of visa support when a registration comes to a state: a case
// begins with the confirmation, waits for another one where that is void, and ends with the
// registration. What was decided stays decided.
func VisaAfter(visa, state string) string {
	switch decided := visa == api.VisaAnswered || visa == api.VisaRefused; {
	case visa == "" || decided:
		return visa
	case Final(state):
		return ""
	case state == api.Confirmed:
		return api.VisaWaiting
	}
	return api.VisaAsked
}
