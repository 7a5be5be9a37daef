package proxy

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http/httpproxy"
)

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// finderWith asks system, in an environment.
func finderWith(s Setting, e httpproxy.Config, system Lookup) *Finder {
	f := NewFinder(s, system)
	f.environment = func() *httpproxy.Config { return &e }
	return f
}

func TestFinder_order(t *testing.T) {
	const service = "https://plenary.example.org/v1/service"
	entered, err := ParseSetting("entered.example:1")
	if err != nil {
		t.Fatal(err)
	}
	system := func(context.Context, *url.URL) (*url.URL, error) { return parse(t, "http://system.example:3"), nil }
	fails := func(context.Context, *url.URL) (*url.URL, error) { return nil, errors.New("no") }
	environment := httpproxy.Config{HTTPSProxy: "http://environment.example:2", NoProxy: "intern.example.org"}
	tests := map[string]struct {
		setting Setting
		e       httpproxy.Config
		system  Lookup
		to      string
		want    string // "": none
	}{
		"what was entered":           {entered, environment, system, service, "http://entered.example:1"},
		"none, as was entered":       {Setting{Direct: true}, environment, system, service, ""},
		"the environment's":          {Setting{}, environment, system, service, "http://environment.example:2"},
		"none, says the environment": {Setting{}, environment, system, "https://intern.example.org/", ""},
		"the system's":               {Setting{}, httpproxy.Config{}, system, service, "http://system.example:3"},
		"the system fails":           {Setting{}, httpproxy.Config{}, fails, service, ""},
		"no system":                  {Setting{}, httpproxy.Config{}, nil, service, ""},
		"this machine":               {entered, environment, system, "http://127.0.0.1:8080/", ""},
		"this machine by name":       {entered, environment, system, "http://localhost:8080/", ""},
		"this machine in IPv6":       {entered, environment, system, "http://[::1]:8080/", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := finderWith(tt.setting, tt.e, tt.system).For(t.Context(), parse(t, tt.to))
			if err != nil || (got == nil) != (tt.want == "") || got != nil && got.String() != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestFinder_asksOnceForAServiceAndAgainAfterALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		f := finderWith(Setting{}, httpproxy.Config{}, func(context.Context, *url.URL) (*url.URL, error) {
			asked.Add(1)
			time.Sleep(time.Second) // of the bubble's clock
			return nil, nil
		})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := f.For(t.Context(), &url.URL{Scheme: "https", Host: "a.example", Path: "/v1/x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if asked.Load() != 1 {
			t.Fatalf("asked %d times", asked.Load())
		}
		again := func() int32 {
			f.Lost()
			if _, err := f.For(t.Context(), &url.URL{Scheme: "https", Host: "a.example"}); err != nil {
				t.Error(err)
			}
			return asked.Load()
		}
		if n := again(); n != 1 {
			t.Errorf("asked %d times within seconds", n)
		}
		time.Sleep(lookupPause)
		if n := again(); n != 2 {
			t.Errorf("asked %d times after a loss", n)
		}
	})
}

func TestFinder_doesNotWaitForASystemThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		f := finderWith(Setting{}, httpproxy.Config{}, func(context.Context, *url.URL) (*url.URL, error) {
			<-end // whatever ctx says
			return nil, nil
		})
		u := &url.URL{Scheme: "https", Host: "a.example"}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := f.For(ctx, u); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if got, err := f.For(t.Context(), u); got != nil || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

func TestBypasses(t *testing.T) {
	const list = "*.example.org;10.*;<local>;192.0.2.0/24, .local http://plain.example"
	for host, want := range map[string]bool{
		"a.example.org": true, "A.Example.org": true, "example.org": false, "10.1.2.3": true, "intranet": true, "192.0.2.7": true,
		"printer.local": true, "plain.example": true, "example.com": false, "192.0.3.7": false,
	} {
		if got := bypasses(list, host); got != want {
			t.Errorf("%s: %v", host, got)
		}
	}
	if bypasses("", "intranet") || bypasses("[", "x") {
		t.Error("nothing is named")
	}
}

func TestFixed(t *testing.T) {
	f := fixed{proxies: map[string]string{"https": "secure.example:8443", "": "all.example:8080"}, bypass: "*.example.org"}
	for to, want := range map[string]string{
		"https://a.example/": "http://secure.example:8443", "http://a.example/": "http://all.example:8080", "https://b.example.org/": "",
	} {
		got := f.proxyFor(parse(t, to))
		if (got == nil) != (want == "") || got != nil && got.String() != want {
			t.Errorf("%s: %v", to, got)
		}
	}
	if got := (fixed{proxies: map[string]string{"ftp": "x:1"}}).proxyFor(parse(t, "https://a.example/")); got != nil {
		t.Errorf("got %v", got)
	}
}
