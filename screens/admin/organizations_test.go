package admin

import (
	"slices"
	"testing"

	"plenary/screens/screentest"
)

func TestOrganizations_mergeAsksOnceAndNamesBoth(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.organizations")
	m.entered.list.Choose(0)
	screentest.Tap(t, w, "organizations.merge.d1")
	if len(service.Done) != 0 {
		t.Fatal("merged without a question")
	}
	screentest.Tap(t, w, "organizations.merge.yes")
	if !slices.Equal(service.Done, []string{"merge o1 with d1"}) {
		t.Fatalf("done %q", service.Done)
	}
	screentest.Says(t, m.bar.String(), "Telefonica S.A.", "Telefónica")
	if len(m.entered.listing.Rows) != 2 || m.entered.detail.chosen != nil {
		t.Error("the merged one is still there")
	}
}

func TestOrganizations_acceptAsCorrected(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.organizations")
	m.entered.list.Choose(1) // entered with "I don't know"
	screentest.Tap(t, w, "organizations.accept")
	if len(service.Done) != 0 || m.entered.detail.form.Field("membership").Error() == "" {
		t.Fatalf("accepted without a membership type: %q", service.Done)
	}
	m.entered.detail.form.Set("membership", "academia")
	m.entered.detail.form.Set("name", " University of X ")
	screentest.Tap(t, w, "organizations.accept")
	if !slices.Equal(service.Done, []string{"accept o2 as University of X, GB, academia"}) {
		t.Errorf("done %q", service.Done)
	}
}
