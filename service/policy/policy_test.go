package policy

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

const administrator = "account-1"

// admin is what administrators do with the policies of a keeper.
func admin(k *Keeper, db *store.DB) *Admin { return &Admin{Keeper: k, DB: db, Audit: newLog()} }

func newLog() *audit.Log { return audit.New(secret.Generate(), time.Now) }

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

// withFactor makes the administrator, with a second factor confirmed at a time.
func withFactor(t *testing.T, db *store.DB, confirmed int64) {
	t.Helper()
	exec(t, db, `INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
			country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
		VALUES ($1, 'admin', 'admin', 'a@example.org', 'a@example.org', '', 'A', 'B', '', 'en', 'CH', 'media', '', 'X', 0, 1, 1, '', '')`, administrator)
	exec(t, db, `INSERT INTO second_factors (account_id, secret, confirmed_at, last_step) VALUES ($1, $2, $3, 0)`,
		administrator, []byte("sealed"), confirmed)
}

// fields gives the wrong fields as "pointer code".
func fields(wrong []api.FieldError) []string {
	var list []string
	for _, w := range wrong {
		list = append(list, w.Pointer+" "+w.Code)
	}
	return list
}

func problems(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	p, ok := errors.AsType[*api.Problem](err)
	if !ok || p.Code != api.CodeInvalid {
		t.Fatalf("no refused fields but %v", err)
	}
	return fields(p.Errors)
}

// version is that of the policies as they stand now.
func version(t *testing.T, k *Keeper, db *store.DB) string {
	t.Helper()
	p, err := admin(k, db).Stored(t.Context(), caller.Caller{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Version
}

// Of two administrators who have read the same policies, the second is told that
// the first was faster, on whichever node, and undoes nothing.
func TestChange_ofPoliciesThatAreOutdated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here, there := New(Default()), New(Default())
		first, second := Default(), Default()
		first.Version, second.Version = version(t, here, db), version(t, there, db)
		first.DeletionDays, second.Limits.Mails = 21, 7
		first, err := admin(here, db).Change(t.Context(), caller.Caller{AccountID: administrator}, first)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []api.Policies{second, Default()} { // one was never read at all
			if _, err := admin(there, db).Change(t.Context(), caller.Caller{AccountID: administrator}, p); !api.HasCode(err, api.CodeOutdated) {
				t.Errorf("version %q: %v", p.Version, err)
			}
		}
		if got, err := admin(there, db).Stored(t.Context(), caller.Caller{}); err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("they are %+v, %v", got, err)
		}
		second = first
		second.Limits.Mails = 7
		if got, err := admin(there, db).Change(t.Context(), caller.Caller{AccountID: administrator}, second); err != nil || got.DeletionDays != 21 || got.Limits.Mails != 7 {
			t.Errorf("after another look: %+v, %v", got, err)
		}
	})
}

func TestCheck_takesWhatIsPossible(t *testing.T) {
	if wrong := Check(Default()); len(wrong) > 0 {
		t.Errorf("the defaults: %v", wrong)
	}
	network := func(cidr string) func(*api.Policies) {
		return func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: cidr, Failures: 5000, Requests: 5000}}
		}
	}
	for _, c := range []struct {
		name   string
		change func(*api.Policies)
		want   string
	}{
		{"unknown password policy", func(p *api.Policies) { p.Password = "none" }, "/password unknown"},
		{"no password policy", func(p *api.Policies) { p.Password = "" }, "/password unknown"},
		{"unknown question policy", func(p *api.Policies) { p.SecretQuestion = "On" }, "/secret_question unknown"},
		{"unknown factor policy", func(p *api.Policies) { p.SecondFactor = "everybody" }, "/second_factor unknown"},
		{"least tries", func(p *api.Policies) { p.Limits.IdentifierFailures = 3 }, ""},
		{"too few tries", func(p *api.Policies) { p.Limits.IdentifierFailures = 2 }, "/limits/identifier_failures out-of-range"},
		{"most tries", func(p *api.Policies) { p.Limits.IdentifierFailures, p.Limits.AccountFailures = 100, 200 }, ""},
		{"too many tries", func(p *api.Policies) { p.Limits.DeviceFailures = 101 }, "/limits/device_failures out-of-range"},
		{"fewer for the account than for a name", func(p *api.Policies) { p.Limits.AccountFailures = 9 }, "/limits/account_failures out-of-range"},
		{"failures never forgotten", func(p *api.Policies) { p.Limits.FailureHours = 169 }, "/limits/failure_hours out-of-range"},
		{"no mails", func(p *api.Policies) { p.Limits.Mails = 0 }, "/limits/mails out-of-range"},
		{"nobody from one network", func(p *api.Policies) { p.Limits.NetworkFailures = 49 }, "/limits/network_failures out-of-range"},
		{"idle longer than at all", func(p *api.Policies) { p.Sessions.IdleHours = 25 }, "/sessions/absolute_hours out-of-range"},
		{"kept idle longer than at all", func(p *api.Policies) { p.Sessions.KeptAbsoluteDays = 89 }, "/sessions/kept_absolute_days out-of-range"},
		{"deleted at once", func(p *api.Policies) { p.DeletionDays = 0 }, ""},
		{"deleted never", func(p *api.Policies) { p.DeletionDays = 91 }, "/deletion_days out-of-range"},
		{"network of IPv4", network("192.0.2.0/24"), ""},
		{"one address", network("192.0.2.7/32"), ""},
		{"network of IPv6", network("2001:db8::/32"), ""},
		{"all of IPv4", network("0.0.0.0/0"), "/networks/0/network invalid"},
		{"all of IPv6", network("::/0"), "/networks/0/network invalid"},
		{"IPv4 as IPv6", network("::ffff:192.0.2.0/120"), "/networks/0/network invalid"},
		{"bits behind the mask", network("192.0.2.7/24"), "/networks/0/network invalid"},
		{"an address alone", network("192.0.2.7"), "/networks/0/network invalid"},
		{"a zone", network("fe80::%eth0/64"), "/networks/0/network invalid"},
		{"a name", network("hall"), "/networks/0/network invalid"},
		{"twice", func(p *api.Policies) {
			n := api.NetworkBudget{Network: "192.0.2.0/24", Failures: 50, Requests: 50}
			p.Networks = []api.NetworkBudget{n, n}
		}, "/networks/1/network invalid"},
		{"too many", func(p *api.Policies) {
			for i := range 101 {
				p.Networks = append(p.Networks, api.NetworkBudget{Network: "10.0." + string(rune('0'+i%10)) + ".0/24", Failures: 50, Requests: 50})
			}
		}, "/networks too-many"},
		{"too small a budget", func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "192.0.2.0/24", Failures: 49, Requests: 50}}
		}, "/networks/0/failures out-of-range"},
		{"a long name", func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "192.0.2.0/24", Failures: 50, Requests: 50, Name: strings.Repeat("é", 81)}}
		}, "/networks/0/name too-long"},
		{"a name of two lines", func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "192.0.2.0/24", Failures: 50, Requests: 50, Name: "a\nb"}}
		}, "/networks/0/name invalid"},
	} {
		p := Default()
		c.change(&p)
		got := fields(Check(p))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) == 0 || got[0] != c.want) {
			t.Errorf("%s: %v, want %q", c.name, got, c.want)
		}
	}
}

func TestChange_countsAtOnceAndIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here, there := New(Default()), New(Default())
		p := Default()
		p.Password, p.Limits.Mails = "nist", 7
		p.Networks = []api.NetworkBudget{{Network: "192.0.2.0/24", Failures: 5000, Requests: 6000, Name: "Hall of Ms Secret"}}
		p.Version = version(t, here, db)
		p, err := admin(here, db).Change(t.Context(), caller.Caller{AccountID: administrator}, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := here.Now(); !reflect.DeepEqual(got, p) {
			t.Errorf("on this node: %+v", got)
		}
		if err := there.Refresh(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if got := there.Now(); !reflect.DeepEqual(got, p) {
			t.Errorf("on another node: %+v", got)
		}
		// Saving the same is no change; neither is what is refused.
		if _, err := admin(here, db).Change(t.Context(), caller.Caller{AccountID: administrator}, p); err != nil {
			t.Fatal(err)
		}
		bad := p
		bad.DeletionDays = -1
		_, err = admin(here, db).Change(t.Context(), caller.Caller{AccountID: administrator}, bad)
		if got := problems(t, err); !slices.Equal(got, []string{"/deletion_days out-of-range"}) {
			t.Errorf("refused: %v", got)
		}
		if got, err := admin(here, db).Stored(t.Context(), caller.Caller{}); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("after a refusal: %+v, %v", got, err)
		}
		list, _, err := audit.List(t.Context(), db, audit.Filter{})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d entries: %v", len(list), err)
		}
		want := []audit.Detail{
			{Field: "password", Before: "classic", After: "nist"},
			{Field: "limits.mails", Before: "5", After: "7"},
			{Field: "network", After: "192.0.2.0/24"},
			{Field: "networks.failures", Of: "192.0.2.0/24", After: "5000"},
			{Field: "networks.requests", Of: "192.0.2.0/24", After: "6000"},
		}
		if e := list[0]; e.Event != string(audit.PolicyChanged) || !slices.Equal(e.Details, want) {
			t.Errorf("noted %s %+v", e.Event, e.Details)
		}
	})
}

// Whoever demands a second factor of staff has one, or nobody could take it back.
func TestChange_locksNobodyOut(t *testing.T) {
	for _, c := range []struct {
		name      string
		before    string
		confirmed int64 // of the administrator's second factor; -1: none was begun
		after     string
		want      []string
	}{
		{"staff without one", api.SecondFactorFree, -1, api.SecondFactorStaff, []string{"/second_factor not-accepted"}},
		{"staff with one that is not confirmed", api.SecondFactorFree, 0, api.SecondFactorStaff, []string{"/second_factor not-accepted"}},
		{"staff with one", api.SecondFactorFree, 1, api.SecondFactorStaff, nil},
		{"from off to staff without one", api.SecondFactorOff, -1, api.SecondFactorStaff, []string{"/second_factor not-accepted"}},
		{"optional without one", api.SecondFactorOff, -1, api.SecondFactorFree, nil},
		{"off", api.SecondFactorStaff, 1, api.SecondFactorOff, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				if c.confirmed >= 0 {
					withFactor(t, db, c.confirmed)
				}
				p := Default()
				p.SecondFactor = c.before
				k := New(p)
				p.SecondFactor, p.Version = c.after, version(t, k, db)
				_, err := admin(k, db).Change(t.Context(), caller.Caller{AccountID: administrator}, p)
				if got := problems(t, err); !slices.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
				want := c.after
				if c.want != nil {
					want = c.before
				}
				if got := k.Now().SecondFactor; got != want {
					t.Errorf("it is %s now", got)
				}
			})
		})
	}
}

// Each policy that is different is in the log: none was forgotten in the list.
func TestDifferences_knowEveryPolicy(t *testing.T) {
	var walk func(v reflect.Value, change func())
	count := 0
	before := Default()
	after := Default()
	walk = func(v reflect.Value, check func()) {
		for i := range v.NumField() {
			switch f := v.Field(i); f.Kind() {
			case reflect.Struct:
				walk(f, check)
			case reflect.Int:
				f.SetInt(f.Int() + 1)
				check()
				f.SetInt(f.Int() - 1)
			case reflect.String:
				if v.Type().Field(i).Name == "Version" {
					continue
				}
				kept := f.String()
				f.SetString("other")
				check()
				f.SetString(kept)
			}
		}
	}
	walk(reflect.ValueOf(&after).Elem(), func() {
		count++
		if got := differences(before, after); len(got) != 1 {
			t.Errorf("%+v: %v", after, got)
		}
	})
	if count != 16 || len(values(after)) != count {
		t.Errorf("%d policies, %d in the list", count, len(values(after)))
	}
}

func TestDifferences_ofNetworks(t *testing.T) {
	hall := api.NetworkBudget{Network: "192.0.2.0/24", Failures: 500, Requests: 600, Name: "Hall"}
	larger, renamed := hall, hall
	larger.Failures, renamed.Name = 700, "Ms Secret's hall"
	for _, c := range []struct {
		name          string
		before, after []api.NetworkBudget
		want          []audit.Detail
	}{
		{"same", []api.NetworkBudget{hall}, []api.NetworkBudget{hall}, nil},
		{"added", nil, []api.NetworkBudget{hall}, []audit.Detail{
			{Field: "network", After: hall.Network},
			{Field: "networks.failures", Of: hall.Network, After: "500"},
			{Field: "networks.requests", Of: hall.Network, After: "600"},
		}},
		{"removed", []api.NetworkBudget{hall}, nil, []audit.Detail{{Field: "network", Before: hall.Network}}},
		{"larger", []api.NetworkBudget{hall}, []api.NetworkBudget{larger}, []audit.Detail{{Field: "networks.failures", Of: hall.Network, Before: "500", After: "700"}}},
		{"renamed", []api.NetworkBudget{hall}, []api.NetworkBudget{renamed}, []audit.Detail{{Field: "networks.name", Of: hall.Network}}},
	} {
		before, after := Default(), Default()
		before.Networks, after.Networks = c.before, c.after
		if got := differences(before, after); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
