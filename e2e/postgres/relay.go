package postgres

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Relay stands between a service and its database as the network does: what it
// passes on comes later by a time, and it counts how often one waited for the other.
type Relay struct {
	Address  string // 127.0.0.1:PORT
	to       string
	delay    time.Duration // of each direction
	listener net.Listener
	trips    atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// NewRelay begins to pass on what comes to an address of its own.
func NewRelay(to string, delay time.Duration) (*Relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{Address: l.Addr().String(), to: to, delay: delay, listener: l, conns: map[net.Conn]bool{}}
	go r.serve()
	return r, nil
}

// RoundTrips are the times that somebody has asked and was answered, so far.
func (r *Relay) RoundTrips() int64 { return r.trips.Load() }

// Close ends the relay and what goes through it.
func (r *Relay) Close() {
	r.listener.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.Close()
	}
}

func (r *Relay) serve() {
	for {
		from, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		to, err := net.Dial("tcp", r.to)
		if err != nil {
			from.Close() // the service sees a database that is not there
			continue
		}
		r.mu.Lock()
		r.conns[from], r.conns[to] = true, true
		r.mu.Unlock()
		var asked atomic.Bool // and not answered yet
		go r.pass(to, from, func() { asked.Store(true) })
		go r.pass(from, to, func() {
			if asked.Swap(false) {
				r.trips.Add(1)
			}
		})
	}
}

// piece is something to be passed on at a time.
type piece struct {
	at    time.Time
	bytes []byte
}

// pass passes on what comes from one to the other, in order, each piece after the
// delay, and closes both when one has ended.
func (r *Relay) pass(to, from net.Conn, seen func()) {
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			b := make([]byte, 32<<10)
			n, err := from.Read(b)
			if n > 0 {
				seen()
				pieces <- piece{time.Now().Add(r.delay), b[:n]}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		if r.delay > 0 {
			sleepUntil(p.at)
		}
		if _, err := to.Write(p.bytes); err != nil {
			break
		}
	}
	to.Close()
	from.Close()
	for range pieces { // so that the reader ends
	}
	r.mu.Lock()
	delete(r.conns, from)
	delete(r.conns, to)
	r.mu.Unlock()
}

// sleepUntil is more exact than a timer, which the kernel wakes late by as much as
// what is measured here.
func sleepUntil(at time.Time) {
	const late = 200 * time.Microsecond
	if d := time.Until(at) - late; d > 0 {
		time.Sleep(d)
	}
	for time.Now().Before(at) {
		time.Sleep(10 * time.Microsecond)
	}
}
