//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// line is one measured number. Aims are the project's own; most are upper
// limits, logins-ratio and refreshes-per-second are lower ones.
type line struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Aim   float64 `json:"aim"`
	Met   bool    `json:"met"`
}

type report []line

var aims = map[string]struct {
	unit  string
	aim   float64
	least bool // the aim is the least, not the most
}{
	"window-first-frame-ratio": {unit: "ratio", aim: 1.2},
	"memory-after-login-ratio": {unit: "ratio", aim: 1.4},
	"idle-cpu-percent":         {unit: "percent of one core above the bare window", aim: 0.3},
	"idle-cpu-percent-focused": {unit: "percent of one core above the bare window", aim: 0.6},
	"offline-start-ratio":      {unit: "ratio", aim: 1.4},
	"window-longest-hold-ms":   {unit: "ms, drawing aside", aim: 16},
	"form-open-ms":             {unit: "ms, drawing aside", aim: 100},
	"directory-search-p99-us":  {unit: "us", aim: 1000},
	"journal-append-ratio":     {unit: "ratio, two files against one", aim: 2.2},
	"logins-ratio":             {unit: "ratio", aim: 0.85, least: true},
	"archive-mb":               {unit: "MB", aim: 12.5},
	"deb-mb":                   {unit: "MB", aim: 12.5},
	"plenaryd-deb-mb":          {unit: "MB", aim: 9},
	"msi-mb":                   {unit: "MB", aim: 17},
	"exe-xz-mb":                {unit: "MB", aim: 12.5},

	"refreshes-per-second":                          {unit: "1/s", aim: 6000, least: true},
	"refreshes-per-second-postgres":                 {unit: "1/s", aim: 3000, least: true},
	"login-round-trips-known-device":                {unit: "round trips", aim: 12},
	"login-round-trips-new-device":                  {unit: "round trips", aim: 16},
	"registrations-per-second-one-meeting":          {unit: "1/s", aim: 1000, least: true},
	"registrations-per-second-one-meeting-postgres": {unit: "1/s", aim: 800, least: true},
	"registrations-per-second-one-meeting-relay":    {unit: "1/s", aim: 250, least: true},
	"authenticated-reads-per-second":                {unit: "1/s", aim: 10000, least: true},
	"authenticated-reads-per-second-postgres":       {unit: "1/s", aim: 5000, least: true},
	"logins-with-stuck-meeting":                     {unit: "slowest of a hundred, ratio", aim: 1.5},
	"million-accounts-ratio":                        {unit: "ratio", aim: 1.5},
	"million-accounts-p95-ms":                       {unit: "ms", aim: 300},
	"million-accounts-inside-s":                     {unit: "s", aim: 1.5},
	"million-accounts-ratio-postgres":               {unit: "ratio", aim: 1.5},
	"million-accounts-p95-ms-postgres":              {unit: "ms", aim: 300},
	"million-accounts-inside-s-postgres":            {unit: "s", aim: 1.5},
	"list-scale-ratio":                              {unit: "ratio", aim: 1.5},
	"staff-search-scale-ratio":                      {unit: "ratio", aim: 1.5},
	"registration-scale-ratio":                      {unit: "ratio", aim: 1.5},
	"bulk-decide-seconds":                           {unit: "s", aim: 5},
	"list-scale-ratio-postgres":                     {unit: "ratio", aim: 1.5},
	"staff-search-scale-ratio-postgres":             {unit: "ratio", aim: 1.5},
	"registration-scale-ratio-postgres":             {unit: "ratio", aim: 1.5},
	"bulk-decide-seconds-postgres":                  {unit: "s", aim: 5},
	"two-nodes-failover-lost":                       {unit: "registrations", aim: 0},
	"two-nodes-failover-s":                          {unit: "s", aim: 10},
	"logins-200-memory-mb":                          {unit: "MB", aim: 200},
	"logins-200-healthz-ms":                         {unit: "ms", aim: 100},
	"logins-200-strange-answers":                    {unit: "answers", aim: 0},
	"logins-600-slowest-answer-s":                   {unit: "s", aim: 10},
	"logins-600-slowest-answer-s-postgres":          {unit: "s", aim: 10},
	"account-timing-signup":                         {unit: "share of the median", aim: 0.1},
	"account-timing-signup-control":                 {unit: "share of the median", aim: 0.1},
	"account-timing-login":                          {unit: "share of the median", aim: 0.1},
	"account-timing-login-control":                  {unit: "share of the median", aim: 0.1},
	"account-timing-forgot":                         {unit: "share of the median", aim: 0.1},
	"account-timing-forgot-control":                 {unit: "share of the median", aim: 0.1},
	"idle-crowd-cpu-percent":                        {unit: "percent of one core", aim: 20},
	"idle-node-statements-per-second":               {unit: "1/s", aim: 1},
	"export-xlsx-seconds":                           {unit: "s", aim: 15},
	"export-xlsx-memory-mb":                         {unit: "MB", aim: 300},
	"mails-per-second":                              {unit: "1/s", aim: 300, least: true},
	"mails-per-second-slow-server":                  {unit: "1/s", aim: 40, least: true},
	"reset-behind-bulk-s":                           {unit: "s", aim: 2},
}

func (r *report) add(name string, value float64) {
	a := aims[name]
	met := value <= a.aim
	if a.least {
		met = value >= a.aim
	}
	*r = append(*r, line{name, value, a.unit, a.aim, met})
}

func (r report) write(path string) error {
	if r == nil {
		r = report{}
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

func (r report) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "\nname\tvalue\taim\tunit\tmet")
	for _, l := range r {
		sign, met := "<=", "yes"
		if aims[l.Name].least {
			sign = ">="
		}
		if !l.Met {
			met = "NO"
		}
		fmt.Fprintf(t, "%s\t%.3g\t%s %g\t%s\t%s\n", l.Name, l.Value, sign, l.Aim, l.Unit, met)
	}
	t.Flush()
}
