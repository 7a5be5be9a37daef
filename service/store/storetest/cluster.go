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
	"sync/atomic"
	"time"

	"plenary/platform/files"
	"plenary/service/store"
	_ "plenary/service/store/postgres"
	"plenary/service/store/postgresql"
)

// template is a database with all tables: copying it is much faster than
// migrating again.
const template = "plenary_template"

// cluster is a PostgreSQL server in a folder of its own, reachable over a unix
// socket there.
type cluster struct {
	dir   string
	admin *sql.DB
	seed  map[string]string // rows that the migrations make, as JSON by table
	made  atomic.Int64      // databases of this process so far
	user  *files.Locked     // the lock of who uses a shared server
}

// run keeps the server while its standard input is open, and that is as long
// as the process that has started it lives, however that ends. Meanwhile it takes
// commands there, and answers each on its standard output.
const run = `
start() {
	"$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w -o "-k $2 -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=1000 -c shared_buffers=64MB" start >"$2/ctl.log" 2>&1
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
rm -rf "$2"/*
`

// process is a server that this process has started.
type process struct {
	dir     string
	alive   io.WriteCloser // the server stops when this closes
	answers *bufio.Reader  // to commands that were written to alive
	ended   chan error
}

// start starts a server in a folder that is there.
func start(dir string) (*process, error) {
	bin, err := postgresql.Programs()
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
	server.Dir, server.SysProcAttr = dir, detached()
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
	p := &process{dir: dir, alive: alive, answers: bufio.NewReader(answers), ended: make(chan error, 1)}
	go func() { p.ended <- server.Wait() }()
	return p, p.ready()
}

// ready waits until the server takes connections.
func (p *process) ready() error {
	deadline := time.After(time.Minute)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-p.ended:
			return fmt.Errorf("the cluster did not start (see %s): %w", p.dir, errors.Join(err, errors.New("ended")))
		case <-deadline:
			return fmt.Errorf("the cluster did not start within a minute (see %s)", p.dir)
		case <-look.C:
			if _, err := os.Stat(filepath.Join(p.dir, "ready")); err == nil {
				return nil
			}
		}
	}
}

// stop stops the server and removes its folder.
func (p *process) stop() error {
	err := p.alive.Close()
	<-p.ended // how it ended does not matter: it is stopped as a crash does
	return errors.Join(err, files.RemoveAll(p.dir))
}

// connect connects to the server of a folder.
func connect(dir string) (*cluster, error) {
	c := &cluster{dir: dir, seed: map[string]string{}}
	var err error
	c.admin, err = sql.Open("pgx", c.dsn("postgres"))
	return c, err
}

// prepare makes the template, and what stands beside it in the database postgres:
// the rows that the migrations make (seed), and which databases nobody uses (clean).
func (c *cluster) prepare() error {
	for _, query := range []string{
		"DROP DATABASE IF EXISTS " + template, "CREATE DATABASE " + template,
		"DROP TABLE IF EXISTS clean, seed", "CREATE TABLE clean (name TEXT)", "CREATE TABLE seed (name TEXT, content TEXT)",
	} {
		if err := c.exec(query); err != nil {
			return err
		}
	}
	db, err := store.Open(context.Background(), c.dsn(template), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return errors.Join(db.Close(), c.keepSeed())
}

// keepSeed writes down what stands in the template.
func (c *cluster) keepSeed() error {
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
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return err
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, table := range tables {
		var content sql.NullString
		if err := db.QueryRow(`SELECT json_agg(t) FROM ` + table + ` t`).Scan(&content); err != nil {
			return err
		}
		if !content.Valid {
			continue
		}
		if _, err := c.admin.Exec(`INSERT INTO seed (name, content) VALUES ($1, $2)`, table, content.String); err != nil {
			return err
		}
	}
	return nil
}

// readSeed reads what keepSeed has written.
func (c *cluster) readSeed() error {
	rows, err := c.admin.Query(`SELECT name, content FROM seed`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table, content string
		if err := rows.Scan(&table, &content); err != nil {
			return err
		}
		c.seed[table] = content
	}
	return rows.Err()
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

// take gives an empty database: one that a test has left, of whichever process, or
// a new one.
func (c *cluster) take() (name string, err error) {
	err = c.admin.QueryRow(`DELETE FROM clean WHERE name = (SELECT name FROM clean LIMIT 1) RETURNING name`).Scan(&name)
	if !errors.Is(err, sql.ErrNoRows) {
		return name, err
	}
	name = fmt.Sprintf("t%d_%d", os.Getpid(), c.made.Add(1))
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
	_, err = c.admin.Exec(`INSERT INTO clean (name) VALUES ($1)`, name)
	return err
}
