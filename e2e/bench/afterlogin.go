//go:build e2e

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/program"
)

const (
	settle  = 10 * time.Second
	watched = 20 * time.Second
	rest    = 15 * time.Second // after the last key
	// tick is the unit of the times in /proc/PID/stat, 1/100 s on Linux.
	tick = 10 * time.Millisecond
)

// afterLogin measures on "Meetings", ten seconds after a log-in as a person
// does it: the memory, against that of a bare Fyne window that has been there as
// long, and then what the program takes of a core above that window while nobody
// touches it: with nothing focused, and 15 s after the last key in the search.
func afterLogin(b *bench) ([]float64, error) {
	person, err := b.participant()
	if err != nil {
		return nil, err
	}
	desk, err := desktop.Start(filepath.Join(b.work, "after-login"), displayWidth, displayHeight)
	if err != nil {
		return nil, err
	}
	defer desk.Close()
	hello, err := desk.Run("hello", desk.Command("", b.binary("e2e/hello")))
	if err != nil {
		return nil, err
	}
	err = await.Until(program.Limit, "the bare window", func() (bool, error) {
		windows, err := desk.Windows()
		return len(windows) > 0, err // Plenary's comes after it, so that it is not covered
	})
	if err != nil {
		return nil, err
	}
	p, err := program.Start(desk, "plenary", b.binary("e2e/plenary"),
		"--data", filepath.Join(b.work, "after-login", "data"), "--service", b.demo.Address)
	if err != nil {
		return nil, err
	}
	defer p.Kill()
	for _, step := range []func() error{
		func() error { return p.Fill("login.identifier", person.Identifier) },
		func() error { return p.Fill("login.password", person.Password) },
		func() error { return desk.Press("Enter") },
		// A click on a meeting takes the focus out of the search field, whose
		// blinking caret Fyne animates at sixty frames a second.
		func() error { return p.Click("meetings.list") },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	time.Sleep(settle) // what is measured is the state after so long
	ours, err := proportional(p.Pid())
	if err != nil {
		return nil, err
	}
	theirs, err := proportional(hello.Pid())
	if err != nil {
		return nil, err
	}
	fmt.Printf("  Plenary %d MB, bare window %d MB\n", ours>>20, theirs>>20)
	idle, err := aboveBare(p.Pid(), hello.Pid())
	if err != nil {
		return nil, err
	}
	if err := p.Fill("meetings.search", "quantum"); err != nil {
		return nil, err
	}
	time.Sleep(rest)
	focused, err := aboveBare(p.Pid(), hello.Pid())
	if err != nil {
		return nil, err
	}
	return []float64{float64(ours) / float64(theirs), idle, focused}, nil
}

// aboveBare gives what the program takes of a core while nobody touches it, in percent,
// above what a bare window takes meanwhile.
func aboveBare(plenary, hello int) (float64, error) {
	ours, theirs, err := cpuMeanwhile(plenary, hello)
	fmt.Printf("  in %v %v of a core, bare window %v\n", watched, ours, theirs)
	return 100 * float64(ours-theirs) / float64(watched), err
}

// cpuMeanwhile watches two processes for a while and gives what each of them
// took of a core.
func cpuMeanwhile(a, b int) (ofA, ofB time.Duration, err error) {
	var sums [2][2]time.Duration
	for when := range sums {
		for i, pid := range []int{a, b} {
			if sums[when][i], err = cpu(pid); err != nil {
				return 0, 0, err
			}
		}
		if when == 0 {
			time.Sleep(watched) // what is measured is what happens meanwhile
		}
	}
	return sums[1][0] - sums[0][0], sums[1][1] - sums[0][1], nil
}

// proportional gives a process's proportional set size in bytes.
func proportional(pid int) (int64, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(content)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("the kernel does not tell the proportional set size")
}

// cpu gives the time that a process has spent on a core so far.
func cpu(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, afterName, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(afterName)
	if len(fields) < 13 {
		return 0, errors.New("the kernel does not tell the process's time")
	}
	var sum time.Duration
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}
