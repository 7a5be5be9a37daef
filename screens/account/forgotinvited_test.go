package account

import (
	"testing"

	"plenary/api"
	"plenary/screens/screentest"
	"plenary/words"
)

// theirs is what the code of somebody who was invited says.
var theirs = api.LinkedSignUp{Who: "Inês Costa", Organization: "Orange", Terms: true, Username: "ines.costa"}

// invited types the code of an invitation.
func invited(t *testing.T) (*Forgot, *fakeRecovery) {
	t.Helper()
	acc := &fakeRecovery{linked: theirs}
	f, _, _ := newTestForgot(t, acc, "ines@example.net")
	f.request()
	f.showCode(false)
	f.code.Entry.SetText("7K3QD-9XW2M")
	f.check()
	if f.accept == nil {
		t.Fatalf("the terms are not asked for, but %q is shown", f.title.String())
	}
	return f, acc
}

func TestForgot_invitedAcceptsTheTermsAndChoosesAUsername(t *testing.T) {
	f, acc := invited(t)
	screentest.Says(t, f.accept.whose.String(), "Inês Costa", "Orange")
	f.password.Password.SetText("Kelp-84-orbit?tin")
	f.password.Confirm.SetText("Kelp-84-orbit?tin")
	f.reset()
	if len(acc.resets) != 0 {
		t.Fatal("sent without the terms")
	}
	f.accept.consent.terms.SetChecked(true)
	f.accept.consent.privacy.SetChecked(true)
	f.accept.username.SetText("x")
	f.reset()
	if len(acc.resets) != 0 || f.accept.field.Error() == "" {
		t.Fatalf("sent with a username that is none: %+v", acc.resets)
	}
	f.accept.username.SetText("ines")
	acc.err = map[string]error{"reset": &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/username", Code: api.FieldInvalid}}}}
	f.reset()
	if f.accept.field.Error() == "" || f.bar.String() != "" {
		t.Errorf("the refusal is said at %q, not at the username", f.bar.String())
	}
	acc.err = nil
	f.reset()
	if last := acc.resets[len(acc.resets)-1]; !last.AcceptTerms || !last.ReadPrivacy || last.Username != "ines" || last.Code != "7K3QD-9XW2M" {
		t.Errorf("sent %+v", last)
	}
	if f.title.String() != "Your account is active" {
		t.Errorf("the end says %q", f.title.String())
	}
}

func TestForgot_invitedKeepsWhatWasTypedInAnotherLanguage(t *testing.T) {
	f, _ := invited(t)
	f.accept.username.SetText("ines")
	f.accept.consent.terms.SetChecked(true)
	env := f.env
	env.Words = words.For("fr")
	n := f.In(env).(*Forgot)
	if n.accept == nil || n.accept.username.Text != "ines" || !n.accept.consent.terms.Checked() || n.accept.consent.privacy.Checked() {
		t.Errorf("in French: %+v", n.accept)
	}
}
