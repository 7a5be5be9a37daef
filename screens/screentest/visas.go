package screentest

import (
	"context"
	"slices"

	"plenary/api"
	"plenary/app"
)

// Visas are cases of visa support as the role visa sees them, in memory.
type Visas struct {
	Cases     []api.VisaCase // with their passports
	Asked     []string       // registrations whose passport was read
	Kept      []app.VisaAnswer
	Err       error
	listeners Listeners
}

// Passport is somebody's.
func Passport() api.Passport {
	return api.Passport{
		FamilyName: "Nováková", GivenNames: "Zdenka Marie", Nationality: "CZ", Birth: "1980-02-29", BirthPlace: "Hradec Králové",
		Number: "X7731905Q", Issued: "2020-05-04", Expires: "2030-05-03",
	}
}

// NewVisas has cases in each state.
func NewVisas() *Visas {
	v := &Visas{}
	for i, one := range []struct{ person, organization, country, state, answer string }{
		{"Zdenka Nováková", "Example University", "CZ", api.VisaWaiting, ""},
		{"سلمى الحسيني", "الهيئة القومية لتنظيم الاتصالات", "EG", api.VisaWaiting, ""},
		{"王小明", "中国信息通信研究院", "CN", api.VisaAnswered, "The letter of invitation was sent to the embassy in Beijing."},
		{"Ngozi Okafor", "Nigerian Communications Commission", "NG", api.VisaRefused, "The host country does not ask for a visa for a stay of five days."},
	} {
		p := Passport()
		c := api.VisaCase{
			Registration: "R-4444-555" + string(rune('0'+i)), Meeting: "C-00016512", Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"},
			Person: one.person, Organization: one.organization, Country: one.country, State: one.state, Answer: one.answer,
			Opened: Now.AddDate(0, 0, i-9), Passport: &p,
		}
		if one.answer != "" {
			c.Decided = Now.AddDate(0, 0, -1)
		}
		v.Cases = append(v.Cases, c)
	}
	return v
}

func (v *Visas) Visas(_ context.Context, f api.VisaFilter) (page api.VisaCases, err error) {
	for _, c := range v.Cases {
		if c.State == api.VisaWaiting {
			page.Waiting++
		}
		if c.Passport = nil; f.State == "" || f.State == c.State {
			page.Cases = append(page.Cases, c)
		}
	}
	return page, v.Err
}

func (v *Visas) Visa(_ context.Context, number string) (api.VisaCase, error) {
	v.Asked = append(v.Asked, number)
	for _, c := range v.Cases {
		if c.Registration == number && v.Err == nil {
			return c, nil
		}
	}
	if v.Err != nil {
		return api.VisaCase{}, v.Err
	}
	return api.VisaCase{}, &api.Problem{Code: api.CodeNotFound}
}

func (v *Visas) VisaAnswers() []app.VisaAnswer { return slices.Clone(v.Kept) }

func (v *Visas) SubscribeVisaAnswers(f func()) func() {
	return v.listeners.Subscribe(f)
}

func (v *Visas) tell() {
	v.listeners.Tell()
}

func (v *Visas) AnswerVisa(_ context.Context, in api.AnswerVisa) error {
	v.Kept = slices.DeleteFunc(v.Kept, func(a app.VisaAnswer) bool { return a.Registration == in.Registration })
	v.Kept = append(v.Kept, app.VisaAnswer{AnswerVisa: in, Operation: "op-" + in.Registration, Made: Now})
	v.tell()
	return nil
}

func (v *Visas) DismissVisaAnswer(_ context.Context, operation string) error {
	v.Kept = slices.DeleteFunc(v.Kept, func(a app.VisaAnswer) bool { return a.Operation == operation })
	v.tell()
	return nil
}

// Send has the service do what waits, or refuse it with a code.
func (v *Visas) Send(refuse api.Code) {
	for i, a := range v.Kept {
		if refuse != "" {
			v.Kept[i].Refused, v.Kept[i].Code, v.Kept[i].Reference = true, refuse, "3F7K-92QD"
			continue
		}
		for j := range v.Cases {
			if c := &v.Cases[j]; c.Registration == a.Registration {
				c.State, c.Answer, c.Decided = api.VisaRefused, a.Answer, Now
				if a.Grant {
					c.State = api.VisaAnswered
				}
			}
		}
	}
	if refuse == "" {
		v.Kept = nil
	}
	v.tell()
}
