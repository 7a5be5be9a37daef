package localdb

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// killedDirVariable makes the test binary a process that writes to the store
// there until it is killed.
const killedDirVariable = "LOCALDB_TEST_KILLED_DIR"

// writeUntilKilled says on standard output what has been acknowledged.
func writeUntilKilled(dir string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
	}
	s, err := Open(dir, testKey, Options{})
	fail(err)
	if r := s.Report(); r.Lost > 0 || r.Voids > 0 {
		fail(fmt.Errorf("%+v", r))
	}
	last := ""
	for i := 0; ; i++ {
		op, err := s.Enqueue("register", strings.Repeat("x", i%3000))
		fail(err)
		fmt.Println("enqueued", op.ID, op.Number)
		fail(s.PutDraft("draft", []byte(op.ID)))
		fmt.Println("draft", op.ID, 0)
		if i%3 == 2 {
			fail(s.Settle(last))
			fmt.Println("settled", last, 0)
		}
		if i%6 == 0 {
			fail(s.Revoke(op.ID))
			fmt.Println("revoked", op.ID, 0)
		}
		if i%10 == 0 {
			fail(s.Replace("set", op.ID, map[string][]byte{"": make([]byte, i*1000)}))
		}
		last = op.ID
	}
}

// TestStore_keepsWhatItAcknowledgedWhenKilled kills a process in the middle of
// its writing, again and again in the same directory.
func TestStore_keepsWhatItAcknowledgedWhenKilled(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]uint64{} // numbers by id
	settled := map[string]bool{}
	draft := ""
	for round := range 8 {
		for range 1 + round%2 { // now and then the next process meets what a killed one left
			killAfter(t, dir, 20+round*31, func(what, id string, number uint64) {
				switch what {
				case "enqueued":
					acknowledged[id] = number
				case "settled", "revoked":
					settled[id] = true
				case "draft":
					draft = id
				default:
					t.Fatal(what, id)
				}
			})
		}
		s := mustOpen(t, dir, Options{})
		if r := s.Report(); r.Lost > 0 || r.Voids > 0 {
			t.Errorf("%+v", r)
		}
		voids := map[uint64]bool{}
		for _, v := range s.state.voids {
			voids[v.Number] = true
		}
		found := map[string]uint64{}
		for _, op := range mustPending(t, s) {
			found[op.ID] = op.Number
		}
		for id, number := range acknowledged {
			// A settlement or a void may be there before it was said.
			op := s.state.operations[id]
			if !settled[id] && found[id] != number && (op == nil && !voids[number] || op != nil && op.settled.IsZero()) {
				t.Errorf("round %d: operation %d is number %d", round, number, found[id])
			}
			if settled[id] && found[id] != 0 {
				t.Errorf("round %d: operation %d waits again", round, number)
			}
		}
		if got, err := s.Draft("draft"); err != nil || (string(got) != draft && acknowledged[string(got)] != 0 && string(got) < draft) {
			t.Errorf("round %d: an older draft, %v", round, err)
		}
		for id, number := range found { // written, but the kill came before its word
			acknowledged[id] = number
		}
		mustClose(t, s)
	}
}

// killAfter starts the writing process, passes on n lines of its output and
// whatever it said before it was killed.
func killAfter(t *testing.T, dir string, n int, said func(what, id string, number uint64)) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killedDirVariable+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		var what, id string
		var number uint64
		if _, err := fmt.Sscan(lines.Text(), &what, &id, &number); err == nil {
			said(what, id, number)
		} else if strings.HasPrefix(lines.Text(), "failed") {
			t.Fatal(lines.Text())
		}
		if i == n {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the process ended by itself")
	}
}
