package demo

import (
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// A person may turn the service off just after it was turned on, before the
// goroutine that serves has begun.
func TestListener_givesItsPortBackAtOnce(t *testing.T) {
	l, err := listen(t.TempDir(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.serve(http.NotFoundHandler())
	for range 100 {
		if err := l.close(); err != nil {
			t.Fatal(err)
		}
		other, err := net.Listen("tcp", net.JoinHostPort(l.host, l.port))
		// Windows gives it back when the accept that waited has heard of it.
		for end := time.Now().Add(reopening); err != nil && runtime.GOOS == "windows" && time.Now().Before(end); {
			other, err = net.Listen("tcp", net.JoinHostPort(l.host, l.port))
		}
		if err != nil {
			t.Fatalf("it still listens: %v", err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		if err := l.open(http.NotFoundHandler()); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
}
