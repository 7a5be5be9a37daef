//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
)

// samples of each kind of name: those that have an account and those that have
// none make 400, and so do the two kinds of the control.
const samples = 200

// kinds of names. The control compares two kinds that are the same, so that one
// sees what the machine alone makes of a difference.
const (
	existing = iota
	missing
	controlA
	controlB
	kinds
)

// stranger is somebody who measures answers from outside, over HTTP, from
// network addresses that change, so that no limit is met.
type stranger struct {
	service string
	clients []*http.Client
}

func newStranger(service string) *stranger {
	s := &stranger{service: service}
	for i := range 8 {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(i+1))}}
		s.clients = append(s.clients, &http.Client{
			Timeout: time.Minute, Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: crowd},
		})
	}
	return s
}

// post gives the time until the whole answer was there, and what a stranger can
// tell answers apart by: status, names of headers, body without its reference.
func (s *stranger) post(path string, body any) (took time.Duration, looks string, answer []byte, err error) {
	content, err := json.Marshal(body)
	if err != nil {
		return 0, "", nil, err
	}
	client := s.clients[rand.N(len(s.clients))]
	start := time.Now()
	r, err := client.Post(s.service+path, "application/json", bytes.NewReader(content))
	if err != nil {
		return 0, "", nil, err
	}
	defer r.Body.Close()
	answer, err = io.ReadAll(r.Body)
	took = time.Since(start)
	names := make([]string, 0, len(r.Header))
	for name := range r.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	said := strings.ReplaceAll(string(answer), r.Header.Get(api.HeaderReference), "")
	return took, fmt.Sprintf("%s %v %s", r.Status, names, said), answer, err
}

// refresh gives a session's next refresh token.
func (s *stranger) refresh(token string) (string, error) {
	_, _, answer, err := s.post("/v1/session/refresh", api.Refresh{Refresh: token})
	if err != nil {
		return "", err
	}
	var next api.Session
	if err := json.Unmarshal(answer, &next); err != nil || next.Refresh == "" {
		return "", fmt.Errorf("refreshing: %s", answer)
	}
	return next.Refresh, nil
}

// logIn gives the answer to a log-in, its body read.
func (s *stranger) logIn(in api.LogIn) (*http.Response, error) {
	content, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	r, err := s.clients[rand.N(len(s.clients))].Post(s.service+"/v1/session", "application/json", bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	_, err = io.Copy(io.Discard, r.Body)
	return r, err
}

// ask asks about one name, and gives what it took and how the answer looked.
type ask func(s *stranger, address string) (time.Duration, string, error)

func askSignUp(s *stranger, address string) (time.Duration, string, error) {
	took, looks, _, err := s.post("/v1/account/sign-up", api.SignUp{
		Flow: newFlow(), FirstName: "Anna", FamilyName: "Rossi", Email: address, Language: "en",
		Username: rules.UsernameFromEmail(address), Password: "Harbour-Light-1903!",
		Membership: string(rules.NonMember), Country: "CH", NewOrganization: &api.NewOrganization{Name: "Example Ltd"},
		AcceptTerms: true, ReadPrivacy: true,
	})
	return took, looks, err
}

func askLogIn(s *stranger, address string) (time.Duration, string, error) {
	took, looks, _, err := s.post("/v1/session", api.LogIn{Identifier: address, Password: "Not-the-right-1-at-all"})
	return took, looks, err
}

// askForgot is "Forgot password?" up to "An email was sent to your inbox".
func askForgot(s *stranger, address string) (time.Duration, string, error) {
	flow := newFlow()
	took, looks, answer, err := s.post("/v1/account/recovery", api.Recover{Flow: flow, Identifier: address})
	if err != nil {
		return 0, "", err
	}
	var r api.Recovery
	if err := json.Unmarshal(answer, &r); err != nil {
		return 0, "", err
	}
	if r.Address != address || r.Flow != flow {
		return 0, "", fmt.Errorf("the recovery of %s shows %s", address, r.Address)
	}
	more, then, _, err := s.post("/v1/account/recovery/send", api.Flow{Token: flow})
	looks = strings.ReplaceAll(strings.ReplaceAll(looks, flow, ""), address, "")
	return took + more, looks + then, err
}

// accountTiming is how much longer the answer about a name takes that has an
// account than about one that has none, or the reverse: the difference of the
// medians divided by the larger one.
func accountTiming(area string, how ask) func(*bench) ([]float64, error) {
	return func(b *bench) ([]float64, error) {
		people, err := b.people(samples)
		if err != nil {
			return nil, err
		}
		s := newStranger(b.demo.Address)
		var order []int // interleaved, without a pattern
		for kind := range kinds {
			order = append(order, slices.Repeat([]int{kind}, samples)...)
		}
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		var took [kinds][]time.Duration
		looks := ""
		for _, kind := range order {
			i := len(took[kind])
			address := fmt.Sprintf("%s-%d-%03d@example.org", area, kind, i)
			if kind == existing {
				address = people[i].Identifier
			}
			d, look, err := how(s, address)
			if err != nil {
				return nil, err
			}
			if looks == "" {
				looks = look
			}
			if look != looks {
				return nil, fmt.Errorf("answers can be told apart:\n%s\n%s", look, looks)
			}
			took[kind] = append(took[kind], d)
		}
		control := apart(took[controlA], took[controlB])
		fmt.Printf("  %s: existing %v, missing %v; control %.1f %%\n", area,
			median(took[existing]).Round(time.Microsecond), median(took[missing]).Round(time.Microsecond), 100*control)
		return []float64{apart(took[existing], took[missing]), control}, nil
	}
}

func apart(a, b []time.Duration) float64 {
	x, y := float64(median(a)), float64(median(b))
	return math.Abs(x-y) / max(x, y)
}
