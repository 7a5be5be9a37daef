package httpapi

import "time"

// Observer is told when a request begins and when it has been answered: by the pattern
// of its path, and nothing that names a person. Its methods are called by many
// goroutines at once.
type Observer interface {
	Begun()
	Ended(route, method string, status int, took time.Duration)
}

// nobody is told of requests where there is no Observer.
type nobody struct{}

func (nobody) Begun() {}

func (nobody) Ended(string, string, int, time.Duration) {}
