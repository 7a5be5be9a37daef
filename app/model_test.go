package app

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
	"plenary/app/keyringtest"
	"plenary/client"
	"plenary/localdb"
	"plenary/rules"

	"pgregory.net/rapid"
)

// bench is an App without its loop, with an open store: the test says when a
// round is made.
type bench struct {
	service *faultyService
	clocks  *clocks
	server  *httptest.Server
	dir     string
	key     localdb.Key
	app     *App
	vault   *vault
}

type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// clocks are those of a device and of the service: the machine's, moved.
type clocks struct{ wrong, passed atomic.Int64 }

// set says how much the device's clock is wrong, and how much time has passed.
func (c *clocks) set(wrong, passed time.Duration) {
	c.wrong.Store(int64(wrong))
	c.passed.Store(int64(passed))
}

func (c *clocks) service() time.Time { return time.Now().Round(0).Add(time.Duration(c.passed.Load())) }

func (c *clocks) device() time.Time { return c.service().Add(time.Duration(c.wrong.Load())) }

func newBench(t failer, dir string) *bench {
	t.Helper()
	b := &bench{service: newFaultyService(), clocks: &clocks{}, dir: dir, key: localdb.NewKey()}
	b.service.clock = b.clocks.service
	b.server = httptest.NewServer(b.service)
	b.open(t)
	return b
}

func (b *bench) open(t failer) { b.openWith(t, 1) }

// openWith opens the store as if the disk were full that has less than so many bytes free.
func (b *bench) openWith(t failer, minFree uint64) {
	t.Helper()
	c, err := client.New(b.server.URL, client.Options{Timeout: 5 * time.Second, RetryWait: time.Microsecond, Now: b.clocks.device})
	if err != nil {
		t.Fatal(err)
	}
	options := localdb.Options{MinFree: minFree, Now: b.clocks.device}
	k := &core{
		config: Config{Dir: b.dir, Keyring: keyringtest.New(), CountryNames: func(string) []string { return nil }},
		log:    slog.New(slog.DiscardHandler), now: b.clocks.device, client: c, ctx: b.context(), end: func() {},
	}
	options.Contact = k.lastContact
	k.place = &place{dir: b.dir, address: c.Address(), client: c, log: k.log, options: options, asking: newTurn()}
	b.app = assemble(k)
	store, err := localdb.Open(filepath.Join(b.dir, "store"), b.key, options)
	if err != nil {
		t.Fatal(err)
	}
	b.vault = &vault{
		account: faultyAccount, store: store, kept: true,
		access: token("access"), expires: time.Now().Add(time.Hour), refresh: token("refresh1"),
	}
	b.app.Session.vault = b.vault
	b.app.Session.state.Phase = LoggedIn
	b.app.Registrations.load(b.vault)
}

func (b *bench) close(t failer) {
	t.Helper()
	if err := b.vault.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.app.Session.keys.close()
	b.app.core.client.CloseIdle()
}

func (b *bench) context() context.Context { return context.Background() }

// round is what the loop does for a person: an error is what a fault brought.
func (b *bench) round() error {
	if err := b.app.Sync.deliver(b.context(), b.vault); err != nil {
		return err
	}
	return b.app.Registrations.refresh(b.context(), b.vault)
}

// TestOutbox_losesAndDoublesNothing drives outbox and sync against a service
// that loses answers, gets deliveries twice, stops, and comes back from a
// backup, and a program that is killed and whose disk comes back from a copy.
func TestOutbox_losesAndDoublesNothing(t *testing.T) {
	if err := flag.Set("rapid.checks", "10"); err != nil { // each opens stores with real syncs
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "plenary-model-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		m := &model{bench: newBench(t, dir), kept: map[string]bool{}, revoked: map[string]int{}}
		defer m.server.Close()
		actions := map[string]func(*rapid.T){
			"":          m.check,
			"submit":    m.submit,
			"withdraw":  m.withdraw,
			"change":    m.change,
			"take back": m.takeBack,
			"round":     func(*rapid.T) { _ = m.round() }, // what went wrong is tried again
			"fault":     m.fault,
			"restart":   func(t *rapid.T) { m.close(t); m.open(t) },
		}
		// Not both: who loses the disk and the service has lost what was in both.
		if rapid.Bool().Draw(t, "the disk is restored") {
			actions["copy disk"], actions["restore disk"] = m.copyDisk, m.restoreDisk
		} else {
			actions["back up"] = func(*rapid.T) { m.backup = new(m.service.snapshot()) }
			actions["restore service"] = m.restoreService
		}
		t.Repeat(actions)
		m.finish(t)
		m.close(t)
	})
}

type model struct {
	*bench
	kept   map[string]bool // operations that the person was told are safe
	backup *serviceState
	copied map[string]bool // kept, when the disk was copied
	// revoked are the operations that the person took back, with how often the service had
	// done them by then; revokedThen are those when the disk was copied.
	revoked, revokedThen map[string]int
	serial               int
	copies               int
}

func (m *model) submit(t *rapid.T) {
	m.serial++
	code := fmt.Sprintf("C-%08d", m.serial*10+rapid.SampledFrom([]int{1, 1, 1, 9}).Draw(t, "kind of meeting"))
	refused := m.attention(t)
	if err := m.app.Registrations.Submit(m.context(), api.Register{Meeting: code, Participation: api.Remote, BadgeName: "x"}); err != nil {
		t.Fatal(err)
	}
	m.note(t, refused)
}

func (m *model) withdraw(t *rapid.T) {
	var numbers []string
	for _, mine := range m.app.Registrations.List() {
		if mine.State == api.Confirmed {
			numbers = append(numbers, mine.Number)
		}
	}
	if len(numbers) == 0 {
		t.Skip("nothing to withdraw")
	}
	slices.Sort(numbers)
	refused := m.attention(t)
	if err := m.app.Registrations.Withdraw(m.context(), rapid.SampledFrom(numbers).Draw(t, "number"), ""); err != nil {
		t.Fatal(err)
	}
	m.note(t, refused)
}

func (m *model) change(t *rapid.T) {
	var confirmed []Mine
	for _, mine := range m.app.Registrations.List() {
		if mine.State == api.Confirmed {
			confirmed = append(confirmed, mine)
		}
	}
	if len(confirmed) == 0 {
		t.Skip("nothing to change")
	}
	slices.SortFunc(confirmed, func(a, b Mine) int { return strings.Compare(a.Number, b.Number) })
	mine := rapid.SampledFrom(confirmed).Draw(t, "registration")
	m.serial++
	in := api.Change{Registration: mine.Number, Changes: rules.ChangesOf(mine.History), Register: rules.Registered(&mine.Registration)}
	in.JobTitle = fmt.Sprint(m.serial)
	refused := m.attention(t)
	if err := m.app.Registrations.Change(m.context(), in); err != nil {
		t.Fatal(err)
	}
	m.note(t, refused)
}

// takeBack takes something back that waits, whether or not the service has it already.
func (m *model) takeBack(t *rapid.T) {
	var ids []string
	for _, mine := range m.app.Registrations.List() {
		if mine.State == StateWaitingToSend {
			ids = append(ids, mine.Operation)
		}
	}
	if len(ids) == 0 {
		t.Skip("nothing waits")
	}
	slices.Sort(ids)
	id := rapid.SampledFrom(ids).Draw(t, "operation")
	if err := m.app.Registrations.TakeBack(m.context(), id); err != nil {
		t.Fatal(err)
	}
	delete(m.kept, id)
	m.revoked[id] = m.service.snapshot().performed[id]
}

// attention gives the operations that were refused, and that nobody has dealt with.
func (m *model) attention(t *rapid.T) map[string]bool {
	refused, err := m.vault.store.NeedAttention()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, op := range refused {
		ids[op.ID] = true
	}
	return ids
}

// note writes down what is in the outbox, after something that the person did. Refused
// operations, which were those of before, are dealt with where it was done instead of them.
func (m *model) note(t *rapid.T, refused map[string]bool) {
	left := m.attention(t)
	for id := range refused {
		if !left[id] {
			delete(m.kept, id)
		}
	}
	pending, err := m.vault.store.Pending()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range pending {
		m.kept[op.ID] = true
	}
}

func (m *model) fault(t *rapid.T) {
	f := fault(rapid.IntRange(1, int(faults)-1).Draw(t, "fault"))
	m.service.locked(func() { m.service.faults = append(m.service.faults, f) })
}

func (m *model) restoreService(t *rapid.T) {
	if m.backup == nil {
		t.Skip("no backup")
	}
	m.service.locked(func() { m.service.state = m.backup.clone() })
	// A program that goes on learns of it with its next operation; one that is
	// started anew asks.
	m.close(t)
	m.open(t)
}

func (m *model) copyDisk(t *rapid.T) {
	m.close(t)
	m.copies++
	if err := os.CopyFS(m.copyDir(), os.DirFS(filepath.Join(m.dir, "store"))); err != nil {
		t.Fatal(err)
	}
	m.copied, m.revokedThen = maps.Clone(m.kept), maps.Clone(m.revoked)
	m.open(t)
}

func (m *model) copyDir() string { return filepath.Join(m.dir, fmt.Sprint("copy", m.copies)) }

func (m *model) restoreDisk(t *rapid.T) {
	if m.copied == nil {
		t.Skip("no copy")
	}
	m.close(t)
	if err := os.RemoveAll(filepath.Join(m.dir, "store")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(m.dir, "store"), os.DirFS(m.copyDir())); err != nil {
		t.Fatal(err)
	}
	// What was made since is on no disk any more; the service may have it.
	m.kept, m.revoked = maps.Clone(m.copied), maps.Clone(m.revokedThen)
	m.open(t)
}

// check holds after every step.
func (m *model) check(t *rapid.T) {
	performed := m.service.snapshot().performed
	for id, n := range performed {
		if n > 1 {
			t.Fatalf("operation %s was done %d times", id, n)
		}
	}
	for id, n := range m.revoked {
		if performed[id] > n {
			t.Fatalf("operation %s was done after it had been taken back", id)
		}
	}
	seen := map[string]int{}
	for _, mine := range m.app.Registrations.List() {
		if mine.Number != "" {
			seen[mine.Number+fmt.Sprint(mine.State == StateNeedsAttention)+mine.Operation]++
		}
	}
	for number, n := range seen {
		if n > 1 {
			t.Fatalf("registration %s is listed %d times", number, n)
		}
	}
}

// finish lets everything arrive and looks whether it did.
func (m *model) finish(t *rapid.T) {
	m.service.locked(func() { m.service.faults = nil })
	m.close(t)
	m.open(t)
	if err := m.round(); err != nil {
		t.Fatalf("last round: %v", err)
	}
	pending, err := m.vault.store.Pending()
	if err != nil || len(pending) != 0 {
		t.Fatalf("still waiting: %v, %v", pending, err)
	}
	attention := m.attention(t)
	for _, one := range m.service.snapshot().registrations {
		mine, ok := m.app.Registrations.Get(one.Meeting)
		if _, taken := m.revoked[one.Operation]; taken && one.State == api.Confirmed && (!ok || !mine.TakenBack) {
			t.Fatalf("registration %s was taken back too late, and nobody is told: %+v", one.Number, mine)
		}
	}
	outcomes := m.service.snapshot().outcomes
	for id := range m.kept {
		if attention[id] {
			continue // its person knows, also if the service has forgotten
		}
		outcome, ok := outcomes[id]
		if !ok {
			t.Fatalf("operation %s was lost", id)
		}
		if outcome.Outcome == api.RefusedResult {
			t.Fatalf("operation %s was refused, and nobody is told", id)
		}
	}
	m.check(t)
}
