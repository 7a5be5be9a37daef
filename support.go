package main

import (
	"path/filepath"
	"slices"
	"sync"
	"time"

	"plenary/app"
	"plenary/platform/system"
	"plenary/screens/help"
)

// shownErrors are the last errors that the person was told of, for the log and
// the service desk: their kinds and the service's references.
type shownErrors struct {
	mu   sync.Mutex
	list []help.ShownError
}

// shownMost is how many are kept, and shownAgain after how long one that is put
// into words once more, as a screen is drawn anew, counts as another.
const (
	shownMost  = 8
	shownAgain = time.Minute
)

// add notes an error and says whether it is a new one.
func (s *shownErrors) add(x app.Explanation, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.Kind == "" || x.Kind == app.KindCanceled || slices.ContainsFunc(s.list, func(e help.ShownError) bool {
		return e.Kind == x.Kind && e.Reference == x.Reference && now.Sub(e.At) < shownAgain
	}) {
		return false
	}
	s.list = append(s.list, help.ShownError{At: now, Kind: x.Kind, Reference: x.Reference})
	s.list = s.list[max(0, len(s.list)-shownMost):]
	return true
}

// explain says what an error is about, and notes it.
func (p *program) explain(err error) app.Explanation {
	x := explain(err)
	if p.shown.add(x, time.Now()) {
		p.log.Warn("an error is shown", "kind", x.Kind, "reference", x.Reference)
	}
	return x
}

// support is what the service desk asks for.
func (p *program) support() help.Support {
	s := help.Support{System: system.Name(), Keyring: app.KeyringName()}
	if path := p.logs.path(); path != "" {
		s.LogFolder, s.LogFile = filepath.Dir(path), filepath.Base(path)
	}
	p.shown.mu.Lock()
	defer p.shown.mu.Unlock()
	s.Errors = slices.Clone(p.shown.list)
	return s
}
