// Package service runs plenaryd, the account service, as a process of its
// own, stops it as a power cut does, and starts it again on the same data; and
// asks it over HTTP what a meeting manager may ask.
package service

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"plenary/api"
)

// startLimit is how long the service may take to start, the first time with
// the whole directory to read in.
const startLimit = 60 * time.Second

// Service is a plenaryd that sends its mail by SMTP: in demonstration mode (Start),
// or as an organization runs it (StartReal).
type Service struct {
	Address string // http://127.0.0.1:PORT
	// Staff are those whom the demonstration made at this start: manager,
	// administrator, deputy.
	Staff map[string]Person

	binary, dir string
	args        []string // of serve
	cmd         *exec.Cmd
	client      caller
}

// Person is who logs in.
type Person struct {
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
}

// Start runs a plenaryd binary with its data and its log below dir.
func Start(binary, dir, smtp string) (*Service, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &Service{binary: binary, dir: dir, args: []string{"--demo", "--listen", listen, "--data", filepath.Join(dir, "data"), "--smtp", smtp}}
	return s, s.Resume()
}

// StartReal makes a service with plenaryd init, in an empty database if one is
// given and else in SQLite, and runs it. It has no staff but its administrator.
func StartReal(binary, dir, database, smtp string) (*Service, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	out, err := exec.Command(binary, "init", "--data", data, "--listen", listen, "--database", database).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("plenaryd init: %w: %s", err, out)
	}
	s := &Service{binary: binary, dir: dir, args: []string{"--data", data, "--smtp", smtp, "--smtp-security", "none"}}
	return s, s.Resume()
}

// Another runs one more node of a real service, with its data and its log below dir.
func (s *Service) Another(dir string) (*Service, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{"plenaryd.key", "plenaryd.json"} {
		content, err := os.ReadFile(filepath.Join(s.Data(), name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(data, name), content, 0o600); err != nil {
			return nil, err
		}
	}
	n := &Service{binary: s.binary, dir: dir, args: append(slices.Clone(s.args), "--data", data, "--listen", listen)}
	return n, n.Resume()
}

// Log is where the service's log goes.
func (s *Service) Log() string { return filepath.Join(s.dir, "plenaryd.log") }

// Data is the folder of the service's own data.
func (s *Service) Data() string { return filepath.Join(s.dir, "data") }

// Restart starts the service anew, with further flags, which count before those of before.
func (s *Service) Restart(flags ...string) error {
	s.Stop()
	s.args = append(s.args, flags...)
	return s.Resume()
}

// ImportMeetings takes meetings in, as the operator does, which the list of a service
// lacks the remote participants' address of.
func (s *Service) ImportMeetings(meetings []api.Meeting) error {
	type row struct {
		api.Meeting
		Platform string `json:"platform"`
	}
	rows := make([]row, len(meetings))
	for i, m := range meetings {
		rows[i] = row{m, "https://remote.example.test"}
	}
	content, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	file := filepath.Join(s.dir, "meetings.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return err
	}
	if out, err := exec.Command(s.binary, "import", "meetings", "--data", s.Data(), file).CombinedOutput(); err != nil {
		return fmt.Errorf("plenaryd import meetings: %w: %s", err, out)
	}
	return nil
}

// Pid is the process's id.
func (s *Service) Pid() int { return s.cmd.Process.Pid }

// Resume starts the service, at the same address, on the data that is there.
func (s *Service) Resume() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	log, err := os.OpenFile(s.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = exec.Command(s.binary, append([]string{"serve"}, s.args...)...)
	s.cmd.Stderr = log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, in, err := os.Pipe()
	if err != nil {
		return err
	}
	s.cmd.Stdout = in
	err = s.cmd.Start()
	in.Close() // ours; the service has its own
	if err != nil {
		out.Close()
		return fmt.Errorf("starting plenaryd: %w", err)
	}
	if err := s.ready(out); err != nil {
		s.Stop()
		return fmt.Errorf("plenaryd did not get ready (see %s): %w", s.Log(), err)
	}
	return nil
}

// ready reads the line with which the service says that it is.
func (s *Service) ready(out *os.File) error {
	if err := out.SetReadDeadline(time.Now().Add(startLimit)); err != nil {
		return err
	}
	reader := bufio.NewReader(out)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	var said struct {
		Address string
		Staff   map[string]Person
	}
	if err := json.Unmarshal(line, &said); err != nil {
		return fmt.Errorf("it says %q: %w", line, err)
	}
	s.Address, s.Staff = said.Address, said.Staff
	s.client = caller{address: said.Address, person: said.Staff["manager"]}
	if err := out.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	go func() { // whatever else it prints, so that it never waits for a reader
		defer out.Close()
		io.Copy(io.Discard, reader)
	}()
	return nil
}

// Stop ends the service at once, as a power cut does. It may be called again.
func (s *Service) Stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Kill()
	s.cmd.Wait() // says only that it was killed
}

// freeAddress finds a port of loopback that nobody uses.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
