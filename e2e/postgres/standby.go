package postgres

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
)

// Standby starts a server that follows this one (streaming replication). From then on
// a commit here is answered when the standby has written it to its disk.
func (s *Server) Standby() (*Server, error) {
	_, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	standby, err := start(`"$1/pg_basebackup" -h 127.0.0.1 -p "$4" -U plenary -D "$2/data" -c fast -R`, port)
	if err != nil {
		return nil, err
	}
	// Not before: the standby, once it writes itself, waits for nobody.
	return standby, s.run(`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`)
}

// Promote makes a standby the server that writes; it returns when it does.
func (s *Server) Promote() error { return s.run(`SELECT pg_promote()`) }

// run runs statements, each by itself.
func (s *Server) run(statements ...string) error {
	_, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	for _, q := range statements {
		out, err := exec.Command(filepath.Join(s.bin, "psql"), "-h", "127.0.0.1", "-p", port, "-U", "plenary", "-d", "postgres", "-X", "-c", q).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", q, err, out)
		}
	}
	return nil
}
