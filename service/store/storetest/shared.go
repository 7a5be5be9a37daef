package storetest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"plenary/platform/files"
)

// One PostgreSQL serves all test processes of a run of go test, which all have the
// same parent. The first one that needs it starts a keeper: a copy of itself, which
// starts the server and stops it when nobody uses it any more and the run is over.
//
// In the folder of a run there are:
//
//	keeper      locked as long as the keeper lives
//	users/PID   locked as long as a test process lives that uses the server
//	postgres/   of the server, with its socket
//	prepared    once the template is made
//
// Beside it stands FOLDER.lock, which whoever joins, or ends the server, holds. Locks
// end with their process, so it does not matter how one ends.
const (
	keeperFile   = "keeper"
	usersFolder  = "users"
	serverFolder = "postgres"
	preparedFile = "prepared"
	startedFile  = "started" // by the keeper
	failedFile   = "failed"  // why it could not
)

const (
	// unused is how long the server goes on without users while the run goes on, or
	// whatever else has started the tests.
	unused = 10 * time.Second
	// lookEvery is the time between two looks for a file or a lock.
	lookEvery = 20 * time.Millisecond
	// joining is how long a process waits for the server.
	joining = 2 * time.Minute
)

// shared gives the server of this run.
var shared = sync.OnceValues(func() (*cluster, error) {
	return join(filepath.Join(os.TempDir(), "plenary-run-"+strconv.Itoa(os.Getppid())), os.Getppid())
})

// join gives the server of the folder of a run, which some process has started.
func join(dir string, run int) (*cluster, error) {
	gate, err := hold(dir + ".lock")
	if err != nil {
		return nil, err
	}
	defer gate.Close()
	if free(filepath.Join(dir, keeperFile)) {
		if err := startKeeper(dir, run); err != nil {
			return nil, err
		}
	}
	user, err := hold(filepath.Join(dir, usersFolder, strconv.Itoa(os.Getpid())))
	if err != nil {
		return nil, err
	}
	c, err := connect(filepath.Join(dir, serverFolder))
	if err != nil {
		return nil, err
	}
	c.user = user
	prepared := filepath.Join(dir, preparedFile)
	if _, err := os.Stat(prepared); errors.Is(err, fs.ErrNotExist) {
		if err := c.prepare(); err != nil {
			return nil, err
		}
		if err := files.Write(prepared, nil); err != nil {
			return nil, err
		}
	}
	return c, c.readSeed()
}

// hold waits for the lock of a file. Whoever has it may remove the file, so that the
// lock that was waited for may be one of nothing.
func hold(path string) (*files.Locked, error) {
	for end := time.Now().Add(joining); time.Now().Before(end); pause() {
		lock, err := files.Lock(path)
		if errors.Is(err, files.ErrLocked) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if same(lock, path) {
			return lock, nil
		}
		if err := lock.Close(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s was not free within %v", path, joining)
}

// same tells whether an open file is still the one at its path.
func same(f *files.Locked, path string) bool {
	open, errOpen := f.Stat()
	now, errNow := os.Stat(path)
	return errOpen == nil && errNow == nil && os.SameFile(open, now)
}

// free tells whether nobody holds the lock of a file, or it is not there.
func free(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return true
	}
	lock, err := files.Lock(path)
	return err == nil && lock.Close() == nil
}

// pause is what a process does between two looks at what another one does.
func pause() { <-time.After(lookEvery) }

// keeping is the folder of a run in the environment of its keeper, and parent the
// process that has started the run.
const (
	keeping = "PLENARY_TEST_POSTGRES"
	parent  = "PLENARY_TEST_PARENT"
)

// startKeeper starts a keeper for the folder of a run, and waits until the server
// takes connections.
func startKeeper(dir string, run int) error {
	// What a keeper has left that was killed.
	if err := files.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, usersFolder), 0o755); err != nil {
		return err
	}
	// The server may be another user's, whatever this one's habits are.
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	keeper := exec.Command(self)
	keeper.Env = append(os.Environ(), keeping+"="+dir, parent+"="+strconv.Itoa(run))
	keeper.Dir, keeper.SysProcAttr = dir, detached()
	if err := keeper.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- keeper.Wait() }()
	for {
		select {
		case err := <-ended:
			why, _ := files.Read(filepath.Join(dir, failedFile))
			return fmt.Errorf("the server did not start: %s (%w)", why, errors.Join(err, errors.New("its keeper has ended")))
		default:
		}
		if _, err := os.Stat(filepath.Join(dir, startedFile)); err == nil {
			return nil
		}
		pause()
	}
}

// In the keeper, this program is no test.
func init() {
	dir := os.Getenv(keeping)
	if dir == "" {
		return
	}
	if err := keep(dir); err != nil {
		_ = files.Write(filepath.Join(dir, failedFile), []byte(err.Error())) // whoever has started it reads it
		os.Exit(1)
	}
	os.Exit(0)
}

// keep starts a server in the folder of a run, and stops it when the time has come.
func keep(dir string) error {
	lock, err := files.Lock(filepath.Join(dir, keeperFile))
	if err != nil {
		return err
	}
	defer lock.Close()
	pid, err := strconv.Atoi(os.Getenv(parent))
	if err != nil {
		return err
	}
	run, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	folder := filepath.Join(dir, serverFolder)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	server, err := start(folder)
	if err != nil {
		return err
	}
	if err := files.Write(filepath.Join(dir, startedFile), nil); err != nil {
		return errors.Join(err, server.stop())
	}
	for last := time.Now(); ; pause() {
		if used(dir) {
			last = time.Now()
			continue
		}
		over := errors.Is(run.Signal(syscall.Signal(0)), os.ErrProcessDone)
		if !over && time.Since(last) < unused {
			continue
		}
		gate, err := files.Lock(dir + ".lock")
		if errors.Is(err, files.ErrLocked) {
			continue // somebody joins
		}
		if err != nil {
			return errors.Join(err, server.stop())
		}
		if !used(dir) {
			return errors.Join(server.stop(), files.RemoveAll(dir), files.Remove(gate.Name()), gate.Close())
		}
		if err := gate.Close(); err != nil {
			return errors.Join(err, server.stop())
		}
	}
}

// used tells whether a test process uses the server, and forgets those that have ended.
func used(dir string) bool {
	found, err := filepath.Glob(filepath.Join(dir, usersFolder, "*"))
	if err != nil {
		return false
	}
	for _, path := range found {
		lock, err := files.Lock(path)
		if err != nil {
			return true
		}
		// Whoever is about to lock it notices that it is gone (hold).
		_, _ = files.Remove(path), lock.Close()
	}
	return false
}
