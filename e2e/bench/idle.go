//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	idleAfter = 10 * time.Second // of the start, which has work
	idleFor   = 30 * time.Second
)

// idleNode measures how many statements a node on PostgreSQL that has nothing to do
// sends in a second.
func idleNode(b *bench) ([]float64, error) {
	s, stop, err := b.onPostgres("idle", nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	metrics, err := addMetrics(filepath.Join(s.Data(), "plenaryd.json"))
	if err != nil {
		return nil, err
	}
	s.Stop()
	if err := s.Resume(); err != nil {
		return nil, err
	}
	var sent [3]float64 // to ask for the number costs statements itself, as many each time
	for i, wait := range []time.Duration{idleAfter, 0, idleFor} {
		time.Sleep(wait)
		if sent[i], err = statementsOf(metrics); err != nil {
			return nil, err
		}
	}
	asking := sent[1] - sent[0]
	fmt.Printf("  %g statements in %v, and %g to ask for their number\n", sent[2]-sent[1]-asking, idleFor, asking)
	return []float64{(sent[2] - sent[1] - asking) / idleFor.Seconds()}, nil
}

// addMetrics lets the service of a configuration file show its metrics, and says where.
func addMetrics(path string) (address string, err error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	free.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var config map[string]any
	if err := json.Unmarshal(content, &config); err != nil {
		return "", err
	}
	config["metrics_listen"] = free.Addr().String()
	if content, err = json.Marshal(config); err != nil {
		return "", err
	}
	return free.Addr().String(), os.WriteFile(path, content, 0o600)
}

// statementsOf is how many statements a service has sent to its database.
func statementsOf(metrics string) (sent float64, err error) {
	response, err := http.Get("http://" + metrics + "/metrics")
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if number, ok := strings.CutPrefix(line, "plenary_database_statements_total "); ok {
			_, err := fmt.Sscan(number, &sent)
			return sent, err
		}
	}
	return 0, fmt.Errorf("the service's metrics do not tell its statements: %s", response.Status)
}
