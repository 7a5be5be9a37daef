package demo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service"
)

func start(t *testing.T, dir string) *Demo {
	t.Helper()
	d, err := Start(t.Context(), Config{Dir: dir, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// call sends JSON to the demonstration, and reads JSON.
func call(t *testing.T, d *Demo, method, path, access string, body, into any) int {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, d.Address()+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if access != "" {
		r.Header.Set("Authorization", "Bearer "+access)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	answer, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, a.StatusCode, answer)
		}
	}
	return a.StatusCode
}

const password = "Correct-Horse7-Battery"

// signUp makes an account with the code from the e-mail, and logs in.
func signUp(t *testing.T, d *Demo) api.Session {
	t.Helper()
	token := make([]byte, 32)
	if _, err := rand.Read(token); err != nil {
		t.Fatal(err)
	}
	flow := base64.RawURLEncoding.EncodeToString(token)
	if status := call(t, d, "POST", "/v1/account/sign-up", "", api.SignUp{
		Flow: flow, FirstName: "Élise", FamilyName: "Martin", Email: "elise@example.org", Language: "en", Username: "elise.martin",
		Password: password, Membership: "non-member", Country: "CH", NewOrganization: &api.NewOrganization{Name: "École d’été"},
		AcceptTerms: true, ReadPrivacy: true,
	}, nil); status != http.StatusAccepted {
		t.Fatalf("sign up: %d", status)
	}
	m := awaitMail(t, d, "Activate your account")
	if m.Code == "" || !strings.HasPrefix(m.Link, d.Address()+"/activate?lang=en#") {
		t.Fatalf("mail: %+v", m)
	}
	if status := call(t, d, "POST", "/v1/account/activate", "", api.Activate{Flow: flow, Code: m.Code, Password: password}, nil); status != http.StatusNoContent {
		t.Fatalf("activate: %d", status)
	}
	var session api.Session
	call(t, d, "POST", "/v1/session", "", api.LogIn{Identifier: "elise@example.org", Password: password}, &session)
	return session
}

// awaitMail waits for an e-mail whose subject begins so.
func awaitMail(t *testing.T, d *Demo, subject string) Mail {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		mails, err := d.Mails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mails {
			if strings.HasPrefix(m.Subject, subject) {
				return m
			}
		}
	}
	t.Fatalf("no e-mail %q", subject)
	return Mail{}
}

func register(t *testing.T, d *Demo, session api.Session, number uint64, stream string, r api.Register) api.Result {
	t.Helper()
	return deliver(t, d, session, number, stream, api.OpRegister, r)
}

func deliver(t *testing.T, d *Demo, session api.Session, number uint64, stream, kind string, what any) api.Result {
	t.Helper()
	payload, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	var delivered api.Delivered
	call(t, d, "POST", "/v1/operations", session.Access, api.Deliver{Stream: stream, Sent: time.Now(), Operations: []api.Operation{{
		ID: uuid.Must(uuid.NewV7()).String(), Number: number, Kind: kind, Made: time.Now(), Payload: payload,
	}}}, &delivered)
	if len(delivered.Results) != 1 {
		t.Fatalf("delivered: %+v", delivered)
	}
	return delivered.Results[0]
}

// The path of the issue, at the service's end: account, registration, approval.
func TestDemo_fromSignUpToConfirmation(t *testing.T) {
	d := start(t, t.TempDir())
	session, stream := signUp(t, d), uuid.NewString()

	r := register(t, d, session, 1, stream, api.Register{
		Meeting: "C-00016512", Participation: api.OnSite, BadgeName: "Élise Martin",
		Answers: api.Answers{"meals": {"any"}, "speaker": {"no"}},
	})
	if r.Registration == nil || r.Registration.State != api.WaitingSecretariat {
		t.Fatalf("result: %+v", r)
	}
	if m := awaitMail(t, d, "Received, not yet confirmed"); !strings.Contains(m.Text, "not a confirmation yet") {
		t.Error(m.Text)
	}
	manager := logIn(t, d, "manager")
	if r := deliver(t, d, manager, 1, uuid.NewString(), api.OpDecide, api.Decide{Registration: r.Registration.Number, Approve: true}); r.Outcome != api.Done {
		t.Fatalf("decided: %+v", r)
	}
	if m := awaitMail(t, d, "Registration confirmed"); !strings.Contains(m.HTML, "cid:qr") {
		t.Error("no QR code for somebody who comes on site")
	}

	for i, want := range []struct {
		meeting string
		answers api.Answers
		state   string
		code    api.Code
	}{
		{"C-00016339", nil, api.Confirmed, ""},
		{youthSummitCode, api.Answers{"birth": {"2003-01-02"}, "motivation": {"To listen."}}, api.WaitingList, ""},
		{"C-00016105", nil, "", api.CodeRegistrationClosed},
		{"C-00016450", nil, "", api.CodeRegistrationEarly},
		{"C-00016355", nil, "", api.CodeNotForMembership},
	} {
		way := api.OnSite
		if want.meeting == "C-00016339" {
			way = api.Remote
		}
		r := register(t, d, session, uint64(i+2), stream, api.Register{
			Meeting: want.meeting, Participation: way, BadgeName: "Élise Martin", Answers: want.answers,
		})
		if r.Code != want.code || (want.state != "" && r.Registration.State != want.state) {
			t.Errorf("%s: %+v", want.meeting, r)
		}
	}
}

// logIn is the session of one of the staff.
func logIn(t *testing.T, d *Demo, identifier string) (s api.Session) {
	t.Helper()
	for _, m := range d.Staff() {
		if m.Identifier == identifier {
			call(t, d, "POST", "/v1/session", "", api.LogIn{Identifier: m.Identifier, Password: m.Password}, &s)
		}
	}
	if s.Access == "" {
		t.Fatalf("%s cannot log in", identifier)
	}
	return s
}

// There is work for the secretariat and for a delegation, a meeting that is nearly full,
// and one with a line; and whoever tries it begins with an empty mailbox.
func TestDemo_thereIsWork(t *testing.T) {
	d := start(t, t.TempDir())
	if mails, err := d.Mails(t.Context()); err != nil || len(mails) != 0 {
		t.Errorf("the mailbox: %+v, %v", mails, err)
	}
	manager := logIn(t, d, "manager")
	for code, want := range map[string]struct{ taken, line int }{
		sixthDayCode: {sixthDayPlaces - 2, 0}, youthSummitCode: {youthSummitPlaces, 5}, studyGroupCode: {len(delegates), 0},
	} {
		var m api.ManagedMeeting
		call(t, d, "GET", "/v1/managed/meetings/"+code, manager.Access, nil, &m)
		if m.Taken != want.taken || m.Waiting != want.line {
			t.Errorf("%s: %d places taken, %d in line, want %+v", code, m.Taken, m.Waiting, want)
		}
	}
	var rows api.RegistrationRows
	call(t, d, "GET", "/v1/managed/meetings/"+sixthDayCode+"/registrations", manager.Access, nil, &rows)
	if rows.Counts[api.WaitingSecretariat] != 12 {
		t.Errorf("the manager's registrations: %v", rows.Counts)
	}
	for _, who := range []string{"focal.point", "assistant"} {
		var own api.Delegation
		call(t, d, "GET", "/v1/delegation", logIn(t, d, who).Access, nil, &own)
		waiting := 0
		for _, r := range own.Registrations {
			if r.State == api.WaitingFocalPoint && slices.Contains(r.May, api.MayApprove) {
				waiting++
			}
		}
		if own.Organization.Name != delegation().Name || waiting != len(delegates) {
			t.Errorf("%s of %q may decide on %d", who, own.Organization.Name, waiting)
		}
	}
}

func TestDemo_meetingsAreRelativeToToday(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 22, 9, 0, 30, 0, time.UTC), time.Date(2027, 2, 28, 23, 59, 0, 0, time.UTC), time.Date(2028, 12, 30, 0, 0, 0, 0, time.UTC),
	} {
		list := program(now, "http://127.0.0.1:1")
		if len(list) < 6 {
			t.Fatalf("%d meetings", len(list))
		}
		soon := 0
		for i := range list {
			m := &list[i]
			if wrong := rules.CheckMeeting(m); len(wrong) > 0 {
				t.Errorf("%s: %v", m.Code, wrong)
			}
			for _, text := range []api.Text{m.Title, m.Description, m.Place} {
				if text["en"] == "" || text["fr"] == "" {
					t.Errorf("%s is not in English and French", m.Code)
				}
			}
			if in := m.Start().Sub(now); in > 19*time.Minute && in <= 20*time.Minute {
				soon++
			}
			if m.Code == "C-00016105" {
				if m.Start().Format(time.DateOnly) != "2026-05-12" || m.Title["en"] != "Fifth ITU-T X.509 Day" {
					t.Errorf("%s: %s %s", m.Code, m.Title["en"], m.Start())
				}
				continue
			}
			if !m.Start().After(now) {
				t.Errorf("%s has begun already", m.Code)
			}
		}
		if soon != 1 {
			t.Errorf("%d meetings are about to start", soon)
		}
	}
}

func TestSetOn_refusesConnectionsAndComesBackAtTheSamePort(t *testing.T) {
	d := start(t, t.TempDir())
	address := d.Address()
	for range 3 {
		if err := d.SetOn(t.Context(), false); err != nil || d.On() {
			t.Fatal("off: ", err)
		}
		if conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://")); err == nil {
			conn.Close()
			t.Fatal("it can still be reached")
		}
		if _, err := d.Mails(t.Context()); err != nil {
			t.Errorf("the mailbox: %v", err)
		}
		if err := d.SetOn(t.Context(), true); err != nil || !d.On() {
			t.Fatal("on: ", err)
		}
		if status := call(t, d, "GET", "/v1/service", "", nil, nil); status != 200 || d.Address() != address {
			t.Fatalf("back: %d at %s", status, d.Address())
		}
	}
}

func TestStart_again(t *testing.T) {
	dir := t.TempDir()
	first, err := Start(t.Context(), Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	signUp(t, first)
	before := first.Staff()
	address := first.Address()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := start(t, dir)
	if second.Address() != address {
		t.Errorf("address %s, before %s", second.Address(), address)
	}
	for i, now := range second.Staff() {
		for p, want := range map[string]int{before[i].Password: 401, now.Password: 200} {
			var s api.Session
			status := call(t, second, "POST", "/v1/session", "", api.LogIn{Identifier: now.Identifier, Password: p}, &s)
			if status != want || want == 200 && (now.Role != "" && !slices.Contains(s.Account.Roles, now.Role) || s.Account.Appointed != now.Appointment) {
				t.Errorf("log in as %s: %d, want %d; roles %q", now.Identifier, status, want, s.Account.Roles)
			}
		}
	}
	if status := call(t, second, "POST", "/v1/session", "", api.LogIn{Identifier: "elise.martin", Password: password}, nil); status != 200 {
		t.Errorf("accounts of last time: %d", status)
	}
	mails, err := second.Mails(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		if isStaff(m.To) && strings.Contains(m.Subject, "password") {
			t.Errorf("the mailbox shows %q to the staff", m.Subject)
		}
	}
	var meeting api.Meeting
	if call(t, second, "GET", "/v1/meetings/"+youthSummitCode, "", nil, &meeting); meeting.Taken != youthSummitPlaces {
		t.Errorf("the Youth Summit has %d people", meeting.Taken)
	}
}

func TestStart_onThisMachineOnly(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "example.org:0"} {
		if d, err := Start(t.Context(), Config{Dir: t.TempDir(), Listen: listen}); err == nil {
			t.Errorf("listens on %s", listen)
			d.Close()
		}
	}
	if d, err := Start(t.Context(), Config{Dir: t.TempDir(), SMTP: "mail.example.int:25"}); err == nil {
		t.Error("sends its mail away from this machine")
		d.Close()
	}
	d := start(t, t.TempDir())
	r, err := http.NewRequestWithContext(t.Context(), "GET", d.Address()+"/v1/service", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("it answers to the name evil.example: %d", a.StatusCode)
	}
}

func TestStart_refusesADatabaseThatIsNotItsOwn(t *testing.T) {
	dir := t.TempDir()
	if _, err := service.Init(context.Background(), filepath.Join(dir, databaseFile), service.Settings{
		Organization: "Real", ServiceDesk: "desk@example.org", Address: "https://accounts.example.org",
	}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if d, err := Start(t.Context(), Config{Dir: dir}); err == nil {
		t.Error("it uses a real service's database")
		d.Close()
	}
}
