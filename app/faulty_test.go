package app

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"plenary/api"
	"plenary/rules"
)

// faultyService keeps operations as the service does (docs: security.md,
// Streams), and loses, cuts, delays and forgets as told.
type faultyService struct {
	mu        sync.Mutex
	faults    []fault // of the next deliveries
	state     serviceState
	tokens    map[string]string // refresh tokens: successor by token
	calls     map[string]int    // by path
	hook      func(path string) // called before each answer
	ended     bool              // all sessions have ended
	info      string            // service id
	name      string            // the organization's
	deny      int               // access tokens to be refused
	lost      int               // refreshes whose answer is lost
	unchanged int               // registrations that were not answered, as the program had them
	portal    bool              // a captive portal answers in its place
	clock     func() time.Time  // the machine's if nil
	// identity signs, for the address only; without it no key of the service is known.
	identity ed25519.PrivateKey
	account  string // who logs in next
	email    string // of the account
	// appointed is api.Account.Appointed; the list of registrations tells that it changed.
	appointed string
	address   string
	// malformed: deliveries with this meeting are refused as a whole.
	malformed string
	// wrong is the code of what is wrong with the content of any file; empty: nothing.
	wrong string
	// imported are the ids of imports, for as often as they came; noImports: their answers
	// are lost.
	imported  []string
	noImports bool
}

// fault of one delivery.
type fault int

const (
	faultNone       fault = iota
	faultLostBefore       // the connection breaks before the service did anything
	faultLostAfter        // ... after it did
	faultCut              // half of the answer arrives
	faultTwice            // the network delivers it twice
	faultBusy             // 503 with Retry-After
	faultSome             // the service does only the first operation
	faults
)

// serviceState is what a backup of the service has.
type serviceState struct {
	streams       map[string][]string   // ids by number-1
	outcomes      map[string]api.Result // by operation
	performed     map[string]int        // by operation
	registrations map[string]api.Registration
	serial        int
}

const faultyServiceID = "6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11"

func newFaultyService() *faultyService {
	return &faultyService{
		info: faultyServiceID, account: faultyAccount, calls: map[string]int{}, tokens: map[string]string{},
		state: serviceState{
			streams: map[string][]string{}, outcomes: map[string]api.Result{},
			performed: map[string]int{}, registrations: map[string]api.Registration{},
		},
	}
}

func (s serviceState) clone() serviceState {
	s.streams, s.outcomes = maps.Clone(s.streams), maps.Clone(s.outcomes)
	s.performed, s.registrations = maps.Clone(s.performed), maps.Clone(s.registrations)
	return s
}

// snapshot is what a backup made now has.
func (s *faultyService) snapshot() serviceState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.clone()
}

func (s *faultyService) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

func (s *faultyService) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

// token is a token of the right length.
func token(name string) string { return (name + strings.Repeat("-", 43))[:43] }

const faultyAccount = "0d4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b21"

func (s *faultyService) session(refresh string) api.Session {
	return api.Session{
		Access: token("access"), AccessExpires: time.Now().Add(10 * time.Minute).UTC(), Refresh: refresh,
		Account: api.Account{ID: s.account, Username: "someone", Email: s.email, Language: "en", Appointed: s.appointed},
	}
}

func (s *faultyService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls[r.Method+" "+r.URL.Path]++
	hook := s.hook
	s.mu.Unlock()
	if hook != nil {
		hook(r.Method + " " + r.URL.Path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.portal {
		fmt.Fprint(w, "<html>Welcome to the hotel</html>")
		return
	}
	if r.Header.Get("Authorization") != "" && s.deny > 0 {
		s.deny--
		refuse(w, 401, api.CodeUnauthenticated)
		return
	}
	w.Header().Set(api.HeaderService, s.info)
	if s.clock != nil {
		w.Header().Set(api.HeaderTime, s.clock().UTC().Format(time.RFC3339Nano))
	}
	if r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/v1/files/") {
		if s.wrong != "" {
			headers(w)
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(422)
			fmt.Fprintf(w, `{"status":422,"code":"invalid","reference":"ref","errors":[{"pointer":"/content","code":%q}]}`, s.wrong)
			return
		}
		headers(w)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/imports") {
		s.imports(w, r)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/service":
		reply(w, api.ServiceInfo{ServiceID: s.info, Key: s.publicKey(), Organization: s.name})
	case "POST /v1/service/proof":
		s.prove(w, r)
	case "POST /v1/session":
		s.ended = false
		s.tokens[token("refresh1")] = ""
		reply(w, s.session(token("refresh1")))
	case "GET /v1/account":
		reply(w, s.session("").Account)
	case "POST /v1/session/refresh":
		s.refresh(w, r)
	case "POST /v1/session/proof":
		s.reauthenticate(w, r)
	case "DELETE /v1/session":
		w.Header().Set(api.HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
		w.WriteHeader(http.StatusNoContent)
	case "POST /v1/registrations/R-1/join":
		reply(w, api.Joined{Address: "https://platform.example.int/1?jwt=token", Expires: time.Now().Add(time.Minute)})
	case "GET /v1/meetings":
		reply(w, api.Meetings{Meetings: []api.Meeting{}})
	case "GET /v1/registrations":
		list := api.Registrations{Registrations: []api.Registration{}}
		for _, one := range s.state.registrations {
			list.Registrations = append(list.Registrations, one)
		}
		s.registrations(w, r, list)
	case "POST /v1/operations":
		s.deliver(w, r)
	default:
		refuse(w, 404, api.CodeNotFound)
	}
}

func (s *faultyService) publicKey() string {
	if s.identity == nil {
		return ""
	}
	return base64.RawStdEncoding.EncodeToString(s.identity.Public().(ed25519.PublicKey))
}

func (s *faultyService) prove(w http.ResponseWriter, r *http.Request) {
	var in api.ProveService
	switch {
	case s.identity == nil:
		refuse(w, 404, api.CodeNotFound)
	case json.NewDecoder(r.Body).Decode(&in) != nil || in.Address != s.address || len(in.Challenge) != base64.RawURLEncoding.EncodedLen(32):
		refuse(w, 422, api.CodeInvalid)
	default:
		statement := rules.ServiceStatement(s.info, in.Address, in.Challenge)
		reply(w, api.ServiceProof{Signature: base64.RawStdEncoding.EncodeToString(ed25519.Sign(s.identity, statement))})
	}
}

// registrations answers with a list, unless it is the one that the program has.
func (s *faultyService) registrations(w http.ResponseWriter, r *http.Request, list api.Registrations) {
	text, err := json.Marshal(s.state.registrations)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256(append(text, s.appointed...)))
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		s.unchanged++
		headers(w)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	reply(w, list)
}

// imports registers everybody but those of whom there is no name.
func (s *faultyService) imports(w http.ResponseWriter, r *http.Request) {
	var in api.ImportRegistrations
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		refuse(w, 400, api.CodeMalformed)
		return
	}
	s.imported = append(s.imported, in.ID)
	if s.noImports {
		panic(http.ErrAbortHandler)
	}
	out := api.Imported{Done: true}
	for _, one := range in.Rows {
		row := api.ImportedRow{Person: one.FamilyName, State: api.Confirmed}
		if one.FamilyName == "" {
			row.Code, out.Done = api.CodeInvalid, false
		}
		out.Rows = append(out.Rows, row)
	}
	reply(w, out)
}

// reauthenticate takes "password" for the password.
func (s *faultyService) reauthenticate(w http.ResponseWriter, r *http.Request) {
	var in api.Reauthenticate
	switch {
	case json.NewDecoder(r.Body).Decode(&in) != nil:
		refuse(w, 400, api.CodeMalformed)
	case in.Password != "password":
		refuse(w, 403, api.CodeCredentials)
	default:
		headers(w)
		w.WriteHeader(http.StatusNoContent)
	}
}

// refresh gives the same successor until it is used itself.
func (s *faultyService) refresh(w http.ResponseWriter, r *http.Request) {
	var in api.Refresh
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		refuse(w, 400, api.CodeMalformed)
		return
	}
	next, ok := s.tokens[in.Refresh]
	switch {
	case !ok || s.ended:
		refuse(w, 401, api.CodeSessionEnded)
		return
	case next == "":
		next = token(fmt.Sprintf("refresh%d", len(s.tokens)+1))
		s.tokens[in.Refresh], s.tokens[next] = next, ""
	case s.tokens[next] != "":
		refuse(w, 409, api.CodeRefreshRace)
		return
	}
	if s.lost > 0 {
		s.lost--
		panic(http.ErrAbortHandler)
	}
	reply(w, s.session(next))
}

func (s *faultyService) deliver(w http.ResponseWriter, r *http.Request) {
	var in api.Deliver
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		refuse(w, 400, api.CodeMalformed)
		return
	}
	for _, op := range in.Operations {
		if s.malformed != "" && bytes.Contains(op.Payload, []byte(s.malformed)) {
			refuse(w, 422, api.CodeInvalid)
			return
		}
	}
	f := faultNone
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
	}
	switch f {
	case faultLostBefore:
		panic(http.ErrAbortHandler)
	case faultBusy:
		w.Header().Set("Retry-After", "1")
		refuse(w, 503, api.CodeBusy)
		return
	case faultSome:
		in.Operations = in.Operations[:min(1, len(in.Operations))]
	case faultTwice:
		s.perform(in)
	}
	out, code := s.perform(in)
	switch {
	case f == faultLostAfter:
		panic(http.ErrAbortHandler)
	case code != "":
		refuse(w, 409, code)
	case f == faultCut:
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(out); err != nil {
			panic(err)
		}
		headers(w)
		w.Header().Set("Content-Length", fmt.Sprint(b.Len()))
		w.Write(b.Bytes()[:b.Len()/2])
	default:
		reply(w, out)
	}
}

func (s *faultyService) perform(in api.Deliver) (api.Delivered, api.Code) {
	out := api.Delivered{Results: []api.Result{}}
	for i, op := range in.Operations {
		ids := s.state.streams[in.Stream]
		var code api.Code
		switch {
		case op.Number > uint64(len(ids))+1:
			code = api.CodeNumberGap
		case op.Number <= uint64(len(ids)) && ids[op.Number-1] != op.ID && op.Kind != api.OpVoid:
			code = api.CodeStreamForked
		}
		if code != "" && i == 0 {
			return out, code
		}
		if code != "" {
			break
		}
		if op.Number == uint64(len(ids))+1 {
			s.state.streams[in.Stream] = append(ids[:len(ids):len(ids)], op.ID)
		}
		if _, ok := s.state.outcomes[op.ID]; !ok {
			s.state.outcomes[op.ID] = s.settle(op)
		}
		out.Results = append(out.Results, s.state.outcomes[op.ID])
	}
	out.HighWater = uint64(len(s.state.streams[in.Stream]))
	return out, ""
}

// settle does an operation. Meetings whose code ends in 9 are closed.
func (s *faultyService) settle(op api.Operation) api.Result {
	s.state.performed[op.ID]++
	s.state.serial++
	done := func(one api.Registration) api.Result {
		s.state.registrations[one.Number] = one
		return api.Result{ID: op.ID, Outcome: api.Done, Registration: &one}
	}
	refused := func(code api.Code) api.Result {
		return api.Result{ID: op.ID, Outcome: api.RefusedResult, Code: code, Reference: "ref"}
	}
	switch op.Kind {
	case api.OpRegister:
		var in api.Register
		if json.Unmarshal(op.Payload, &in) != nil {
			return refused(api.CodeInvalid)
		}
		if strings.HasSuffix(in.Meeting, "9") {
			return refused(api.CodeRegistrationClosed)
		}
		for _, one := range s.state.registrations {
			if one.Meeting == in.Meeting && one.State == api.Confirmed {
				return refused(api.CodeAlreadyRegistered)
			}
		}
		return done(api.Registration{
			Number: fmt.Sprintf("R-%d", s.state.serial), Meeting: in.Meeting, State: api.Confirmed,
			Operation: op.ID, Version: int64(s.state.serial),
			Participation: in.Participation, BadgeName: in.BadgeName, JobTitle: in.JobTitle, Answers: in.Answers,
		})
	case api.OpChange:
		var in api.Change
		ok := json.Unmarshal(op.Payload, &in) == nil
		one, known := s.state.registrations[in.Registration]
		switch {
		case !ok || !known || one.State != api.Confirmed:
			return refused(api.CodeWrongState)
		case in.JobTitle == "too late":
			return refused(api.CodeTooLate)
		case unchanged(&one, &in.Register):
			return done(one)
		case rules.ChangesOf(one.History) != in.Changes:
			return refused(api.CodeOutdated)
		}
		one.Participation, one.BadgeName, one.JobTitle, one.Answers = in.Participation, in.BadgeName, in.JobTitle, in.Answers
		one.History = append(slices.Clone(one.History), api.Event{What: rules.WhatChanged})
		one.Version = int64(s.state.serial)
		return done(one)
	case api.OpWithdraw:
		var in api.Withdraw
		ok := json.Unmarshal(op.Payload, &in) == nil
		one, known := s.state.registrations[in.Registration]
		if !ok || !known || one.State != api.Confirmed {
			return refused(api.CodeWrongState)
		}
		one.State, one.Version = api.Withdrawn, int64(s.state.serial)
		return done(one)
	case api.OpAnswerOffer:
		var in api.AnswerOffer
		ok := json.Unmarshal(op.Payload, &in) == nil
		one := s.state.registrations[in.Registration]
		if !ok || one.State != api.Offered {
			return refused(api.CodeOfferOver)
		}
		one.State, one.Version, one.OfferUntil = api.Withdrawn, int64(s.state.serial), time.Time{}
		if in.Accept {
			one.State = api.Confirmed
		}
		return done(one)
	case api.OpAttend:
		var in api.Attend
		if err := json.Unmarshal(op.Payload, &in); err != nil || s.state.registrations[in.Registration].State != api.Confirmed {
			return api.Result{ID: op.ID, Outcome: api.RefusedResult, Code: api.CodeWrongState}
		}
		return api.Result{ID: op.ID, Outcome: api.Done}
	case api.OpDecide:
		var in api.Decide
		if json.Unmarshal(op.Payload, &in) != nil {
			return refused(api.CodeInvalid)
		}
		return api.Result{ID: op.ID, Outcome: api.Done, Registration: &api.Registration{
			Number: in.Registration, Meeting: "C-1", State: api.Confirmed, Operation: "another's", Version: int64(s.state.serial),
		}}
	case api.OpVoid:
		return api.Result{ID: op.ID, Outcome: api.Done}
	}
	return refused(api.CodeUnknownOperation)
}

func headers(w http.ResponseWriter) {
	if w.Header().Get(api.HeaderTime) == "" {
		w.Header().Set(api.HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
	}
	w.Header().Set("Content-Type", "application/json")
}

func reply(w http.ResponseWriter, v any) {
	headers(w)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func refuse(w http.ResponseWriter, status int, code api.Code) {
	headers(w)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d,"code":%q,"reference":"ref"}`, status, code)
}
