package rules

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
)

func visaMeeting() *api.Meeting {
	start := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	return &api.Meeting{
		Visa: true, Participation: []string{api.OnSite, api.Remote},
		Sessions: []api.MeetingSession{{Start: start, End: start.AddDate(0, 0, 4)}},
	}
}

func goodPassport() api.Passport {
	return api.Passport{
		FamilyName: "Nováková", GivenNames: "Zdenka", Nationality: "CZ", Birth: "1980-02-29", BirthPlace: "Brno",
		Number: "X7731905", Issued: "2020-05-04", Expires: "2030-05-03",
	}
}

func wrongFields(errs []api.FieldError) string {
	var all []string
	for _, e := range errs {
		all = append(all, strings.TrimPrefix(e.Pointer, "/passport/")+" "+e.Code)
	}
	return strings.Join(all, ", ")
}

func TestValidatePassport(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *api.Passport)
		want   string
	}{
		"good":                       {func(*api.Passport) {}, ""},
		"one name":                   {func(p *api.Passport) { p.FamilyName = " " }, ""},
		"no name":                    {func(p *api.Passport) { p.FamilyName, p.GivenNames = "", "\u200b" }, "family_name required"},
		"a long name":                {func(p *api.Passport) { p.GivenNames = strings.Repeat("é", 101) }, "given_names too-long"},
		"an unseen sign":             {func(p *api.Passport) { p.BirthPlace = "Br\x00no" }, "birth_place invalid"},
		"no country":                 {func(p *api.Passport) { p.Nationality = "XX" }, "nationality unknown"},
		"spaces and hyphens":         {func(p *api.Passport) { p.Number = " x77-319 05 " }, ""},
		"a short number":             {func(p *api.Passport) { p.Number = "X123" }, "number too-short"},
		"a long number":              {func(p *api.Passport) { p.Number = strings.Repeat("1", 21) }, "number too-long"},
		"a number in another script": {func(p *api.Passport) { p.Number = "Х1234567" }, "number invalid"},
		"no day":                     {func(p *api.Passport) { p.Birth = "29.2.1980" }, "birth invalid"},
		"no such day":                {func(p *api.Passport) { p.Birth = "1981-02-29" }, "birth invalid"},
		"long ago":                   {func(p *api.Passport) { p.Birth = "1899-12-31" }, "birth invalid"},
		"issued before the birth":    {func(p *api.Passport) { p.Issued = "1979-01-01" }, "issued out-of-range"},
		"issued after the meeting":   {func(p *api.Passport) { p.Issued = "2027-03-06" }, "issued out-of-range"},
		"over at the meeting's end":  {func(p *api.Passport) { p.Expires = "2027-03-05" }, "expires out-of-range"},
		"good for a day longer":      {func(p *api.Passport) { p.Expires = "2027-03-06" }, ""},
		"over before it was issued":  {func(p *api.Passport) { p.Issued, p.Expires = "2027-03-04", "2027-03-04" }, "expires out-of-range"},
	} {
		p := goodPassport()
		c.change(&p)
		if got := wrongFields(ValidatePassport(visaMeeting(), &p)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	all := "family_name required, nationality required, number required, birth required, birth_place required, issued required, expires required"
	if got := wrongFields(ValidatePassport(visaMeeting(), nil)); got != all {
		t.Errorf("none: %q", got)
	}
}

// Who asks for visa support gives a passport; a change keeps the one that was given.
func TestValidateRegister_visa(t *testing.T) {
	m, p := visaMeeting(), goodPassport()
	in := api.Register{Participation: api.OnSite, BadgeName: "Zdenka", Visa: true}
	if got := ValidateRegister(m, &in); len(got) != 7 {
		t.Errorf("without a passport: %v", got)
	}
	if got := ValidateChange(m, &api.Register{Visa: true}, &in); len(got) != 0 {
		t.Errorf("as before: %v", got)
	}
	if got := ValidateChange(m, &api.Register{}, &in); len(got) != 7 {
		t.Errorf("asked for anew: %v", got)
	}
	p.Number = "1"
	in.Passport = &p
	if got := wrongFields(ValidateChange(m, &api.Register{Visa: true}, &in)); got != "number too-short" {
		t.Errorf("corrected: %q", got)
	}
	p.Number = "x77 31905"
	if got := CleanRegister(m, in); !got.Visa || got.Passport.Number != "X7731905" || p.Number != "x77 31905" {
		t.Errorf("cleaned: %+v", got.Passport)
	}
	for name, change := range map[string]func(m *api.Meeting, in *api.Register){
		"remote":                   func(_ *api.Meeting, in *api.Register) { in.Participation = api.Remote },
		"a meeting without":        func(m *api.Meeting, _ *api.Register) { m.Visa = false },
		"a passport for no reason": func(_ *api.Meeting, in *api.Register) { in.Visa = false },
	} {
		m, in := visaMeeting(), in
		change(m, &in)
		if errs, got := ValidateRegister(m, &in), CleanRegister(m, in); len(errs) != 0 || got.Visa || got.Passport != nil {
			t.Errorf("%s: %v, %+v", name, errs, got)
		}
	}
	other := api.RegisterFor{FirstName: "Zdenka", Register: in}
	if got := ValidateRegisterFor(m, &other); len(got) != 1 || got[0] != (api.FieldError{Pointer: "/visa", Code: api.FieldNotAccepted}) {
		t.Errorf("somebody else's: %v", got)
	}
}

func TestDifferences_visa(t *testing.T) {
	p := goodPassport()
	m := visaMeeting()
	m.Reapprove = []string{"*"}
	none, asks, corrects := api.Register{}, api.Register{Visa: true}, api.Register{Visa: true, Passport: &p}
	for name, c := range map[string]struct {
		before, after api.Register
		want          string
		only          bool
	}{
		"nothing":     {asks, asks, "", true},
		"asked for":   {none, corrects, "/visa", false},
		"corrected":   {asks, corrects, "/passport", true},
		"taken back":  {asks, none, "/visa", true},
		"and another": {asks, api.Register{JobTitle: "Chair"}, "/job_title /visa", false},
	} {
		changed := Differences(m, &c.before, &c.after)
		var fields []string
		for _, one := range changed {
			fields = append(fields, one.Field)
			if one.Field == "/passport" && (one.Before != nil || one.After != nil) {
				t.Errorf("%s: it says %v", name, one)
			}
		}
		if got := strings.Join(fields, " "); got != c.want || OnVisaOnly(changed) != c.only {
			t.Errorf("%s: %q, only visa support: %v", name, got, OnVisaOnly(changed))
		}
		if again := Reapproved(m, changed); again != (name == "and another") {
			t.Errorf("%s: approved anew: %v", name, again)
		}
	}
}

func TestVisaAfter(t *testing.T) {
	states := []string{api.WaitingFocalPoint, api.WaitingSecretariat, api.WaitingList, api.Offered, api.Confirmed, api.Refused, api.Withdrawn}
	for _, visa := range []string{"", api.VisaAsked, api.VisaWaiting, api.VisaAnswered, api.VisaRefused} {
		for _, state := range states {
			want := visa
			if visa == api.VisaAsked || visa == api.VisaWaiting {
				switch state {
				case api.Confirmed:
					want = api.VisaWaiting
				case api.Refused, api.Withdrawn:
					want = ""
				default:
					want = api.VisaAsked
				}
			}
			if got := VisaAfter(visa, state); got != want {
				t.Errorf("%q of one that is %s: %q, want %q", visa, state, got, want)
			}
		}
	}
}

func TestMaskPassport(t *testing.T) {
	for number, want := range map[string]string{"": "•••", "X1234": "•••", "x77 319-05q": "•••05Q", "X12345": "•••345"} {
		if got := MaskPassport(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}
