package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each number in the example of alert rules is one that the service gives.
func TestMetrics_areThoseOfTheAlertRules(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, "init", "--data", data)
	cert, pool := writeCertificate(t, dir)
	s := serveCommand(t, "--data", data, "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", cert, "--metrics-listen", "127.0.0.1:0")
	client := trusting(pool)
	if status := logIn(t, client, s.address(), "admin", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("a wrong password: %d", status)
	}
	a, err := http.Get(s.ready["metrics"].(string))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := os.ReadFile(filepath.Join("..", "..", "docs", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, name := range regexp.MustCompile(`\b(plenary|go_sql)_[a-z_]+\b`).FindAllString(string(rules), -1) {
		names[name] = true
	}
	if len(names) < 15 {
		t.Errorf("only %d names in the rules", len(names))
	}
	for name := range names {
		if !regexp.MustCompile(`(?m)^` + name + `[ {]`).Match(text) {
			t.Errorf("%s is not in the metrics", name)
		}
	}
	if strings.Contains(string(text), "example.int") || strings.Contains(string(text), "admin") {
		t.Error("the metrics name somebody")
	}
	for _, path := range []string{"/metrics", "/v1/service/metrics"} {
		a, err := client.Get(s.address() + path)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode == http.StatusOK {
			t.Errorf("%s is there for everybody", path)
		}
	}
}
