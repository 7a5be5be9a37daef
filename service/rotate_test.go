package service_test

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/service"
	"plenary/service/account/staff"
	"plenary/service/mail"
	"plenary/service/mail/mailtest"
	"plenary/service/secret"
)

var codeForm = regexp.MustCompile(`\b[0-9A-Z]{5}-[0-9A-Z]{5}\b`)

// A rotation of the key in mid-use ends nothing for anybody: sessions, recovery
// codes, sign-ups under way, counters, masked addresses and the identity that the service
// proves go on, and the audit log stays whole. So does a restart afterwards.
func TestUseNewestKey_inMidUse(t *testing.T) {
	databases(t, func(t *testing.T, database string) {
		const password = "Tr4vel-Lemur&Quartz"
		server := mailtest.Start(t, mailtest.Manners{})
		text := secret.NewLine()
		key, err := secret.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		c := made(t, database)
		c.Key = key
		c.Mail = &mail.Server{Host: server.Host, Port: server.Port, Security: mail.None, Loopback: true}
		s, err := service.New(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { ended(t, s) }()
		if _, err := s.Accounts().Create(t.Context(), staff.NewAccount{
			Username: "ada", Email: "ada@example.org", Password: password, FamilyName: "Ada",
			Organization: api.Organization{Name: "Example", Country: "CH", Membership: "un-agency"},
		}); err != nil {
			t.Fatal(err)
		}
		flow := func(b byte) string { return base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }

		// Before: two-step log-in with recovery codes, a session, a sign-up under way,
		// two wrong passwords, and the masked address of somebody who does not exist.
		var session api.Session
		call(t, s, "", "POST", "/v1/session", api.LogIn{Identifier: "ada", Password: password}, &session)
		call(t, s, session.Access, "POST", "/v1/session/proof", api.Reauthenticate{Password: password}, nil)
		var setup api.SecondFactorSetup
		call(t, s, session.Access, "POST", "/v1/account/second-factor", nil, &setup)
		digits, err := totp.GenerateCode(setup.Secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		var codes api.RecoveryCodes
		call(t, s, session.Access, "POST", "/v1/account/second-factor/confirm", api.ConfirmSecondFactor{Code: digits}, &codes)
		call(t, s, "", "POST", "/v1/account/sign-up", api.SignUp{
			Flow: flow(1), FirstName: "Amina", FamilyName: "Okafor", Email: "amina@example.org", Language: "en",
			Username: "amina", Password: "Br1ght_Otter^Meadow", Membership: "academia", Country: "AD",
			NewOrganization: &api.NewOrganization{Name: "School of Radio"}, AcceptTerms: true, ReadPrivacy: true,
		}, nil)
		var code string
		within(t, 15*time.Second, "the e-mail with the code", func() bool {
			for _, m := range server.Inbox() {
				if m.To == "amina@example.org" {
					code = codeForm.FindString(m.Data)
				}
			}
			return code != ""
		})
		wrong := func() {
			t.Helper()
			refuse(t, s, "POST", "/v1/session", api.LogIn{Identifier: "ben", Password: "wrong"}, api.CodeCredentials)
		}
		mask := func(f byte) string {
			t.Helper()
			var r api.Recovery
			call(t, s, "", "POST", "/v1/account/recovery", api.Recover{Flow: flow(f), Identifier: "nobody.here"}, &r)
			return r.Address
		}
		wrong()
		identity := func() string {
			t.Helper()
			info, err := s.Info(t.Context())
			if err != nil || info.Key == "" {
				t.Fatal(info, err)
			}
			return info.Key
		}
		proves := identity()
		counters, masked := count(t, s.DB(), `SELECT COUNT(*) FROM limits`), mask(2)

		// Nobody knows the new key but the command, and it is not put to use.
		longer := text + secret.NewLine()
		withNew, err := secret.Parse(longer)
		if err != nil {
			t.Fatal(err)
		}
		key.Merge(withNew)
		s.Renew()
		if missing, err := s.AwaitKey(t.Context(), key.Newest()); err != nil || len(missing) > 0 {
			t.Fatalf("a node does not know the new key: %v, %v", missing, err)
		}
		if err := s.UseNewestKey(t.Context()); err != nil {
			t.Fatal(err)
		}
		if key.InUse() != withNew.Newest() {
			t.Fatalf("in use %s", key.InUse())
		}

		after := func(recovery, name string, f byte) {
			t.Helper()
			call(t, s, "", "POST", "/v1/session/refresh", api.Refresh{Refresh: session.Refresh}, &session)
			call(t, s, "", "POST", "/v1/session", api.LogIn{Identifier: "ada", Password: password, SecondFactor: recovery}, nil)
			wrong()
			if identity() != proves {
				t.Errorf("%s: the service has another identity", name)
			}
			if got := mask(f); got != masked {
				t.Errorf("%s: the masked address is %s, was %s", name, got, masked)
			}
			within(t, 15*time.Second, "sealed", func() bool {
				r, err := s.Audit().Verify(t.Context())
				if err != nil || r.Break != nil {
					t.Fatalf("%s: the audit log: %v, %v", name, r.Break, err)
				}
				return r.Waiting == 0
			})
		}
		after(codes.Codes[0], "after the rotation", 3)
		if got := count(t, s.DB(), `SELECT COUNT(*) FROM limits`); got > counters+3 {
			t.Errorf("%d counters, there were %d: those of before go on under other names", got, counters)
		}
		call(t, s, "", "POST", "/v1/account/activate", api.Activate{Flow: flow(1), Code: code, Password: "Br1ght_Otter^Meadow"}, nil)
		call(t, s, "", "POST", "/v1/session", api.LogIn{Identifier: "amina", Password: "Br1ght_Otter^Meadow"}, nil)

		ended(t, s)
		if c.Key, err = secret.Parse(longer); err != nil {
			t.Fatal(err)
		}
		if s, err = service.New(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if c.Key.InUse() != withNew.Newest() {
			t.Errorf("in use after a restart: %s", c.Key.InUse())
		}
		after(strings.ToLower(codes.Codes[1]), "after a restart", 4)
	})
}
