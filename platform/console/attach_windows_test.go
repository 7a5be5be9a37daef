package console

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"
)

// redirect gives a standard handle another file for this test; 0 is none.
func redirect(t *testing.T, standard uint32, to windows.Handle) {
	t.Helper()
	before, err := windows.GetStdHandle(standard)
	if err != nil {
		t.Fatal(err)
	}
	if err := windows.SetStdHandle(standard, to); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := windows.SetStdHandle(standard, before); err != nil {
			t.Error(err)
		}
	})
}

// A test has no parent whose console it could attach to: it has one, or there is none.
func TestAttach_knowsWhetherAnybodyCanRead(t *testing.T) {
	redirect(t, windows.STD_OUTPUT_HANDLE, 0)
	redirect(t, windows.STD_ERROR_HANDLE, 0)
	if Attach() {
		t.Error("somebody reads, although nothing goes anywhere")
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "said.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	redirect(t, windows.STD_OUTPUT_HANDLE, windows.Handle(file.Fd()))
	if !Attach() {
		t.Error("nobody reads, although standard output goes to a file")
	}
	redirect(t, windows.STD_ERROR_HANDLE, windows.Handle(file.Fd()))
	if !Attach() {
		t.Error("nobody reads, although all goes to a file")
	}
}
