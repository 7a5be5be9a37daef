//go:build e2e

package torture

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// network is what lies between a program and its service. It deals with one request after
// the other, so that a seed gives the same faults in the same order.
type network struct {
	to     string // the service's address
	server *httptest.Server
	late   sync.WaitGroup // of requests that are still on their way

	mu     sync.Mutex
	rng    *rand.Rand
	honest bool // nothing goes wrong
	portal int  // so many requests more are answered by a captive portal
	kill   int  // at the delivery that is so many from now, the program is killed
	killed func()
	seen   map[string]int // by what was done with a request
}

// What may be done with a request.
const (
	passed     = "passed on"
	cutBefore  = "cut before the service had it"
	cutAfter   = "cut after the service had done it"
	cutWithin  = "cut within the answer"
	delayed    = "delayed"
	repeated   = "given to the service twice"
	late       = "given to the service after the program has given up"
	failed     = "answered 500 after the service had done it"
	gateway    = "answered 502 by a gateway"
	atPortal   = "answered by a captive portal"
	killBefore = "killed before the service had it"
	killAfter  = "killed after the service had done it"
)

// odds are how often each of them is drawn.
var odds = []struct {
	what  string
	times int
}{{passed, 8}, {cutBefore, 2}, {cutAfter, 4}, {cutWithin, 3}, {delayed, 2}, {repeated, 4}, {late, 3}, {failed, 4}, {gateway, 1}, {atPortal, 1}}

// longestPortal is how many requests in a row a captive portal answers at most.
const longestPortal = 6

// newNetwork leads to the service at an address.
func newNetwork(t *testing.T, to string, seed, stream uint64) *network {
	n := &network{to: to, rng: rand.New(rand.NewPCG(seed, stream)), honest: true, seen: map[string]int{}, kill: -1}
	n.server = httptest.NewServer(n)
	t.Cleanup(n.server.Close)
	return n
}

func (n *network) set(f func(*network)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f(n)
}

// fault draws what is done with a request.
func (n *network) fault(r *http.Request) string {
	if r.Method == http.MethodPost && r.URL.Path == "/v1/operations" && n.kill >= 0 {
		if n.kill--; n.kill < 0 {
			if n.rng.IntN(3) == 0 {
				return killBefore
			}
			return killAfter
		}
	}
	switch {
	case n.portal > 0:
		n.portal--
		return atPortal
	case n.honest:
		return passed
	}
	all := 0
	for _, o := range odds {
		all += o.times
	}
	draw := n.rng.IntN(all)
	for _, o := range odds {
		if draw -= o.times; draw < 0 {
			if o.what == atPortal {
				n.portal = n.rng.IntN(longestPortal)
			}
			return o.what
		}
	}
	panic("torture: nothing was drawn")
}

func (n *network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program was killed
	}
	what := n.fault(r)
	n.seen[what]++
	switch what {
	case atPortal:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>Welcome to the hotel</html>")
		return
	case gateway:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		return
	case cutBefore:
		cut(w)
		return
	case killBefore:
		n.killed()
		cut(w)
		return
	case late:
		again, after := r.Clone(r.Context()), time.Duration(n.rng.IntN(50))*time.Millisecond
		n.late.Go(func() {
			time.Sleep(after) // on the way: this is the network
			n.pass(again, body)
		})
		cut(w)
		return
	case delayed:
		time.Sleep(time.Duration(n.rng.IntN(20)) * time.Millisecond)
	case repeated:
		n.pass(r, body)
	}
	status, header, answer := n.pass(r, body)
	switch {
	case what == killAfter:
		n.killed()
		cut(w)
	case what == cutAfter, status == 0:
		cut(w)
	case what == failed:
		w.WriteHeader(http.StatusInternalServerError)
	default:
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.WriteHeader(status)
		if what == cutWithin {
			w.Write(answer[:len(answer)/2])
			w.(http.Flusher).Flush()
			cut(w)
			return
		}
		w.Write(answer)
	}
}

// cut breaks the connection on which an answer is waited for.
func cut(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // which does the same
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// pass gives a request to the service; status is 0 where that cannot be reached.
func (n *network) pass(r *http.Request, body []byte) (status int, header http.Header, answer []byte) {
	request, err := http.NewRequest(r.Method, n.to+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil
	}
	request.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, nil, nil
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, nil
	}
	return response.StatusCode, response.Header, answer
}
