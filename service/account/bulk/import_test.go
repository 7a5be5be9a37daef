package bulk

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"plenary/service/account"
	"plenary/service/secret"
)

func TestStopped_saysHowFarAndWhatToDo(t *testing.T) {
	cause := errors.New("the disk is full")
	for _, c := range []struct {
		stopped Stopped
		says    []string
	}{
		{Stopped{Done: 401}, []string{"behind line 401", "none behind it is in", "the same file again", "the disk is full"}},
		{Stopped{Done: 401, Unknown: 601}, []string{"behind line 401", "lines 402 to 601 may be in", "the same file again", "the disk is full"}},
		{Stopped{Done: 401, DryRun: true}, []string{"behind line 401", "nothing was changed", "the disk is full"}},
	} {
		c.stopped.Err = cause
		for _, want := range c.says {
			if text := c.stopped.Error(); !strings.Contains(text, want) {
				t.Errorf("%q lacks %q", text, want)
			}
		}
		if !errors.Is(&c.stopped, cause) {
			t.Errorf("%v hides its cause", &c.stopped)
		}
	}
}

// many writes a file of many rows as it is read.
type many struct {
	left int
	rest string
}

func (m *many) Read(p []byte) (int, error) {
	if m.rest == "" {
		if m.left == 0 {
			return 0, io.EOF
		}
		m.rest = fmt.Sprintf("u%d,u%d@example,%s\n", m.left, m.left, strings.Repeat("x", 90))
		m.left--
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

// Rows that are refused reach no database.
func TestImportUsers_memoryDoesNotGrowWithTheFile(t *testing.T) {
	judged := 0
	run := importRun{Imports: New(account.New(account.Deps{Key: secret.Generate()})), seen: map[uint64]struct{}{}}
	f, err := newUserFile(t.Context(), io.MultiReader(strings.NewReader("username,email,first_name\n"), &many{left: 200_000}))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for {
		row, err := f.read(t.Context())
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		run.judge(row)
		judged++
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); judged != 200_000 || grown > 4<<20 {
		t.Errorf("%d rows, %d bytes more", judged, grown)
	}
	runtime.KeepAlive(run.seen)
}
