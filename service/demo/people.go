package demo

import (
	"context"
	"fmt"

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

// fill registers participants for meetings that have none yet: all places of
// the Youth Summit, and some elsewhere. What needs an approval gets the manager's.
func (d *Demo) fill(ctx context.Context) error {
	m := d.service.Meetings()
	for _, f := range []struct {
		code    string
		people  int
		answers api.Answers
	}{
		{"C-00016342", 38, api.Answers{"meals": {"any"}, "tracks": {"hybrid"}}},
		{"C-00016512", 46, api.Answers{"meals": {"any"}, "speaker": {"no"}}},
		{"C-00016366", 17, api.Answers{"meals": {"vegetarian"}, "nationality": {"UY"}}},
		{youthSummitCode, youthSummitPlaces, api.Answers{"birth": {"2004-06-15"}, "motivation": {"To write it down."}}},
	} {
		meeting, err := m.Get(ctx, f.code)
		if err != nil {
			return fmt.Errorf("demo: fill %s: %w", f.code, err)
		}
		if meeting.Taken > 0 {
			continue
		}
		entries := make([]registrations.Entry, f.people)
		for i := range entries {
			p := participants[i%len(participants)]
			entries[i] = registrations.Entry{
				Person: p.name, Organization: p.organization, Country: p.country, Membership: "academia",
				Register: api.Register{
					Meeting: f.code, Participation: api.OnSite, BadgeName: p.name, Answers: f.answers,
				},
			}
		}
		entered, err := d.service.Registrations().Enter(ctx, entries)
		if err != nil {
			return fmt.Errorf("demo: fill %s: %w", f.code, err)
		}
		if meeting.Approval == api.ApprovalNone {
			continue
		}
		decisions := make([]api.Decide, len(entered))
		for i, r := range entered {
			decisions[i] = api.Decide{Registration: r.Number, Approve: true}
		}
		if err := d.decide(ctx, decisions...); err != nil {
			return fmt.Errorf("demo: fill %s: %w", f.code, err)
		}
	}
	return nil
}
