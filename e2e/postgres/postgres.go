// Package postgres runs a PostgreSQL of the system's in a folder of its own, as
// an organization would have it: with its own settings, fsync included. A relay
// (relay.go) stands in for the network between it and the service.
package postgres

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"plenary/service/store/postgresql"
)

// startLimit is how long the server may take to start.
const startLimit = time.Minute

// Server is a running PostgreSQL, which ends with the process that started it.
type Server struct {
	Address string // 127.0.0.1:PORT
	dir     string
	bin     string
	alive   io.Closer // the server stops, and its folder goes, when this closes
	ended   chan struct{}
}

// run keeps the server while its standard input is open, and that is as long as
// the process lives that started it, however that ends. What makes the server's folder
// stands in the first place.
const run = `
%s >"$2/initdb.log" 2>&1 || exit 1
"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w -o "-k $2 -p $3 -c listen_addresses=127.0.0.1 -c max_connections=200" start >"$2/ctl.log" 2>&1 || exit 1
touch "$2/ready"
cat >"$2/stdin"
"$1/pg_ctl" -D "$2/data" -m immediate stop >"$2/ctl.log" 2>&1
rm -rf "$2"
`

// Start starts a server in the system's folder for temporary files, which PostgreSQL's
// user can reach too.
func Start() (*Server, error) {
	return start(`"$1/initdb" -D "$2/data" -U plenary -A trust -E UTF8 --locale=C`)
}

// start starts a server in a folder that a command of the shell makes; args are its
// $4 and on.
func start(folder string, args ...string) (*Server, error) {
	bin, err := postgresql.Programs()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "plenary-pg")
	if err != nil {
		return nil, err
	}
	s := &Server{Address: "127.0.0.1:" + port, dir: dir, bin: bin, ended: make(chan struct{})}
	command := append([]string{"sh", "-c", fmt.Sprintf(run, folder), "sh", bin, s.dir, port}, args...)
	if os.Geteuid() == 0 {
		// PostgreSQL refuses to run as root.
		if err := postgresql.GiveFolder(s.dir); err != nil {
			return nil, err
		}
		command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
	}
	server := exec.Command(command[0], command[1:]...)
	server.Dir = s.dir
	if s.alive, err = server.StdinPipe(); err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	go func() {
		server.Wait() // its logs say what was the matter
		close(s.ended)
	}()
	return s, s.ready()
}

func (s *Server) ready() error {
	deadline := time.After(startLimit)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-s.ended:
			return fmt.Errorf("PostgreSQL did not start: see the logs in %s", s.dir)
		case <-deadline:
			return fmt.Errorf("PostgreSQL did not start within %v: see the logs in %s", startLimit, s.dir)
		case <-look.C:
			if _, err := os.Stat(filepath.Join(s.dir, "ready")); err == nil {
				return nil
			}
		}
	}
}

// Create makes an empty database.
func (s *Server) Create(name string) error {
	_, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	out, err := exec.Command(filepath.Join(s.bin, "createdb"), "-h", "127.0.0.1", "-p", port, "-U", "plenary", name).CombinedOutput()
	if err != nil {
		return fmt.Errorf("createdb %s: %w: %s", name, err, out)
	}
	return nil
}

// DSN names a database, reached at an address: the server's own, or a relay's.
func DSN(address, name string) string {
	return "postgres://plenary@" + address + "/" + name + "?sslmode=disable"
}

// Stop ends the server at once, and removes its folder.
func (s *Server) Stop() {
	s.alive.Close()
	<-s.ended
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
