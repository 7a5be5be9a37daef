//go:build e2e

package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/mail"
)

// Who is invited sees for whom the account is, chooses a username and a password, accepts
// the terms, and has an account; the link is good once.
func TestInvitationPage_leadsToAnAccount(t *testing.T) {
	s, key := runService(t)
	boss, err := s.Accounts().Create(t.Context(), staff.NewAccount{
		Username: "boss", Email: "boss@example.org", Password: "Tr4vel-Lemur&Quartz", FamilyName: "Boss", Roles: []string{api.RoleAdministrator},
		Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts().InviteUser(t.Context(), caller.Caller{AccountID: boss}, api.InviteUser{
		FirstName: "Amina", FamilyName: "Okafor", Email: "amina@example.org", Language: "en", Membership: "un-agency", Country: "CH",
		NewOrganization: &api.NewOrganization{Name: "Example"}, Reason: "asked by telephone",
	}); err != nil {
		t.Fatal(err)
	}
	var link string
	for m, err := range mail.Outgoing(t.Context(), s.DB(), key, mail.Info{Organization: "Example Organization", ServiceDesk: "servicedesk@example.org"}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Template == mail.Invited {
			link = m.Secrets[mail.Link]
		}
	}
	b, do := begin(t)
	for _, lang := range []string{"fr", "es", "ru", "zh", "ar", "en"} {
		do(b.Open(strings.Replace(link, "lang=en", "lang="+lang, 1)), b.Wait("#ask"), b.Wait("#username-field"), b.Wait("#consent"))
		if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
			do(b.SavePNG(filepath.Join(dir, "invitation-"+lang+".png")))
		}
	}
	for selector, want := range map[string]string{"#who": "Amina Okafor", "#organization": "Example"} {
		if got, err := b.Text(selector); err != nil || got != want {
			t.Errorf("%s is %q (%v)", selector, got, err)
		}
	}
	const password = "Br1ght_Otter^Meadow"
	const submit = "#reset button[type=submit]"
	do(b.Fill("#username", "no spaces"), b.Fill("#password", password), b.Fill("#confirm", password), b.Click(submit),
		b.Wait("#terms-problem"), b.Wait("#privacy-problem"), b.Click("#terms"), b.Click("#privacy"), b.Click(submit),
		b.Wait("#username-problem"), b.Fill("#username", "amina.o"), b.Click(submit), b.Wait("#done"))
	if _, err := s.Accounts().LogIn(t.Context(), api.LogIn{Identifier: "amina.o", Password: password}); err != nil {
		t.Errorf("log in: %v", err)
	}
	do(b.Open(link), b.Wait("#expired"))
}
