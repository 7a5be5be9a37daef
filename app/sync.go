package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
)

// Status is how this machine and the service stand to each other. Its times are by the
// service's clock.
type Status struct {
	Online    bool
	Begins    bool          // the service has not been asked yet; Online is false until then
	Since     time.Time     // when Online last changed; of what is offline, when the service last answered
	Waiting   int           // operations to be sent
	Attention int           // operations that the service refused, or that are too old to be sent
	Lost      int           // records on this disk that could not be read; 0 but after damage
	Again     int           // operations that are sent again since the service was restored, in this run
	Refreshed time.Time     // when the service last told everything
	Offset    time.Duration // the service's clock minus the device's, to the second
	Kind      string        // what went wrong in the last try, see Explain; empty if nothing
	Issuer    string        // of the certificate that is not trusted, if that went wrong; see Explanation
	RetryAt   time.Time     // the next try, unless Now is called
}

// Sync carries what waits to the service, and brings news: one loop, at work
// from Open to Close.
type Sync struct {
	core          *core
	session       *Session
	meetings      *Meetings
	registrations *Registrations
	delegation    *Delegation

	kick       chan struct{}
	expired    time.Time   // when it was looked last for what has been kept for too long; the loop's
	delivering turn        // of the one delivery at a time
	news       atomic.Bool // since the last round: something changed, or somebody looked

	mu     sync.Mutex // guards what follows
	status Status
	told   Status
	asked  time.Time // when the last round ended
	// notBefore is until when the service wants to be left alone, by its clock.
	notBefore time.Time

	changed topic[Status]
}

func newSync(k *core, s *Session, m *Meetings, r *Registrations, d *Delegation) *Sync {
	y := &Sync{
		core: k, session: s, meetings: m, registrations: r, delegation: d,
		kick: make(chan struct{}, 1), delivering: newTurn(),
	}
	y.status.Begins, y.status.Since = true, k.serviceNow()
	r.Subscribe(func() {
		y.news.Store(true)
		y.tell()
	})
	m.Subscribe(func() { y.news.Store(true) })
	return y
}

// Pauses between two rounds. A poll's doubles after each quietRounds without news that
// nobody has looked at, up to pollMost.
const (
	pollLoggedIn  = 30 * time.Second
	pollLoggedOut = time.Minute
	pollMost      = 2 * time.Minute
	quietRounds   = 4
	backOffFirst  = 2 * time.Second
	backOffMost   = time.Minute
)

// Look says that somebody looks at the program: it asks for news at once if that was done
// longer ago than a poll, and more often from now on.
func (s *Sync) Look() {
	s.mu.Lock()
	long := s.core.serviceNow().Sub(s.asked) >= pollLoggedIn
	s.mu.Unlock()
	if long {
		s.Now()
	}
	s.news.Store(true)
}

// Now tries at once, unless the service asked to wait.
func (s *Sync) Now() {
	s.news.Store(true)
	select {
	case s.kick <- struct{}{}:
	default: // it will be tried anyway
	}
}

// run is the loop.
func (s *Sync) run(ctx context.Context) {
	failures, quiet := 0, 0
	for {
		err := s.round(ctx)
		if ctx.Err() != nil {
			return
		}
		failures++
		if !isFailure(err) {
			failures = 0
		}
		asked := Explain(err).RetryAfter
		s.askedToWait(asked)
		if quiet++; s.news.Swap(false) {
			quiet = 0
		}
		pause := max(asked, s.pause(failures, quiet))
		s.note(err, pause)
		if !s.rest(ctx, asked, pause) {
			return
		}
	}
}

// rest waits for pause; Now ends it, but not before asked is over, as the
// service asked for that. False when ctx has ended.
func (s *Sync) rest(ctx context.Context, asked, pause time.Duration) bool {
	least, t := time.NewTimer(asked), time.NewTimer(pause)
	defer least.Stop()
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-least.C:
	}
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
	case <-s.kick:
	}
	return true
}

// pause is that before the next round: the poll's, or after failures a back-off
// with jitter, so that a service that comes back is not met by everybody at once. quiet is
// how many rounds have brought no news since somebody looked.
func (s *Sync) pause(failures, quiet int) time.Duration {
	pause := pollLoggedIn
	if s.session.State().Phase != LoggedIn {
		pause = pollLoggedOut
	}
	if failures > 0 {
		return backOff(failures - 1)
	}
	return jitter(quietPause(pause, quiet))
}

// quietPause is a pause after so many rounds without news.
func quietPause(pause time.Duration, quiet int) time.Duration {
	return min(pause<<min(quiet/quietRounds, 10), pollMost)
}

// backOff is the pause after a failure that followed so many others.
func backOff(earlier int) time.Duration {
	return jitter(min(backOffFirst<<min(earlier, 10), backOffMost))
}

func jitter(d time.Duration) time.Duration { return d*3/4 + rand.N(d/4+1) }

// round does all there is to do, once. What fails for one reason does not keep
// the rest from being tried, unless the service is not there.
func (s *Sync) round(ctx context.Context) error {
	if v := s.session.open(); v != nil {
		s.expire(v)
		s.registrations.expirePassports(ctx, v)
	}
	if err := s.core.place.confirm(ctx); err != nil {
		return err
	}
	var errs []error
	if v := s.session.open(); v != nil && s.session.State().Phase == LoggedIn {
		errs = append(errs, s.deliver(ctx, v))
		if !isOffline(errs[0]) {
			errs = append(errs, s.registrations.refresh(ctx, v), s.delegation.refresh(ctx, v))
		}
	}
	if err := errors.Join(errs...); isOffline(err) {
		return err
	}
	return errors.Join(append(errs, s.meetings.Refresh(ctx))...)
}

// isFailure says whether err is a reason to wait longer than for the next poll.
// An ended session is not: it is for the person to act.
func isFailure(err error) bool {
	switch Explain(err).Kind {
	case "", string(api.CodeSessionEnded):
		return false
	}
	return true
}

// isOffline says whether err means that the service did not answer, or asked to
// be left alone for a while.
func isOffline(err error) bool {
	switch Explain(err).Kind {
	case KindUnreachable, KindUntrusted, KindUnknownIssuer, KindCertificateTime, KindProxy, KindProxyLogIn, KindProxyRefused, KindNotPlenary, KindOtherService, KindUnproven, KindBrokenAnswer, KindTimeout,
		string(api.CodeBusy), string(api.CodeUnavailable), string(api.CodeOutcomeUnknown), string(api.CodeTooMany):
		return true
	}
	return false
}

// note takes the outcome of a round into the status.
func (s *Sync) note(err error, pause time.Duration) {
	now := s.core.serviceNow()
	offset, _ := s.core.client.Offset()
	online := !isOffline(err)
	if online {
		s.core.keepContact()
	}
	s.mu.Lock()
	s.asked = now
	if online != s.status.Online || s.status.Begins {
		s.status.Online, s.status.Begins, s.status.Since = online, false, now
		if last := s.core.lastContact(); !online && !last.IsZero() {
			s.status.Since = last.In(now.Location())
		}
	}
	s.status.Kind, s.status.Issuer = "", ""
	if isFailure(err) {
		x := Explain(err)
		s.status.Kind, s.status.Issuer = x.Kind, x.Issuer
	}
	if err == nil {
		s.status.Refreshed = now
	}
	s.status.Offset, s.status.RetryAt = offset.Round(time.Second), now.Add(pause)
	s.mu.Unlock()
	if err != nil {
		s.core.log.Info("sync", "online", online, "cause", Explain(err).Kind)
	}
	s.tell()
}

// sentAgain counts operations that are sent again.
func (s *Sync) sentAgain(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Again += n
}

// Status is the state now.
func (s *Sync) Status() Status {
	s.mu.Lock()
	status := s.status
	s.mu.Unlock()
	if v := s.session.open(); v != nil {
		// A store that was closed in between has nothing to show.
		status.Waiting, status.Attention, _ = v.store.Counts()
		status.Lost = v.store.Report().Lost
	}
	return status
}

// tell tells the subscribers if anything but the time of the next try changed.
func (s *Sync) tell() {
	s.changed.tell(func() (Status, bool) {
		status := s.Status()
		same := status
		same.RetryAt = time.Time{}
		s.mu.Lock()
		defer s.mu.Unlock()
		news := s.told != same
		s.told = same
		return status, news
	})
}

// Subscribe calls f at every change, on any goroutine.
func (s *Sync) Subscribe(f func(Status)) (cancel func()) { return s.changed.subscribe(f) }
