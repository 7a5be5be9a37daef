package main

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestEndAnyway(t *testing.T) {
	tests := map[string]struct {
		closing time.Duration // how long the folders take
		want    time.Duration
	}{
		"the folders are closed":         {time.Second, endPatience + time.Second},
		"closing the folders hangs, too": {time.Hour, endPatience + closePatience},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, ended := time.Now(), make(chan time.Duration, 2)
				endAnyway(func() { time.Sleep(tt.closing) }, func(status int) {
					if status != 0 {
						t.Errorf("status %d", status)
					}
					ended <- time.Since(start)
				})
				if got := <-ended; got != tt.want {
					t.Errorf("ended after %v, want %v", got, tt.want)
				}
				time.Sleep(2 * time.Hour) // let it run out
			})
		})
	}
}
