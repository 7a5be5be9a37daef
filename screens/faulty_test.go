package screens

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
	"plenary/screens/account"
	"plenary/screens/kit"
	"plenary/screens/meetings"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// A person who gives an address for the first time: each fault is said at the
// address, which stays as it was typed, with what to do next.
func TestFaults_firstStart(t *testing.T) {
	web := func(h http.HandlerFunc) func(*testing.T) string {
		return func(t *testing.T) string { return serve(t, h) }
	}
	tests := map[string]struct {
		address func(*testing.T) string
		says    []string
	}{
		"nonsense":              {func(*testing.T) string { return "our meetings, please!" }, []string{"not the address of a service", "https://plenary.example.org"}},
		"not secure":            {func(*testing.T) string { return "http://plenary.example.org" }, []string{"not the address of a service", "https://"}},
		"nobody listens":        {closedPort, []string{"No service can be reached at this address", "how it is spelled", "network connection"}},
		"untrusted certificate": {serveUntrusted, []string{"does not trust whoever issued", "nothing was sent", "IT team", "“Acme Co”"}},
		"captive portal":        {web(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome to the hotel</html>") }), []string{"Something else answered", "log in to the network there first"}},
		"another server's JSON": {web(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"status":"ok"}`)
		}), []string{"Something else answered", "check the address"}},
		"answer that is cut":     {web(cutAnswer), []string{"broke off", "What you entered stays here", "try again"}},
		"answer of another kind": {web(func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]string{"service_id": "7"}) }), []string{"broke off", "try again"}},
		"503 of the service": {web(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			refuse(w, http.StatusServiceUnavailable, api.CodeBusy)
		}), []string{"too much to do", "Nothing is lost", "You can try again in 2 minutes", "3F7K-92QD"}},
		"503 of a server before it": {web(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "30")
			http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
		}), []string{"too much to do", "You can try again in 30 seconds"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newWholeProgram(t)
			p.start(t, "", nil)
			typed := tt.address(t)
			test.Type(screentest.Widget(t, p.window, "firststart.address").(fyne.Focusable), typed)
			screentest.Tap(t, p.window, "firststart.connect")
			wrong := func() string { return screentest.Mistake(p.window, "firststart.address.field") }
			p.until(t, "the reason", func() bool { return wrong() != "" })
			screentest.Says(t, wrong(), tt.says...)
			address, connect := screentest.Input(t, p.window, "firststart.address").Text, screentest.Widget(t, p.window, "firststart.connect").(*parts.Button)
			if address != typed || connect.Disabled() || screentest.FocusedID(p.window) != "firststart.address" {
				t.Errorf("the address is %q, %s has the keyboard", address, screentest.FocusedID(p.window))
			}
			if left, err := os.ReadDir(p.dir); err != nil || len(left) != 0 {
				t.Errorf("left in the folder: %v, %v", left, err)
			}
		})
	}
}

func cutAnswer(w http.ResponseWriter, _ *http.Request) {
	serviceHeaders(w, "application/json")
	w.Header().Set("Content-Length", "500")
	fmt.Fprint(w, `{"service_id":"6f1f`)
}

// What is wrong on this machine before anything can be opened: it is said with
// "Try again", and once it is mended that leads on.
func TestFaults_folderAtTheStart(t *testing.T) {
	tests := map[string]struct {
		spoil func(t *testing.T, p *wholeProgram, address string) (mend func())
		says  []string
	}{
		"a file where the folder should be": {func(t *testing.T, p *wholeProgram, _ string) func() {
			must(t, os.RemoveAll(p.dir), os.WriteFile(p.dir, nil, 0o600))
			return func() { must(t, os.Remove(p.dir)) }
		}, []string{"cannot use its folder", "Nothing was changed", "IT team"}},
		"another Plenary has it open": {func(t *testing.T, p *wholeProgram, address string) func() {
			a, err := app.Open(t.Context(), app.Config{Dir: p.dir, Service: address, Keyring: p.ring})
			must(t, err)
			return func() { must(t, a.Close()) }
		}, []string{"Another Plenary", "Use that window"}},
		"written by a newer Plenary": {func(t *testing.T, p *wholeProgram, _ string) func() {
			back := markNewer(t, filepath.Join(p.dir, smallServiceID, "public", "journal"))
			return back
		}, []string{"written by a newer Plenary", "Nothing was touched", "start the newer version"}},
		"authorities that are missing": {func(_ *testing.T, p *wholeProgram, _ string) func() {
			p.caFile = filepath.Join(p.dir, "missing.pem")
			return func() { p.caFile = "" }
		}, []string{"certificate authorities is missing", "nothing was sent", "IT team"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newWholeProgram(t)
			address := serve(t, smallService(nil))
			p.keepSession(t, address)
			mend := tt.spoil(t, p, address)
			p.start(t, address, nil)
			w := p.shell.page.(*waiting)
			p.until(t, "the reason", func() bool { return w.bar.String() != "" })
			screentest.Says(t, w.bar.String(), tt.says...)
			if screentest.Find(p.window, "opening.other") == nil {
				t.Error("no way to another service")
			}
			mend()
			screentest.Tap(t, p.window, "opening.bar.action")
			p.until(t, "a screen", func() bool { _, still := p.shell.page.(*waiting); return !still })
			if _, ok := p.shell.page.(*account.FirstStart); ok {
				t.Error("the address is forgotten")
			}
			p.end(t)
		})
	}
}

// markNewer makes the journals in a folder look like those of a newer Plenary
// (localdb/segment.go), and returns how to undo it.
func markNewer(t *testing.T, folder string) (undo func()) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no journal in %s: %v", folder, err)
	}
	before := map[string][]byte{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		must(t, err)
		before[path] = append([]byte(nil), b...)
		size := int(binary.BigEndian.Uint16(b[10:]))
		for _, h := range [][]byte{b[:size], b[size : 2*size]} { // the header stands there twice
			binary.BigEndian.PutUint16(h[8:], 99)
			binary.BigEndian.PutUint32(h[size-4:], crc32.Checksum(h[:size-4], crc32.MakeTable(crc32.Castagnoli)))
		}
		must(t, os.WriteFile(path, b, 0o600))
	}
	return func() {
		for path, b := range before {
			must(t, os.WriteFile(path, b, 0o600))
		}
	}
}

// What cannot be known before the person is asked for the address is said there.
func TestFaults_saidWhereTheAddressIsAsked(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"service":"https://ple`), 0o600))
	_, damaged := app.LoadSettings(dir)
	for name, tt := range map[string]struct {
		err  error
		says []string
	}{
		"settings that are damaged": {damaged, []string{"settings on this computer cannot be read", "is kept", "Enter the address once more"}},
		"a Plenary that hangs":      {fmt.Errorf("%w: %w", app.ErrAlreadyRunning, app.ErrNotAnswering), []string{"does not answer", "is safe", "restart this computer"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newWholeProgram(t)
			p.start(t, "", tt.err)
			screentest.Says(t, screentest.Said(p.window, "firststart.bar"), tt.says...)
			test.Type(screentest.Widget(t, p.window, "firststart.address").(fyne.Focusable), serve(t, smallService(nil)))
			screentest.Tap(t, p.window, "firststart.connect")
			p.login(t)
			screentest.Tap(t, p.window, "login.service")
			p.until(t, "the choice of the service", func() bool { _, ok := p.shell.page.(*account.FirstStart); return ok })
			if said := screentest.Said(p.window, "firststart.bar"); said != "" {
				t.Errorf("still said: %q", said)
			}
		})
	}
}

// A log-in that fails says why, and leaves what was typed.
func TestFaults_logIn(t *testing.T) {
	refused := func(status int, code api.Code, wait string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if wait != "" {
				w.Header().Set("Retry-After", wait)
			}
			refuse(w, status, code)
		}
	}
	tests := map[string]struct {
		logIn   http.HandlerFunc
		keyring error
		says    []string
		button  string
	}{
		"429":            {refused(http.StatusTooManyRequests, api.CodeTooMany, "45"), nil, []string{"too many tries", "Nothing is lost"}, "Try again in 45 seconds"},
		"503":            {refused(http.StatusServiceUnavailable, api.CodeBusy, "60"), nil, []string{"too much to do"}, "Try again in 1 minute"},
		"426":            {refused(http.StatusUpgradeRequired, api.CodeVersionTooOld, ""), nil, []string{"needs a newer Plenary", "is kept", "install it"}, "Log in"},
		"cut":            {cutAnswer, nil, []string{"broke off", "try again"}, "Log in"},
		"captive portal": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hotel</html>") }, nil, []string{"Something else answered", "log in to the network there first"}, "Log in"},
		"keyring locked": {nil, app.ErrKeyringLocked, []string{"keyring is locked", "Unlock it", "without “Keep me logged in on this computer”"}, "Log in"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := newWholeProgram(t)
			p.ring.Fail(tt.keyring)
			p.start(t, serve(t, smallService(tt.logIn)), nil)
			p.logIn(t)
			p.until(t, "the reason", func() bool { return screentest.Said(p.window, "login.bar") != "" })
			screentest.Says(t, screentest.Said(p.window, "login.bar"), tt.says...)
			identifier, password := screentest.Input(t, p.window, "login.identifier").Text, screentest.Input(t, p.window, "login.password").Text
			if identifier != "elena.garcia" || password != "Correct-Horse-7" {
				t.Errorf("what was typed is now %q", identifier)
			}
			submit := screentest.Widget(t, p.window, "login.submit").(*parts.Button)
			if submit.Text() != tt.button || submit.Disabled() != (tt.button != "Log in") {
				t.Errorf("the button says %q", submit.Text())
			}
		})
	}
}

func TestFaults_keyringMissing(t *testing.T) {
	for _, way := range []string{"login.keyring.forget", "login.passphrase.use"} {
		t.Run(way, func(t *testing.T) {
			p := newWholeProgram(t)
			p.ring.Fail(errors.New("dial unix: missing address"))
			p.start(t, serve(t, smallService(nil)), nil)
			p.logIn(t)
			p.until(t, "the choice", func() bool { return screentest.Find(p.window, "login.passphrase") != nil })
			screentest.Says(t, screentest.Said(p.window, "login.keyring"), "no keyring", "passphrase", "forget the session")
			screentest.Input(t, p.window, "login.passphrase").SetText("a few good words")
			screentest.Tap(t, p.window, way)
			p.inside(t)
			p.end(t)
		})
	}
}

func TestFaults_keyringHangs(t *testing.T) {
	t.Run("at the log-in", func(t *testing.T) {
		p := newWholeProgram(t)
		t.Cleanup(p.ring.Hang())
		p.start(t, serve(t, smallService(nil)), nil)
		p.logIn(t)
		p.until(t, "the reason", func() bool { return screentest.Said(p.window, "login.bar") != "" })
		screentest.Says(t, screentest.Said(p.window, "login.bar"), "Waiting for your keyring", "unlock")
		screentest.Tap(t, p.window, "login.cancel")
		if said := screentest.Said(p.window, "login.bar"); said != "" {
			t.Errorf("after Cancel it says %q", said)
		}
		screentest.Tap(t, p.window, "login.keep")
		screentest.Tap(t, p.window, "login.submit")
		p.inside(t)
		p.end(t)
	})
	t.Run("at the start", func(t *testing.T) {
		p := newWholeProgram(t)
		address := serve(t, smallService(nil))
		p.keepSession(t, address)
		t.Cleanup(p.ring.Hang())
		p.start(t, address, nil)
		said := func() string {
			if w, ok := p.shell.page.(*waiting); ok {
				return w.bar.String()
			}
			return ""
		}
		p.until(t, "the reason", func() bool { return said() != "" })
		screentest.Says(t, said(), "Waiting for your keyring")
		screentest.Tap(t, p.window, "opening.bar.action")
		p.login(t)
	})
}

func TestFaults_keyringLockedAtTheStartKeepsTheSession(t *testing.T) {
	p := newWholeProgram(t)
	address := serve(t, smallService(nil))
	p.keepSession(t, address)
	p.ring.Fail(app.ErrKeyringLocked)
	p.start(t, address, nil)
	p.login(t)
	screentest.Says(t, screentest.Said(p.window, "login.bar"), "keyring is locked", "Unlock it")
	p.end(t)
	p.ring.Fail(nil)
	p.start(t, address, nil)
	p.inside(t)
	if d, ok := p.shell.services.Registrations.Draft("C-00016105"); !ok || d.BadgeName != "Elena García" {
		t.Error("the draft is lost")
	}
	p.end(t)
}

// The person's own store, at the start.
func TestFaults_ownDataAtTheStart(t *testing.T) {
	own := func(p *wholeProgram) string { return filepath.Join(p.dir, smallServiceID, smallAccountID) }
	t.Run("written by a newer Plenary", func(t *testing.T) {
		p := newWholeProgram(t)
		address := serve(t, smallService(nil))
		p.keepSession(t, address)
		markNewer(t, filepath.Join(own(p), "journal"))
		p.start(t, address, nil)
		p.login(t)
		screentest.Says(t, screentest.Said(p.window, "login.bar"), "written by a newer Plenary", "Nothing was touched")
	})
	t.Run("its key is lost", func(t *testing.T) {
		p := newWholeProgram(t)
		address := serve(t, smallService(nil))
		p.keepSession(t, address)
		must(t, p.ring.Delete("", smallServiceID+"/"+smallAccountID+"/key"))
		p.start(t, address, nil)
		p.login(t)
		screentest.Says(t, screentest.Said(p.window, "login.bar"), "no longer in the keyring", "without deleting it")
		screentest.Tap(t, p.window, "login.bar.action")
		p.until(t, "the data set aside", func() bool { return strings.Contains(screentest.Said(p.window, "login.bar"), "nothing was deleted") })
		if aside, err := filepath.Glob(own(p) + ".unreadable-*"); err != nil || len(aside) != 1 {
			t.Errorf("set aside: %v, %v", aside, err)
		}
	})
	t.Run("both files of its journal are damaged", func(t *testing.T) {
		p := newWholeProgram(t)
		address := serve(t, smallService(nil))
		p.keepSession(t, address)
		damageLastFrame(t, filepath.Join(own(p), "journal"))
		p.start(t, address, nil)
		p.inside(t)
		p.until(t, "the loss", func() bool { return p.shell.bar.String() != "" })
		screentest.Says(t, p.shell.bar.String(), "cannot be read", "Everything else is safe", "My meetings")
		screentest.Tap(t, p.window, "shell.bar.action")
		if p.shell.bar.String() != "" {
			t.Errorf("still said: %q", p.shell.bar.String())
		}
		p.end(t)
	})
}

func TestFaults_diskFullAtTheStart(t *testing.T) {
	full := true
	p := testWindow(t, screentest.NewEnv(t), func(_ *testProgram, d *WindowDeps) {
		open := d.Open
		d.Open = func(ctx context.Context, address string) (Services, error) {
			if full {
				return Services{}, fmt.Errorf("open Plenary's data: %w", &os.PathError{Op: "mkdir", Path: "x", Err: syscall.ENOSPC})
			}
			return open(ctx, address)
		}
	})
	screentest.Says(t, p.shell.page.(*waiting).bar.String(), "disk is full", "Make room", "is safe")
	full = false
	screentest.Tap(t, p.window, "opening.bar.action")
	if _, ok := p.shell.page.(*meetings.List); !ok {
		t.Errorf("page is %T once there was room", p.shell.page)
	}
}

// A disk without room for a draft: the form says so and keeps it, and Plenary
// does not end without asking.
func TestFaults_diskFullForADraft(t *testing.T) {
	p := testWindow(t, screentest.NewEnv(t))
	p.shell.goTo(route{name: routeRegister, code: "C-00016512"})
	job := screentest.Input(t, p.window, "register.job")
	full := fmt.Errorf("save the draft: %w", localdb.ErrDiskFull)
	p.mine.Err, p.session.workErr = full, full
	job.SetText("Engineer")
	screentest.Says(t, screentest.Said(p.window, "register.bar"), "disk is full", "Make room")
	if said := screentest.Said(p.window, "register.foot"); said != "" {
		t.Errorf("the foot says %q", said)
	}
	p.shell.Quit()
	screentest.Tap(t, p.window, "leave.stay")
	if p.closed != 0 || job.Text != "Engineer" {
		t.Fatalf("closed %d times, the form says %q", p.closed, job.Text)
	}
	p.mine.Err, p.session.workErr = nil, nil
	job.SetText("Engineer, retired")
	if said := screentest.Said(p.window, "register.bar"); said != "" {
		t.Errorf("with room it still says %q", said)
	}
	p.session.workErr = full
	p.shell.Quit()
	p.session.workErr = nil
	screentest.Tap(t, p.window, "leave.again")
	if p.closed != 1 {
		t.Errorf("closed %d times once there was room", p.closed)
	}
}

// While the disk keeps a registration waiting, every place can be opened, the person can
// type, and is asked on the way out. A window that waited for the disk would end the test
// by its time limit.
func TestFaults_diskHangs(t *testing.T) {
	meeting := screentest.Meetings()[1]
	meeting.Form = api.Form{}
	from := time.Now().AddDate(0, 2, 0)
	meeting.RegistrationFrom, meeting.RegistrationUntil = from.AddDate(0, -3, 0), from
	meeting.Sessions = []api.MeetingSession{{Title: api.Text{"en": "Session"}, Start: from, End: from.Add(8 * time.Hour)}}
	other := meeting
	other.Code = "C-00016513"
	service := smallService(nil)
	p := newWholeProgram(t)
	p.sleep = func(ctx context.Context, d time.Duration) { kit.Sleep(ctx, min(d, 200*time.Millisecond)) }
	p.start(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/meetings" {
			answer(w, api.Meetings{Meetings: []api.Meeting{meeting, other}})
			return
		}
		service(w, r)
	}), nil)
	p.logIn(t)
	p.inside(t)
	form := func(code string) {
		p.until(t, code, func() bool { _, ok := p.shell.services.Meetings.Get(code); return ok })
		p.shell.goTo(route{name: routeRegister, code: code})
		screentest.Widget(t, p.window, "register.participation").(*parts.Radios).Set(api.OnSite)
		screentest.Input(t, p.window, "register.badge").SetText("Elena García")
	}
	form(meeting.Code)
	waiting, release := p.disk.Hang()
	defer release()
	screentest.Tap(t, p.window, "register.check")
	p.until(t, "what is to be checked", func() bool {
		submit, ok := screentest.Find(p.window, "register.submit").(fyne.Disableable)
		return ok && !submit.Disabled()
	})
	screentest.Tap(t, p.window, "register.submit")
	<-waiting
	for _, place := range p.shell.navigation() {
		place.Open()
		p.window.Canvas().Capture()
	}
	p.shell.goTo(route{name: routeMeetings})
	p.shell.find()
	test.Type(p.window.Canvas().Focused(), "X.509")
	form(other.Code)
	test.Type(screentest.Input(t, p.window, "register.job"), "Engineer")
	p.shell.Quit()
	p.until(t, "the question", func() bool { return screentest.Find(p.window, "leave.again") != nil })
	screentest.Tap(t, p.window, "leave.stay")
	release()
	p.until(t, "the registration", func() bool { return p.shell.services.Sync.Status().Waiting == 1 })
	p.until(t, "the draft", func() bool {
		in, ok := p.shell.services.Registrations.Draft(other.Code)
		return ok && in.JobTitle == "Engineer"
	})
	p.end(t)
}

func TestFaults_pictures(t *testing.T) {
	screentest.Capture(t, "faults-opening", func(e kit.Env) fyne.CanvasObject {
		w := newWaiting(e)
		w.failed(os.ErrPermission, "Try again", func() {}, func() {})
		return w.Content()
	})
	captureWindow(t, "faults-lost", nil, func(p *testProgram) { p.sync.tell(app.Status{Online: true, Lost: 2}) })
}

// A file of credentials that is damaged: no passphrase opens it, and the person
// can go on without.
func TestFaults_credentialsDamaged(t *testing.T) {
	p := newWholeProgram(t)
	address := serve(t, smallService(nil))
	p.ring.Fail(errors.New("dial unix: missing address"))
	p.start(t, address, nil)
	p.logIn(t)
	p.until(t, "the choice", func() bool { return screentest.Find(p.window, "login.passphrase") != nil })
	screentest.Input(t, p.window, "login.passphrase").SetText("a few good words")
	screentest.Tap(t, p.window, "login.passphrase.use")
	p.inside(t)
	p.end(t)
	must(t, os.Truncate(filepath.Join(p.dir, "credentials.sealed"), 20))
	p.start(t, address, nil)
	p.login(t)
	p.until(t, "the passphrase", func() bool { return screentest.Find(p.window, "login.passphrase") != nil })
	screentest.Input(t, p.window, "login.passphrase").SetText("a few good words")
	screentest.Tap(t, p.window, "login.passphrase.use")
	wrong := func() string { return screentest.Mistake(p.window, "login.passphrase.field") }
	p.until(t, "the reason", func() bool { return wrong() != "" })
	screentest.Says(t, wrong(), "damaged", "log in again")
	screentest.Input(t, p.window, "login.identifier").SetText("elena.garcia")
	screentest.Input(t, p.window, "login.password").SetText("Correct-Horse-7")
	screentest.Tap(t, p.window, "login.keyring.forget")
	p.inside(t)
	p.end(t)
}

// damageLastFrame changes a byte in the last frame of a journal, in both of its files,
// whole as they are in length.
func damageLastFrame(t *testing.T, folder string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(paths) != 2 {
		t.Fatalf("no journal: %v, %v", paths, err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		must(t, err)
		b[len(b)-20] ^= 1
		must(t, os.WriteFile(path, b, 0o600))
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
