package postgres

import (
	"context"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
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
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	c, err := pgx.Connect(ctx, DSN(s.Address, "postgres"))
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, q := range statements {
		if _, err := c.Exec(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}
