//go:build e2e

package torture

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
)

// taskVariable makes the test binary a program that works on the task in it (JSON).
const taskVariable = "PLENARY_TORTURE_TASK"

// Roles of a program.
const (
	participant = "participant"
	focalPoint  = "focal point"
	manager     = "manager"
)

// task is what a program is to do.
type task struct {
	Role       string
	Dir        string // of its data
	Service    string // address
	Identifier string
	Password   string
	Seed       uint64
	From, To   int      // steps
	Quit       int      // step after which it ends in good order, whatever waits; 0: none
	Meetings   []string // codes
	Numbers    []string // registrations that a manager decides on, three for each step
}

func TestMain(m *testing.M) {
	if text := os.Getenv(taskVariable); text != "" {
		var k task
		err := json.Unmarshal([]byte(text), &k)
		if err == nil {
			err = k.run()
		}
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// run works on the task, and says on standard output how far it is: begun, try STEP WHAT
// ABOUT, made STEP, skipped STEP, empty or quits. It goes on after begun when a line comes in.
func (k *task) run() error {
	ctx := context.Background()
	if err := os.MkdirAll(k.Dir, 0o700); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(k.Dir, "torture.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Config{
		Dir: k.Dir, Service: k.Service, Keyring: fileKeyring(filepath.Join(k.Dir, "keyring.json")), Timeout: 10 * time.Second,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		return err
	}
	if err := k.enter(ctx, a); err != nil {
		return err
	}
	fmt.Println("begun")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	for step := k.From; step < k.To; step++ {
		time.Sleep(time.Duration(rand.IntN(30)) * time.Millisecond) // so that some is sent meanwhile
		if k.Quit > 0 && step == k.Quit {
			fmt.Println("quits")
			return a.Close()
		}
		act, do := k.step(a, step)
		for tries := 0; do == nil && tries < 50; tries++ { // all is on its way
			a.Sync.Now()
			time.Sleep(5 * time.Millisecond)
			act, do = k.step(a, step)
		}
		if do == nil {
			fmt.Println("skipped", step)
			continue
		}
		fmt.Println("try", step, act.What, act.About)
		err := do(ctx)
		switch {
		case errors.Is(err, app.ErrSent):
			fmt.Println("skipped", step)
		case err != nil:
			return fmt.Errorf("step %d, %v: %w", step, act, err)
		default:
			fmt.Println("made", step)
		}
	}
	for {
		switch s := a.Sync.Status(); {
		case a.Session.State().Phase != app.LoggedIn:
			return errors.New("the session has ended")
		case s.Attention > 0 || s.Lost > 0:
			return fmt.Errorf("what became of it is %+v", s)
		case s.Waiting == 0:
			fmt.Println("empty")
			return a.Close()
		}
		a.Sync.Now()
		time.Sleep(5 * time.Millisecond) // as somebody who presses F5 all the time
	}
}

// enter logs in at the first start, and is logged in at the others.
func (k *task) enter(ctx context.Context, a *app.App) error {
	_, err := a.Session.Restore(ctx)
	if errors.Is(err, app.ErrNoSession) {
		_, err = a.Session.LogIn(ctx, app.LogIn{Identifier: k.Identifier, Password: k.Password, Keep: true})
	}
	return err
}

// letter is a question that a file answers.
var letter = api.Question{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}}

// mark is what a step writes where it will be found at the service.
func mark(step int) string { return fmt.Sprint("step ", step) }

func marked(step int) api.Answers { return api.Answers{"step": {mark(step)}} }

// act is what a step does, and with what.
type act struct{ What, About string }

// step chooses what a step does, which queues an operation or takes one back; do is nil where
// there is nothing to do.
func (k *task) step(a *app.App, step int) (what act, do func(context.Context) error) {
	rng := rand.New(rand.NewPCG(k.Seed, uint64(step)))
	switch k.Role {
	case manager:
		some := k.Numbers[3*step : 3*step+1+rng.IntN(3)]
		return act{"decided", fmt.Sprint(len(some))}, func(ctx context.Context) error {
			return a.Service.DecideRegistrations(ctx, api.DecideMany{Registrations: some, Reason: mark(step)})
		}
	case focalPoint:
		in := api.RegisterFor{
			Register:  api.Register{Meeting: k.Meetings[rng.IntN(len(k.Meetings))], Participation: api.Remote, Answers: marked(step)},
			FirstName: "Somebody", FamilyName: "Else", Language: "en",
		}
		return act{"registered-for", "-"}, func(ctx context.Context) error { return a.Delegation.RegisterFor(ctx, in, "") }
	}
	back := rng.IntN(15) == 0 // what waits is taken back, if it is met
	for range k.Meetings {
		code := k.Meetings[rng.IntN(len(k.Meetings))]
		mine, ok := a.Registrations.Get(code)
		draw := rng.IntN(10)
		switch {
		case !ok, mine.State == api.Withdrawn:
			in := api.Register{Meeting: code, Participation: api.Remote, Answers: marked(step)}
			return act{"registered", "-"}, func(ctx context.Context) error {
				if draw < 4 {
					answer, err := a.Registrations.AddFile(ctx, &letter, "letter.pdf", []byte("%PDF-1.7\n"+mark(step)))
					if err != nil && !api.HasCode(err, api.CodeTooManyFiles) {
						return err
					}
					if err == nil {
						in.Answers[letter.ID] = answer
					}
				}
				return a.Registrations.Submit(ctx, in)
			}
		case mine.State == app.StateWaitingToSend && mine.Kind == api.OpRegister && back:
			return act{"taken-back", mine.Answers["step"][0][len("step "):]}, func(ctx context.Context) error {
				return a.Registrations.TakeBack(ctx, mine.Operation)
			}
		case mine.State != api.Confirmed:
			continue
		case draw < 2:
			return act{"withdrawn", mine.Number}, func(ctx context.Context) error { return a.Registrations.Withdraw(ctx, mine.Number, mark(step)) }
		case draw < 4:
			return act{"attended", mine.Number}, func(ctx context.Context) error {
				_, err := a.Registrations.Join(ctx, mine.Number, 1)
				return err
			}
		default:
			in := api.Change{Registration: mine.Number, Changes: rules.ChangesOf(mine.History), Register: rules.Registered(&mine.Registration)}
			in.JobTitle = mark(step)
			return act{"changed", mine.Number}, func(ctx context.Context) error { return a.Registrations.Change(ctx, in) }
		}
	}
	return what, nil
}

// fileKeyring keeps secrets in a file, for a program that is killed.
type fileKeyring string

func (f fileKeyring) items() (map[string]string, error) {
	items := map[string]string{}
	b, err := os.ReadFile(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return items, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &items)
	}
	return items, err
}

func (f fileKeyring) save(items map[string]string) error {
	b, err := json.Marshal(items)
	if err == nil {
		err = os.WriteFile(string(f)+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(string(f)+".new", string(f))
	}
	return err
}

func (f fileKeyring) Get(service, user string) (string, error) {
	items, err := f.items()
	secret, ok := items[service+"/"+user]
	if err == nil && !ok {
		err = app.ErrSecretNotFound
	}
	return secret, err
}

func (f fileKeyring) Set(service, user, secret string) error {
	items, err := f.items()
	if err != nil {
		return err
	}
	items[service+"/"+user] = secret
	return f.save(items)
}

func (f fileKeyring) Delete(service, user string) error {
	items, err := f.items()
	if err != nil {
		return err
	}
	if _, ok := items[service+"/"+user]; !ok {
		return app.ErrSecretNotFound
	}
	delete(items, service+"/"+user)
	return f.save(items)
}
