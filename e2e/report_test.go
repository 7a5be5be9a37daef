//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// report is a walk step by step: it takes a picture after each step, and writes
// report.json, also when the walk ends early.
type report struct {
	t      *testing.T
	folder string
	steps  []stepDone
}

// stepDone is a line of report.json.
type stepDone struct {
	Step    string `json:"step"`
	Outcome string `json:"outcome"` // ok or failed
	Ms      int64  `json:"ms"`
}

// newReport begins a report in an empty folder.
func newReport(t *testing.T, folder string) *report {
	t.Helper()
	must(t, os.RemoveAll(folder))
	must(t, os.MkdirAll(folder, 0o755))
	r := &report{t: t, folder: folder}
	t.Cleanup(r.write)
	return r
}

// step does one thing and has a picture of its outcome taken: of the window, or
// of the browser's page. A step that fails ends the walk, since the next ones
// would only say the same again.
func (r *report) step(name string, do func() error, picture func(path string) error) {
	r.t.Helper()
	start := time.Now()
	err := do()
	took := time.Since(start)
	if picture != nil {
		path := filepath.Join(r.folder, fmt.Sprintf("%02d-%s.png", len(r.steps)+1, name))
		if pictureErr := picture(path); err == nil {
			err = pictureErr
		}
	}
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	r.steps = append(r.steps, stepDone{Step: name, Outcome: outcome, Ms: took.Milliseconds()})
	r.t.Logf("%02d %-32s %s %v", len(r.steps), name, outcome, took.Round(time.Millisecond))
	if err != nil {
		r.t.Fatalf("step %s: %v", name, err)
	}
}

func (r *report) write() {
	content, err := json.MarshalIndent(r.steps, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(r.folder, "report.json"), append(content, '\n'), 0o644)
	}
	if err != nil {
		r.t.Errorf("writing the report: %v", err)
	}
}
