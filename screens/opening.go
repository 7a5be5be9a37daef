package screens

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
)

// open opens a service, and then what is known of its session.
func (s *Shell) open(address string) {
	s.demo = false
	s.opening(func(ctx context.Context) (Services, error) { return s.deps.Open(ctx, address) }, func() { s.open(address) })
}

// openAhead is open before there is a window: what is known soon is in its first picture.
func (s *Shell) openAhead(address string) {
	if s.deps.Ahead > 0 {
		s.ahead = kit.NewAhead(s.env.Run, s.deps.Ahead)
		s.env.Run = s.ahead
	}
	s.open(address)
}

// noMoreAhead is called when the first screen is made: from then on nothing is waited for.
func (s *Shell) noMoreAhead() {
	if s.ahead != nil {
		s.env.Run = s.ahead.Over()
		s.ahead = nil
	}
}

func (s *Shell) openDemo() {
	s.demo = true
	s.opening(s.deps.Demo, s.openDemo)
}

// beginDemo opens the demonstration without what an early version has left of it.
func (s *Shell) beginDemo() {
	s.demo = true
	s.opening(s.deps.DemoAnew, s.openDemo)
}

// kindDemonstrationOld is the kind of error of a demonstration that an early
// version has made, and that can only be begun anew.
const kindDemonstrationOld = "demonstration-old"

// infoWait bounds how long the start waits for what the service says of itself.
const infoWait = 2 * time.Second

func (s *Shell) opening(start func(context.Context) (Services, error), again func()) {
	s.again = again
	waiting := newWaiting(s.env)
	s.show(waiting)
	var services Services
	var info api.ServiceInfo
	s.env.Do(s.ctx, waiting.busy, s.env.T("shell.opening"), func(ctx context.Context) (err error) {
		if services, err = start(ctx); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, infoWait)
		defer cancel()
		// Without it the screens have no names and links of the organization:
		// they are shown all the same, and get them at the next contact.
		info, _ = services.Info(ctx)
		return nil
	}, func(err error) {
		if err != nil {
			var other func()
			if !s.deps.Managed.ServiceLocked {
				other = func() { s.showFirstStart(again) }
			}
			if s.env.KindOf(err) == kindDemonstrationOld {
				waiting.failed(err, s.env.T("opening.anew"), s.beginDemo, other)
				return
			}
			waiting.failed(err, s.env.T("shell.retry"), again, other)
			return
		}
		s.use(services, info)
	})
}

// use takes services that have been opened and restores the session.
func (s *Shell) use(services Services, info api.ServiceInfo) {
	s.services, s.opened, s.deps.Trouble = services, true, nil
	s.know(info)
	s.movedSeen, s.againSeen = "", 0
	s.subscribe()
	if s.demo && services.Demo != nil {
		s.openMailbox()
		s.deps.Window.RequestFocus() // which the second window took
	}
	s.restore()
}

// know takes what the service says of itself. The demonstration is meant with
// its mailbox: one that runs elsewhere sends its e-mails like any service.
func (s *Shell) know(info api.ServiceInfo) {
	info.Demo = info.Demo && s.services.Demo != nil
	s.env.Info, s.env.Address, s.env.Now = info, s.services.Address, s.services.Now
}

// learned takes what the service says of itself when that has changed, or is known at
// last: the screens that are opened from now on have it.
func (s *Shell) learned(info api.ServiceInfo) {
	old := s.env.Info.Organization
	s.know(info)
	s.sayMoved()
	s.sayRenamed(old, info.Organization)
	if s.frame != nil {
		s.status.env = s.env
		s.status.tell(s.update())
		s.statusChanged(s.services.Sync.Status())
	}
}

// closeServices ends the services that are open, if any, and then goes on.
func (s *Shell) closeServices(then func()) {
	if !s.opened {
		then()
		return
	}
	s.opened = false
	for _, cancel := range s.unsubscribe {
		cancel()
	}
	s.unsubscribe = nil
	s.dropTyped()
	s.dropSignup()
	if s.mailbox != nil {
		s.mailbox.Close()
	}
	services := s.services
	s.services, s.env.Info, s.env.Address, s.env.Now = Services{}, api.ServiceInfo{}, "", s.env.Clock
	s.env.Run.Run(s.ctx, func(context.Context) {
		if err := services.Close(); err != nil {
			fyne.LogError("close the services", err)
		}
	}, then)
}

func (s *Shell) restore() {
	waiting := newWaiting(s.env)
	s.show(waiting)
	s.sayMoved() // on what comes next
	ctx, cancel := context.WithCancel(s.ctx)
	session := s.services.Session
	stop := session.SubscribeKeyring(func(on bool) {
		s.env.Run.Post(ctx, func() { waiting.keyring(on, cancel, func() { s.loginAfter(nil) }) })
	})
	var account api.Account
	s.env.Do(ctx, waiting.busy, s.env.T("shell.opening"), func(ctx context.Context) (err error) {
		defer stop()
		account, err = session.Restore(ctx)
		return err
	}, func(err error) {
		cancel()
		switch {
		case s.env.KindOf(err) == app.KindLocked:
			s.noMoreAhead()
			s.showLock()
		case err != nil:
			s.loginAfter(err)
		default:
			s.enter(account)
		}
	})
}

// loginAfter shows the log-in screen, and why the session could not be
// restored unless there was none.
func (s *Shell) loginAfter(err error) {
	s.noMoreAhead()
	login := s.showLogin()
	switch kind := s.env.KindOf(err); {
	case err == nil || kind == app.KindNoSession || kind == app.KindCanceled:
	case kind == app.KindPassphraseNeeded:
		login.AskPassphrase()
	default:
		login.Failed(err)
	}
}
