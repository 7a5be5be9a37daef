//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"

	"plenary/e2e/program"
	"plenary/e2e/service"
)

// behind is the name of a service to which only a proxy knows the way.
const behind = "accounts.example.test"

// TestProxy reaches the service through a company's proxy, entered at the first
// start; another one in Settings leads nowhere, which is said, and the first one
// back.
func TestProxy(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "paul@example.org", Password: "Funicular-de-Cossonay-1897"}
	must(t, j.service.SignUp(j.mails, person, "Paul", "Favre"))
	r := newReport(t, filepath.Join(pictures(t), "proxy"))
	company := newNames(t, behind)
	company.lead(behind, j.service.Address)
	caFile, proxy := company.caFile, company.proxy
	start := func(more ...string) func() error {
		return func() (err error) {
			j.plenary, err = program.Start(j.desk, "plenary", binary(t, "e2e/plenary"), append([]string{"--data", j.data}, more...)...)
			return err
		}
	}

	j.prefers(data{"language": "fr", "text-size": 200})
	r.step("no-proxy-there", all(
		start("--ca", caFile), j.resize(1024, 700), j.fill("firststart.address", "https://"+behind),
		j.reach("firststart.network"), j.click("firststart.network"), j.reach("firststart.proxy"), j.fill("firststart.proxy", "127.0.0.1:1"), j.press("Enter"),
		j.reach("firststart.address.field.error"), j.saysIn("fr", "firststart.address.field", "error.proxy", nil),
	), j.window)
	must(t, j.plenary.Close())
	j.prefers(data{"appearance": "dark"})
	r.step("no-address-of-a-proxy", all(
		start("--ca", caFile), j.fill("firststart.address", "https://"+behind), j.click("firststart.network"),
		j.fill("firststart.proxy", "http://paul:secret@"+proxy), j.press("Enter"), j.says("firststart.proxy.field", "error.proxy-password", nil),
	), j.window)
	r.step("reached", all(j.fill("firststart.proxy", proxy), j.press("Enter"), j.see("login.submit")), j.window)
	if company.through.Load() == 0 {
		t.Fatal("the service was not reached through the proxy")
	}
	r.step("entered-stands-in-settings", all(
		j.logsInAs(person), j.section("program"), j.reach("settings.proxy"), j.says("settings.proxy", "", nil, proxy),
	), j.window)
	r.step("another-leads-nowhere", all(
		j.reach("settings.proxy.save"), j.fill("settings.proxy", "127.0.0.1:1"), j.click("settings.proxy.save"),
		j.says("settings.program.bar", "settings.proxy.saved", nil), j.says("shell.bar", "error.proxy", nil),
	), j.window)
	must(t, j.plenary.Close())
	r.step("kept-for-the-next-start", all(start(), j.see("meetings.list"), j.says("shell.bar", "error.proxy", nil)), j.window)
	before := company.through.Load()
	r.step("and-back", all(
		j.resize(1100, 900), j.section("program"), j.reach("settings.proxy.save"), j.fill("settings.proxy", proxy), j.press("Enter"), j.gone("shell.bar"), j.says("status", "status.online", nil),
	), j.window)
	if company.through.Load() == before {
		t.Error("the service is not reached through the proxy again")
	}
	must(t, j.plenary.Close())
}
