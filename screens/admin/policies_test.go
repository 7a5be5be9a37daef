package admin

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestPolicies_pictures(t *testing.T) {
	var p *Policies
	build := func(e kit.Env) fyne.CanvasObject {
		service := screentest.NewManagement()
		p = NewPolicies(e, service, service.Prove)
		t.Cleanup(p.Close)
		return p.Content()
	}
	screentest.Capture(t, "policies", build)
	screentest.CaptureFew(t, "policies-networks", build, func(w fyne.Window) {
		screentest.Settle(w)
		p.networks.add.Tapped(nil)
		p.form.Set("mails", "500")
		screentest.Settle(w)
		p.ask()
	})
	screentest.CaptureFew(t, "policies-ask", build, func(w fyne.Window) {
		p.form.Set("mails", "7")
		p.form.Set("password", "nist")
		p.networks.remove(p.networks.rows[0])
		p.ask()
	})
}

func testPolicies(t *testing.T, e kit.Env, service *screentest.Management) (*Policies, fyne.Window) {
	t.Helper()
	p := NewPolicies(e, service, service.Prove)
	t.Cleanup(p.Close)
	return p, screentest.Show(t, p.Content(), 1100, 740)
}

func TestPolicies_saveNamesTheChangesBeforeAndAfter(t *testing.T) {
	service := screentest.NewManagement()
	p, w := testPolicies(t, screentest.NewEnv(t), service)
	screentest.Tap(t, w, "policies.save")
	screentest.Says(t, p.bar.String(), "Nothing has been changed")
	p.form.Set("mails", "7")
	p.networks.rows[0].network.SetText("198.51.100.7")
	if p.words.String() == "" {
		t.Error("nothing says that there are changes")
	}
	next, ok := p.read()
	changes := strings.Join(p.changes(next), "\n")
	if !ok || len(p.changes(next)) != 3 {
		t.Fatalf("changes: %q", changes)
	}
	screentest.Says(t, changes, "before 5, after 7", "192.0.2.0/24", "removed", "198.51.100.7/32")
	screentest.Tap(t, w, "policies.save")
	if len(service.Done) != 0 {
		t.Fatal("saved without a question")
	}
	screentest.Tap(t, w, "policies.ask.yes")
	if service.StoredPolicies.Limits.Mails != 7 || service.StoredPolicies.Networks[0].Network != "198.51.100.7/32" {
		t.Errorf("saved %+v", service.StoredPolicies)
	}
	if p.words.String() != "" || p.networks.rows[0].network.Text != "198.51.100.7/32" {
		t.Errorf("after saving: %q, %q", p.words.String(), p.networks.rows[0].network.Text)
	}
}

func TestPolicies_everyNumberHasItsRange(t *testing.T) {
	service := screentest.NewManagement()
	p, _ := testPolicies(t, screentest.NewEnv(t), service)
	for _, g := range policyNumbers {
		for _, n := range g.numbers {
			for text, right := range map[string]bool{
				strconv.Itoa(n.min): true, strconv.Itoa(n.max): true, strconv.Itoa(n.min - 1): false, strconv.Itoa(n.max + 1): false,
				"": false, "many": false, "1.5": false,
			} {
				p.fill(service.StoredPolicies)
				p.form.Set(n.name, text)
				if _, ok := p.read(); ok != right {
					t.Errorf("%s %q: right %v, want %v", n.name, text, ok, right)
				}
			}
		}
	}
}

// TestPolicies_rangesAreThoseOfTheContract compares the form with the contract's
// own ranges.
func TestPolicies_rangesAreThoseOfTheContract(t *testing.T) {
	found := 0
	var walk func(prefix string, of reflect.Type)
	walk = func(prefix string, of reflect.Type) {
		for i := range of.NumField() {
			f := of.Field(i)
			pointer := prefix + "/" + f.Tag.Get("json")
			switch f.Type.Kind() {
			case reflect.Struct:
				walk(pointer, f.Type)
			case reflect.Int:
				found++
				at := -1
				var all []policyNumber
				for _, g := range policyNumbers {
					all = append(all, g.numbers...)
				}
				at = slices.IndexFunc(all, func(n policyNumber) bool { return n.pointer == pointer })
				if at < 0 {
					t.Errorf("the form has no %s", pointer)
				} else if n := all[at]; strconv.Itoa(n.min) != f.Tag.Get("minimum") || strconv.Itoa(n.max) != f.Tag.Get("maximum") {
					t.Errorf("%s: the form says %d to %d, the contract %s to %s", pointer, n.min, n.max, f.Tag.Get("minimum"), f.Tag.Get("maximum"))
				}
			}
		}
	}
	walk("", reflect.TypeFor[api.Policies]())
	if found < 12 {
		t.Errorf("only %d numbers found", found)
	}
}

func TestPolicies_refusalsAreSaidAtTheField(t *testing.T) {
	service := screentest.NewManagement()
	p, w := testPolicies(t, screentest.NewEnv(t), service)
	service.ChangeErr = &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/limits/account_failures", Code: api.FieldOutOfRange},
		{Pointer: "/networks/0/network", Code: api.FieldInvalid},
		{Pointer: "/second_factor", Code: api.FieldNotAccepted},
	}}
	p.form.Set("account-failures", "5")
	screentest.Tap(t, w, "policies.save")
	screentest.Tap(t, w, "policies.ask.yes")
	screentest.Says(t, p.form.Field("account-failures").Error(), "Not below")
	screentest.Says(t, p.form.Field("second-factor").Error(), "your own account first")
	screentest.Says(t, p.networks.rows[0].fields[0].Error(), "no network")
	screentest.Says(t, p.bar.String(), "Not saved")
	if p.form.Text("account-failures") != "5" {
		t.Error("what was typed is gone")
	}
	screentest.Tap(t, w, "policies.undo")
	if p.form.Text("account-failures") != "20" || p.form.Field("account-failures").Error() != "" {
		t.Error("“Undo changes” does not bring the stored policies back")
	}
}

func TestParseNetwork(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.0/24": "192.0.2.0/24", " 192.0.2.77/24 ": "192.0.2.0/24", "192.0.2.7": "192.0.2.7/32",
		"2001:db8::1": "2001:db8::1/128", "2001:db8::/32": "2001:db8::/32",
	} {
		if got, ok := parseNetwork(text); !ok || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "hall 1", "0.0.0.0/0", "192.0.2.0/33", "fe80::1%eth0"} {
		if got, ok := parseNetwork(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}
