package service_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store/storetest"
)

// A deletion takes the registrations along, and an export shows them: the parts
// of the service are put together that way.
func TestService_exportsAndErasesRegistrationsWithTheAccount(t *testing.T) {
	for name, database := range map[string]string{
		"sqlite":   filepath.Join(t.TempDir(), "plenary.db"),
		"postgres": storetest.PostgresDSN(t),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := service.Init(t.Context(), database, settings, quiet()); err != nil {
				t.Fatal(err)
			}
			policies := policy.Default()
			policies.DeletionDays = 0
			s, err := service.New(t.Context(), service.Config{
				Database: database, Key: secret.Generate(), Version: "1.0", Log: quiet(), Policies: &policies,
				Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			number, who := registered(t, s)
			who.Roles = []string{api.RoleMeetingManager}
			err = s.Registrations().Invite(t.Context(), who, "C-00016105", api.Invite{
				ID: uuid.NewString(), Until: time.Now().Add(time.Hour), People: []api.Invitee{{Name: "Dr. Amina", Email: "AMINA@example.org"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			e, err := s.Accounts().Export(t.Context(), who)
			if err != nil || !strings.Contains(string(e.Data["registrations"]), number) {
				t.Errorf("export: %s, %v", e.Data["registrations"], err)
			}
			if got := string(e.Data["invitations"]); !strings.Contains(got, "Dr. Amina") || !strings.Contains(got, "C-00016105") {
				t.Errorf("export of invitations: %s", got)
			}
			if _, err := s.Accounts().AskDeletion(t.Context(), who); err != nil {
				t.Fatal(err)
			}
			if err := s.Accounts().Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			r, err := s.Registrations().Registration(t.Context(), number)
			if err != nil || r.State != api.Withdrawn || r.Person != "" || r.BadgeName != "" {
				t.Errorf("left: %+v, %v", r, err)
			}
		})
	}
}

// registered makes a person with a registration.
func registered(t *testing.T, s *service.Service) (number string, who caller.Caller) {
	t.Helper()
	now := time.Now().UTC()
	reports, err := s.Meetings().Import(t.Context(), []api.MeetingDetails{{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
		Code: "C-00016105", Title: api.Text{"en": "Lemurs"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
		Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(time.Hour)}},
		RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(time.Hour),
		Participation: []string{api.OnSite}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
	}}})
	if err != nil || len(reports[0].Wrong) > 0 {
		t.Fatal(reports, err)
	}
	who.AccountID, err = s.Accounts().Create(t.Context(), staff.NewAccount{
		Username: "amina", Email: "amina@example.org", Password: "Tr4vel-Lemur&Quartz", FirstName: "Amina",
		Organization: api.Organization{Name: "Example Telecom", Country: "CH", Membership: "sector-member"},
	})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(api.Register{Meeting: "C-00016105", Participation: api.OnSite, BadgeName: "Amina"})
	if err != nil {
		t.Fatal(err)
	}
	if who.Account, err = s.Accounts().Account(t.Context(), who.AccountID); err != nil {
		t.Fatal(err)
	}
	d, err := s.Operations().Deliver(t.Context(), who, api.Deliver{Stream: uuid.NewString(), Operations: []api.Operation{
		{ID: uuid.Must(uuid.NewV7()).String(), Number: 1, Kind: api.OpRegister, Made: now, Payload: payload},
	}})
	if err != nil || d.Results[0].Outcome != api.Done {
		t.Fatalf("%+v, %v", d, err)
	}
	return d.Results[0].Registration.Number, who
}
