//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"plenary/e2e/await"
	"plenary/e2e/notices"
	"plenary/e2e/program"
)

// TestPlenarydDeb_isInstalledAndRemoved installs below a folder of its own, where
// the package's scripts work too (DPKG_ROOT). fakeroot lets them give the data
// folder to a user that this machine has not.
func TestPlenarydDeb_isInstalledAndRemoved(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root")
	dpkg := newDpkg(t, root)
	must(t, os.Mkdir(filepath.Join(root, "etc"), 0o755)) // for the list of users
	dpkg("--install", packageOf(t, "plenaryd_*.deb"))
	if said, want := output(t, exec.Command(filepath.Join(root, "usr", "bin", "plenaryd"), "version")), version(t, "program"); said != "plenaryd "+want {
		t.Errorf("it says %q, want %s", said, want)
	}
	must(t, notices.Check(filepath.Join(root, "usr", "bin", "plenaryd"), filepath.Join(root, "usr", "share", "doc", "plenaryd"), "copyright"))
	data := filepath.Join(root, "var", "lib", "plenary")
	if info, err := os.Stat(data); err != nil || info.Mode() != os.ModeDir|0o700 {
		t.Errorf("the data folder: %v, %v", info, err)
	}
	users, err := os.ReadFile(filepath.Join(root, "etc", "passwd"))
	if err != nil || !bytes.Contains(users, []byte("plenary:")) {
		t.Errorf("the users are %s (%v)", users, err)
	}
	// Of the units that it names none is in this folder: what is wrong with it
	// itself is said with its name.
	verify := exec.Command("systemd-analyze", "verify", "--root="+root, "--recursive-errors=no", "plenaryd.service")
	if said, err := verify.CombinedOutput(); err != nil || len(said) != 0 {
		t.Errorf("systemd-analyze: %v\n%s", err, said)
	}
	kept := filepath.Join(data, "plenaryd.key")
	must(t, os.WriteFile(kept, []byte("key"), 0o600))
	dpkg("--install", packageOf(t, "plenaryd_*.deb")) // as an upgrade does
	dpkg("--remove", "plenaryd")
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("removed, the data is not there any more: %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, "usr", "bin", "plenaryd")); err == nil {
		t.Error("removed, the program is still there")
	}
	dpkg("--purge", "plenaryd")
	if _, err := os.Stat(data); err == nil {
		t.Error("purged, the data is still there")
	}
}

// TestImage_startsWithNothingElse unpacks the container image and starts it as a
// container would: with its files, as its user, by its command, and asks it by its
// health check. There are no namespaces but that; its network is this machine's.
func TestImage_startsWithNothingElse(t *testing.T) {
	folder, root := t.TempDir(), t.TempDir()
	output(t, exec.Command("tar", "-xf", packageOf(t, "plenaryd-*-image-*.tar.gz"), "-C", folder))
	var manifest []struct {
		Config string
		Layers []string
	}
	readJSON(t, filepath.Join(folder, "manifest.json"), &manifest)
	var image struct {
		Config struct {
			User            string
			Entrypoint, Cmd []string
			Volumes         map[string]any
			Healthcheck     struct{ Test []string }
		} `json:"config"`
	}
	readJSON(t, filepath.Join(folder, manifest[0].Config), &image)
	c := image.Config
	if _, ok := c.Volumes["/data"]; c.User != "65532:65532" || !ok || len(c.Healthcheck.Test) == 0 {
		t.Errorf("the image says %+v", c)
	}
	for _, layer := range manifest[0].Layers {
		output(t, exec.Command("tar", "-xf", filepath.Join(folder, layer), "-C", root))
	}
	must(t, notices.Check(filepath.Join(root, "plenaryd"), filepath.Join(root, "licenses"), "LICENSE"))
	must(t, os.Chmod(root, 0o755))
	inside := func(args ...string) *exec.Cmd {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir, cmd.Env = "/", []string{}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}, Pdeathsig: syscall.SIGKILL}
		if id := os.Getuid(); id != 0 { // who is not root is that user in a namespace of its own
			cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: id, Size: 1}}
			cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: os.Getgid(), Size: 1}}
			cmd.SysProcAttr.Credential.NoSetGroups = true
		}
		return cmd
	}
	output(t, inside(append(c.Entrypoint, "init", "--data", "/data")...))

	serve := inside(append(append(c.Entrypoint, c.Cmd...), "--listen", "127.0.0.1:0")...)
	log := &bytes.Buffer{}
	serve.Stderr = log
	out, err := serve.StdoutPipe()
	must(t, err)
	must(t, serve.Start())
	t.Cleanup(func() { serve.Process.Kill() })
	var says struct{ Address string }
	if err := json.NewDecoder(out).Decode(&says); err != nil {
		t.Fatalf("it does not listen: %v\n%s", err, log)
	}
	health := append(c.Healthcheck.Test[1:], "--listen", strings.TrimPrefix(says.Address, "http://"))
	if said := output(t, inside(health...)); said != "The service is ready." {
		t.Errorf("its health check says %q", said)
	}
	must(t, serve.Process.Signal(syscall.SIGTERM))
	ended := make(chan error, 1)
	go func() {
		_, _ = io.Copy(io.Discard, out)
		ended <- serve.Wait()
	}()
	must(t, await.Until(program.Limit, "its end", func() (bool, error) {
		select {
		case err := <-ended:
			return true, err
		default:
			return false, nil
		}
	}))
	if err := inside(health...).Run(); err == nil {
		t.Error("ended, it is still healthy")
	}
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, json.Unmarshal(data, into))
}
