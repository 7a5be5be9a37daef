package screens

import (
	"context"
	"errors"
	"sync"

	"plenary/api"
	"plenary/screens/account"
)

// showFirstStart asks for the service. back leads to the one that was used so
// far; nil where there was none.
func (s *Shell) showFirstStart(back func()) {
	finder := &finder{open: s.deps.Open}
	on := account.FirstStartEvents{Back: back, Meeting: s.keepLink, Chosen: func(string) {
		if services, info, ok := finder.take(); ok {
			s.demo = false
			s.use(services, info)
		}
	}}
	if s.deps.Proxy != nil {
		on.Proxy = s.takeProxy
		on.EnteredProxy = s.deps.EnteredProxy
	}
	if s.deps.Demo != nil {
		on.Demonstration = s.openDemo
	}
	first := account.NewFirstStart(s.env, finder, on)
	if s.deps.Trouble != nil {
		first.SetNotice(s.env.Problem(s.deps.Trouble))
	}
	s.show(first)
	first.Propose(s.link)
	s.sayUnsaid()
}

// takeProxy follows a proxy that was entered, and remembers it for the next entry.
func (s *Shell) takeProxy(text string) error {
	err := s.deps.Proxy(text)
	if err == nil {
		s.deps.EnteredProxy = text
	}
	return err
}

// otherService leads to the choice of another service, or of the other address of this
// one. A session that is kept goes on when its service is opened again.
func (s *Shell) otherService() {
	if s.opened {
		s.leaveBy(wayService)
		return
	}
	s.chooseService()
}

// chooseService closes the service that was used, since the same one may be chosen
// again, and asks for one.
func (s *Shell) chooseService() {
	back := s.again
	s.dropTyped()
	s.show(newWaiting(s.env))
	s.outside()
	s.closeServices(func() { s.showFirstStart(back) })
}

// finder opens the service at an address that somebody typed, and holds it
// until it is taken.
type finder struct {
	open func(ctx context.Context, address string) (Services, error)

	mu    sync.Mutex
	found *Services
	info  api.ServiceInfo
}

// Try opens the service. One that nobody waits for any more is closed.
func (f *finder) Try(ctx context.Context, address string) (string, error) {
	services, err := f.open(ctx, address)
	if err != nil {
		return "", err
	}
	info, err := services.Info(ctx)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return "", errors.Join(err, services.Close())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.found
	f.found, f.info = &services, info
	if before != nil {
		return address, before.Close()
	}
	return address, nil
}

// take hands over the service that was found.
func (f *finder) take() (Services, api.ServiceInfo, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.found == nil {
		return Services{}, api.ServiceInfo{}, false
	}
	services := *f.found
	f.found = nil
	return services, f.info, true
}
