package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"plenary/platform/files"
)

// Server is a PostgreSQL server that a test has for itself, so that it can stop it.
type Server struct {
	t       testing.TB
	process *process
	cluster *cluster
	name    string // of the database
}

// NewServer starts a server with an empty database; both end with the test.
func NewServer(t testing.TB) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "plenary-pg")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t}
	if s.process, err = start(dir); err != nil {
		t.Fatalf("storetest: PostgreSQL for tests (package postgresql): %v", err)
	}
	t.Cleanup(func() {
		if err := s.process.stop(); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	if s.cluster, err = connect(dir); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.cluster.admin.Close(); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	if err := s.cluster.prepare(); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	if s.name, err = s.cluster.take(); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	return s
}

// DSN is the address of its database.
func (s *Server) DSN() string { return s.cluster.dsn(s.name) }

// Stop stops the server as a crash does, and returns when it has ended. What was
// committed is there afterwards: the tests' server commits without waiting for its
// disk, so that its log is written first.
func (s *Server) Stop() {
	s.t.Helper()
	if _, err := s.cluster.admin.Exec("CHECKPOINT"); err != nil {
		s.t.Fatalf("storetest: stop: %v", err)
	}
	s.command("stop")
}

// Start starts it again, and returns when it takes connections.
func (s *Server) Start() { s.command("start") }

func (s *Server) command(name string) {
	s.t.Helper()
	if _, err := io.WriteString(s.process.alive, name+"\n"); err != nil {
		s.t.Fatalf("storetest: %s: %v", name, err)
	}
	answer, err := s.process.answers.ReadString('\n')
	if err != nil || answer != name+": 0\n" {
		s.t.Fatalf("storetest: %s: %q, %v", name, answer, err)
	}
}

// CutConnections ends all connections to the database, as an administrator can.
func (s *Server) CutConnections() {
	s.t.Helper()
	if err := s.cluster.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + s.name + `'`); err != nil {
		s.t.Fatalf("storetest: cut connections: %v", err)
	}
}

// Waiting is how many connections to the database wait for a lock.
func (s *Server) Waiting() (n int) {
	s.t.Helper()
	if err := s.cluster.admin.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`, s.name).Scan(&n); err != nil {
		s.t.Fatalf("storetest: %v", err)
	}
	return n
}

// Line is a connection line to a Server, which a test can cut.
type Line struct {
	dir string
	to  string

	mu   sync.Mutex
	lose Loss
}

// Loss is what happens to a commit on a Line.
type Loss int

// Losses.
const (
	LoseNothing Loss = iota
	LoseCommit       // the line is cut before the server has heard of it
	LoseAnswer       // the line is cut after the server has done it
)

// NewLine makes a line to the server that ends with the test.
func (s *Server) NewLine() *Line {
	s.t.Helper()
	dir, err := os.MkdirTemp("", "plenary-line")
	if err != nil {
		s.t.Fatal(err)
	}
	l := &Line{dir: dir, to: filepath.Join(s.cluster.dir, socket)}
	listener, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		s.t.Fatal(err)
	}
	var work sync.WaitGroup
	s.t.Cleanup(func() {
		if err := listener.Close(); err != nil {
			s.t.Errorf("storetest: %v", err)
		}
		work.Wait()
		if err := files.RemoveAll(dir); err != nil {
			s.t.Errorf("storetest: %v", err)
		}
	})
	work.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			work.Go(func() { l.carry(c) })
		}
	})
	return l
}

// socket is PostgreSQL's name for it.
const socket = ".s.PGSQL.5432"

// DSN is the address of the server's database over the line.
func (l *Line) DSN(s *Server) string {
	return fmt.Sprintf("postgres:///%s?user=plenary&sslmode=disable&host=%s", s.name, url.QueryEscape(l.dir))
}

// preparedCommit is how a commit is sent along with other statements: by the name that
// PostgreSQL's driver gives it once it has prepared it.
var preparedCommit = func() string {
	digest := sha256.Sum256([]byte("commit"))
	return "stmtcache_" + hex.EncodeToString(digest[:24])
}()

// LoseNext makes the next commit meet a loss; those after it none.
func (l *Line) LoseNext(loss Loss) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose = loss
}

// take gives the loss that a commit meets now.
func (l *Line) take() Loss {
	l.mu.Lock()
	defer l.mu.Unlock()
	loss := l.lose
	l.lose = LoseNothing
	return loss
}

// carry carries what client and server say, until one of them ends or is cut off.
func (l *Line) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", l.to)
	if err != nil {
		return
	}
	defer server.Close()
	muted := make(chan struct{}) // the client hears nothing more
	var ended sync.WaitGroup
	defer ended.Wait()
	ended.Go(func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil {
				return
			}
			select {
			case <-muted:
				return
			default:
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	})
	defer server.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if sent := string(buffer[:n]); strings.Contains(sent, "commit\x00") || strings.Contains(sent, preparedCommit) {
			switch l.take() {
			case LoseCommit:
				return
			case LoseAnswer:
				close(muted)
			}
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}
