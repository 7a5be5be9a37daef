package admin

import (
	"slices"
	"testing"

	"plenary/api"
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

func TestOrganizations_refusedFieldsAreSaidAtTheField(t *testing.T) {
	service := screentest.NewManagement()
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/name", Code: api.FieldInvalid}}}
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.organizations")
	m.entered.list.Choose(0)
	screentest.Tap(t, w, "organizations.accept")
	if m.entered.detail.form.Field("name").Error() == "" || m.bar.String() != "" {
		t.Errorf("the refusal is not said at the name, and the bar says %q", m.bar)
	}
}

// What was typed for one stays while another one is looked at, and is named until it is
// done.
func TestOrganizations_whatWasTypedStays(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.organizations")
	m.entered.list.Choose(0)
	m.entered.detail.form.Set("name", "Telefónica de España")
	m.entered.list.Choose(1)
	if got := m.entered.detail.form.Text("name"); got == "Telefónica de España" || len(m.Unsaved()) != 1 {
		t.Fatalf("there stands %q, unsaved %q", got, m.Unsaved())
	}
	m.entered.list.Choose(0)
	if got := m.entered.detail.form.Text("name"); got != "Telefónica de España" {
		t.Fatalf("there stands %q", got)
	}
	screentest.Tap(t, w, "organizations.accept")
	if len(service.Done) != 1 || len(m.Unsaved()) != 0 {
		t.Errorf("done %q, unsaved %q", service.Done, m.Unsaved())
	}
}

// Another administrator was faster: it is said, and the list is a press away.
func TestOrganizations_dealtWithMeanwhile(t *testing.T) {
	service := screentest.NewManagement()
	m, w := testManagementScreen(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "management.tab.organizations")
	m.entered.list.Choose(0)
	service.ChangeErr = &api.Problem{Code: api.CodeNotFound}
	screentest.Tap(t, w, "organizations.accept")
	screentest.Says(t, m.bar.String(), "Somebody else has dealt with this")
	if m.entered.detail.chosen == nil {
		t.Fatal("what was typed is gone")
	}
	screentest.Tap(t, w, "management.bar.action")
	if m.entered.detail.chosen != nil || m.bar.String() != "" {
		t.Errorf("still shown is %+v", m.entered.detail.chosen)
	}
}
