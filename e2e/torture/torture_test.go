//go:build e2e

package torture

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
	"plenary/e2e/mailserver"
	"plenary/e2e/service"
	"plenary/rules"
	inside "plenary/service"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/policy"
	"plenary/service/registrations"
	"plenary/service/secret"
	"plenary/service/store"
)

var (
	operations = flag.Int("operations", 120, "how many are queued, by all programs together")
	seed       = flag.Uint64("seed", 0, "of a run that is to be repeated; 0: another one each time")
)

// roles are those of the programs that work at once.
var roles = []string{participant, participant, focalPoint, manager}

const (
	// A program is killed after so many steps on the average, or at one of the next
	// deliveries.
	stepsForAKill, deliveriesForAKill = 20, 8
	// mostKills is how many lives in a row do not end in good order at most.
	mostKills = 4
	// mostOperations is below what the service lets the programs' accounts do in an hour.
	mostOperations = 3600
	password       = "Window-Seat-7-Lausanne"
	decided        = "C-00000001" // by the secretariat
)

// Each operation that a program says it has kept has one effect at the service, and no other
// has more than one: whatever the network does, however often programs are killed, and the
// service once.
func TestTorture_losesAndDoublesNothing(t *testing.T) {
	if *operations > mostOperations {
		t.Fatalf("%d operations are too many: at most %d, since an account can have 1,000 within an hour", *operations, mostOperations)
	}
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("repeat it with: make torture OPERATIONS=%d SEED=%d", *operations, *seed)
	w := newWorld(t, *operations/len(roles))
	var all sync.WaitGroup
	for _, p := range w.programs {
		all.Go(func() { p.work() })
	}
	all.Wait()
	for _, p := range w.programs {
		p.network.late.Wait()
		kinds := map[string]int{}
		for _, a := range p.made {
			kinds[a.What]++
		}
		t.Logf("%s %s: kept %v, %d lives; requests: %v", p.task.Role, p.task.Identifier, kinds, p.lives, p.network.seen)
		if p.wrong != nil {
			log, _ := os.ReadFile(filepath.Join(p.task.Dir, "torture.log"))
			t.Errorf("%s %s: %v\n%s", p.task.Role, p.task.Identifier, p.wrong, log)
		}
	}
	if t.Failed() {
		return
	}
	for _, p := range w.programs {
		w.check(t, p)
	}
}

// world is a service with programs around it.
type world struct {
	service  *service.Service
	beside   *inside.Service // on its data
	programs []*program
}

func newWorld(t *testing.T, steps int) *world {
	t.Helper()
	mails, err := mailserver.Start()
	must(t, err)
	t.Cleanup(func() { mails.Close() })
	s, err := service.StartReal(filepath.Join("..", "..", "build", "plenaryd"), t.TempDir(), "", mails.Address())
	must(t, err)
	t.Cleanup(s.Stop)
	s.Stop() // so that it begins with all that is made here
	key, err := secret.Load(filepath.Join(s.Data(), "plenaryd.key"))
	must(t, err)
	beside, err := inside.Open(t.Context(), inside.Config{
		Database: filepath.Join(s.Data(), "plenaryd.db"), Key: key, Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
	})
	must(t, err)
	t.Cleanup(func() { beside.Close() })
	w := &world{service: s, beside: beside}
	w.freeOfSecondFactor(t)
	open := w.makeMeetings(t, 6+steps/3)
	for i, role := range roles {
		p := &program{made: map[int]act{}, unsure: map[int]act{}}
		p.task = task{
			Role: role, Dir: t.TempDir(), Identifier: fmt.Sprint("member", i), Password: password,
			Seed: *seed + uint64(i), To: steps, Meetings: open,
		}
		p.rng = rand.New(rand.NewPCG(*seed, uint64(100+i)))
		p.account = w.member(t, p.task.Identifier, role)
		if role == manager {
			p.task.Numbers = w.toDecide(t, 3*steps)
		}
		w.programs = append(w.programs, p)
	}
	must(t, s.Resume())
	for i, p := range w.programs {
		p.network = newNetwork(t, s.Address, *seed, uint64(i))
		p.task.Service = p.network.server.URL
	}
	w.programs[0].halfWay = func() error { s.Stop(); return s.Resume() }
	return w
}

// freeOfSecondFactor lets staff log in with a password alone.
func (w *world) freeOfSecondFactor(t *testing.T) {
	t.Helper()
	free := policy.Default()
	free.SecondFactor = api.SecondFactorFree
	text, err := json.Marshal(free)
	must(t, err)
	// READ COMMITTED: one statement.
	must(t, w.beside.DB().UpdateCommitted(t.Context(), func(tx *store.Tx) error {
		tx.Do(`INSERT INTO settings (name, value) VALUES ('policies', $1)`, string(text))
		return tx.Err()
	}))
}

// makeMeetings makes meetings that are under way: n that confirm everybody, and one that
// waits for decisions.
func (w *world) makeMeetings(t *testing.T, n int) (open []string) {
	t.Helper()
	now := time.Now().UTC()
	var all []api.MeetingDetails
	for i := range n + 1 {
		m := api.Meeting{
			Code: fmt.Sprintf("C-%08d", i+1), Title: api.Text{"en": "Plenary"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
			Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now, End: now.Add(24 * time.Hour)}},
			RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(23 * time.Hour),
			Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
			Form: api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Step"}, Questions: []api.Question{
				{ID: "step", Kind: api.KindText, Label: api.Text{"en": "Step"}}, letter,
			}}}},
		}
		if m.Code == decided {
			m.Approval = api.ApprovalSecretariat
		} else {
			open = append(open, m.Code)
		}
		all = append(all, api.MeetingDetails{Meeting: m, MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}})
	}
	reports, err := w.beside.Meetings().Import(t.Context(), all)
	must(t, err)
	for _, r := range reports {
		if r.Outcome != "added" {
			t.Fatalf("meeting %s: %s %v", r.Code, r.Outcome, r.Wrong)
		}
	}
	return open
}

// member makes an account, and gives its id.
func (w *world) member(t *testing.T, name, role string) string {
	t.Helper()
	n := staff.NewAccount{
		Username: name, Email: name + "@example.org", Password: password, FirstName: "Member", FamilyName: role,
		Organization: api.Organization{Name: "Example University", Country: "CH", Membership: "academia"},
	}
	switch role {
	case manager:
		n.Roles = []string{api.RoleMeetingManager}
	case focalPoint:
		must(t, w.beside.Organizations().Refresh(t.Context()))
		n.Organization = w.beside.Organizations().Directory().All()[0]
	}
	id, err := w.beside.Accounts().Create(t.Context(), n)
	must(t, err)
	if role == focalPoint {
		must(t, w.beside.Delegations().Appoint(t.Context(), caller.Caller{}, id, api.Appoint{
			Kind: api.FocalPoint, OrganizationID: n.Organization.ID,
		}))
	}
	return id
}

// toDecide makes registrations that wait for a decision, and gives their numbers.
func (w *world) toDecide(t *testing.T, n int) (numbers []string) {
	t.Helper()
	entries := make([]registrations.Entry, n)
	for i := range entries {
		entries[i] = registrations.Entry{
			Person: fmt.Sprint("Person ", i), Organization: "Example", Country: "CH", Membership: "academia",
			Register: api.Register{Meeting: decided, Participation: api.OnSite, BadgeName: fmt.Sprint("Person ", i)},
		}
	}
	for some := range slices.Chunk(entries, 100) {
		entered, err := w.beside.Registrations().Enter(t.Context(), some)
		must(t, err)
		for _, r := range entered {
			numbers = append(numbers, r.Number)
		}
	}
	return numbers
}

// program is a process that is killed now and then, and started again.
type program struct {
	task    task
	account string // id
	network *network
	rng     *rand.Rand
	halfWay func() error // what happens when half of the steps are made

	made   map[int]act // by step, as the program says
	unsure map[int]act // in which it was killed
	lives  int         // that have ended before all was sent
	wrong  error
}

func (p *program) work() {
	for {
		over, err := p.live()
		if p.wrong = err; over || err != nil {
			return
		}
	}
}

// live is one life of the program; over says that it has ended by itself, with all sent.
func (p *program) live() (over bool, err error) {
	// A store that is killed too often in a row begins its cache anew, and forgets what is
	// registered, as people do not.
	quits := p.lives%mostKills == mostKills-1
	if p.task.Quit = 0; quits {
		p.task.Quit = p.task.From + 1 + p.rng.IntN(5)
	}
	text, err := json.Marshal(p.task)
	if err != nil {
		return false, err
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), taskVariable+"="+string(text))
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return false, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return false, err
	}
	if err := child.Start(); err != nil {
		return false, err
	}
	var killed atomic.Bool
	ended := false
	kill := func() {
		if quits {
			return
		}
		killed.Store(true)
		child.Process.Kill()
	}
	defer child.Wait() // says only that it was killed
	first := len(p.made) == 0 && p.lives == 0
	if !first { // who logs in is left in peace
		p.lay(kill)
	}
	var trying *act
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var word, what, about string
		var step int
		fmt.Sscan(lines.Text(), &word, &step, &what, &about)
		switch word {
		case "begun":
			if first {
				p.lay(kill)
			}
			if _, err := in.Write([]byte("\n")); err != nil && !killed.Load() {
				return false, err
			}
		case "try":
			trying, p.task.From = &act{what, about}, step
		case "made", "skipped":
			if word == "made" {
				p.made[step] = *trying
			}
			trying, p.task.From = nil, step+1
			if err := p.after(step, kill); err != nil {
				return false, err
			}
		case "quits":
			ended = true
		case "empty":
			over = true
		default:
			kill()
			return false, fmt.Errorf("it says %q", lines.Text())
		}
	}
	if trying != nil {
		p.unsure[p.task.From] = *trying
		p.task.From++
	}
	p.network.set(func(n *network) { n.kill, n.killed = -1, nil })
	switch {
	case over:
	case killed.Load(), ended:
		p.lives++
	default:
		return false, errors.New("it has ended by itself")
	}
	return over, nil
}

// lay decides what the network does in this life of the program.
func (p *program) lay(kill func()) {
	begins, sends := p.task.From == 0, p.task.From == p.task.To
	p.network.set(func(n *network) {
		n.honest, n.killed = false, kill
		switch {
		case begins:
			n.portal = 1 << 30 // without network, until it has made some steps
		case p.task.From > p.task.connectedAt(): // killed in the step after which it gets one
			n.portal = 0
		}
		if !sends || n.rng.IntN(2) == 0 {
			n.kill = n.rng.IntN(deliveriesForAKill)
		}
	})
}

// connectedAt is the step after which a program gets a network.
func (k *task) connectedAt() int { return k.To / 3 }

// after follows a step.
func (p *program) after(step int, kill func()) error {
	if step == p.task.connectedAt() {
		p.network.set(func(n *network) { n.portal = 0 })
	}
	if halfWay := p.halfWay; step >= p.task.To/2 && halfWay != nil {
		p.halfWay = nil
		if err := halfWay(); err != nil {
			return err
		}
	}
	if p.rng.IntN(stepsForAKill) == 0 {
		kill()
	}
	return nil
}

// check compares what a program says with what the service has.
func (w *world) check(t *testing.T, p *program) {
	t.Helper()
	if len(p.made) < p.task.To/2 {
		t.Errorf("%s made only %d of %d steps", p.task.Role, len(p.made), p.task.To)
	}
	effects := w.effects(t, p)
	back := map[string]bool{} // steps that were taken back; they may have arrived before
	for _, acts := range []map[int]act{p.made, p.unsure} {
		for _, a := range acts {
			back[a.About] = back[a.About] || a.What == "taken-back"
		}
	}
	for step, a := range p.made {
		mark, want := a.What+" "+mark(step), 1
		switch a.What {
		case "taken-back":
			continue
		case "attended": // once, however often it is said
			mark = a.What + " " + a.About
		case "decided":
			fmt.Sscan(a.About, &want)
		}
		if got := effects[mark]; got != want && !(got == 0 && back[fmt.Sprint(step)]) {
			t.Errorf("%s: step %d, %v, had %d effects", p.task.Role, step, a, got)
		}
	}
	for effect, n := range effects {
		what, by, ok := strings.Cut(effect, " step ")
		if !ok {
			continue
		}
		var step int
		fmt.Sscan(by, &step)
		a, ok := p.made[step]
		if !ok {
			a, ok = p.unsure[step]
		}
		if !ok || a.What != what || n > 1 && what != "decided" {
			t.Errorf("%s: step %d, %v, had the effect %q %d times", p.task.Role, step, a, effect, n)
		}
	}
	w.told(t, p)
	w.files(t, p)
}

// files looks whether each living registration has the file that it names, and that alone.
func (w *world) files(t *testing.T, p *program) {
	t.Helper()
	must(t, w.beside.DB().View(t.Context(), func(tx *store.Tx) error {
		there := map[string]string{} // by registration
		for scan := range tx.Each(`SELECT f.registration, f.id FROM registration_files f JOIN registrations r ON r.number = f.registration
			WHERE r.account_id = $1`, p.account) {
			var number, id string
			scan(&number, &id)
			if there[number] != "" {
				t.Errorf("%s: %s has two files", p.task.Role, number)
			}
			there[number] = id
		}
		named := 0
		for scan := range tx.Each(`SELECT number, answers FROM registrations WHERE account_id = $1 AND state = 'confirmed'`, p.account) {
			var number, text string
			scan(&number, &text)
			var answers api.Answers
			if err := json.Unmarshal([]byte(text), &answers); err != nil {
				return err
			}
			id, _, ok := rules.FileOf(answers[letter.ID])
			if ok {
				named++
			}
			if there[number] != id {
				t.Errorf("%s: %s names the file %q, and has %q", p.task.Role, number, id, there[number])
			}
		}
		if p.task.Role == participant {
			t.Logf("%s %s: %d registrations with a file", p.task.Role, p.task.Identifier, named)
		}
		return tx.Err()
	}))
}

// effects counts what the service has of a program's steps.
func (w *world) effects(t *testing.T, p *program) map[string]int {
	t.Helper()
	found := map[string]int{}
	must(t, w.beside.DB().View(t.Context(), func(tx *store.Tx) error {
		for scan := range tx.Each(`SELECT answers, registered_by FROM registrations WHERE account_id = $1 OR registered_by = $1`, p.account) {
			var text, by string
			scan(&text, &by)
			var answers api.Answers
			if err := json.Unmarshal([]byte(text), &answers); err != nil {
				return err
			}
			what := "registered "
			if by != "" {
				what = "registered-for "
			}
			found[what+answers["step"][0]]++
		}
		for scan := range tx.Each(`SELECT what, reason, changed FROM registration_events WHERE actor = $1 ORDER BY registration, position`, p.account) {
			var what, reason, text string
			scan(&what, &reason, &text)
			switch what {
			case "withdrawn":
				found["withdrawn "+reason]++
			case "refused":
				found["decided "+reason]++
			case "changed":
				var changed []api.Changed
				if err := json.Unmarshal([]byte(text), &changed); err != nil {
					return err
				}
				for _, c := range changed {
					found["changed "+c.After[0]]++
				}
			}
		}
		for scan := range tx.Each(`SELECT a.registration FROM attendances a JOIN registrations r ON r.number = a.registration WHERE r.account_id = $1`, p.account) {
			var number string
			scan(&number)
			found["attended "+number]++
		}
		return tx.Err()
	}))
	return found
}

// told looks at the records of the operations, and at the e-mails.
func (w *world) told(t *testing.T, p *program) {
	t.Helper()
	must(t, w.beside.DB().View(t.Context(), func(tx *store.Tx) error {
		for scan := range tx.Each(`SELECT kind, code, COUNT(*) FROM operations WHERE account_id = $1 AND outcome <> 'done' GROUP BY kind, code`, p.account) {
			var kind, code string
			var n int64
			scan(&kind, &code, &n)
			t.Errorf("%s: %d operations %s were refused: %s", p.task.Role, n, kind, code)
		}
		for scan := range tx.Each(`SELECT m.subject, m.template, COUNT(*) FROM mails m JOIN registrations r ON r.number = m.subject
			WHERE (r.account_id = $1 OR r.registered_by = $1) AND m.template IN ('registration-confirmed', 'registration-withdrawn')
			GROUP BY m.subject, m.template HAVING COUNT(*) > 1`, p.account) {
			var subject, template string
			var n int64
			scan(&subject, &template, &n)
			t.Errorf("%s: %d e-mails %s about %s", p.task.Role, n, template, subject)
		}
		return tx.Err()
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
