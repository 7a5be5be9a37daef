package service_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// nodes starts services on one database, and gives its key.
func nodes(t *testing.T, database string, count int) ([]*service.Service, *secret.Key) {
	t.Helper()
	key := secret.Generate()
	if _, err := service.Init(t.Context(), database, settings, quiet()); err != nil {
		t.Fatal(err)
	}
	var list []*service.Service
	for range count {
		s, err := service.New(t.Context(), service.Config{
			Database: database, Key: key, Version: "1.0", Log: quiet(), Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		list = append(list, s)
	}
	return list, key
}

// within waits until something is so, at most for a time.
func within(t *testing.T, most time.Duration, what string, so func() bool) {
	t.Helper()
	deadline := time.After(most)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !so() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("after %v: not %s", most, what)
		}
	}
}

func TestNodes_knowOfEachOthersPoliciesOrganizationsAndImports(t *testing.T) {
	both, key := nodes(t, storetest.PostgresDSN(t), 2)
	here, there := both[0], both[1]
	auditLog := audit.New(key, time.Now)
	id, err := here.Accounts().Create(t.Context(), staff.NewAccount{
		Username: "admin", Email: "admin@example.org", Password: "Tr4vel-Lemur&Quartz", FamilyName: "Admin",
		Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
	})
	if err != nil {
		t.Fatal(err)
	}

	// What one node saves counts on the other within two seconds.
	policies := &policy.Admin{Keeper: policy.New(policy.Default()), DB: here.DB(), Audit: auditLog}
	p, err := policies.Stored(t.Context(), caller.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	p.Password, p.SecretQuestion, p.SecondFactor = "nist", api.QuestionOff, api.SecondFactorFree
	if _, err := policies.Change(t.Context(), caller.Caller{AccountID: id}, p); err != nil {
		t.Fatal(err)
	}
	within(t, 2*time.Second, "the other node's policies", func() bool {
		info := ask(t, there)
		return info.Policy == "nist" && info.Questions == api.QuestionOff && info.SecondFactor == api.SecondFactorFree
	})

	// So does an organization that staff accepts, for sign-ups there.
	writer, err := organizations.New(here.DB(), auditLog, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, here.DB(), `INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
		VALUES ('entered', $1, 'School of Radio', '', '', 'AD', 'unknown', 1)`, id)
	if err := writer.Accept(t.Context(), caller.Caller{}, "entered", api.AcceptOrganization{Name: "School of Radio", Country: "AD", Membership: "academia"}); err != nil {
		t.Fatal(err)
	}
	var accepted api.Organization
	for _, o := range writer.Directory().All() {
		if o.Name == "School of Radio" {
			accepted = o
		}
	}
	within(t, 4*time.Second, "a sign-up with the accepted organization", func() bool {
		return there.Accounts().SignUp(t.Context(), api.SignUp{
			Flow: strings.Repeat("A", 42) + "Q", FirstName: "Amina", FamilyName: "Okafor", Email: "amina@example.org", Language: "en",
			Username: "amina", Password: "Br1ght_Otter^Meadow", Membership: "academia", Country: "AD", OrganizationID: accepted.ID,
			AcceptTerms: true, ReadPrivacy: true,
		}) == nil
	})

	if ask(t, there).Migrated {
		t.Error("migrated before an import")
	}
	exec(t, here.DB(), `INSERT INTO settings (name, value) VALUES ('migrated', 'yes')`)
	within(t, 2*time.Second, "migrated", func() bool { return ask(t, there).Migrated })
}

func exec(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNodes_sealTheAuditLogTogether(t *testing.T) {
	for name, database := range map[string]string{
		"sqlite":   filepath.Join(t.TempDir(), "plenary.db"),
		"postgres": storetest.PostgresDSN(t),
	} {
		t.Run(name, func(t *testing.T) {
			count := 1
			if name == "postgres" {
				count = 2
			}
			all, key := nodes(t, database, count)
			auditLog := audit.New(key, time.Now)
			for i := range 20 {
				err := all[i%count].DB().Update(t.Context(), func(tx *store.Tx) error {
					auditLog.Note(tx, audit.LoggedIn, fmt.Sprint(i))
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			within(t, 10*time.Second, "sealed", func() bool {
				r, err := all[0].Audit().Verify(t.Context())
				if err != nil || r.Break != nil {
					t.Fatalf("%v, %v", r.Break, err)
				}
				return r.Position == 20 && r.Waiting == 0
			})
			if !all[count-1].Audit().Intact(t.Context()) {
				t.Error("a whole log is not intact")
			}
		})
	}
}

func TestNew_startsWithThePolicyOfInit(t *testing.T) {
	database, key := filepath.Join(t.TempDir(), "plenary.db"), secret.Generate()
	given := settings
	given.Policy = "nist"
	if _, err := service.Init(t.Context(), database, given, quiet()); err != nil {
		t.Fatal(err)
	}
	impossible := policy.Default()
	impossible.Limits.Mails = 0
	if _, err := service.New(t.Context(), service.Config{Database: database, Key: key, Log: quiet(), Policies: &impossible}); err == nil {
		t.Error("it started with policies that cannot be")
	}
	s, err := service.New(t.Context(), service.Config{Database: database, Key: key, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info := ask(t, s); info.Policy != "nist" {
		t.Errorf("the password policy is %q", info.Policy)
	}
}
