package packaging

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestInstall_thatFailsHalfWayIsTakenAwayAgain: a file is where a folder has to be.
func TestInstall_thatFailsHalfWayIsTakenAwayAgain(t *testing.T) {
	archive, home := t.TempDir(), t.TempDir()
	script, err := os.ReadFile("linux/install.sh")
	if err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{
		"install.sh": string(script), "bin/plenary": "", "share/applications/int.plenary.Plenary.desktop": "Exec=plenary -- %u\n",
		"share/metainfo/plenary.xml": "", "share/icons/plenary.png": "", "share/doc/plenary/copyright": "",
	} {
		write(filepath.Join(archive, path), text)
	}
	run := func(action string) (said string, err error) {
		cmd := exec.Command("sh", filepath.Join(archive, "install.sh"), action)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	blocked := filepath.Join(home, ".local/share/icons")
	write(blocked, "another program's")
	if said, err := run("user-install"); err == nil {
		t.Fatalf("it goes well:\n%s", said)
	}
	if said, err := run("user-uninstall"); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	left := []string{}
	err = filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left = append(left, path)
		}
		return err
	})
	if err != nil || strings.Join(left, " ") != blocked {
		t.Errorf("it leaves %v (%v), want what was there", left, err)
	}
}
