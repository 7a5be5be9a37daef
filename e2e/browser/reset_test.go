//go:build e2e

package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/mail"
)

// Who forgot the password before activating is shown for whom the account is, chooses
// another password, and has an account.
func TestResetPage_showsForWhomAnAccountWaits(t *testing.T) {
	s, key := runService(t)
	in := api.SignUp{
		Flow: strings.Repeat("A", 43), FirstName: "Amina", FamilyName: "Okafor", Email: "amina@example.org", Language: "en", Username: "amina",
		Password: "Tr4vel-Lemur&Quartz", Membership: "un-agency", Country: "CH", NewOrganization: &api.NewOrganization{Name: "Example"},
		AcceptTerms: true, ReadPrivacy: true,
	}
	forgotten := api.Flow{Token: strings.Repeat("B", 42) + "A"}
	if err := s.Accounts().SignUp(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Accounts().Recover(t.Context(), api.Recover{Flow: forgotten.Token, Identifier: "amina"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Accounts().SendRecovery(t.Context(), forgotten); err != nil {
		t.Fatal(err)
	}
	var link string
	for m, err := range mail.Outgoing(t.Context(), s.DB(), key, mail.Info{Organization: "Example Organization", ServiceDesk: "servicedesk@example.org"}) {
		if err != nil || m.Template != mail.ResetWaiting {
			t.Fatalf("the newest e-mail: %+v, %v", m, err)
		}
		link = m.Secrets[mail.Link]
		break
	}

	b, do := begin(t)
	picture := func(name string) {
		if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
			do(b.SavePNG(filepath.Join(dir, name+".png")))
		}
	}
	for _, lang := range []string{"fr", "es", "ru", "zh", "ar", "en"} {
		do(b.Open(strings.Replace(link, "lang=en", "lang="+lang, 1)), b.Wait("#ask"), b.Wait("#waiting"))
		picture("reset-waiting-" + lang)
	}
	for selector, want := range map[string]string{"#who": "Amina Okafor", "#organization": "Example"} {
		if got, err := b.Text(selector); err != nil || got != want {
			t.Errorf("%s is %q (%v)", selector, got, err)
		}
	}
	// Plenary's own name with a number and a sign fulfils what the page can judge; what
	// the service finds wrong with it is said, and not only that there is something.
	const guessed = "Plenary1!"
	for lang, want := range map[string]string{
		"en": "Still missing: something less easy to guess.", "fr": "Il manque encore\u00a0: quelque chose de moins facile à deviner.",
		"es": "Todavía falta: algo menos fácil de adivinar.", "ru": "Пока не хватает: что-то, что труднее угадать.",
		"zh": "还缺少：更难猜到的内容。", "ar": "ما زال ينقص: شيء أصعب تخميناً.",
	} {
		do(b.Open(strings.Replace(link, "lang=en", "lang="+lang, 1)), b.Wait("#ask"), b.Fill("#password", guessed), b.Fill("#confirm", guessed),
			b.Click("#reset button[type=submit]"), b.Wait("#password-problem"))
		if got, err := b.Text("#password-problem"); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", lang, got, err, want)
		}
		picture("reset-refused-" + lang)
	}
	do(b.Open(link), b.Wait("#ask"))
	const password = "Br1ght_Otter^Meadow"
	do(b.Fill("#password", password), b.Fill("#confirm", password), b.Click("#reset button[type=submit]"), b.Wait("#done"))
	picture("reset-waiting-done")
	if _, err := s.Accounts().LogIn(t.Context(), api.LogIn{Identifier: "amina", Password: password}); err != nil {
		t.Errorf("log in: %v", err)
	}
	do(b.Open(link), b.Wait("#expired"))
}

// Who comes by a link that the operator handed over accepts the terms as in a sign-up.
func TestResetPage_asksForTheTermsWhereTheOperatorHandedTheLinkOver(t *testing.T) {
	s, _ := runService(t)
	if _, err := s.Accounts().Create(t.Context(), staff.NewAccount{
		Username: "mei", Email: "mei@example.org", FamilyName: "Mei",
		Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
	}); err != nil {
		t.Fatal(err)
	}
	handed, err := s.Accounts().HandLink(t.Context(), "mei")
	if err != nil {
		t.Fatal(err)
	}
	b, do := begin(t)
	const password = "Br1ght_Otter^Meadow"
	do(b.Open(handed.Link), b.Wait("#ask"), b.Wait("#consent"), b.Fill("#password", password), b.Fill("#confirm", password),
		b.Click("#reset button[type=submit]"), b.Wait("#terms-problem"), b.Wait("#privacy-problem"))
	if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
		do(b.SavePNG(filepath.Join(dir, "reset-handed.png")))
	}
	do(b.Click("#terms"), b.Click("#privacy"), b.Click("#reset button[type=submit]"), b.Wait("#done"))
	if _, err := s.Accounts().LogIn(t.Context(), api.LogIn{Identifier: "mei", Password: password}); err != nil {
		t.Errorf("log in: %v", err)
	}
}
