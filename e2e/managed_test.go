//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"plenary/api"
	"plenary/e2e/service"
)

// TestManaged runs Plenary on a computer where an organization has set a policy.
func TestManaged(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "mario@example.org", Password: "Traghetto-di-Bellagio-4"}
	must(t, j.service.SignUp(j.mails, person, "Mario", "Bernasconi"))
	r := newReport(t, filepath.Join(pictures(t), "managed"))
	logIn := all(j.fill("login.identifier", person.Identifier), j.fill("login.password", person.Password), j.press("Enter"), j.see("meetings.list"))
	flags := []string{"--service", "http://127.0.0.1:1", "--ca", "/nowhere.pem", "--demo"}
	own := newerVersion(t, j.address)
	j.address = own

	r.step("no-policy-tells-of-the-newer-version", all(j.start, j.see("login.submit"), logIn, j.says("status.update", "update.available", data{"Version": "99.0.0"}),
		j.logOut(), func() error { return j.plenary.Close() }), nil)

	j.address = ""
	locked := policy{"Service": own, "ServiceLocked": true, "DisableDemo": true, "DisableUpdateNotice": true, "LogLevel": "error"}
	r.step("locked-service", all(
		j.managed(locked, flags...), j.see("login.submit"),
		j.says("managed.bar", "managed.refused", data{"Flags": "--demo, --service, --ca"}), j.gone("login.service"),
	), j.window)
	r.step("nothing-of-newer-versions", all(
		j.click("managed.bar.action"), j.gone("managed.bar"), logIn, j.says("status", "status.online", nil), j.gone("status.update"),
		j.section("program"), j.reach("settings.proxy"),
	), j.window)
	must(t, all(j.logOut(), func() error { return j.plenary.Close() })())
	log, err := os.ReadFile(filepath.Join(j.data, "plenary.log"))
	must(t, err)
	if n := strings.Count(string(log), "Plenary has started"); n != 1 { // by the one without a policy
		t.Errorf("the log says %d times that Plenary has started; the policy's level is error", n)
	}

	j.prefers(data{"appearance": "dark", "text-size": 200})
	r.step("unknown-key-in-french", all(
		j.managed(policy{"Service": own, "Language": "fr", "Proxy": "http://proxy.example.org:3128", "Colour": "green"}, "--service", "https://other.example.net"),
		j.resize(1024, 700), j.saysIn("fr", "managed.bar", "managed.fault.unknown", data{"What": "Colour dans /etc/plenary/policy.json"}),
	), j.window)
	r.step("set-proxy", all(
		j.click("managed.bar.action"), j.gone("managed.bar"), j.fill("login.identifier", person.Identifier), j.reach("login.password"), j.fill("login.password", person.Password),
		j.reach("login.submit"), j.saysIn("fr", "login.submit", "login.submit", nil), j.press("Enter"), j.see("meetings.list"),
		j.section("program"), j.reach("settings.proxy.set"), j.saysIn("fr", "settings.proxy.field", "settings.managed", nil), j.says("settings.proxy.set", "", nil, "http://proxy.example.org:3128"),
	), j.window)
	must(t, j.plenary.Close())
	r.step("broken-policy", all(
		j.managed(policy{"Service": own, "ServiceLocked": "yes"}, "--service", own), j.resize(1024, 700),
		j.says("managed.fault", "managed.fault.type", data{"What": "ServiceLocked in /etc/plenary/policy.json"}), j.gone("login.submit"),
		j.startsAgain("plenary://127.0.0.1/m/"+open), j.inFront, j.says("managed.fault", "managed.fault.type", data{"What": "ServiceLocked in /etc/plenary/policy.json"}),
	), j.window)
	must(t, all(j.reach("managed.close"), j.click("managed.close"), func() error { _, err := j.plenary.Status(); return err })())
}

// newerVersion is the address of a service that also tells of a newer Plenary,
// 99.0.0, until the end of the test.
func newerVersion(t *testing.T, address string) string {
	t.Helper()
	target, err := url.Parse(address)
	must(t, err)
	front := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding") // what is changed must be in clear
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.URL.Path != "/v1/service" {
				return nil
			}
			var info api.ServiceInfo
			if err := json.NewDecoder(r.Body).Decode(&info); err != nil {
				return err
			}
			info.NewestVersion = "99.0.0"
			text, err := json.Marshal(info)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			r.Header.Set("Content-Length", strconv.Itoa(len(text)))
			return err
		},
	})
	t.Cleanup(front.Close)
	return front.URL
}

// policy is what /etc/plenary/policy.json says.
type policy map[string]any

// managed starts Plenary where the computer has a policy: in mounts of its own, in
// which the policy lies over /etc. Who is not root is so in a name space of
// their own; the system must allow that.
func (j *journey) managed(p policy, args ...string) func() error {
	return func() error {
		over := j.t.TempDir()
		folder := filepath.Join(over, "plenary")
		text, err := json.Marshal(p)
		must(j.t, err)
		must(j.t, os.Mkdir(folder, 0o755))
		must(j.t, os.WriteFile(filepath.Join(folder, "policy.json"), text, 0o644))
		must(j.t, os.Chmod(over, 0o755))
		unmanaged := j.command
		j.command = func(name string, more ...string) *exec.Cmd {
			cmd := unmanaged(name, append(args, more...)...)
			within := []string{"unshare", "--mount"}
			if os.Geteuid() != 0 {
				within = append(within, "--map-root-user")
			}
			within = append(within, "sh", "-c", `mount -t overlay policy -o "lowerdir=$0:/etc" /etc && exec "$@"`, over)
			cmd.Path, err = exec.LookPath(within[0])
			must(j.t, err)
			cmd.Args = append(within, cmd.Args...)
			return cmd
		}
		defer func() { j.command = unmanaged }()
		return j.start()
	}
}

// prefers sets what the person has chosen in Settings.
func (j *journey) prefers(chosen data) {
	j.size = image.Point{} // which was among what was chosen before
	folder := filepath.Join(j.desk.Home, ".config", "fyne", "int.plenary.Plenary")
	text, err := json.Marshal(chosen)
	must(j.t, err)
	must(j.t, os.MkdirAll(folder, 0o700))
	must(j.t, os.WriteFile(filepath.Join(folder, "preferences.json"), text, 0o600))
}
