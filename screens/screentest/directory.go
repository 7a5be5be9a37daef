package screentest

import (
	"strings"

	"plenary/api"
)

// Directory holds a few organizations and finds them by any part of their name.
type Directory struct {
	Listeners
	List     []api.Organization
	NotReady bool
}

func (d *Directory) Ready() bool { return !d.NotReady }

func (d *Directory) Search(query, membership, country string, limit int) []api.Organization {
	var out []api.Organization
	for _, o := range d.List {
		fits := strings.Contains(strings.ToLower(o.Name), strings.ToLower(query))
		if !d.NotReady && fits && (membership == "" || o.Membership == membership) && (country == "" || o.Country == country) && len(out) < limit {
			out = append(out, o)
		}
	}
	return out
}

func Organizations() []api.Organization {
	return []api.Organization{
		{ID: "1", Name: "Movistar (Telefónica)", Country: "ES", Membership: "sector-member"},
		{ID: "2", Name: "TeleCable", Country: "ES", Membership: "sector-member"},
		{ID: "3", Name: "Telecommunications Regulatory Authority of a Country Whose Name Is Long Enough to Fill All of the Hundred and Eighteen", Country: "BO", Membership: "member-state"},
		{ID: "4", Name: "الهيئة القومية لتنظيم الاتصالات tele", Country: "EG", Membership: "member-state"},
		{ID: "5", Name: "中国电信 tele", Country: "CN", Membership: "sector-member"},
	}
}
