package screens

import (
	"slices"
	"testing"
)

func TestOrganizations_mergeAsksOnceAndNamesBoth(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.organizations")
	m.entered.list.choose(0)
	tap(t, w, "organizations.merge.d1")
	if len(office.done) != 0 {
		t.Fatal("merged without a question")
	}
	tap(t, w, "organizations.merge.yes")
	if !slices.Equal(office.done, []string{"merge o1 with d1"}) {
		t.Fatalf("done %q", office.done)
	}
	says(t, m.bar.String(), "Telefonica S.A.", "Telefónica")
	if len(m.entered.listing.rows) != 2 || m.entered.detail.chosen != nil {
		t.Error("the merged one is still there")
	}
}

func TestOrganizations_acceptAsCorrected(t *testing.T) {
	office := testManagement()
	m, w := testManagementScreen(t, testEnv(t), office)
	tap(t, w, "management.tab.organizations")
	m.entered.list.choose(1) // entered with "I don't know"
	tap(t, w, "organizations.accept")
	if len(office.done) != 0 || m.entered.detail.membershipField.Error() == "" {
		t.Fatalf("accepted without a membership type: %q", office.done)
	}
	m.entered.detail.membership.SetID("academia")
	m.entered.detail.name.SetText(" University of X ")
	tap(t, w, "organizations.accept")
	if !slices.Equal(office.done, []string{"accept o2 as University of X, GB, academia"}) {
		t.Errorf("done %q", office.done)
	}
}
