package accounts

import (
	"testing"

	"plenary/api"
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
