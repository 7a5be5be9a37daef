package accounts

import (
	"strings"
	"testing"

	"plenary/api"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/mail"
)

// replacing is a sign-up with other data that takes the place of one.
func replacing(before api.SignUp, email string) api.SignUp {
	in := before
	in.Flow, in.Replaces, in.Email = tokens.New(), before.Flow, email
	return in
}

func TestSignUp_takesThePlaceOfOneForTheWrongAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wrong := signUpOf("amina@exmaple.org", "amina")
		w.signUp(wrong)
		old := w.lastMail(mail.Activate)
		right := replacing(wrong, "amina@example.org")
		w.signUp(right)
		w.signUp(right) // a repetition is the same one
		m := w.lastMail(mail.Activate)
		if m.To != "amina@example.org" {
			t.Errorf("the e-mail went to %s", m.To)
		}
		if tables := w.holds("exmaple"); len(tables) != 0 {
			t.Errorf("the address of before is in %q", tables)
		}
		if n := w.noted(audit.SignUpEnded); n != 1 {
			t.Errorf("%d sign-ups ended", n)
		}
		state, err := w.SignUpState(t.Context(), api.Flow{Token: wrong.Flow})
		if err != nil || state.State != api.SignUpEnded {
			t.Errorf("the one before: %v, %v", state, err)
		}
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, old), Password: wrong.Password}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: wrong.Flow, Code: old.Secrets[mail.Code], Password: wrong.Password}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: right.Flow, Code: m.Secrets[mail.Code], Password: right.Password}), "")
		w.mustLogIn("amina", right.Password)
	})
}

// Whatever was to be replaced, and whether the new address has an account, the answer is
// the same, and what is none of a sign-up's own stays.
func TestSignUp_tellsNothingOfWhatItReplaces(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		active := w.register("owner@example.org", "owner")
		other := signUpOf("other@example.org", "other")
		w.signUp(other)
		for name, before := range map[string]api.SignUp{
			"nothing":   signUpOf("new@example.org", "new"),
			"an active": active,
		} {
			for _, email := range []string{"free-" + before.Username + "@example.org", "owner@example.org"} {
				if err := w.SignUp(t.Context(), replacing(before, email)); err != nil {
					t.Errorf("%s, %s: %v", name, email, err)
				}
			}
		}
		for flow, want := range map[string]string{active.Flow: api.SignUpActive, other.Flow: api.SignUpWaiting} {
			if state, err := w.SignUpState(t.Context(), api.Flow{Token: flow}); err != nil || state.State != want {
				t.Errorf("%v, %v, want %s", state, err, want)
			}
		}
		w.mustLogIn("owner", active.Password)
		in := replacing(other, "third@example.org")
		in.Replaces = strings.Repeat("!", 43)
		wantCode(t, w.SignUp(t.Context(), in), api.CodeInvalid)
	})
}

// A sign-up is activated or replaced, whichever comes first.
func TestSignUp_isReplacedAndActivatedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		before := signUpOf("amina@example.org", "amina")
		w.signUp(before)
		code := w.lastMail(mail.Activate).Secrets[mail.Code]
		after := replacing(before, "amina@example.com")
		got := count(t, 2, func(i int) error {
			if i == 0 {
				return w.SignUp(t.Context(), after)
			}
			return w.Activate(t.Context(), api.Activate{Flow: before.Flow, Code: code, Password: before.Password})
		})
		state, err := w.SignUpState(t.Context(), api.Flow{Token: before.Flow})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{api.SignUpActive: 2, api.SignUpEnded: 1}[state.State]
		if got[""] != want || w.noted(audit.Activated) != want-1 || w.noted(audit.SignUpEnded) != 2-want {
			t.Errorf("%s after %v", state.State, got)
		}
		if state, err := w.SignUpState(t.Context(), api.Flow{Token: after.Flow}); err != nil || state.State != api.SignUpWaiting {
			t.Errorf("the new one: %v, %v", state, err)
		}
	})
}
