package accounts

import (
	"errors"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/mail"
)

// brokenRules are the rules by which a password was refused, joined by spaces.
func brokenRules(t *testing.T, err error) string {
	t.Helper()
	p, ok := errors.AsType[*api.Problem](err)
	if !ok || p.Code != api.CodePasswordRefused {
		return "not refused: " + string(code(t, err))
	}
	var rules []string
	for _, e := range p.Errors {
		if e.Pointer != "/password" {
			t.Errorf("about %s", e.Pointer)
		}
		rules = append(rules, e.Code)
	}
	return strings.Join(rules, " ")
}

// TestNewPassword_isRefusedByRules, the same ones wherever a password is chosen.
func TestNewPassword_isRefusedByRules(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Name = func() string { return "Global Example Union" }
		w.Credentials.Breached = func(password string) (bool, error) {
			return password == "Seagull#7-Anchor" || password == "Zo\u00eb#7-Seagull", nil
		}
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		flow, m := w.recover("amina")
		ways := map[string]func(password string) error{
			"sign-up": func(password string) error {
				in := signUpOf("boris@example.org", "boris")
				in.Password = password
				return w.SignUp(t.Context(), in)
			},
			"change": func(password string) error {
				_, err := w.ChangePassword(t.Context(), p, api.ChangePassword{Current: goodPassword, New: password})
				return err
			},
			"reset": func(password string) error {
				return w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: password})
			},
			"reset by link": func(password string) error {
				return w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: password})
			},
			"operator": func(password string) error { return w.SetPassword(t.Context(), "amina", password) },
			"made by the operator": func(password string) error {
				_, err := w.Create(t.Context(), staff.NewAccount{Username: "carol", Email: "carol@example.org", Password: password, FamilyName: "C"})
				return err
			},
		}
		for password, want := range map[string]string{
			"short":                        "length upper number symbol guess",
			"Password123!":                 "guess",
			"Plenary2026!":                 "guess",
			"GlobalExampleUnion#1":         "guess",
			"Geu-2026!":                    "guess",
			"Seagull#7-Anchor":             "breached",
			"Zoe\u0308#7-Seagull":          "breached", // however it is composed
			strings.Repeat("aB3#xYz9", 17): "too-long",
		} {
			for name, set := range ways {
				if got := brokenRules(t, set(password)); got != want {
					t.Errorf("%s, %.20q: refused by %q, want %q", name, password, got, want)
				}
			}
		}
		for _, name := range []string{"change", "reset", "reset by link"} {
			if got := brokenRules(t, ways[name](goodPassword)); got != "same" {
				t.Errorf("%s to the one of now: %q", name, got)
			}
		}
		w.Credentials.Breached = func(string) (bool, error) { return false, errors.New("the disk is gone") }
		for name, set := range ways {
			if err := set(otherPassword); err == nil || api.HasCode(err, api.CodePasswordRefused) {
				t.Errorf("%s, without its list: %v", name, err)
			}
		}
		w.Credentials.Breached = nil
		if got := brokenRules(t, ways["reset"](otherPassword)); got != "not refused: " {
			t.Errorf("a good one: %q", got)
		}
	})
}

// TestNewPassword_isNotTheAnswer: what is typed in the clear, and perhaps told to
// the service desk, does not open the account; nor is the password an answer.
func TestNewPassword_isNotTheAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const answer = "Quay of the 7 Herons!"
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		ask := func(answer string) string {
			err := w.SetSecretQuestion(t.Context(), p, api.SetSecretQuestion{Question: "first-street", Answer: answer})
			if p, ok := errors.AsType[*api.Problem](err); ok && len(p.Errors) == 1 {
				return p.Errors[0].Pointer + " " + p.Errors[0].Code
			}
			return string(code(t, err))
		}
		for _, bad := range []string{goodPassword, " " + goodPassword + "\n", "123", "1 2 3 4", "qwerty", "aaa", "answer", "Example Telecom"} {
			if got := ask(bad); got != "/answer invalid" {
				t.Errorf("%q as the answer: %q", bad, got)
			}
		}
		if got := ask(strings.Repeat("x1", 90)); got != "" {
			t.Errorf("longer than a password: %q", got)
		}
		if got := ask(answer); got != "" {
			t.Fatal(got)
		}
		change := func(password string) error {
			_, err := w.ChangePassword(t.Context(), p, api.ChangePassword{Current: goodPassword, New: password})
			return err
		}
		for _, same := range []string{answer, "QuayOf-the7Herons"} {
			if got := brokenRules(t, change(same)); got != "guess" {
				t.Errorf("the answer as %q: %q", same, got)
			}
		}
		// Nobody learns the answer, or the password, without the password.
		_, err := w.ChangePassword(t.Context(), p, api.ChangePassword{Current: "x", New: answer})
		wantCode(t, err, api.CodeCredentials)
		_, err = w.ChangePassword(t.Context(), p, api.ChangePassword{Current: "x", New: goodPassword})
		wantCode(t, err, api.CodeCredentials)
		wantCode(t, change(otherPassword), "")
	})
}

// A hash that cannot be read lets nobody in, fails nothing, and is counted: its owner
// sets another password.
func TestLogIn_withAStoredHashThatCannotBeRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.sql(`UPDATE credentials SET password = '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'`)
		_, err := w.logIn("amina", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		wantCode(t, w.Reauthenticate(t.Context(), w.by(s), api.Reauthenticate{Password: goodPassword}), api.CodeCredentials)
		if n := w.UnreadableHashes(); n != 2 {
			t.Errorf("%d are counted", n)
		}
		flow, m := w.recover("amina")
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), "")
		w.mustLogIn("amina", otherPassword)
	})
}
