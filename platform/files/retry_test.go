package files

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var (
	errBusy    = errors.New("busy")
	errForGood = errors.New("for good")
)

func TestRetry(t *testing.T) {
	tests := map[string]struct {
		errs     []error // of the first calls; the last one of all others
		want     error
		calls    int // at least
		least    time.Duration
		noLonger time.Duration
	}{
		"success":              {[]error{nil}, nil, 1, 0, 0},
		"for good":             {[]error{errForGood}, errForGood, 1, 0, 0},
		"busy for a moment":    {[]error{errBusy, errBusy, errBusy, nil}, nil, 4, 3 * time.Millisecond, 20 * time.Millisecond},
		"busy, then for good":  {[]error{errBusy, errForGood}, errForGood, 2, time.Millisecond, time.Millisecond},
		"busy for a long time": {[]error{errBusy}, errBusy, 10, patience / 4, patience},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls, start := 0, time.Now()
				err := retry(func() error {
					calls++
					return tt.errs[min(calls, len(tt.errs))-1]
				}, func(err error) bool { return errors.Is(err, errBusy) })
				took := time.Since(start)
				if !errors.Is(err, tt.want) || calls < tt.calls || took < tt.least || took > tt.noLonger {
					t.Errorf("%v after %d calls in %v", err, calls, took)
				}
			})
		})
	}
}
