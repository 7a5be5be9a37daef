package storetest

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"plenary/service/store"
	"plenary/service/store/postgresql"
)

// template is a database with all tables: copying it is much faster than
// migrating again.
const template = "plenary_template"

// cluster is a PostgreSQL server in a folder of its own, reachable over a unix
// socket there.
type cluster struct {
	dir     string
	admin   *sql.DB
	alive   io.WriteCloser // the server stops, and its folder goes, when this closes
	answers *bufio.Reader  // to commands that were written to alive

	seed map[string]string // rows that the migrations make, as JSON by table

	mu    sync.Mutex
	made  int      // databases so far
	clean []string // those that nobody uses
}

var sharedCluster = sync.OnceValues(start)

// run keeps the server while its standard input is open, and that is as long
// as the test process lives, however that ends. Meanwhile it takes commands there,
// and answers each on its standard output.
const run = `
start() {
	"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w -o "-k $2 -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB" start >"$2/ctl.log" 2>&1
}
stop() { "$1/pg_ctl" -D "$2/data" -m immediate stop >"$2/ctl.log" 2>&1; }
"$1/initdb" -D "$2/data" -U plenary -A trust -E UTF8 --locale=C --no-sync >"$2/initdb.log" 2>&1 || exit 1
start "$1" "$2" || exit 1
touch "$2/ready"
while read -r command; do
	"$command" "$1" "$2"
	echo "$command: $?"
done
stop "$1" "$2"
rm -rf "$2"
`

func start() (*cluster, error) {
	bin, err := postgresql.Programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "plenary-pg")
	if err != nil {
		return nil, err
	}
	command := []string{"sh", "-c", run, "sh", bin, dir}
	if os.Geteuid() == 0 {
		// PostgreSQL refuses to run as root.
		if err := postgresql.GiveFolder(dir); err != nil {
			return nil, err
		}
		command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
	}
	server := exec.Command(command[0], command[1:]...)
	server.Dir = dir
	alive, err := server.StdinPipe()
	if err != nil {
		return nil, err
	}
	answers, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	c := &cluster{dir: dir, alive: alive, answers: bufio.NewReader(answers)}
	if err := c.ready(ended); err != nil {
		return nil, err
	}
	if c.admin, err = sql.Open("pgx", c.dsn("postgres")); err != nil {
		return nil, err
	}
	if err := c.exec("CREATE DATABASE " + template); err != nil {
		return nil, err
	}
	db, err := store.Open(context.Background(), c.dsn(template), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return c, c.readSeed()
}

// readSeed reads what stands in the template.
func (c *cluster) readSeed() error {
	db, err := sql.Open("pgx", c.dsn(template))
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.Query(`SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	c.seed = map[string]string{}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		c.seed[table] = ""
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for table := range c.seed {
		var content sql.NullString
		if err := db.QueryRow(`SELECT json_agg(t) FROM ` + table + ` t`).Scan(&content); err != nil {
			return err
		}
		if c.seed[table] = content.String; !content.Valid {
			delete(c.seed, table)
		}
	}
	return nil
}

// ready waits until the server takes connections.
func (c *cluster) ready(ended <-chan error) error {
	deadline := time.After(time.Minute)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("the cluster did not start (see %s): %w", c.dir, errors.Join(err, errors.New("ended")))
		case <-deadline:
			return fmt.Errorf("the cluster did not start within a minute (see %s)", c.dir)
		case <-look.C:
			if _, err := os.Stat(filepath.Join(c.dir, "ready")); err == nil {
				return nil
			}
		}
	}
}

func (c *cluster) dsn(database string) string {
	return "postgres:///" + database + "?user=plenary&host=" + url.QueryEscape(c.dir)
}

func (c *cluster) exec(query string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err := c.admin.ExecContext(ctx, query)
	return err
}

// take gives an empty database: one that a test has left, or a new one.
func (c *cluster) take() (name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.clean); n > 0 {
		name, c.clean = c.clean[n-1], c.clean[:n-1]
		return name, nil
	}
	c.made++
	name = fmt.Sprintf("t%d", c.made)
	return name, c.exec("CREATE DATABASE " + name + " TEMPLATE " + template)
}

// giveBack empties a database for the next test, which is much faster than
// making one; what a failed test leaves is not used again.
func (c *cluster) giveBack(name string, failed bool) error {
	if failed {
		return c.exec("DROP DATABASE " + name + " WITH (FORCE)")
	}
	db, err := sql.Open("pgx", c.dsn(name))
	if err != nil {
		return err
	}
	_, err = db.Exec(`DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ')
		FROM pg_tables WHERE schemaname = 'public'); END $$`)
	for table, rows := range c.seed {
		if _, e := db.Exec(`INSERT INTO `+table+` SELECT * FROM json_populate_recordset(NULL::`+table+`, $1)`, rows); e != nil {
			err = errors.Join(err, e)
		}
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clean = append(c.clean, name)
	return nil
}
