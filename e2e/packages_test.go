//go:build e2e

package e2e

import (
	"bytes"
	"debug/elf"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/notices"
	"plenary/e2e/program"
)

const (
	entryName = "int.plenary.Plenary.desktop"
	scheme    = "x-scheme-handler/plenary"
)

// TestArchive_isInstalledAndRemoved walks the archive's install.sh and its
// Makefile, in homes and in a DESTDIR.
func TestArchive_isInstalledAndRemoved(t *testing.T) {
	folder := unpackedArchive(t)
	must(t, notices.Check(filepath.Join(folder, "bin", "plenary"), filepath.Join(folder, "share", "doc", "plenary"), "copyright"))
	for _, c := range []struct {
		name, remove string
		install      []string
		exec         string // of the entry; ROOT stands for the folder that it all happens in
	}{
		{"home", "user-uninstall", []string{"sh", "install.sh", "user-install"}, "ROOT/home/.local/bin/plenary -- %u"},
		{"home by make", "user-uninstall", []string{"make", "user-install"}, "ROOT/home/.local/bin/plenary -- %u"},
		{"DESTDIR", "uninstall", []string{"make", "install", "DESTDIR=ROOT/home"}, "/usr/local/bin/plenary -- %u"},
		{"DESTDIR and PREFIX", "uninstall", []string{"make", "install", "DESTDIR=ROOT/home", "PREFIX=/usr"}, "/usr/bin/plenary -- %u"},
		{"PREFIX", "uninstall", []string{"make", "install", "PREFIX=ROOT/home"}, "ROOT/home/bin/plenary -- %u"},
		{"Zoé & 100 % 会议", "user-uninstall", []string{"sh", "install.sh", "user-install"}, `"ROOT/home/.local/bin/plenary" -- %u`},
		{"Zoé's % 会议", "uninstall", []string{"make", "install", "DESTDIR=ROOT/home"}, "/usr/local/bin/plenary -- %u"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "plain")
			if strings.Contains(c.name, "%") {
				root = filepath.Join(t.TempDir(), c.name)
			}
			must(t, os.MkdirAll(root, 0o755))
			home := filepath.Join(root, "home")
			must(t, os.Mkdir(home, 0o755))
			run := func(args ...string) {
				t.Helper()
				for i := range args {
					args[i] = strings.ReplaceAll(args[i], "ROOT", root)
				}
				cmd := exec.Command(args[0], args[1:]...)
				cmd.Dir, cmd.Env = folder, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v: %v\n%s", args, err, out)
				}
			}
			run(slices.Clone(c.install)...)
			found := files(t, home)
			var entry string
			for _, path := range found {
				if strings.HasSuffix(path, "/"+entryName) {
					entry = filepath.Join(home, path)
				}
			}
			text, err := os.ReadFile(entry)
			must(t, err)
			want := "\nExec=" + strings.ReplaceAll(strings.ReplaceAll(c.exec, "ROOT", strings.ReplaceAll(root, "%", "%%")), "%%u", "%u") + "\n"
			if !strings.Contains(string(text), want) {
				t.Errorf("the entry has not%s it is\n%s", want, text)
			}
			output(t, exec.Command("desktop-file-validate", entry))
			run(slices.Clone(c.install)...) // once more, as an upgrade does
			if again := files(t, home); !slices.Equal(again, found) {
				t.Errorf("installed twice there is %v, before %v", again, found)
			}
			remove := append([]string{"make", c.remove}, c.install[2:]...)
			if c.install[0] == "sh" {
				remove = []string{"sh", "install.sh", c.remove}
			}
			run(remove...)
			if left := files(t, home); len(left) != 0 {
				t.Errorf("removed, it leaves %v", left)
			}
		})
	}
}

// TestArchive_runsAndTakesLinks installs the archive in the home of a desktop.
func TestArchive_runsAndTakesLinks(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	folder := unpackedArchive(t)
	install := j.desk.Command("install", filepath.Join(folder, "install.sh"), "user-install")
	output(t, install)
	runsAndTakesLinks(j, filepath.Join(j.desk.Home, ".local", "bin", "plenary"))
	output(t, j.desk.Command("install", filepath.Join(folder, "install.sh"), "user-uninstall"))
	if handler := handlerOfLinks(j.desk); handler != "" {
		t.Errorf("removed, links still lead to %s", handler)
	}
}

// TestDeb_runsAndTakesLinks installs the .deb below a folder of its own, with a
// dpkg database of its own: nothing of this machine is touched, and nobody has to
// be root. So what other packages do afterwards (the index of the desktop entries,
// a trigger of desktop-file-utils) is done here, and its Depends are looked up in
// this machine's database instead of being resolved.
func TestDeb_runsAndTakesLinks(t *testing.T) {
	t.Parallel()
	deb := packageOf(t, "plenary_*.deb")
	root := filepath.Join(t.TempDir(), "root")
	dpkg := newDpkg(t, root)
	dpkg("--install", deb)
	must(t, notices.Check(filepath.Join(root, "usr", "bin", "plenary"), filepath.Join(root, "usr", "share", "doc", "plenary"), "copyright"))
	for _, depends := range strings.Split(output(t, exec.Command("dpkg-deb", "--field", deb, "Depends")), ", ") {
		name, _, _ := strings.Cut(strings.TrimSpace(depends), " ")
		if state := output(t, exec.Command("dpkg-query", "--show", "--showformat=${Status}", name)); !strings.Contains(state, "ok installed") {
			t.Errorf("it depends on %s, which this machine, where Plenary runs, has not: %s", depends, state)
		}
	}
	applications := filepath.Join(root, "usr", "share", "applications")
	output(t, exec.Command("update-desktop-database", applications))
	j := newJourney(t)
	j.desk.Setenv("XDG_DATA_DIRS", filepath.Join(root, "usr", "share")+":/usr/local/share:/usr/share")
	j.desk.Setenv("PATH", filepath.Join(root, "usr", "bin")+":"+os.Getenv("PATH"))
	runsAndTakesLinks(j, filepath.Join(root, "usr", "bin", "plenary"))
	must(t, os.Remove(filepath.Join(applications, "mimeinfo.cache")))
	dpkg("--purge", "plenary")
	if left := withoutDpkg(files(t, root)); len(left) != 0 {
		t.Errorf("removed, it leaves %v", left)
	}
}

// runsAndTakesLinks tries what a package has installed at a path: its version and
// its window; then, with the program that can be asked what it shows in its place,
// that the desktop's own tools bring a link into the one that runs.
func runsAndTakesLinks(j *journey, path string) {
	t := j.t
	t.Helper()
	if said, want := output(t, j.desk.Command("version", path, "--version")), version(t, "program"); said != "Plenary "+want {
		t.Errorf("it says %q, want %s", said, want)
	}
	if handler := handlerOfLinks(j.desk); handler != entryName {
		t.Fatalf("links lead to %q", handler)
	}
	packaged, err := j.desk.Run("packaged", j.desk.Command("packaged", path, "--data", filepath.Join(j.desk.Home, "first")))
	must(t, err)
	var window desktop.Window
	must(t, await.Until(program.Limit, "the window of the packaged program", func() (bool, error) {
		windows, err := j.desk.Windows()
		for _, w := range windows {
			if w.Pid == packaged.Pid() {
				window = w
				return true, nil
			}
		}
		return false, err
	}))
	class, err := j.desk.Class(window)
	must(t, err)
	if class != "Plenary" { // StartupWMClass of the entry
		t.Errorf("the window's class is %q", class)
	}
	must(t, j.desk.CloseWindow(window))
	if _, err := packaged.Wait(program.Limit); err != nil {
		t.Fatal(err)
	}

	must(t, copyFile(binary(t, "e2e/plenary"), path))
	j.plenary, err = program.Start(j.desk, "plenary", path, "--service", j.address)
	must(t, err)
	must(t, j.see("login.submit")())
	_, host, _ := strings.Cut(j.address, "://")
	link := "plenary://" + host + "/m/C-00016105"
	for _, open := range [][]string{{"xdg-open"}, {"gio", "open"}} {
		must(t, j.minimized())
		output(t, j.desk.Command("open", open[0], append(open[1:], link)...))
		must(t, all(j.inFront, j.see("login.bar"))())
	}
	must(t, j.plenary.Close())
}

// TestRpm_holdsWhatItSays: nothing here runs an .rpm, so it is installed below a
// folder, and what it asks for is compared with what the program needs.
func TestRpm_holdsWhatItSays(t *testing.T) {
	rpm := packageOf(t, "plenary-*.rpm")
	root := filepath.Join(t.TempDir(), "root")
	must(t, os.MkdirAll(root, 0o755))
	install := []string{"rpm", "--root", root, "--install", "--nodeps", rpm}
	if os.Geteuid() != 0 {
		install = append([]string{"unshare", "--map-root-user"}, install...) // --root is chroot
	}
	output(t, exec.Command(install[0], install[1:]...))
	path := filepath.Join(root, "usr", "bin", "plenary")
	if said := output(t, exec.Command(path, "--version")); said != "Plenary "+version(t, "program") {
		t.Errorf("it says %q", said)
	}
	must(t, notices.Check(path, filepath.Join(root, "usr", "share", "doc", "plenary"), "copyright"))
	requires := strings.Fields(output(t, exec.Command("rpm", "--query", "--package", "--queryformat", "[%{REQUIRENAME}\n]", rpm)))
	for library := range needed(t, path) {
		if library == "libm.so.6" { // a part of the C library
			continue
		}
		if !slices.ContainsFunc(requires, func(r string) bool { return strings.HasPrefix(r, library+"(") }) {
			t.Errorf("the program needs %s, and the package does not say so: %v", library, requires)
		}
	}
	for _, r := range requires {
		library, _, so := strings.Cut(r, "(")
		if so && strings.Contains(library, ".so") && !needed(t, path)[library] {
			t.Errorf("the package asks for %s, which the program does not know", r)
		}
	}
}

// TestPackages_sayWhoseTheyAre compares what packages say of themselves with
// packaging/identity.sh, and how they are compressed with what was asked for.
func TestPackages_sayWhoseTheyAre(t *testing.T) {
	identity := strings.Split(output(t, exec.Command("sh", "-c", `. ../packaging/identity.sh; printf '%s\n' "$PUBLISHER" "$CONTACT" "$HOMEPAGE"`)), "\n")
	publisher, contact, homepage := identity[0], identity[1], identity[2]
	for _, name := range []string{"plenary", "plenaryd"} {
		deb := packageOf(t, name+"_*.deb")
		said := output(t, exec.Command("dpkg-deb", "--show", "--showformat=${Maintainer}|${Homepage}", deb))
		if want := publisher + " <" + contact + ">|" + homepage; said != want {
			t.Errorf("%s says %s, want %s", filepath.Base(deb), said, want)
		}
		if parts := output(t, exec.Command("ar", "t", deb)); !strings.Contains(parts, "data.tar.xz") {
			t.Errorf("%s holds %s", filepath.Base(deb), parts)
		}
		rpm := packageOf(t, name+"-*.rpm")
		said = output(t, exec.Command("rpm", "--query", "--package", "--queryformat", "%{PACKAGER}|%{VENDOR}|%{URL}|%{PAYLOADCOMPRESSOR}", rpm))
		if want := publisher + " <" + contact + ">|" + publisher + "|" + homepage + "|xz"; said != want {
			t.Errorf("%s says %s, want %s", filepath.Base(rpm), said, want)
		}
	}
}

// opened are libraries that the window library opens when it starts, as its source names them.
var opened = regexp.MustCompile(`^lib(X[A-Za-z0-9]+)\.so\.[0-9]+$`)

// needed are the libraries that a program is linked with, and those of X that it opens.
func needed(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := elf.Open(path)
	must(t, err)
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	must(t, err)
	all := make(map[string]bool)
	for _, l := range libraries {
		all[l] = true
	}
	section := file.Section(".rodata")
	data, err := section.Data()
	must(t, err)
	for _, s := range bytes.Split(data, []byte{0}) {
		if len(s) < 32 && opened.Match(s) && string(s) != "libX11-xcb.so.1" { // only for Vulkan
			all[string(s)] = true
		}
	}
	return all
}

// packageOf gives the one package of a name that make has made.
func packageOf(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(built, "packages", pattern))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("there are %d packages %s (make packages makes them)", len(found), pattern)
	}
	path, err := filepath.Abs(found[0])
	must(t, err)
	return path
}

func unpackedArchive(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	output(t, exec.Command("tar", "-xf", packageOf(t, "plenary-*.tar.xz"), "-C", folder))
	found, err := filepath.Glob(filepath.Join(folder, "plenary-*"))
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("the archive holds %v, not one folder", found)
	}
	return found[0]
}

// newDpkg gives a dpkg that works below a folder only.
func newDpkg(t *testing.T, root string) func(args ...string) {
	t.Helper()
	database := filepath.Join(root, "var", "lib", "dpkg")
	must(t, os.MkdirAll(filepath.Join(database, "info"), 0o755))
	must(t, os.MkdirAll(filepath.Join(database, "updates"), 0o755))
	must(t, os.WriteFile(filepath.Join(database, "status"), nil, 0o644))
	return func(args ...string) {
		t.Helper()
		output(t, exec.Command("fakeroot", append([]string{
			"dpkg", "--root=" + root, "--force-not-root", "--force-depends", "--force-script-chrootless", "--log=" + filepath.Join(t.TempDir(), "dpkg.log"),
		}, args...)...))
	}
}

// withoutDpkg leaves out dpkg's own database.
func withoutDpkg(paths []string) []string {
	return slices.DeleteFunc(paths, func(p string) bool {
		return p == "var" || p == "var/lib" || strings.HasPrefix(p, "var/lib/dpkg")
	})
}

// handlerOfLinks asks the desktop which entry opens links of Plenary.
func handlerOfLinks(desk *desktop.Desktop) string {
	out, _ := desk.Command("query", "xdg-mime", "query", "default", scheme).Output() // fails when there is none
	return strings.TrimSpace(string(out))
}

// version is what packaging/version.sh says.
func version(t *testing.T, form string) string {
	t.Helper()
	return output(t, exec.Command("sh", "../packaging/version.sh", form))
}

// output runs a command that must succeed and gives what it printed.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out = append(out, exit.Stderr...)
		}
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// files lists everything below a folder, by its path from there.
func files(t *testing.T, folder string) []string {
	t.Helper()
	all := make(map[string]bool)
	must(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if path != folder && err == nil {
			relative, _ := filepath.Rel(folder, path)
			all[relative] = true
		}
		return err
	}))
	return slices.Sorted(maps.Keys(all))
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.Remove(to); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}
