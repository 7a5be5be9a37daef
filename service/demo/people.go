package demo

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/registrations"
)

// participants are made-up people from real places, in the scripts that their
// names are written in. They have no accounts and get no e-mails: they take
// places, so that the meetings look like meetings.
var participants = []struct{ name, organization, country string }{
	{"Amina Diallo", "Université Cheikh Anta Diop", "SN"},
	{"Lukas Brunner", "Swisscom", "CH"},
	{"山田 花子", "東京大学", "JP"},
	{"Ольга Смирнова", "Ростелеком", "RU"},
	{"محمد العتيبي", "هيئة الاتصالات", "SA"},
	{"Elena García", "Telefónica", "ES"},
	{"João Pereira", "Universidade de São Paulo", "BR"},
	{"Wanjiru Kamau", "Safaricom", "KE"},
	{"王伟", "清华大学", "CN"},
	{"Ingrid Solheim", "Telenor", "NO"},
	{"Priya Nair", "Indian Institute of Technology", "IN"},
	{"Γιώργος Παπαδόπουλος", "OTE", "GR"},
	{"Camille Lefèvre", "Orange", "FR"},
	{"Nguyễn Thị Lan", "VNPT", "VN"},
	{"Tomasz Wiśniewski", "Politechnika Warszawska", "PL"},
	{"Sofia Rossi", "Politecnico di Milano", "IT"},
	{"김민준", "KAIST", "KR"},
	{"Fatou Ndiaye", "Sonatel", "SN"},
	{"Matthew O’Brien", "Trinity College Dublin", "IE"},
	{"נועה לוי", "Technion", "IL"},
	{"Zoltán Nagy", "Magyar Telekom", "HU"},
	{"Aigerim Nurlanova", "Kazakhtelecom", "KZ"},
	{"Carlos Mendoza", "Universidad de la República", "UY"},
	{"ლევან ბერიძე", "Tbilisi State University", "GE"},
	{"Anna Lindqvist", "Ericsson", "SE"},
	{"Kwame Mensah", "University of Ghana", "GH"},
	{"สมชาย ใจดี", "จุฬาลงกรณ์มหาวิทยาลัย", "TH"},
	{"Leila Ben Youssef", "Tunisie Telecom", "TN"},
	{"David Tremblay", "Université de Montréal", "CA"},
	{"Mere Ngata", "University of Auckland", "NZ"},
	{"Олена Коваленко", "Київстар", "UA"},
	{"Hassan Abdullahi", "Telecom Egypt", "EG"},
	{"Birgit Hofer", "Technische Universität Wien", "AT"},
	{"Rui Tanaka", "NTT", "JP"},
	{"Isabela Costa", "Universidade de Coimbra", "PT"},
	{"Thabo Mokoena", "University of Cape Town", "ZA"},
	{"Mariam Traoré", "Orange Mali", "ML"},
	{"Jakub Novák", "České vysoké učení technické", "CZ"},
	{"Siti Rahmawati", "Institut Teknologi Bandung", "ID"},
	{"Emre Yılmaz", "Türk Telekom", "TR"},
	{"Grace Achieng", "University of Nairobi", "KE"},
	{"Andrei Popescu", "Universitatea Politehnica București", "RO"},
	{"Sara Haddad", "American University of Beirut", "LB"},
	{"Mikkel Sørensen", "Danmarks Tekniske Universitet", "DK"},
	{"Bahrom Karimov", "Uzbektelecom", "UZ"},
	{"Lucía Fernández", "Universidad de Buenos Aires", "AR"},
}

// delegates are of the organization that has a focal point.
var delegates = []string{"Céline Favre", "Luca Bernasconi", "Ursina Caflisch", "Jürg Zürcher", "Thinley Dorje", "Anita Gashi"}

// filled is a meeting with who is registered for it.
type filled struct {
	code      string
	people    int // of participants, or of delegates where there is a focal point to decide
	delegates bool
	undecided int // how many of them wait for a decision
	answers   api.Answers
}

// all are the meetings with people: one that is nearly full, where the manager has work;
// one that is full, with a line; one where the focal point has work.
var all = []filled{
	{code: "C-00016342", people: 38, answers: api.Answers{"meals": {"any"}, "tracks": {"hybrid"}}},
	{code: sixthDayCode, people: sixthDayPlaces - 2, undecided: 12, answers: api.Answers{"meals": {"any"}, "speaker": {"no"}}},
	{code: "C-00016366", people: 17, answers: api.Answers{"meals": {"vegetarian"}, "nationality": {"UY"}}},
	{code: studyGroupCode, people: len(delegates), delegates: true, undecided: len(delegates), answers: api.Answers{"role": {"delegate"}, "meals": {"any"}}},
	{code: youthSummitCode, people: youthSummitPlaces + 5, answers: api.Answers{"birth": {"2004-06-15"}, "motivation": {"To write it down."}}},
}

// fill registers participants for the meetings that have none yet. What needs an approval
// gets the manager's, but for those that are to wait.
func (d *Demo) fill(ctx context.Context) error {
	for _, f := range all {
		if err := d.fillOne(ctx, f); err != nil {
			return fmt.Errorf("demo: fill %s: %w", f.code, err)
		}
	}
	return nil
}

func (d *Demo) fillOne(ctx context.Context, f filled) error {
	meeting, err := d.service.Meetings().Get(ctx, f.code)
	if err != nil || meeting.Taken > 0 {
		return err
	}
	entries := make([]registrations.Entry, f.people)
	for i := range entries {
		entries[i] = f.entry(i)
		if meeting.Visa && i < visas {
			entries[i].Register.Visa, entries[i].Register.Passport = true, passport(entries[i].Country, i, meeting.End())
		}
	}
	entered, err := d.service.Registrations().Enter(ctx, entries)
	if err != nil || meeting.Approval == api.ApprovalNone {
		return err
	}
	var decisions []api.Decide
	for _, r := range entered[:f.people-f.undecided] {
		decisions = append(decisions, api.Decide{Registration: r.Number, Approve: true})
	}
	return d.decide(ctx, decisions...)
}

// visas is how many of those who are registered ask for visa support.
const visas = 3

// passport is one of nobody's, good until some years after a meeting.
func passport(country string, i int, end time.Time) *api.Passport {
	day := func(years int) string { return end.AddDate(years, 0, i).Format(time.DateOnly) }
	return &api.Passport{
		FamilyName: "Specimen", GivenNames: "Made Up", Nationality: country, Birth: day(-40), BirthPlace: "Nowhere",
		Number: fmt.Sprintf("SPECIMEN%d", i+1), Issued: day(-4), Expires: day(6),
	}
}

// entry is the registration of one of them.
func (f *filled) entry(i int) registrations.Entry {
	e := registrations.Entry{Register: api.Register{Meeting: f.code, Participation: api.OnSite, Answers: f.answers}}
	if f.delegates {
		o := delegation()
		e.Person, e.OrganizationID, e.Organization, e.Country, e.Membership = delegates[i], o.ID, o.Name, o.Country, o.Membership
	} else {
		p := participants[i%len(participants)]
		e.Person, e.Organization, e.Country, e.Membership = p.name, p.organization, p.country, "academia"
	}
	e.Register.BadgeName = e.Person
	return e
}
