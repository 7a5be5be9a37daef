package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"plenary/api"
)

// The tests start this binary as plenaryd: with it, it is the program itself.
const asProgram = "PLENARYD_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// outcome is what a run of the program left.
type outcome struct {
	status         int
	stdout, stderr string
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	// The race detector would wait a second at the end of each run.
	c.Env = append(os.Environ(), asProgram+"=1", "GORACE=atexit_sleep_ms=10")
	beforeStart(c)
	return c
}

// do runs a command to its end, in this process: what serves is another one.
func do(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), process{strings.NewReader(stdin), &stdout, &stderr}, args)
	return outcome{status, stdout.String(), stderr.String()}
}

func TestProgram_endsWithTheStatusOfItsCommand(t *testing.T) {
	for args, want := range map[string]int{"version": 0, "serve --data nowhere": 1, "dance": 2} {
		c := program(t, strings.Fields(args)...)
		out, err := c.CombinedOutput()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			t.Fatal(err)
		}
		if got := c.ProcessState.ExitCode(); got != want || len(out) == 0 {
			t.Errorf("%s: %d, want %d\n%s", args, got, want, out)
		}
	}
}

// must runs the program, which must succeed, and gives what it printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	o := do(t, "", args...)
	if o.status != 0 {
		t.Fatalf("plenaryd %s: %d\n%s%s", strings.Join(args, " "), o.status, o.stdout, o.stderr)
	}
	return o.stdout
}

// running is plenaryd serve.
type running struct {
	cmd   *exec.Cmd
	ready map[string]any
	log   *bytes.Buffer
	done  chan error
}

func serveCommand(t *testing.T, args ...string) *running {
	t.Helper()
	r := &running{cmd: program(t, append([]string{"serve"}, args...)...), log: &bytes.Buffer{}, done: make(chan error, 1)}
	r.cmd.Stderr = r.log
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	go func() { r.done <- r.cmd.Wait() }()
	t.Cleanup(func() { r.stop(t) })
	if err != nil {
		t.Fatalf("it does not listen: %v\n%s", err, <-r.done)
	}
	if err := json.Unmarshal(line, &r.ready); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return r
}

// stop ends it as an operator does, and gives its log.
func (r *running) stop(t *testing.T) string {
	t.Helper()
	if r.done == nil {
		return r.log.String()
	}
	if err := interrupt(r.cmd); err != nil {
		t.Errorf("stop: %v", err)
	}
	select {
	case err := <-r.done:
		if err != nil {
			t.Errorf("it ended with %v:\n%s", err, r.log)
		}
	case <-time.After(20 * time.Second):
		t.Error("it does not stop")
		r.cmd.Process.Kill()
	}
	r.done = nil
	return r.log.String()
}

func (r *running) address() string { return r.ready["address"].(string) }

func logIn(t *testing.T, client *http.Client, address, identifier, password string) int {
	t.Helper()
	body, err := json.Marshal(api.LogIn{Identifier: identifier, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Post(address+"/v1/session", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if _, err := io.Copy(io.Discard, a.Body); err != nil {
		t.Fatal(err)
	}
	return a.StatusCode
}

// choosePasswordBy follows the link that a command has printed.
func choosePasswordBy(t *testing.T, s *running, out, password string) {
	t.Helper()
	link := regexp.MustCompile(`https://\S+/reset\?lang=en#(\S{43})\n`).FindStringSubmatch(out)
	if link == nil {
		t.Fatalf("no link in:\n%s", out)
	}
	body := strings.NewReader(`{"token":"` + link[1] + `","password":"` + password + `","accept_terms":true,"read_privacy":true}`)
	a, err := http.Post(s.address()+"/web/reset", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusNoContent {
		t.Fatalf("a password by the link: %d", a.StatusCode)
	}
}

var shownPassword = regexp.MustCompile(`Password[^:]*:\s+(\S+)`)

func passwordIn(t *testing.T, out string) string {
	t.Helper()
	m := shownPassword.FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no password in:\n%s", out)
	}
	return m[1]
}

// A service from its making to its end, as an operator works.
func TestService_initServeUserImport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	out := must(t, "init", "--data", dir, "--organization", "Example Organization",
		"--service-desk", "servicedesk@example.int", "--admin-email", "admin@example.int", "--address", "https://plenary.example.int")
	admin := passwordIn(t, out)
	for _, file := range []string{keyFile, configFile, databaseFile} {
		info, err := os.Stat(filepath.Join(dir, file))
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	if o := do(t, "", "init", "--data", dir); o.status != 1 || !strings.Contains(o.stderr, "already") {
		t.Errorf("init again: %+v", o)
	}

	s := serveCommand(t, "--data", dir, "--listen", "127.0.0.1:0")
	if s.ready["public"] != "https://plenary.example.int" {
		t.Errorf("ready: %v", s.ready)
	}
	if status := logIn(t, http.DefaultClient, s.address(), "admin", admin); status != 200 {
		t.Errorf("the administrator's log-in: %d", status)
	}

	// While it runs:
	const added, changed = "Br1ght_Otter^Meadow", "Qu1et-Heron&Valley"
	choosePasswordBy(t, s, must(t, "user", "add", "mei", "--data", dir, "--email", "mei@example.int", "--roles", "meeting-manager"), added)
	if status := logIn(t, http.DefaultClient, s.address(), "mei", added); status != 200 {
		t.Errorf("an added account: %d", status)
	}
	if list := must(t, "user", "list", "--data", dir); !strings.Contains(list, "mei@example.int") || !strings.Contains(list, "meeting-manager") {
		t.Errorf("list:\n%s", list)
	}
	must(t, "user", "deactivate", "mei", "--data", dir)
	if status := logIn(t, http.DefaultClient, s.address(), "mei", added); status != 403 {
		t.Errorf("deactivated: %d", status)
	}
	must(t, "user", "activate", "mei", "--data", dir)
	choosePasswordBy(t, s, must(t, "user", "password", "mei", "--data", dir), changed)
	if status := logIn(t, http.DefaultClient, s.address(), "mei", added); status != 401 {
		t.Errorf("the password of before: %d", status)
	}
	if status := logIn(t, http.DefaultClient, s.address(), "mei", changed); status != 200 {
		t.Errorf("a changed password: %d", status)
	}
	must(t, "user", "roles", "mei", "administrator", "meeting-manager", "--data", dir)
	must(t, "user", "roles", "admin", "participant", "--data", dir)
	if o := do(t, "", "user", "roles", "mei", "participant", "--data", dir); o.status != 1 || !strings.Contains(o.stderr, "last administrator") {
		t.Errorf("the last administrator: %+v", o)
	}
	if o := do(t, "", "user", "roles", "mei", "king", "--data", dir); o.status != 1 || !strings.Contains(o.stderr, "roles/0 (unknown)") {
		t.Errorf("an unknown role: %+v", o)
	}
	if list := must(t, "user", "list", "--data", dir); !regexp.MustCompile(`mei +mei@example.int +active +participant, administrator, meeting-manager `).MatchString(list) {
		t.Errorf("list:\n%s", list)
	}
	if o := do(t, "", "user", "deactivate", "mei", "--data", dir); o.status != 1 || !strings.Contains(o.stderr, "last administrator") {
		t.Errorf("the last administrator: %+v", o)
	}
	if o := do(t, "", "user", "add", "mei", "--data", dir, "--email", "other@example.int"); o.status != 1 || !strings.Contains(o.stderr, "username") {
		t.Errorf("a taken username: %+v", o)
	}

	log := s.stop(t)
	for _, secret := range []string{admin, added, changed, "mei", "example.int:"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for line := range strings.Lines(log) {
		if !json.Valid([]byte(line)) {
			t.Errorf("the log is not JSON: %s", line)
		}
	}
}

const meetingsJSON = `[
 {"code":"C-00000001","title":{"en":"One"},"description":{},"place":{"en":"Geneva"},"zone":"Europe/Zurich",
  "sessions":[{"title":{"en":"Day"},"start":"2027-01-12T08:30:00Z","end":"2027-01-12T16:30:00Z"}],
  "registration_from":"2026-01-01T00:00:00Z","registration_until":"2027-01-08T00:00:00Z",
  "participation":["onsite"],"approval":"none","form":{"sections":[]},"contact":"meetings@example.int"},
 {"code":"wrong","title":{},"zone":"Mars","sessions":[],"participation":[],"approval":"perhaps"}
]`

func TestImport_reportsEachRow(t *testing.T) {
	dir := t.TempDir()
	must(t, "init", "--data", filepath.Join(dir, "data"))
	file := filepath.Join(dir, "meetings.json")
	if err := os.WriteFile(file, []byte(meetingsJSON), 0o600); err != nil {
		t.Fatal(err)
	}
	o := do(t, "", "import", "meetings", file, "--data", filepath.Join(dir, "data"))
	if o.status != 1 || !strings.Contains(o.stdout, "1  C-00000001  added") || !strings.Contains(o.stdout, "2  wrong  refused") ||
		!strings.Contains(o.stdout, "/zone: unknown") || !strings.Contains(o.stderr, "1 of 2") {
		t.Errorf("%+v", o)
	}
	if o := do(t, "", "import", "meetings", file, "--data", filepath.Join(dir, "data")); !strings.Contains(o.stdout, "C-00000001  unchanged") {
		t.Errorf("again: %+v", o)
	}
	if err := os.WriteFile(file, []byte(meetingsJSON+meetingsJSON), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := do(t, "", "import", "meetings", file, "--data", filepath.Join(dir, "data")); o.status != 1 || o.stdout != "" || !strings.Contains(o.stderr, "something stands behind the list") {
		t.Errorf("two lists, of which the second would be left out: %+v", o)
	}
}

func TestServe_TLS(t *testing.T) {
	dir := t.TempDir()
	admin := passwordIn(t, must(t, "init", "--data", filepath.Join(dir, "data")))
	cert, pool := writeCertificate(t, dir)
	s := serveCommand(t, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", cert,
		"--address", "https://moved.example.int")
	if !strings.HasPrefix(s.address(), "https://") || s.ready["public"] != "https://moved.example.int" {
		t.Fatalf("ready: %v", s.ready)
	}
	client := trusting(pool)
	if status := logIn(t, client, s.address(), "admin", admin); status != 200 {
		t.Errorf("log in: %d", status)
	}
	a, err := client.Get(s.address() + "/v1/service")
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if hsts := a.Header.Get("Strict-Transport-Security"); hsts != "max-age=31536000" || a.TLS.Version != tls.VersionTLS13 {
		t.Errorf("HSTS %q, TLS %x", hsts, a.TLS.Version)
	}
	old := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if c, err := tls.Dial("tcp", strings.TrimPrefix(s.address(), "https://"), old); err == nil {
		c.Close()
		t.Error("it speaks TLS 1.1")
	}
}

// trusting is a client that trusts these authorities.
func trusting(pool *x509.CertPool) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
}

// onlyOwner tells whether nobody but its owner can read a file.
func onlyOwner(info os.FileInfo) bool {
	return runtime.GOOS == "windows" || info.Mode().Perm() == 0o600
}

// writeCertificate writes a certificate of its own for 127.0.0.1, with its key.
func writeCertificate(t *testing.T, dir string) (path string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	path = filepath.Join(dir, "cert.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return path, pool
}

func TestServeDemo_saysWhereAndWho(t *testing.T) {
	s := serveCommand(t, "--demo", "--listen", "127.0.0.1:0", "--data", t.TempDir())
	staff := s.ready["staff"].(map[string]any)
	for _, name := range []string{"manager", "administrator", "deputy"} {
		person := staff[name].(map[string]any)
		if status := logIn(t, http.DefaultClient, s.address(), person["identifier"].(string), person["password"].(string)); status != 200 {
			t.Errorf("the log-in of %s: %d", name, status)
		}
	}
}

func TestMistakes_areExplained(t *testing.T) {
	dir := t.TempDir()
	must(t, "init", "--data", filepath.Join(dir, "data"))
	for _, tc := range []struct {
		args   string
		status int
		want   string
	}{
		{"", 2, "usage:"},
		{"dance", 2, `no command "dance"`},
		{"serve", 2, "--data DIR is missing"},
		{"serve --data DIR/nothing", 1, "plenaryd init --data"},
		{"serve --data DIR/data --listen 0.0.0.0:0", 2, "--tls-cert"},
		{"serve --data DIR/data --listen nonsense", 2, "address:port"},
		{"serve --data DIR/data --tls-cert x", 2, "go together"},
		{"serve --data DIR/data --smtp mail.example.int:25 --smtp-security none", 2, "encrypted only"},
		{"serve --data DIR/data --smtp nonsense", 2, "host:port"},
		{"serve --data DIR/data --trusted-proxies nonsense", 2, "10.0.0.0/8"},
		{"serve --data DIR/data --mail-networks 10.0.0.0/8,nonsense", 2, "mail servers \"nonsense\""},
		{"serve --data DIR/data --fly", 2, "fly"},
		{"serve --demo --data DIR/demo --listen 0.0.0.0:0", 1, "this machine only"},
		{"serve --demo --data DIR/data2 --smtp mail.example.int:25", 1, "this machine"},
		{"user", 2, "say what to do"},
		{"user dance", 2, "not one of"},
		{"user add --data DIR/data", 2, "something is missing"},
		{"user password nobody --data DIR/data", 1, "no such account"},
		{"user roles nobody --data DIR/data", 2, "something is missing"},
		{"user roles nobody administrator --data DIR/data", 1, "no such account"},
		{"import people x --data DIR/data", 2, "cannot be imported"},
		{"import meetings DIR/nothing.json --data DIR/data", 1, "nothing.json: "},
		{"init", 2, "--data DIR is missing"},
		{"init --data DIR/new --address ftp://example.org", 1, "no address such as https"},
		{"init --data DIR/new1 --address https://example.org/plenary", 1, "has a path"},
		{"serve --data DIR/data --address https://example.org/plenary/", 2, "has a path"},
		{"serve --data DIR/data --log-level loud", 2, "none of debug"},
		{"serve --data DIR/data --metrics-listen nonsense", 1, "metrics"},
		{"keys", 2, "something is missing"},
		{"keys dance --data DIR/data", 2, "none of list"},
		{"backup one two --data DIR/data", 2, "too much"},
		{"restore --data DIR/data", 2, "something is missing"},
		{"migrate", 2, "--data DIR is missing"},
		{"check", 2, "--data DIR is missing"},
		{"init --data DIR/new2 --policy none", 1, "policy"},
		{"version too much", 2, "too much"},
	} {
		o := do(t, "", strings.Fields(strings.ReplaceAll(tc.args, "DIR", dir))...)
		if o.status != tc.status || !strings.Contains(o.stderr, tc.want) {
			t.Errorf("plenaryd %s: %d\n%s%s", tc.args, o.status, o.stdout, o.stderr)
		}
	}
}

func TestHelp_forEveryCommand(t *testing.T) {
	if out := must(t, "help"); !strings.Contains(out, "serve") {
		t.Error(out)
	}
	for _, c := range commands() {
		if out := must(t, c.name, "--help"); !strings.HasPrefix(out, "usage: plenaryd "+c.name) {
			t.Errorf("%s --help:\n%s", c.name, out)
		}
	}
	if out := must(t, "version"); !strings.HasPrefix(out, "plenaryd ") {
		t.Error(out)
	}
	if out := must(t, "openapi"); !strings.Contains(out, "openapi: 3.1.0") {
		t.Errorf("openapi:\n%.200s", out)
	}
}
