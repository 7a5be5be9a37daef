package accounts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/proof"
	"plenary/service/mail"
)

func TestSignUp_saysWhatIsWrong(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range []struct {
		name   string
		change func(*api.SignUp)
		want   api.Code
		fields string // pointer code, ...
	}{
		{"no names", func(s *api.SignUp) { s.FirstName, s.FamilyName = " ", "" }, api.CodeInvalid, "/family_name required"},
		{"line break in a name", func(s *api.SignUp) { s.FirstName = "A\r\nBcc: x@example.org" }, api.CodeInvalid, "/first_name invalid"},
		{"text turned around", func(s *api.SignUp) { s.FamilyName = "a\u202eb" }, api.CodeInvalid, "/family_name invalid"},
		{"no address", func(s *api.SignUp) { s.Email = "" }, api.CodeInvalid, "/email required"},
		{"no such address", func(s *api.SignUp) { s.Email = "a@localhost" }, api.CodeInvalid, "/email invalid"},
		{"header in the address", func(s *api.SignUp) { s.Email = "a@example.org\nBcc: b@example.org" }, api.CodeInvalid, "/email invalid"},
		{"phone", func(s *api.SignUp) { s.Phone = "call me" }, api.CodeInvalid, "/phone invalid"},
		{"username", func(s *api.SignUp) { s.Username = "a@b" }, api.CodeInvalid, "/username invalid"},
		{"country", func(s *api.SignUp) { s.Country = "XX" }, api.CodeInvalid, "/country invalid"},
		{"unknown organization", func(s *api.SignUp) { s.OrganizationID = "zzz" }, api.CodeInvalid, "/organization_id unknown"},
		{"no organization", func(s *api.SignUp) { s.OrganizationID = "" }, api.CodeInvalid, "/organization_id required"},
		{"two organizations", func(s *api.SignUp) { s.NewOrganization = &api.NewOrganization{Name: "X"} }, api.CodeInvalid, "/organization_id invalid"},
		{"new one without type", func(s *api.SignUp) {
			s.OrganizationID, s.NewOrganization, s.Membership = "", &api.NewOrganization{Name: "X"}, "please-choose"
		}, api.CodeInvalid, "/membership required"},
		{"terms and privacy", func(s *api.SignUp) { s.AcceptTerms, s.ReadPrivacy = false, false }, api.CodeInvalid, "/accept_terms not-accepted, /read_privacy not-accepted"},
		{"weak password", func(s *api.SignUp) { s.Password = "password" }, api.CodePasswordRefused, "/password upper, /password number, /password symbol, /password guess"},
		{"password of one's name", func(s *api.SignUp) { s.Password = "Amina.Okafor1" }, api.CodePasswordRefused, "/password guess"},
		{"password too long", func(s *api.SignUp) { s.Password = strings.Repeat("aB1&", 33) }, api.CodePasswordRefused, "/password too-long"},
		{"flow", func(s *api.SignUp) { s.Flow = strings.Repeat("!", 43) }, api.CodeInvalid, "/flow invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := signUpOf("amina@example.org", "amina")
			c.change(&in)
			err := w.SignUp(t.Context(), in)
			wantCode(t, err, c.want)
			var got []string
			for _, f := range err.(*api.Problem).Errors {
				got = append(got, f.Pointer+" "+f.Code)
			}
			if s := strings.Join(got, ", "); s != c.fields {
				t.Errorf("fields %q, want %q", s, c.fields)
			}
		})
	}
}

func TestSignUp_isTheSameForTheSameFlow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		got := count(t, 50, func(int) error { return w.SignUp(t.Context(), in) })
		if got[""] != 50 {
			t.Fatalf("got %v", got)
		}
		if n := w.mailCount(); n != 1 {
			t.Errorf("%d e-mails", n)
		}
		in.Password = otherPassword // secret fields are not in the fingerprint
		w.signUp(in)
		in.FamilyName = "Other"
		wantCode(t, w.SignUp(t.Context(), in), api.CodeKeyReused)
	})
}

func TestSignUp_tellsOnlyTheOwnerThatAnAddressIsTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		taken := signUpOf("AMINA@example.org", "impostor")
		taken.Password = otherPassword
		w.signUp(taken)
		m := w.lastMail(mail.AlreadyRegistered)
		if m.To != "amina@example.org" || strings.Contains(m.Text, "impostor") || m.Secrets[mail.Code] != "" {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
		free := signUpOf("free@example.org", "free")
		w.signUp(free)
		// Whatever a stranger can ask, the answers are the same.
		for i := range proof.Tries + 1 {
			want := api.CodeCodeWrong
			if i == proof.Tries {
				want = api.CodeCodeExpired
			}
			for _, in := range []api.SignUp{taken, free} {
				wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: "00000-00000", Password: in.Password}), want)
				state, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow})
				if err != nil || state.State != api.SignUpWaiting {
					t.Errorf("state %v, %v", state, err)
				}
			}
		}
		for _, in := range []api.SignUp{taken, free} {
			if err := w.ResendActivation(t.Context(), api.ResendActivation{Identifier: in.Email, Password: in.Password}); err != nil {
				t.Error(err)
			}
		}
		templates := []string{w.mails()[0].Template, w.mails()[1].Template}
		slices.Sort(templates)
		if !slices.Equal(templates, []string{mail.Activate, mail.AlreadyRegistered}) {
			t.Errorf("sent again: %v", templates)
		}
	})
}

func TestSignUp_makesUsernamesUnique(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("one@example.org", "Amina")
		w.register("two@example.org", "amina")
		got := count(t, 20, func(i int) error {
			return w.SignUp(t.Context(), signUpOf("a"+strings.Repeat("x", i)+"@example.org", "amina"))
		})
		if got[""] != 20 {
			t.Fatalf("got %v", got)
		}
		if s := w.mustLogIn("amina2", goodPassword); s.Account.Email != "two@example.org" {
			t.Errorf("amina2 is %s", s.Account.Email)
		}
		if n := w.rows(`SELECT COUNT(DISTINCT username_key) FROM usernames`); n != 22 {
			t.Errorf("%d usernames", n)
		}
	})
}

// The 1,000th of one name gets a username as quickly as the 4th.
func TestSignUp_findsAUsernameWhereManyAreTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.sql(`INSERT INTO owners (id) VALUES ('others')`)
		for n := 1; n < 1000; n++ {
			name := "j.wang"
			if n > 1 {
				name = rules.NumberedUsername(name, n)
			}
			w.sql(`INSERT INTO usernames (username_key, owner) VALUES ($1, 'others')`, rules.UsernameKey(name))
		}
		w.signUp(signUpOf("wang@example.org", "j.wang"))
		if n := w.rows(`SELECT COUNT(*) FROM sign_ups s JOIN usernames u ON u.owner = s.id AND u.username_key = s.username_key WHERE s.username_key LIKE 'j.wang%'`); n != 1 {
			t.Errorf("%d usernames of the sign-up", n)
		}
	})
}

// Once the address of a sign-up has become free, its owner activates it with what is
// sent there then.
func TestResendSignUp_leadsOnOnceTheAddressIsFree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("office@example.org", "amina")
		in := signUpOf("office@example.org", "boris")
		w.signUp(in)
		w.lastMail(mail.AlreadyRegistered)
		p := w.who("amina")
		typed := w.askEmail(p, "amina@example.net")
		if _, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.ResendSignUp(t.Context(), api.Flow{Token: in.Flow}), "")
		m := w.lastMail(mail.Activate)
		if m.To != "office@example.org" {
			t.Errorf("sent to %s", m.To)
		}
		if _, err := w.ActivationByLink(t.Context(), api.Link{Token: token(t, m)}); err != nil {
			t.Errorf("the link: %v", err)
		}
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}), "")
		w.mustLogIn("office@example.org", in.Password)
	})
}

func TestSignUp_hasAnHourlyAllowanceOfMails(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("taken@example.org", "taken")
		w.pass(time.Hour)
		for _, address := range []string{"amina@example.org", "taken@example.org"} {
			for range w.Limits().Mails {
				w.signUp(signUpOf(address, "amina"))
			}
			wantCode(t, w.SignUp(t.Context(), signUpOf(address, "amina")), api.CodeTooMany)
		}
		w.pass(time.Hour)
		w.signUp(signUpOf("amina@example.org", "amina"))
	})
}

func TestSignUp_notesAnOrganizationThatWasEntered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		in.OrganizationID, in.Membership = "", "media"
		in.NewOrganization = &api.NewOrganization{Name: "The Lakeside Herald", City: "Nyon", Website: "https://herald.example"}
		w.signUp(in)
		code := w.lastMail(mail.Activate).Secrets[mail.Code]
		if err := w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: code, Password: in.Password}); err != nil {
			t.Fatal(err)
		}
		o := w.mustLogIn("amina", goodPassword).Account.Organization
		if o.Name != "The Lakeside Herald" || o.Country != "CH" || o.Membership != "media" || o.ID == "" {
			t.Errorf("got %+v", o)
		}
		if n := w.rows(`SELECT COUNT(*) FROM entered_organizations WHERE id = $1 AND city = 'Nyon'`, o.ID); n != 1 {
			t.Error("not noted for staff")
		}
	})
}
