package httpapi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

const meetingCode = "C-00016512"

// meeting takes a meeting in that the secretariat decides on.
func (s *server) meeting() {
	s.t.Helper()
	now := time.Now().UTC()
	reports, err := s.deps.Meetings.Import(s.t.Context(), []api.MeetingDetails{{MeetingPrivate: api.MeetingPrivate{Platform: "https://remote.example.int/1"}, Meeting: api.Meeting{
		Code: meetingCode, Title: api.Text{"en": "Sixth X.509 Day"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
		Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(time.Hour)}},
		RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(time.Hour),
		Participation: []string{api.OnSite}, Approval: api.ApprovalSecretariat, Contact: "meetings@example.int",
	}}})
	if err != nil || len(reports[0].Wrong) > 0 {
		s.t.Fatal(reports, err)
	}
}

// as sends a request of somebody who has logged in, and reads the answer.
func (s *server) as(session api.Session, method, path string, body, into any, header ...string) answered {
	s.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		text = string(b)
	}
	a := s.do(method, path, text, append([]string{"Authorization", "Bearer " + session.Access}, header...)...)
	if into != nil && a.StatusCode < 300 {
		if err := json.Unmarshal(a.body, into); err != nil {
			s.t.Fatalf("%s: %v", a.body, err)
		}
	}
	return a
}

func registerOperation(number uint64) api.Operation {
	payload, err := json.Marshal(api.Register{Meeting: meetingCode, Participation: api.OnSite, BadgeName: "Amina"})
	if err != nil {
		panic(err)
	}
	return api.Operation{ID: uuid.Must(uuid.NewV7()).String(), Number: number, Kind: api.OpRegister, Made: time.Now(), Payload: payload}
}

func decideOperation(number string, d api.Decide) api.Operation {
	d.Registration = number
	payload, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return api.Operation{ID: uuid.Must(uuid.NewV7()).String(), Number: 1, Kind: api.OpDecide, Made: time.Now(), Payload: payload}
}

// deliver delivers one operation in a stream of its own, and gives its result.
func (s *server) deliver(session api.Session, op api.Operation) api.Result {
	s.t.Helper()
	var delivered api.Delivered
	a := s.as(session, "POST", "/v1/operations", api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{op}}, &delivered)
	if a.StatusCode != 200 || len(delivered.Results) != 1 {
		s.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return delivered.Results[0]
}

// A registration from its delivery to the decision, over HTTP.
func TestRegistration_deliveredAndDecided(t *testing.T) {
	s := serve(t, nil)
	s.meeting()
	amina, manager := s.account("amina"), s.account("manager", api.RoleMeetingManager)

	d := api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{registerOperation(1)}}
	var delivered, again api.Delivered
	if a := s.as(amina, "POST", "/v1/operations", d, &delivered); a.StatusCode != 200 || delivered.HighWater != 1 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if delivered.Results[0].Registration == nil || delivered.Results[0].Registration.State != api.WaitingSecretariat {
		t.Fatalf("result %+v", delivered.Results[0])
	}
	s.as(amina, "POST", "/v1/operations", d, &again)
	number := delivered.Results[0].Registration.Number
	if len(again.Results) != 1 || again.Results[0].Registration.Number != number {
		t.Errorf("the same delivery again: %+v", again)
	}

	decision := decideOperation(number, api.Decide{Approve: true})
	for name, c := range map[string]struct {
		by   api.Session
		op   api.Operation
		want api.Code
	}{
		"a participant decides":    {amina, decideOperation(number, api.Decide{Approve: true}), api.CodeForbidden},
		"refused without a reason": {manager, decideOperation(number, api.Decide{}), api.CodeInvalid},
		"of nothing":               {manager, decideOperation("R-0000-0000", api.Decide{Approve: true}), api.CodeNotFound},
	} {
		if r := s.deliver(c.by, c.op); r.Outcome != api.RefusedResult || r.Code != c.want || r.Reference == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	var list api.Registrations
	if a := s.as(amina, "GET", "/v1/meetings/"+meetingCode+"/registrations", nil, nil); a.StatusCode != 403 {
		t.Errorf("a participant reads the list: %d", a.StatusCode)
	}
	s.as(manager, "GET", "/v1/meetings/"+meetingCode+"/registrations", nil, &list)
	if len(list.Registrations) != 1 || list.Registrations[0].Person != "Amina" {
		t.Fatalf("the manager's list: %+v", list)
	}
	for range 2 { // the button is pressed twice
		r := s.deliver(manager, decision)
		if r.Outcome != api.Done || r.Registration == nil || r.Registration.State != api.Confirmed || r.Registration.Person != "Amina" {
			t.Fatalf("decided: %+v", r)
		}
	}
	other := decideOperation(number, api.Decide{Reason: "changed my mind"})
	other.ID = decision.ID
	if r := s.deliver(manager, other); r.Code != api.CodeKeyReused {
		t.Errorf("the id with other content: %+v", r)
	}
	if r := s.deliver(manager, decideOperation(number, api.Decide{Approve: true})); r.Code != api.CodeWrongState {
		t.Errorf("deciding twice: %+v", r)
	}
	// Once the meeting has a manager, others who have the role are refused.
	another := s.account("another", api.RoleMeetingManager)
	s.exec(`INSERT INTO meeting_managers (meeting, account_id, added_by, added_at)
		SELECT $1, id, '', 0 FROM accounts WHERE username_key = 'manager'`, meetingCode)
	if a := s.as(another, "GET", "/v1/meetings/"+meetingCode+"/registrations", nil, nil); a.StatusCode != 403 || a.problem(t).Code != api.CodeForbidden {
		t.Errorf("another manager reads the list: %d %s", a.StatusCode, a.body)
	}
	if r := s.deliver(another, decideOperation(number, api.Decide{Approve: true})); r.Code != api.CodeNotFound || r.Registration != nil {
		t.Errorf("another manager decides: %+v", r)
	}
	if a := s.as(manager, "GET", "/v1/meetings/"+meetingCode+"/registrations", nil, &list); a.StatusCode != 200 || list.Registrations[0].History[2].Actor != "Amina" {
		t.Errorf("the manager's list: %d %s", a.StatusCode, a.body)
	}
	var own api.Registrations
	s.as(amina, "GET", "/v1/registrations", nil, &own)
	if len(own.Registrations) != 1 || own.Registrations[0].State != api.Confirmed || own.Registrations[0].Person != "" {
		t.Errorf("one's own: %+v", own)
	}
	for _, name := range []string{"Amina", "amina@", number} {
		if strings.Contains(s.log.String(), name) {
			t.Errorf("the log holds %s", name)
		}
	}
}

func TestOperations_errorsOfTheStream(t *testing.T) {
	s := serve(t, nil)
	s.meeting()
	amina := s.account("amina")
	d := api.Deliver{Stream: uuid.NewString(), Sent: time.Now(), Operations: []api.Operation{registerOperation(2)}}
	if a := s.as(amina, "POST", "/v1/operations", d, nil); a.StatusCode != 409 || a.problem(t).Code != api.CodeNumberGap {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	d.Operations[0].Number = 1
	s.as(amina, "POST", "/v1/operations", d, nil)
	d.Operations[0].ID = uuid.NewString()
	if a := s.as(amina, "POST", "/v1/operations", d, nil); a.StatusCode != 409 || a.problem(t).Code != api.CodeStreamForked {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := s.do("POST", "/v1/operations", `{}`); a.StatusCode != 401 {
		t.Errorf("without a session: %d", a.StatusCode)
	}
	if a := s.as(amina, "POST", "/v1/operations", map[string]string{"stream": strings.Repeat("x", 2<<20)}, nil); a.StatusCode != 413 {
		t.Errorf("2 MB: %d", a.StatusCode)
	}
	d.Operations = make([]api.Operation, 101)
	for i := range d.Operations {
		d.Operations[i] = registerOperation(uint64(i + 1))
	}
	if a := s.as(amina, "POST", "/v1/operations", d, nil); a.StatusCode != 422 || a.problem(t).Errors[0].Code != api.FieldTooMany {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestMeetings_etag(t *testing.T) {
	db := storetest.SQLite(t)
	if err := db.UpdateCommitted(t.Context(), func(tx *store.Tx) error { // as a service is made
		tx.NewEpoch()
		return tx.Err()
	}); err != nil {
		t.Fatal(err)
	}
	s := serveOn(t, db, nil)
	s.meeting()
	a := s.do("GET", "/v1/meetings", "")
	var list api.Meetings
	if err := json.Unmarshal(a.body, &list); err != nil || len(list.Meetings) != 1 || a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	etag := a.Header.Get("ETag")
	if b := s.do("GET", "/v1/meetings", "", "If-None-Match", etag); b.StatusCode != 304 || len(b.body) != 0 || b.Header.Get("ETag") != etag {
		t.Errorf("%d %s", b.StatusCode, b.body)
	}
	earlier := etag[:strings.LastIndex(etag, ".")] + `.0"` // before the meeting was made
	for _, c := range []struct {
		name, tag, query string
		changes          bool
		status           int
	}{
		{"what has changed", earlier, "?changes=true", true, 200},
		{"all, for who does not ask for changes", earlier, "", false, 200},
		{"all, of another epoch", `"mx.y.0"`, "?changes=true", false, 200},
		{"all, for who has none", "", "?changes=true", false, 200},
		{"nothing", etag, "?changes=true", false, 304},
	} {
		var list api.Meetings
		b := s.do("GET", "/v1/meetings"+c.query, "", "If-None-Match", c.tag)
		if b.StatusCode != c.status || b.Header.Get("ETag") != etag {
			t.Errorf("%s: %d, %s", c.name, b.StatusCode, b.Header.Get("ETag"))
		}
		if c.status != 200 {
			continue
		}
		if err := json.Unmarshal(b.body, &list); err != nil || len(list.Meetings) != 1 || list.Changes != c.changes || (list.Total == 1) != c.changes {
			t.Errorf("%s: %s, %v", c.name, b.body, err)
		}
	}
	s.deliver(s.account("amina"), registerOperation(1))
	if a := s.do("GET", "/v1/meetings/"+meetingCode, ""); a.StatusCode != 200 || !bytes.Contains(a.body, []byte(`"taken":1`)) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := s.do("GET", "/v1/meetings/C-99999999", ""); a.problem(t).Code != api.CodeNotFound {
		t.Errorf("%s", a.body)
	}
	if a := s.do("GET", "/v1/meetings?after=rubbish", ""); a.problem(t).Code != api.CodeInvalid {
		t.Errorf("%s", a.body)
	}
	if bytes.Contains(s.do("GET", "/v1/meetings", "").body, []byte("remote.example.int")) {
		t.Error("everybody is told the platform's address")
	}
}

func TestDirectory_isPackedOnce(t *testing.T) {
	s := serve(t, nil)
	a := s.do("GET", "/v1/directory", "", "Accept-Encoding", "gzip")
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "application/x-ndjson" || a.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%d %v", a.StatusCode, a.Header)
	}
	z, err := gzip.NewReader(bytes.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scan := bufio.NewScanner(z); scan.Scan(); lines++ {
		var o api.Organization
		if err := json.Unmarshal(scan.Bytes(), &o); err != nil || o.ID == "" || o.Name == "" {
			t.Fatalf("line %d: %s", lines+1, scan.Bytes())
		}
	}
	if lines < 12_000 {
		t.Errorf("%d organizations", lines)
	}
	etag := a.Header.Get("ETag")
	if b := s.do("GET", "/v1/directory", "", "If-None-Match", etag); b.StatusCode != http.StatusNotModified || len(b.body) != 0 {
		t.Errorf("%d, %d bytes", b.StatusCode, len(b.body))
	}
	if b := s.do("GET", "/v1/directory", "", "Accept-Encoding", "identity"); b.Header.Get("Content-Encoding") != "" || len(b.body) < len(a.body) {
		t.Errorf("uncompressed: %v, %d bytes", b.Header, len(b.body))
	}
}
