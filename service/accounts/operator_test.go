package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/policy"
)

func TestSetPassword_endsWhatWasBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		before := w.mustLogIn("amina", goodPassword)
		if err := w.SetPassword(t.Context(), "nobody", otherPassword); code(t, err) != api.CodeNotFound {
			t.Errorf("nobody: %v", err)
		}
		if err := w.SetPassword(t.Context(), "amina", "short"); code(t, err) != api.CodePasswordRefused {
			t.Errorf("short: %v", err)
		}
		if err := w.SetPassword(t.Context(), "Amina", otherPassword); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Authenticate(t.Context(), before.Access); err == nil {
			t.Error("the session goes on")
		}
		if _, err := w.logIn("amina", goodPassword); code(t, err) != api.CodeCredentials {
			t.Errorf("the old password: %v", err)
		}
		w.mustLogIn("amina", otherPassword)
	})
}

// The operator knows nobody's password: a link that he hands over is good once, for 72
// hours, and the password of before is not from then on.
func TestHandLink_letsTheOwnerChoose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		before := w.mustLogIn("amina", goodPassword)
		if _, err := w.HandLink(t.Context(), "nobody"); code(t, err) != api.CodeNotFound {
			t.Errorf("nobody: %v", err)
		}
		hand := func() string {
			t.Helper()
			h, err := w.HandLink(t.Context(), "Amina")
			if err != nil {
				t.Fatal(err)
			}
			page, token, ok := strings.Cut(h.Link, "#")
			if !ok || page != "https://accounts.example.org/reset?lang=en" || h.Until.Sub(w.Now()) != 72*time.Hour {
				t.Fatalf("the link: %s until %v", h.Link, h.Until)
			}
			return token
		}
		first := hand()
		if _, err := w.Authenticate(t.Context(), before.Access); err == nil {
			t.Error("the session goes on")
		}
		if _, err := w.logIn("amina", goodPassword); code(t, err) != api.CodeCredentials {
			t.Errorf("the old password: %v", err)
		}
		second := hand()
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: first, Password: otherPassword, AcceptTerms: true, ReadPrivacy: true}); code(t, err) != api.CodeCodeExpired {
			t.Errorf("the link of before: %v", err)
		}
		w.pass(72*time.Hour - time.Second)
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: second, Password: "short", AcceptTerms: true, ReadPrivacy: true}); code(t, err) != api.CodePasswordRefused {
			t.Errorf("a bad password: %v", err)
		}
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: second, Password: otherPassword, AcceptTerms: true, ReadPrivacy: true}); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("amina", otherPassword)
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: second, Password: goodPassword, AcceptTerms: true, ReadPrivacy: true}); code(t, err) != api.CodeCodeExpired {
			t.Errorf("a second time: %v", err)
		}
		third := hand()
		w.pass(72 * time.Hour)
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: third, Password: goodPassword, AcceptTerms: true, ReadPrivacy: true}); code(t, err) != api.CodeCodeExpired {
			t.Errorf("after 72 hours: %v", err)
		}
	})
}

// An account that the operator makes has no password that he knows.
func TestCreate_withoutAPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.Create(t.Context(), staff.NewAccount{
			Username: "mei", Email: "mei@example.org", FamilyName: "Mei",
			Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
		}); err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{"", goodPassword} {
			if _, err := w.logIn("mei", typed); err == nil {
				t.Errorf("it takes %q", typed)
			}
		}
		h, err := w.HandLink(t.Context(), "mei")
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ := strings.Cut(h.Link, "#")
		// Who signs up accepts the terms; so does whoever is let in by the operator.
		if shown, err := w.ResetByLinkOf(t.Context(), api.Link{Token: token}); err != nil || shown != (api.LinkedSignUp{Terms: true}) {
			t.Errorf("the page shows %+v, %v", shown, err)
		}
		for _, in := range []api.ResetByLink{{}, {AcceptTerms: true}, {ReadPrivacy: true}} {
			in.Token, in.Password = token, otherPassword
			if err := w.ResetByLink(t.Context(), in); code(t, err) != api.CodeInvalid {
				t.Errorf("%+v: %v", in, err)
			}
		}
		if err := w.ResetByLink(t.Context(), api.ResetByLink{Token: token, Password: otherPassword, AcceptTerms: true, ReadPrivacy: true}); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("mei", otherPassword)
	})
}

func TestDeactivate_leavesTheLastAdministrator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"first", "second"} {
			w.register(name+"@example.org", name)
			if err := w.SetRoles(t.Context(), name, []string{api.RoleAdministrator}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Deactivate(t.Context(), "first"); err != nil {
			t.Fatal(err)
		}
		if err := w.Deactivate(t.Context(), "second"); code(t, err) != api.CodeLastAdministrator {
			t.Errorf("the last one: %v", err)
		}
		if err := w.Deactivate(t.Context(), "first"); err != nil {
			t.Errorf("one who is deactivated already: %v", err)
		}
	})
}

func TestDeactivate_untilReactivated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		before := w.mustLogIn("amina", goodPassword)
		for range 2 {
			if err := w.Deactivate(t.Context(), "amina"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Authenticate(t.Context(), before.Access); err == nil {
			t.Error("the session goes on")
		}
		if _, err := w.logIn("amina", goodPassword); code(t, err) != api.CodeDeactivatedByStaff {
			t.Errorf("the right password: %v", err)
		}
		if _, err := w.logIn("amina", "wrong"); code(t, err) != api.CodeCredentials {
			t.Errorf("a wrong password must not tell: %v", err)
		}
		if err := w.Reactivate(t.Context(), "amina"); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("amina", goodPassword)
		if err := w.Deactivate(t.Context(), "nobody"); code(t, err) != api.CodeNotFound {
			t.Errorf("nobody: %v", err)
		}
	})
}

func TestReactivate_endsTheLockAfterWrongPasswords(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for range policy.Default().Limits.IdentifierFailures {
			wantCode(t, w.fail("amina"), api.CodeCredentials)
		}
		if _, err := w.logIn("amina", goodPassword); code(t, err) != api.CodeDeactivated {
			t.Fatalf("after too many wrong passwords: %v", err)
		}
		if err := w.Reactivate(t.Context(), "amina"); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("amina", goodPassword)
	})
}
