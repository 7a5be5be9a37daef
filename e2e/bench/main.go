//go:build e2e

// Command bench measures what people feel of Plenary: how soon its window is
// there, what it takes of the machine, how fast it finds and keeps things. Each
// number is a ratio to a bare thing measured in the same run where there is one,
// so that it means the same on every machine. `make bench` builds what it
// needs and runs it; it writes build/bench/report.json and a table, and fails
// only when something could not be measured.
//
// The measures that need no window can be run alone: bench NAME...
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"plenary/e2e/mailserver"
	"plenary/e2e/postgres"
	"plenary/e2e/service"
	_ "plenary/service/store/postgres"
)

// bench is what the measures share.
type bench struct {
	build  string // the folder with the binaries
	work   string // a fresh folder on the same disk as build, not a tmpfs
	mail   *mailserver.Server
	demo   *site          // started at first use, see service
	person service.Person // a participant with an active account

	database *postgres.Server // started at first use, see onPostgres
}

// measure is one line of the report, or several that come from one run.
type measure struct {
	names []string
	take  func(*bench) ([]float64, error)
}

var measures = []measure{
	{[]string{"journal-append-ratio"}, journalAppend},
	{[]string{"directory-search-p99-us"}, directorySearch},
	{[]string{"logins-ratio"}, logins},
	{[]string{"refreshes-per-second"}, refreshes},
	{[]string{"refreshes-per-second-postgres"}, refreshesOnPostgres},
	{[]string{"registrations-per-second-one-meeting", "authenticated-reads-per-second"}, hallOnSQLite},
	{[]string{
		"registrations-per-second-one-meeting-postgres", "authenticated-reads-per-second-postgres",
		"registrations-per-second-one-meeting-relay",
	}, hallOnPostgres},
	{[]string{"logins-with-stuck-meeting"}, loginsWithStuckMeeting},
	{[]string{"million-accounts-ratio", "million-accounts-p95-ms", "million-accounts-inside-s"}, millionOnSQLite},
	{[]string{
		"million-accounts-ratio-postgres", "million-accounts-p95-ms-postgres", "million-accounts-inside-s-postgres",
	}, millionOnPostgres},
	{[]string{"list-scale-ratio", "staff-search-scale-ratio", "registration-scale-ratio", "bulk-decide-seconds"}, rosterOnSQLite},
	{[]string{
		"list-scale-ratio-postgres", "staff-search-scale-ratio-postgres", "registration-scale-ratio-postgres", "bulk-decide-seconds-postgres",
	}, rosterOnPostgres},
	{[]string{"two-nodes-failover-lost", "two-nodes-failover-s"}, twoNodesFailover},
	{[]string{"login-round-trips-known-device", "login-round-trips-new-device"}, loginRoundTrips},
	{[]string{"export-xlsx-seconds", "export-xlsx-memory-mb"}, exportXLSX},
	{[]string{"idle-crowd-cpu-percent"}, idleCrowd},
	{[]string{"idle-node-statements-per-second"}, idleNode},
	{[]string{"mails-per-second", "mails-per-second-slow-server", "reset-behind-bulk-s"}, mails},
	{[]string{"logins-200-memory-mb", "logins-200-healthz-ms", "logins-200-strange-answers"}, crowdLogsIn},
	{[]string{"logins-600-slowest-answer-s"}, doorsOnSQLite},
	{[]string{"logins-600-slowest-answer-s-postgres"}, doorsOnPostgres},
	{[]string{"account-timing-signup", "account-timing-signup-control"}, accountTiming("signup", askSignUp)},
	{[]string{"account-timing-login", "account-timing-login-control"}, accountTiming("login", askLogIn)},
	{[]string{"account-timing-forgot", "account-timing-forgot-control"}, accountTiming("forgot", askForgot)},
	{[]string{"form-open-ms"}, formOpen},
	{[]string{"window-first-frame-ratio"}, firstFrame},
	{[]string{"memory-after-login-ratio", "idle-cpu-percent", "idle-cpu-percent-focused"}, afterLogin},
	{[]string{"offline-start-ratio"}, offlineStart},
	{[]string{"window-longest-hold-ms"}, longestHold},
	{[]string{"archive-mb"}, packageSize("plenary-*.tar.xz")},
	{[]string{"deb-mb"}, packageSize("plenary_*.deb")},
	{[]string{"plenaryd-deb-mb"}, packageSize("plenaryd_*.deb")},
	{[]string{"msi-mb"}, packageSize("Plenary-*-x64.msi")},
	{[]string{"exe-xz-mb"}, compressedExe},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(wanted []string) error {
	b := &bench{build: "build"}
	if err := os.MkdirAll(filepath.Join(b.build, "bench"), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Join(b.build, "bench"), "work-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if b.work, err = filepath.Abs(work); err != nil {
		return err
	}
	if b.build, err = filepath.Abs(b.build); err != nil {
		return err
	}
	if b.mail, err = mailserver.Start(); err != nil {
		return err
	}
	defer b.mail.Close()
	defer b.stop()

	report, failed := report{}, 0
	for _, m := range measures {
		if len(wanted) > 0 && !slices.ContainsFunc(m.names, func(n string) bool { return slices.Contains(wanted, n) }) {
			continue
		}
		fmt.Printf("measuring %v\n", m.names)
		values, err := m.take(b)
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %v: %v\n", m.names, err)
			failed++
			continue
		}
		for i, name := range m.names {
			report.add(name, values[i])
		}
	}
	if err := report.write(filepath.Join(b.build, "bench", "report.json")); err != nil {
		return err
	}
	report.print(os.Stdout)
	if failed > 0 {
		return fmt.Errorf("%d measures failed", failed)
	}
	return nil
}

func (b *bench) stop() {
	if b.demo != nil {
		b.demo.Stop()
	}
	if b.database != nil {
		b.database.Stop()
	}
}

// binary is where make has put a program.
func (b *bench) binary(name string) string { return filepath.Join(b.build, name) }
