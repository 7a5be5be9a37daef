package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The packages of plenaryd never restart it into a migration that nobody asked for:
// they say what to do, and the old version runs on.
func TestPostinstall_restartsUnlessTheDatabaseHasToBeMigrated(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // its scripts are for Linux
	}
	text, err := os.ReadFile(filepath.Join("plenaryd", "postinstall.sh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		made      bool
		check     string // exit status of plenaryd migrate --check
		restarted bool
		says      string
	}{
		{"not made yet", false, "1", true, "plenaryd init"},
		{"nothing to do", true, "0", true, ""},
		{"a migration is pending", true, "3", false, "plenaryd migrate --data /var/lib/plenary"},
		{"it cannot be told", true, "1", false, "cannot be told"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			bin, data, calls := filepath.Join(root, "bin"), filepath.Join(root, "data"), filepath.Join(root, "calls")
			for _, dir := range []string{bin, data} {
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			script := string(text)
			for here, there := range map[string]string{
				"data=$root/var/lib/plenary": "data=" + data, "-d /run/systemd/system": "-d /", "/etc/default/plenaryd": filepath.Join(root, "default"),
			} {
				if !strings.Contains(script, here) {
					t.Fatalf("the script has no %q", here)
				}
				script = strings.ReplaceAll(script, here, there)
			}
			write := func(path, text string) {
				t.Helper()
				if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			for _, command := range []string{"systemd-sysusers", "systemctl"} {
				write(filepath.Join(bin, command), "#!/bin/sh\necho "+command+" \"$@\" >> "+calls+"\n")
			}
			write(filepath.Join(bin, "runuser"), "#!/bin/sh\necho runuser \"$@\" with \"$PGPASSWORD\" >> "+calls+"\nexit "+c.check+"\n")
			write(filepath.Join(root, "default"), "PGPASSWORD=secret\n")
			if c.made {
				write(filepath.Join(data, "plenaryd.json"), "{}")
			}
			command := exec.Command("sh", "-c", script, "postinstall", "configure", "0.1.0")
			command.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
			out, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			ran, err := os.ReadFile(calls)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(ran), "try-restart"); got != c.restarted {
				t.Errorf("restarted: %v\n%s", got, ran)
			}
			if c.made && !strings.Contains(string(ran), "plenaryd migrate --check --data "+data+" with secret") {
				t.Errorf("it asked:\n%s", ran)
			}
			if !strings.Contains(string(out), c.says) || c.says == "" && len(out) > 0 {
				t.Errorf("it says:\n%s", out)
			}
		})
	}
}
