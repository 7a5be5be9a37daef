package rules

import (
	"slices"
	"testing"

	"plenary/words"
)

// The rows of sources/registration-manual.txt, verbatim and in its order.
var manualRows = []string{
	"Please choose", "I don't know", "Non-Member", "Member State", "Sector Member", "Associate",
	"Academia, University, Research Establishment", "International/Regional Organizations", "Resolution 99",
	"United Nations, Specialized agency, IAEA", "Media",
}

func TestMemberships_areTheManualsRowsInItsOrder(t *testing.T) {
	var got []string
	for _, m := range Memberships() {
		got = append(got, words.For("en").T("membership."+string(m)))
	}
	if !slices.Equal(got, manualRows) {
		t.Errorf("%q, want %q", got, manualRows)
	}
}

func TestMembership_ofAnOrganizationIsReal(t *testing.T) {
	for m, want := range map[Membership]bool{
		PleaseChoose: false, UnknownMembership: false, "": false, "nonsense": false, NonMember: true, Media: true, MemberState: true,
	} {
		if m.Real() != want {
			t.Errorf("%q: %v", m, !want)
		}
	}
	for kind, m := range dataKinds {
		if !m.Real() {
			t.Errorf("kind %s is of type %s", kind, m)
		}
	}
	if _, ok := MembershipOfKind("nonsense"); ok {
		t.Error("nonsense is a kind")
	}
}

func TestPasswordRules_readAsInTheSource(t *testing.T) {
	// sources/forgotten-password.txt, step 2; the last is design.md's.
	want := []string{
		"At least 8 characters", "An uppercase letter", "A lowercase letter", "A number", "A special symbol", "Not easy to guess",
	}
	for i, r := range PasswordReport("", PolicyClassic, nil) {
		if got := words.For("en").T("password.rule." + string(r.Rule)); got != want[i] {
			t.Errorf("rule %s reads %q, want %q", r.Rule, got, want[i])
		}
	}
}
