package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/session"
	tokens "plenary/service/account/token"
	"plenary/service/caller"
	"plenary/service/mail"
)

// who logs in and gives the session's principal.
func (w *world) who(identifier string) caller.Caller {
	w.t.Helper()
	return w.by(w.mustLogIn(identifier, goodPassword))
}

func (w *world) mustAccount(p caller.Caller) api.Account {
	w.t.Helper()
	account, err := w.Account(w.t.Context(), p.AccountID)
	if err != nil {
		w.t.Fatalf("account: %v", err)
	}
	return account
}

func profileOf(a api.Account) api.ChangeProfile {
	return api.ChangeProfile{
		Title: a.Title, FirstName: a.FirstName, FamilyName: a.FamilyName, Phone: a.Phone, Language: a.Language, News: a.News,
	}
}

func TestChangeProfile_changesWhatWasAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		in := api.ChangeProfile{
			Title: "Dr", FirstName: " Amina ", FamilyName: "O’Kafor", Phone: "+41 22 730 51 11", Language: "fr", News: true,
			Country: "KE", Membership: "academia", NewOrganization: &api.NewOrganization{Name: "Chuo Kikuu", City: "Nairobi"},
		}
		a, err := w.changeProfile(p, in)
		if err != nil {
			t.Fatal(err)
		}
		if a.FirstName != "Amina" || a.Language != "fr" || !a.News || a.Organization.Name != "Chuo Kikuu" || a.Organization.Country != "KE" ||
			a.Email != "amina@example.org" || a.Username != "amina" {
			t.Errorf("got %+v", a)
		}
		if n := w.rows(`SELECT COUNT(*) FROM entered_organizations WHERE id = $1`, a.Organization.ID); n != 1 {
			t.Errorf("%d entered organizations", n)
		}
		// Neither: the organization stays.
		in = profileOf(a)
		in.Title = ""
		if a, err = w.changeProfile(p, in); err != nil || a.Title != "" || a.Organization.Name != "Chuo Kikuu" {
			t.Errorf("got %+v, %v", a, err)
		}
		// The directory's says where it is from, and the one that was entered is of no use.
		in.OrganizationID, in.Country, in.Membership = itu.ID, "KE", "media"
		if a, err = w.changeProfile(p, in); err != nil || a.Organization.Country != itu.Country || a.Organization.Membership != itu.Membership {
			t.Errorf("got %+v, %v", a, err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM entered_organizations`); n != 0 {
			t.Errorf("%d entered organizations", n)
		}
	})
}

func TestChangeProfile_refusesWhatSignUpRefuses(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		before := w.mustAccount(p)
		for name, change := range map[string]func(*api.ChangeProfile){
			"no name":              func(c *api.ChangeProfile) { c.FirstName, c.FamilyName = " ", "" },
			"line break":           func(c *api.ChangeProfile) { c.FirstName = "A\r\nBcc: x@example.org" },
			"turned text":          func(c *api.ChangeProfile) { c.Title = "Dr\u202e" },
			"NUL":                  func(c *api.ChangeProfile) { c.FamilyName = "O\x00" },
			"phone":                func(c *api.ChangeProfile) { c.Phone = "call me" },
			"unknown organization": func(c *api.ChangeProfile) { c.OrganizationID = "nope" },
			"two organizations": func(c *api.ChangeProfile) {
				c.OrganizationID, c.NewOrganization = itu.ID, &api.NewOrganization{Name: "X"}
			},
			"organization without country": func(c *api.ChangeProfile) { c.Membership, c.NewOrganization = "media", &api.NewOrganization{Name: "X"} },
			"organization without type":    func(c *api.ChangeProfile) { c.Country, c.NewOrganization = "CH", &api.NewOrganization{Name: "X"} },
			"organization without name": func(c *api.ChangeProfile) {
				c.Country, c.Membership, c.NewOrganization = "CH", "media", &api.NewOrganization{Name: " "}
			},
		} {
			in := profileOf(before)
			change(&in)
			_, err := w.changeProfile(p, in)
			if code(t, err) != api.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if after := w.mustAccount(p); after.FirstName != before.FirstName || after.Organization != before.Organization {
			t.Errorf("it was changed: %+v", after)
		}
	})
}

func TestChangeUsername_reservesNumbersAndTells(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		p := w.who("amina")
		change := func(username, want string) {
			t.Helper()
			a, err := w.ChangeUsername(t.Context(), p, api.ChangeUsername{Username: username})
			if err != nil || a.Username != want || w.mustAccount(p).Username != want {
				t.Fatalf("%s: got %q, %v", username, a.Username, err)
			}
			if n := w.rows(`SELECT COUNT(*) FROM usernames WHERE owner = $1 AND username_key = $2`, p.AccountID, rules.UsernameKey(want)); n != 1 {
				t.Errorf("%s is not reserved", want)
			}
		}
		change("Boris", "Boris2")
		if m := w.lastMail(mail.UsernameChanged); m.To != "amina@example.org" || !strings.Contains(m.Text, "Boris2") {
			t.Errorf("the e-mail: %+v", m)
		}
		w.mustLogIn("boris2", goodPassword)
		if _, err := w.logIn("amina", goodPassword); code(t, err) != api.CodeCredentials {
			t.Errorf("the one of before: %v", err)
		}
		change("BORIS2", "BORIS2") // another spelling of one's own
		mails := w.mailCount()
		change("BORIS2", "BORIS2")
		if w.mailCount() != mails {
			t.Error("told of no change")
		}
		w.register("new@example.org", "amina") // free again
		change("carol", "carol")
		change("dora", "dora")
		change("eva", "eva")
		_, err := w.ChangeUsername(t.Context(), p, api.ChangeUsername{Username: "fritz"})
		wantCode(t, err, api.CodeTooMany)
		w.pass(24*time.Hour + time.Second)
		change("fritz", "fritz")
		for _, bad := range []string{"ab", "a@b.example", "a b c", strings.Repeat("a", 41), "amina\x00"} {
			_, err := w.ChangeUsername(t.Context(), p, api.ChangeUsername{Username: bad})
			wantCode(t, err, api.CodeInvalid)
		}
	})
}

// Many who want one username get one each, all different.
func TestChangeUsername_inParallelGivesEachTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people = 12
		var all []caller.Caller
		for i := range people {
			name := "person" + string(rune('a'+i))
			w.register(name+"@example.org", name)
			all = append(all, w.who(name))
		}
		got := count(t, people, func(i int) error {
			_, err := w.ChangeUsername(t.Context(), all[i], api.ChangeUsername{Username: "chair"})
			return err
		})
		if got[""] != people {
			t.Errorf("got %v", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM accounts a JOIN usernames u ON u.username_key = a.username_key AND u.owner = a.id
			WHERE a.username LIKE 'chair%'`); n != people {
			t.Errorf("%d have one", n)
		}
		if n := w.rows(`SELECT COUNT(*) FROM usernames`); n != people {
			t.Errorf("%d usernames are reserved", n)
		}
	})
}

func TestSessions_showAndEndOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		other := w.who("amina")
		w.pass(time.Minute)
		p, stranger := w.who("amina"), w.who("boris")
		page, err := w.Sessions(t.Context(), p, "")
		list := page.Sessions
		if err != nil || len(list) != 2 || !list[0].Current || list[1].Current || list[0].ID != p.SessionID ||
			!list[0].Kept || list[0].Machine != "Plenary 1.0, Linux" || !list[0].Since.Equal(w.Now()) {
			t.Fatalf("got %+v, %v", list, err)
		}
		for _, id := range []string{stranger.SessionID, "", "x", "\x00", "00000000-0000-7000-8000-000000000000", p.AccountID} {
			wantCode(t, w.EndSession(t.Context(), p, id), api.CodeNotFound)
		}
		if n := w.rows(`SELECT COUNT(*) FROM sessions`); n != 3 {
			t.Errorf("%d sessions are left", n)
		}
		wantCode(t, w.EndSession(t.Context(), p, other.SessionID), "")
		wantCode(t, w.EndSession(t.Context(), p, other.SessionID), api.CodeNotFound)
		if page, err = w.Sessions(t.Context(), p, ""); err != nil || len(page.Sessions) != 1 {
			t.Errorf("got %+v, %v", page, err)
		}
		w.pass(2 * keptIdleTime)
		if page, err = w.Sessions(t.Context(), p, ""); err != nil || len(page.Sessions) != 0 {
			t.Errorf("sessions that have ended: %+v, %v", page, err)
		}
	})
}

// What tells sessions apart is the owner's to see, is in the owner's export, and goes with
// the session.
func TestSessions_canBeToldApartByTheirOwnerAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		boss := w.administrator("boss")
		w.change(func(p *api.Policies) {
			p.Networks = []api.NetworkBudget{{Network: "198.51.100.7/32", Failures: 50, Requests: 50, Name: "Hall 1"}}
		})
		s, err := w.LogIn(from(t.Context(), "192.0.2.10"), api.LogIn{
			Identifier: "amina", Password: goodPassword, Machine: "Plenary 1.0, Linux", Computer: "  lemur\n\u202e\u200bdesk ",
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Authenticate(t.Context(), s.Access)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Refresh(from(t.Context(), "198.51.100.7"), api.Refresh{Refresh: s.Refresh}); err != nil {
			t.Fatal(err)
		}
		page, err := w.Sessions(t.Context(), p, "")
		if err != nil || len(page.Sessions) != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		if got := page.Sessions[0]; got.Computer != "lemur desk" || got.FirstNetwork != "192.0.2.*" || got.LastNetwork != "Hall 1" {
			t.Errorf("the owner sees %+v", got)
		}
		export, err := w.Export(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"computer":"lemur desk"`, `"first_network":"192.0.2.*"`, `"last_network":"Hall 1"`} {
			if got := string(export.Data["sessions"]); !strings.Contains(got, want) {
				t.Errorf("the export has %s, want %s", got, want)
			}
		}
		u, err := w.User(t.Context(), boss, p.AccountID)
		if err != nil || len(u.Sessions) != 1 {
			t.Fatalf("%+v, %v", u.Sessions, err)
		}
		if got := u.Sessions[0]; got.Machine == "" || got.Computer != "" || got.FirstNetwork != "" || got.LastNetwork != "" {
			t.Errorf("staff sees %+v", got)
		}
		wantCode(t, w.EndSession(t.Context(), p, p.SessionID), "")
		if n := w.rows(`SELECT COUNT(*) FROM sessions WHERE account_id = $1`, p.AccountID); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestSessions_pagesHoldEachOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		for range session.Page + 5 {
			w.mustLogIn("amina", goodPassword)
		}
		seen := map[string]bool{}
		for after := ""; ; {
			page, err := w.Sessions(t.Context(), p, after)
			if err != nil || len(page.Sessions) > session.Page {
				t.Fatalf("a page of %d, %v", len(page.Sessions), err)
			}
			for _, s := range page.Sessions {
				seen[s.ID] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != session.Page+6 {
			t.Errorf("%d sessions", len(seen))
		}
		for _, rubbish := range []string{"x", "1", "1.x", ".", "9999999999999999999999.00000000-0000-7000-8000-000000000000"} {
			_, err := w.Sessions(t.Context(), p, rubbish)
			wantCode(t, err, api.CodeInvalid)
		}
	})
}

func TestForgetDevice_forgetsOnlyOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		s := w.mustLogIn("amina", goodPassword)
		p, err := w.Authenticate(t.Context(), s.Access)
		if err != nil {
			t.Fatal(err)
		}
		theirs := w.mustLogIn("boris", goodPassword)
		for _, device := range []string{theirs.Device, tokens.New(), "x"} {
			wantCode(t, w.ForgetDevice(t.Context(), p, api.ForgetDevice{Device: device}), "")
		}
		if n := w.rows(`SELECT COUNT(*) FROM devices`); n != 2 {
			t.Errorf("%d devices are left", n)
		}
		wantCode(t, w.ForgetDevice(t.Context(), p, api.ForgetDevice{Device: s.Device}), "")
		if n := w.rows(`SELECT COUNT(*) FROM devices WHERE account_id = $1`, p.AccountID); n != 0 {
			t.Error("it is still known")
		}
	})
}
