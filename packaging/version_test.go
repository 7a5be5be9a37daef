// Package packaging tests the scripts that make packages of Plenary.
package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestVersion_hasAFormForEachKindOfPackage(t *testing.T) {
	for _, c := range []struct{ version, build, form, want string }{
		{"0.1.0", "7", "program", "0.1.0"},
		{"0.1.0", "7", "package", "0.1.0"},
		{"0.1.0", "7", "numbers", "0.1.0"},
		{"0.1.0", "7", "block", "0.1.0.7"},
		{"0.1.0", "7", "build", "7"},
		{"0.1.0-dev.412+g4f502d7", "412", "program", "0.1.0-dev.412+g4f502d7"},
		{"0.1.0-dev.412+g4f502d7", "412", "package", "0.1.0~dev.412+g4f502d7"},
		{"0.1.0-dev.412+g4f502d7", "412", "numbers", "0.1.0"},
		{"0.1.0-dev.412+g4f502d7", "412", "block", "0.1.0.412"},
		{"2.10.3-rc.1", "65535", "package", "2.10.3~rc.1"},
		{"2.10.3-rc.1", "65535", "block", "2.10.3.65535"},
		{"1.0.0-a-b", "1", "package", "1.0.0~a.b"}, // a second "-" would begin the packager's revision
		{"255.255.65535", "1", "numbers", "255.255.65535"},
	} {
		got, err := exec.Command("sh", "version.sh", c.form, c.version, c.build).Output()
		if err != nil || string(got) != c.want+"\n" {
			t.Errorf("%s of %s (build %s) is %q (%v), want %s", c.form, c.version, c.build, got, err, c.want)
		}
	}
}

func TestVersion_refusesWhatNoPackageTakes(t *testing.T) {
	for _, args := range [][]string{
		{"numbers", "256.0.0", "1"},
		{"numbers", "0.256.0", "1"},
		{"numbers", "0.0.65536", "1"},
		{"block", "0.1.0", "65536"},
		{"program", "1.0", "1"},
		{"program", "1.0.0.0", "1"},
		{"program", "01.0.0", "1"},
		{"program", "one", "1"},
		{"program", "1.0.0", "many"},
		{"nothing", "1.0.0", "1"},
	} {
		if out, err := exec.Command("sh", append([]string{"version.sh"}, args...)...).Output(); err == nil || len(out) != 0 {
			t.Errorf("version.sh %v says %q (%v), want an error", args, out, err)
		}
	}
}

// TestVersion_comesFromTheTag walks the life of a repository.
func TestVersion_comesFromTheTag(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		// Nothing of whoever runs the test, nor of a git that runs it in a hook.
		cmd.Env = []string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=" + filepath.Dir(dir),
			"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org",
		}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v", name, args, err)
		}
		return strings.TrimSpace(string(out))
	}
	commit := func() string {
		t.Helper()
		run("git", "add", ".")
		run("git", "commit", "--quiet", "--allow-empty", "-m", "one more")
		return "+g" + run("git", "rev-parse", "--short=7", "HEAD")
	}
	want := func(when, version, build string) {
		t.Helper()
		for form, want := range map[string]string{"program": version, "build": build} {
			if got := run("sh", "packaging/version.sh", form); got != want {
				t.Errorf("%s the %s is %s, want %s", when, form, got, want)
			}
		}
	}
	script, err := os.ReadFile("version.sh")
	if err != nil {
		t.Fatal(err)
	}
	write("packaging/version.sh", string(script))
	write("FyneApp.toml", "[Details]\nVersion = \"0.1.0\"\nBuild = 3\n")
	want("without git", "0.1.0", "3")
	run("git", "init", "--quiet")
	want("before the first commit", "0.1.0", "3")
	commit()
	hash := commit()
	want("without a tag", "0.1.0-dev.2"+hash, "2")
	write("FyneApp.toml", "[Details]\nVersion = \"0.1.0\"\nBuild = 4\n")
	want("with a change", "0.1.0-dev.2"+hash+".changed", "2")
	commit()
	run("git", "tag", "v0.2.0-rc.1")
	want("at a candidate", "0.2.0-rc.1", "3")
	hash = commit()
	want("after a candidate", "0.2.0-rc.1.dev.4"+hash, "4")
	run("git", "tag", "v0.2.0")
	run("git", "tag", "other")
	want("at a release", "0.2.0", "4")
	write("new", "untracked files are no change")
	want("beside a new file", "0.2.0", "4")
	write("FyneApp.toml", "[Details]\nVersion = \"0.1.0\"\nBuild = 5\n")
	want("with a change on a release", "0.2.1-dev.4"+hash+".changed", "4")
	hash = commit()
	want("after a release", "0.2.1-dev.5"+hash, "5")
	// A copy of the sources within another repository is not that repository.
	dir = filepath.Join(dir, "copy")
	write("packaging/version.sh", string(script))
	write("FyneApp.toml", "[Details]\nVersion = \"0.1.0\"\nBuild = 3\n")
	want("within another repository", "0.1.0", "3")
}
