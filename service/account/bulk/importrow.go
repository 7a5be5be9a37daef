package bulk

import (
	"hash/maphash"
	"reflect"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
)

// importRow is a row that was judged by itself.
type importRow struct {
	line int
	account.Person
	why string // not empty: refused
}

// judge turns a row into a profile, by the rules of a sign-up.
func (r *importRun) judge(row userRow) importRow {
	out := importRow{line: row.line, why: row.why}
	field := func(name string) string { return row.fields[name] }
	if name := field("username"); rules.ValidUsername(name) {
		out.Username = name
	}
	if out.why != "" {
		return out
	}
	for _, name := range []string{"title", "first_name", "family_name", "organization"} {
		if s := field(name); len(s) > 1 && strings.ContainsRune("=+-@", rune(s[0])) {
			out.why = name + ": looks like a formula"
			return out
		}
	}
	v := account.Validation{}
	username := out.Username
	out.Person = r.ValidPerson(&v, r.asked(row))
	out.Username = username
	if username == "" {
		v.Wrong("/username", api.FieldInvalid)
	}
	var err error
	if out.Email, err = rules.ReadEmail(field("email")); err != nil {
		v.Wrong("/email", api.FieldInvalid)
	}
	if !slices.Contains(languages, out.Language) {
		v.Wrong("/language", api.FieldUnknown)
	}
	if out.Name == "" {
		out.Country, out.Membership = r.without(&v, row)
	}
	if len(v.Fields) > 0 {
		out.why = explainFields(v.Fields)
		return out
	}
	if r.repeated(out.Person) {
		out.why = "username or email: stands in the file before"
	}
	return out
}

// languages are those that an account can have.
var languages = strings.Split(contractTag(reflect.TypeFor[api.ChangeProfile](), "Language", "enum"), ",")

// asked is what the row would have asked for in Settings.
func (r *importRun) asked(row userRow) api.ChangeProfile {
	in := api.ChangeProfile{
		Title: row.fields["title"], FirstName: row.fields["first_name"], FamilyName: row.fields["family_name"],
		Phone: row.fields["phone"], Language: strings.ToLower(row.fields["language"]),
		Country: strings.ToUpper(row.fields["country"]), Membership: strings.ToLower(row.fields["membership"]),
	}
	if in.Language == "" {
		in.Language = "en"
	}
	name := row.fields["organization"]
	if name == "" {
		return in
	}
	if in.Membership == "" {
		in.Membership = string(rules.UnknownMembership)
	}
	if id := r.find(name, in.Country, in.Membership); id != "" {
		in.OrganizationID = id
	} else {
		in.NewOrganization = &api.NewOrganization{Name: name}
	}
	return in
}

// without judges country and membership of somebody without an organization.
func (r *importRun) without(v *account.Validation, row userRow) (country, membership string) {
	country, membership = strings.ToUpper(row.fields["country"]), strings.ToLower(row.fields["membership"])
	if country != "" && !rules.IsCountry(country) {
		v.Wrong("/country", api.FieldInvalid)
	}
	if m := rules.Membership(membership); membership != "" && !m.Real() && m != rules.UnknownMembership {
		v.Wrong("/membership", api.FieldInvalid)
	}
	return country, membership
}

// explainFields says in words what is wrong, without what was typed.
func explainFields(fields []api.FieldError) string {
	var words []string
	for _, f := range fields {
		name := strings.TrimPrefix(f.Pointer, "/")
		if name == "new_organization/name" {
			name = "organization"
		}
		words = append(words, name+": "+f.Code)
	}
	return strings.Join(words, ", ")
}

// repeated tells whether an earlier row has this address or username.
func (r *importRun) repeated(p account.Person) bool {
	again := false
	keys := []uint64{
		maphash.String(r.seed, "e"+rules.EmailKey(p.Email)), maphash.String(r.seed, "u"+rules.UsernameKey(p.Username)),
	}
	for _, key := range keys {
		_, known := r.seen[key]
		again = again || known
		r.seen[key] = struct{}{}
	}
	return again
}

// indexOrganizations makes the directory findable by country and folded name.
func indexOrganizations(list []api.Organization) map[string][]api.Organization {
	index := make(map[string][]api.Organization, len(list))
	for _, o := range list {
		key := organizationKey(o.Name, o.Country)
		index[key] = append(index[key], o)
	}
	return index
}

func organizationKey(name, country string) string {
	return country + " " + strings.Join(strings.Fields(rules.Fold(name)), " ")
}

// find gives the id of the one organization of the directory with this name in
// the country and, if that is known, of the membership type; or "".
func (r *importRun) find(name, country, membership string) string {
	found := ""
	for _, o := range r.index[organizationKey(name, country)] {
		if membership != string(rules.UnknownMembership) && o.Membership != membership {
			continue
		}
		if found != "" {
			return ""
		}
		found = o.ID
	}
	return found
}
