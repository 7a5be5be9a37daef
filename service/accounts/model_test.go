package accounts

import (
	"flag"
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/recovery"
	"plenary/service/account/throttle"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store/storetest"
)

// counter is what security.md says of the failures of a name, as a model.
type counter struct {
	limit    int
	window   time.Duration
	grows    bool
	failures int
	ends     time.Time
	wait     time.Time
}

// refusal is what a try gets that is not looked at: whether the counter is used
// up, or in a growing wait.
func (c *counter) refusal(now time.Time) (spent, waits bool) {
	living := c.ends.After(now)
	spent = living && c.failures >= c.limit
	return spent, !spent && living && c.wait.After(now)
}

// touch begins a new window where the last one is over: each try does.
func (c *counter) touch(now time.Time) {
	if !c.ends.After(now) {
		c.failures, c.wait, c.ends = 0, time.Time{}, now.Add(c.window)
	}
}

func (c *counter) fail(now time.Time) {
	c.failures++
	if c.grows && c.failures > throttle.FreeFailures {
		c.wait = now.Add(min(throttle.ShortestWait<<(c.failures-throttle.FreeFailures-1), throttle.WidestWait))
	}
}

func (c *counter) clear() { c.failures, c.wait = 0, time.Time{} }

// person is the model of an account from before its sign-up on.
type person struct {
	w        *world
	t        *rapid.T
	username string
	flow     string // of the sign-up
	signedUp time.Time
	active   bool
	password string

	names   map[string]*counter // username and address
	nobody  map[string]*counter // of made-up accounts behind them
	account *counter
	device  *counter // of the known device; nil without one
	token   string   // of the known device
	answers *counter

	session     *caller.Caller
	deactivated bool
	app         *app
	lastStep    int64
	question    bool
}

func newPerson(w *world, t *rapid.T, name string) *person {
	p := &person{w: w, t: t, username: name, password: goodPassword, names: map[string]*counter{}, nobody: map[string]*counter{}}
	l := w.Limits()
	make := func(limit int, window time.Duration, grows bool) *counter {
		return &counter{limit: limit, window: window, grows: grows}
	}
	for _, n := range p.identifiers() {
		p.names[n] = make(l.IdentifierFailures, w.FailureWindow(), true)
		p.nobody[n] = make(l.AccountFailures, w.FailureWindow(), false)
	}
	p.account = make(l.AccountFailures, w.FailureWindow(), false)
	p.answers = make(recovery.AnswerTries, time.Hour, false)
	return p
}

func (p *person) address() string { return p.username + "@example.org" }

func (p *person) identifiers() []string { return []string{p.username, p.address()} }

func (p *person) waits() bool {
	return p.flow != "" && !p.active && p.w.Now().Before(p.signedUp.Add(account.SignUpLife))
}

func (p *person) want(err error, want api.Code, what string) {
	p.t.Helper()
	if got := code(p.w.t, err); got != want {
		p.t.Fatalf("%s: got %q, want %q", what, got, want)
	}
}

// second draws what is typed as second factor, and says what becomes of it.
func (p *person) second(t *rapid.T) (typed string, outcome api.Code) {
	step := p.w.Now().Unix() / 30
	switch rapid.SampledFrom([]string{"none", "right", "wrong"}).Draw(t, "second factor") {
	case "right":
		if p.app == nil {
			return "123456", ""
		}
		if step <= p.lastStep {
			return p.app.code(), api.CodeSecondFactorWrong
		}
		return p.app.code(), ""
	case "wrong":
		outcome = api.CodeSecondFactorWrong
		typed = "00000-00000"
	default:
		outcome = api.CodeSecondFactorNeeded
	}
	if p.app == nil {
		outcome = ""
	}
	return typed, outcome
}

// guess is what the model says of a try of a password by the counters: the name
// or device first, then the account. after is asked when the password is right.
func (p *person) guess(first, account *counter, right bool, general api.Code, after func() api.Code) api.Code {
	now := p.w.Now()
	if spent, waits := first.refusal(now); spent {
		return api.CodeDeactivated
	} else if waits {
		return api.CodeTooMany
	}
	counters := []*counter{first}
	if account != nil {
		if spent, _ := account.refusal(now); spent {
			first.touch(now)
			if general == api.CodeCredentials {
				first.fail(now)
			}
			return general
		}
		counters = append(counters, account)
	}
	outcome := api.CodeCredentials
	for _, c := range counters {
		c.touch(now)
	}
	if right {
		outcome = after()
	}
	if outcome == api.CodeCredentials || outcome == api.CodeSecondFactorWrong {
		for _, c := range counters {
			c.fail(now)
		}
	}
	return outcome
}

// clear is what a right password and a right second factor forget.
func (p *person) clear() {
	for _, c := range p.names {
		c.clear()
	}
	p.account.clear()
}

func (p *person) logIn(t *rapid.T) {
	name := rapid.SampledFrom(p.identifiers()).Draw(t, "identifier")
	right := rapid.Bool().Draw(t, "right")
	in := api.LogIn{Identifier: name, Password: "x", Keep: true}
	if right {
		in.Password = p.password
	}
	known := p.device != nil && rapid.Bool().Draw(t, "on the known device")
	first, account := p.names[name], p.account
	if !p.active {
		account = p.nobody[name]
	}
	if known {
		in.Device, first, account = p.token, p.device, nil
	}
	typed, outcome := p.second(t)
	in.SecondFactor = typed
	want := p.guess(first, account, right, api.CodeCredentials, func() api.Code {
		switch {
		case !p.active && p.waits():
			return api.CodeNotActive
		case !p.active:
			return api.CodeCredentials
		case p.deactivated:
			return api.CodeDeactivatedByStaff
		}
		return outcome
	})
	s, err := p.w.LogIn(p.w.t.Context(), in)
	p.want(err, want, "log in")
	if want != "" {
		return
	}
	p.used()
	if known {
		p.device.clear()
	} else {
		p.clear()
		p.token, p.device = s.Device, &counter{limit: p.w.Limits().DeviceFailures, window: p.w.FailureWindow(), grows: true}
	}
	who := p.w.by(s)
	p.session = &who
}

// stranger tries a wrong password.
func (p *person) stranger(name string) {
	account := p.account
	if !p.active {
		account = p.nobody[name]
	}
	want := p.guess(p.names[name], account, false, api.CodeCredentials, nil)
	_, err := p.w.logIn(name, "x")
	p.want(err, want, "guess")
}

// used notes that the code of now was used, where there is an app.
func (p *person) used() {
	if p.app != nil {
		p.lastStep = p.w.Now().Unix() / 30
	}
}

// anotherPassword is one that is not that of now.
func (p *person) anotherPassword() string {
	if p.password == otherPassword {
		return goodPassword
	}
	return otherPassword
}

// again proves within the session, or changes the password there.
func (p *person) again(t *rapid.T, change bool) {
	if p.session == nil {
		t.Skip("nobody is logged in")
	}
	right := rapid.Bool().Draw(t, "right")
	typed, outcome := p.second(t)
	current, next := "x", p.anotherPassword()
	if right {
		current = p.password
	}
	first, account := p.names[p.username], p.account
	if p.device != nil {
		first, account = p.device, nil
	}
	want := p.guess(first, account, right, api.CodeDeactivated, func() api.Code { return outcome })
	if change {
		_, err := p.w.ChangePassword(p.w.t.Context(), *p.session, api.ChangePassword{Current: current, SecondFactor: typed, New: next})
		p.want(err, want, "change password")
	} else {
		p.want(p.w.prove(*p.session, current, typed), want, "prove")
	}
	if want != "" {
		return
	}
	p.used()
	switch {
	case change:
		p.password, p.device = next, nil
		p.clear()
	case p.device != nil:
		p.device.clear()
	default:
		p.clear()
	}
}

// newPassword is what a reset does to the model.
func (p *person) newPassword(password string) {
	p.password, p.device, p.session = password, nil, nil
	p.used()
	p.clear()
}

func (p *person) reset(t *rapid.T) {
	if !p.active {
		t.Skip("no account")
	}
	p.w.pass(throttle.WidestWait) // for a code of the app that was not used yet
	identifier := rapid.SampledFrom(p.identifiers()).Draw(t, "identifier")
	if p.deactivated {
		p.w.recoverQuietly(identifier)
		p.w.lastMail(mail.Deactivated)
		return
	}
	flow, m := p.w.recover(identifier)
	in := api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: "weak"}
	if p.app != nil {
		p.want(p.w.Reset(p.w.t.Context(), in), api.CodeSecondFactorNeeded, "reset without second factor")
		in.SecondFactor = p.app.code()
		p.account.touch(p.w.Now())
	}
	p.want(p.w.Reset(p.w.t.Context(), in), api.CodePasswordRefused, "reset to a weak password")
	in.Password = rapid.SampledFrom([]string{goodPassword, otherPassword}).Draw(t, "password")
	if in.Password == p.password && p.app == nil {
		p.want(p.w.Reset(p.w.t.Context(), in), api.CodePasswordRefused, "reset to the password of now")
		in.Password = p.anotherPassword()
	}
	p.want(p.w.Reset(p.w.t.Context(), in), "", "reset")
	p.newPassword(in.Password)
	p.want(p.w.Reset(p.w.t.Context(), in), api.CodeCodeExpired, "reset again")
}

// answer is option 3 of the sources' reset options, on the known device.
func (p *person) answer(t *rapid.T) {
	if p.device == nil {
		t.Skip("no known device")
	}
	flow, r := p.w.recoverOn(p.username, p.token)
	if r.Question == nil || p.question && r.Question.Question != "first-street" {
		t.Fatalf("asked %+v", r.Question)
	}
	typed := "Main Street"
	right := rapid.Bool().Draw(t, "right")
	if right {
		typed = goodAnswer
	}
	now := p.w.Now()
	spent, waits := p.device.refusal(now)
	used, _ := p.answers.refusal(now)
	want := api.CodeTooMany
	if !spent && !waits && !used {
		for _, c := range []*counter{p.device, p.answers, p.account} {
			c.touch(now)
			if !right || !p.question {
				c.fail(now)
			}
		}
		want = api.CodeAnswerWrong
		if right && p.question {
			want = ""
		}
	}
	p.want(p.w.CheckAnswer(p.w.t.Context(), api.RecoveryAnswer{Flow: flow, Answer: typed}), want, "answer")
	if want == "" && p.app == nil {
		p.want(p.w.Reset(p.w.t.Context(), api.Reset{Flow: flow, Answer: typed, Password: p.anotherPassword()}), "", "reset by answer")
		p.newPassword(p.anotherPassword())
	}
}

func (p *person) steps() map[string]func(*rapid.T) {
	ctx := p.w.t.Context()
	active := func(t *rapid.T) {
		if !p.active {
			t.Skip("no account")
		}
	}
	inside := func(t *rapid.T) {
		if p.session == nil {
			t.Skip("nobody is logged in")
		}
	}
	return map[string]func(*rapid.T){
		"sign up": func(t *rapid.T) {
			if p.flow != "" && (p.active || p.waits()) {
				t.Skip("signed up")
			}
			if p.flow != "" { // the username of an expired sign-up becomes free
				if err := p.w.Housekeep(ctx); err != nil {
					t.Fatal(err)
				}
			}
			in := signUpOf(p.address(), p.username)
			p.w.signUp(in)
			p.flow, p.signedUp = in.Flow, p.w.Now()
		},
		"activate": func(t *rapid.T) {
			if p.flow == "" || p.active {
				t.Skip("no sign-up")
			}
			want := api.CodeCodeExpired
			if p.waits() {
				want = ""
				p.active = true
				for _, c := range p.names {
					c.clear()
				}
			}
			p.want(p.w.ActivateByLink(ctx, api.ActivateByLink{Token: token(p.w.t, p.w.lastMail(mail.Activate)), Password: p.password}), want, "activate")
		},
		"log in":          p.logIn,
		"prove":           func(t *rapid.T) { p.again(t, false) },
		"change password": func(t *rapid.T) { p.again(t, true) },
		"reset":           p.reset,
		"answer":          p.answer,
		"log out": func(t *rapid.T) {
			inside(t)
			p.want(p.w.LogOut(ctx, *p.session), "", "log out")
			p.session = nil
		},
		"guess": func(t *rapid.T) {
			name := rapid.SampledFrom(p.identifiers()).Draw(t, "identifier")
			pause := time.Duration(rapid.SampledFrom([]int{0, 1, 60}).Draw(t, "seconds between")) * time.Second
			for range rapid.IntRange(2, p.w.Limits().IdentifierFailures+1).Draw(t, "tries") {
				p.stranger(name)
				p.w.pass(pause)
			}
		},
		"deactivate": func(t *rapid.T) {
			active(t)
			p.want(p.w.Deactivate(ctx, p.username), "", "deactivate")
			p.deactivated, p.session, p.device = true, nil, nil
		},
		"reactivate": func(t *rapid.T) {
			active(t)
			locked := p.deactivated
			for _, c := range []*counter{p.names[p.username], p.names[p.address()], p.account} {
				spent, _ := c.refusal(p.w.Now())
				locked = locked || spent
			}
			p.want(p.w.Reactivate(ctx, p.username), "", "reactivate")
			if locked {
				p.deactivated = false
				p.clear()
			}
		},
		"two-step log-in on or off": func(t *rapid.T) {
			inside(t)
			if p.app != nil {
				p.want(p.w.RemoveSecondFactor(ctx, *p.session), "", "turn off")
				p.app = nil
				return
			}
			a, _ := p.w.twoSteps(*p.session)
			p.app = &a
			p.used()
		},
		"secret question set or removed": func(t *rapid.T) {
			inside(t)
			if p.question {
				p.want(p.w.RemoveSecretQuestion(ctx, *p.session), "", "remove question")
			} else {
				p.w.ask(*p.session)
			}
			p.question = !p.question
		},
		"seconds pass": func(t *rapid.T) {
			p.w.pass(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second)
		},
		"hours pass": func(t *rapid.T) { p.w.pass(time.Duration(rapid.IntRange(1, 25).Draw(t, "hours")) * time.Hour) },
		"": func(t *rapid.T) {
			sessions := p.w.rows(`SELECT COUNT(*) FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.username = $1`, p.username)
			if (p.session == nil && p.deactivated || !p.active) && sessions != 0 || p.session != nil && sessions == 0 {
				t.Fatalf("%d sessions", sessions)
			}
			if n := p.w.rows(`SELECT COUNT(*) FROM limits WHERE in_flight <> 0 OR in_flight_before <> 0`); n != 0 {
				t.Fatalf("%d counters have slots in flight", n)
			}
		},
	}
}

// fewer lowers the number of checks, for steps that take milliseconds each,
// unless another number was asked for.
func fewer(t *testing.T, checks int) {
	t.Helper()
	f := flag.Lookup("rapid.checks")
	if f.Value.String() != f.DefValue {
		return
	}
	if err := f.Value.Set(strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Value.Set(f.DefValue); err != nil {
			t.Error(err)
		}
	})
}

// Whatever is done to an account, by its owner, strangers and staff, and however
// much time passes in between, the service answers as the model says.
func TestAccount_followsItsModel(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.change(func(p *api.Policies) {
		p.Limits.Mails, p.Limits.NetworkFailures, p.Limits.NetworkRequests = 1<<20, 1<<20, 1<<20
	})
	fewer(t, 30)
	people := 0
	rapid.Check(t, func(t *rapid.T) {
		people++
		w.sql(`DELETE FROM mails`) // reading them takes longest
		steps := newPerson(w, t, fmt.Sprint("person", people)).steps()
		if rapid.IntRange(0, 3).Draw(t, "begin") > 0 { // mostly with an account
			steps["sign up"](t)
			steps["activate"](t)
		}
		t.Repeat(steps)
	})
}
