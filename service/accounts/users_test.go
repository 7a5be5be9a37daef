package accounts

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/staff"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// person makes an active account as the operator does; roles beyond participant
// may follow the names.
func (w *world) person(username, first, family, organization string, roles ...string) string {
	w.t.Helper()
	id, err := w.Create(w.t.Context(), staff.NewAccount{
		Username: username, Email: username + "@example.org", Password: goodPassword, FirstName: first, FamilyName: family, Roles: roles,
		Organization: api.Organization{Name: organization, Country: "CH", Membership: "sector-member"},
	})
	if err != nil {
		w.t.Fatalf("create %s: %v", username, err)
	}
	return id
}

// administrator makes one, with a session.
func (w *world) administrator(username string) caller.Caller {
	w.t.Helper()
	w.person(username, "Ada", "Min", "Example", api.RoleAdministrator)
	return w.who(username)
}

const why = "asked for at the desk"

// usernames are those that a filter lists, over all pages.
func (w *world) usernames(f api.UserFilter) []string {
	w.t.Helper()
	var names []string
	for {
		page, err := w.Users(w.t.Context(), caller.Caller{}, f)
		if err != nil {
			w.t.Fatalf("users %+v: %v", f, err)
		}
		if len(page.Users) > staff.UsersPage {
			w.t.Fatalf("a page of %d", len(page.Users))
		}
		for _, u := range page.Users {
			names = append(names, u.Username)
		}
		if page.Next == "" {
			return names
		}
		f.After = page.Next
	}
}

// found are the usernames that a query finds, sorted.
func (w *world) found(query string, inside bool) []string {
	w.t.Helper()
	return slices.Sorted(slices.Values(w.usernames(api.UserFilter{Query: query, Inside: inside})))
}

func TestUsers_findsWhatIsKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person("jose.munoz", "José", "Muñoz", "Ministère de l’Économie")
		w.person("li.wei", "伟", "李", "中国电信")
		w.person("lukasz", "Łukasz", "Żółć", "100% Telecom_Group")
		w.person("salma", "سلمى", "الحسن", "هيئة الاتصالات")
		w.person("conor", "Conor", "O’Brien", "I.T.U.")
		w.signUp(signUpOf("new.person@example.net", "newcomer"))
		for _, c := range []struct {
			query  string
			begins []string // found by the beginnings of words
			inside []string // found inside words
		}{
			{"", []string{"conor", "jose.munoz", "li.wei", "lukasz", "newcomer", "salma"}, []string{"conor", "jose.munoz", "li.wei", "lukasz", "newcomer", "salma"}},
			{"jose", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"JOSÉ", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"mun jos", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"unoz jos", nil, []string{"jose.munoz"}},
			{"munoz economie", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"l'economie", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"ÉCONOMIE", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"jose zolc", nil, nil},
			{"zolc", []string{"lukasz"}, []string{"lukasz"}},
			{"李", []string{"li.wei"}, []string{"li.wei"}},
			{"李伟", []string{"li.wei"}, []string{"li.wei"}}, // as it is written
			{"伟李", []string{"li.wei"}, []string{"li.wei"}},
			{"电信", []string{"li.wei"}, []string{"li.wei"}},
			{"سلمي", []string{"salma"}, []string{"salma"}},
			{"حسن", []string{"salma"}, []string{"salma"}}, // without its article
			{"obrien", []string{"conor"}, []string{"conor"}},
			{"itu", []string{"conor"}, []string{"conor"}},
			{"ＬＵＫＡＳＺ", []string{"lukasz"}, []string{"lukasz"}},
			{"munoz@example.org", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"example.net", []string{"newcomer"}, []string{"newcomer"}},
			{"okafor example telecom", []string{"newcomer"}, []string{"newcomer"}},
			{"okafor okaf new.person", []string{"newcomer"}, []string{"newcomer"}},
			{"%", []string{"lukasz"}, []string{"lukasz"}},
			{"_", []string{"lukasz"}, []string{"lukasz"}},
			{"0% tele", nil, []string{"lukasz"}},
			{"!", nil, nil},
			{"j_se", nil, nil},
			{"j%z", nil, nil},
			{"'; DROP TABLE accounts; --", nil, nil},
			{"jose\x00", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"jose\xff", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"\u202ejose", []string{"jose.munoz"}, []string{"jose.munoz"}},
			{"\u200b", []string{"conor", "jose.munoz", "li.wei", "lukasz", "newcomer", "salma"}, []string{"conor", "jose.munoz", "li.wei", "lukasz", "newcomer", "salma"}},
			{strings.Repeat("person ", 200), []string{"newcomer"}, []string{"newcomer"}},
			{strings.Repeat("x", 200), nil, nil},
		} {
			for inside, want := range map[bool][]string{false: c.begins, true: c.inside} {
				if got := w.found(c.query, inside); !slices.Equal(got, want) {
					t.Errorf("%q, inside words %v, finds %q, want %q", c.query, inside, got, want)
				}
			}
		}
	})
}

// TestUsers_findsBothSpellings: staff types what stands in a passport.
func TestUsers_findsBothSpellings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, family := range []string{"Müller", "Mueller", "Muller", "Løvold", "Århus", "Đặng", "Groß", "Щербакова"} {
			w.person(fmt.Sprintf("person-%d", i), "A", family, "Zürich Verein")
		}
		in := signUpOf("b@example.net", "waiting")
		in.FamilyName = "Schäfer"
		w.signUp(in)
		for query, want := range map[string][]string{
			"müller": {"person-0", "person-1", "person-2"}, "MUELLER": {"person-0", "person-1"}, "muller": {"person-0", "person-2"},
			"loevold": {"person-3"}, "lovold": {"person-3"}, "aarhus": {"person-4"}, "dhang": {"person-5"}, "dang": {"person-5"},
			"gross": {"person-6"}, "shcherbakova": {"person-7"}, "щербак": {"person-7"}, "schaefer": {"waiting"}, "schaf": {"waiting"},
			"zuerich mueller": {"person-0", "person-1"}, "israel": nil,
		} {
			for _, inside := range []bool{false, true} {
				if got := w.found(query, inside); !slices.Equal(got, want) {
					t.Errorf("%q, inside words %v, finds %q, want %q", query, inside, got, want)
				}
			}
		}
	})
}

// TestUsers_standInTheirOrder: by family name, and what is searched for by the
// word that was found, over many pages, each once.
func TestUsers_standInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var all []account.Person
		for i := range 3*staff.UsersPage + 3 {
			p := account.Person{
				Username: fmt.Sprintf("user-%d", i), FirstName: []string{"Mara", "Émile", "Zoë", "小明"}[i%4],
				FamilyName: []string{"Marin", "Étoile", "martin", "王", "Öz", "Mar"}[i%6], Name: []string{"Marine", "Other"}[i%2],
			}
			w.person(p.Username, p.FirstName, p.FamilyName, p.Name)
			all = append(all, p)
		}
		in := signUpOf("z@example.org", "waiting")
		in.FirstName, in.FamilyName = "Mara", "Martha"
		w.signUp(in)
		all = append(all, account.Person{Username: "waiting", FirstName: "Mara", FamilyName: "Martha"})

		slices.SortFunc(all, func(a, b account.Person) int { return bytes.Compare(a.SortKey(), b.SortKey()) })
		var want []string
		for _, p := range all {
			want = append(want, p.Username)
		}
		if got := w.usernames(api.UserFilter{}); !slices.Equal(got, want) {
			t.Errorf("the list is\n%q, want\n%q", got, want)
		}
		for _, query := range []string{"mar", "mar u", "m", "mara mart"} {
			want = nil
			for _, p := range all {
				if begins(query, p.Username, p.FirstName, p.FamilyName, p.Name, "example", "org") {
					want = append(want, p.Username)
				}
			}
			got := w.usernames(api.UserFilter{Query: query})
			if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) || len(want) == 0 {
				t.Errorf("%q finds %d %q, want %d %q", query, len(got), got, len(want), want)
			}
		}
	})
}

// begins tells whether each word of a query begins a word of a user.
func begins(query string, texts ...string) bool {
	words := strings.FieldsFunc(strings.ToLower(strings.Join(texts, " ")), func(r rune) bool { return r == ' ' || r == '-' })
	for _, q := range strings.Fields(query) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

func TestUsers_pagesHoldEachUserOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 2*staff.UsersPage + 7 {
			name := fmt.Sprintf("%c%c.user-%d", 'a'+i%3, 'A'+i%5, i)
			w.person(name, "Person", fmt.Sprint(i), "Example")
			want = append(want, name)
		}
		for i := range 5 {
			in := signUpOf(fmt.Sprintf("waiting%d@example.org", i), fmt.Sprintf("b-waiting.%d", i))
			w.signUp(in)
			want = append(want, in.Username)
		}
		got := w.usernames(api.UserFilter{})
		if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("listed %d, want %d: %q", len(got), len(want), got)
		}
		for _, rubbish := range []string{"zzz' OR 1=1 --\x00", "_", "____", base64.RawURLEncoding.EncodeToString([]byte("x")) + "="} {
			page, err := w.Users(t.Context(), caller.Caller{}, api.UserFilter{After: rubbish})
			if wantCode(t, err, api.CodeInvalid); len(page.Users) != 0 {
				t.Errorf("after %q: %v", rubbish, page)
			}
		}
	})
}

func TestUsers_filtersByStateAndRole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.administrator("boss")
		w.person("manager", "Mina", "Ger", "Example", api.RoleMeetingManager)
		for _, name := range []string{"active", "locked", "out", "leaving", "old", "leaving-out"} {
			w.person(name, "Some", "One", "Example")
		}
		w.signUp(signUpOf("waiting@example.org", "waiting"))
		for range w.Limits().IdentifierFailures {
			if w.fail("locked@example.org") == nil {
				t.Fatal("logged in")
			}
		}
		for _, name := range []string{"out", "leaving-out"} {
			if err := w.Deactivate(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"leaving", "leaving-out"} {
			if _, err := w.AskDeletion(t.Context(), caller.Caller{AccountID: w.idOf(name)}); err != nil {
				t.Fatal(err)
			}
		}
		w.sql(`UPDATE credentials SET password = '' WHERE account_id = $1`, w.idOf("old"))
		all := []string{"active", "boss", "leaving", "leaving-out", "locked", "manager", "old", "out", "waiting"}
		for _, c := range []struct {
			filter api.UserFilter
			want   []string
		}{
			{api.UserFilter{}, all},
			{api.UserFilter{Role: api.RoleParticipant}, all},
			{api.UserFilter{State: api.UserActive}, []string{"active", "boss", "manager"}},
			{api.UserFilter{State: api.UserLocked}, []string{"locked"}},
			{api.UserFilter{State: api.UserDeactivated}, []string{"leaving-out", "out"}},
			{api.UserFilter{State: api.UserDeleting}, []string{"leaving"}},
			{api.UserFilter{State: api.UserNoPassword}, []string{"old"}},
			{api.UserFilter{State: api.UserUnverified}, []string{"waiting"}},
			{api.UserFilter{Role: api.RoleAdministrator}, []string{"boss"}},
			{api.UserFilter{Role: api.RoleMeetingManager}, []string{"manager"}},
			{api.UserFilter{Role: api.RoleAdministrator, State: api.UserUnverified}, nil},
			{api.UserFilter{Role: api.RoleAdministrator, State: api.UserLocked}, nil},
			{api.UserFilter{Query: "some one", State: api.UserActive}, []string{"active"}},
		} {
			if got := slices.Sorted(slices.Values(w.usernames(c.filter))); !slices.Equal(got, c.want) {
				t.Errorf("%+v: %q, want %q", c.filter, got, c.want)
			}
		}
		for _, f := range []api.UserFilter{{State: "happy"}, {Role: "king"}} {
			_, err := w.Users(t.Context(), caller.Caller{}, f)
			wantCode(t, err, api.CodeInvalid)
		}
		// The lock ends with its window, and with it the state.
		w.pass(w.FailureWindow() + time.Hour)
		if got := w.usernames(api.UserFilter{State: api.UserLocked}); got != nil {
			t.Errorf("still locked: %q", got)
		}
	})
}

// idOf gives the id of an account, or of a sign-up that waits.
func (w *world) idOf(username string) string {
	w.t.Helper()
	page, err := w.Users(w.t.Context(), caller.Caller{}, api.UserFilter{Query: username})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, u := range page.Users {
		if u.Username == username {
			return u.ID
		}
	}
	w.t.Fatalf("no user %s", username)
	return ""
}

func TestUsers_followsWhatChanges(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		account := w.mustAccount(p)
		change := profileOf(account)
		change.FirstName, change.FamilyName = "Zoé", "Quast"
		if _, err := w.changeProfile(p, change); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ChangeUsername(t.Context(), p, api.ChangeUsername{Username: "zoe.quast"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: w.askEmail(p, "quast@other.example")}); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]int{"amina": 0, "okafor": 0, "zoe quast": 1, "zoe.quast": 1, "quast@other.example": 1, "example telecom": 1} {
			if got := w.usernames(api.UserFilter{Query: query}); len(got) != want {
				t.Errorf("%q: %q", query, got)
			}
		}
	})
}

func TestUsers_bearTheLongestNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		// Folded, this letter becomes 18.
		w.person("longest", strings.Repeat("ﷺ", 100), strings.Repeat("ﷺ", 100), strings.Repeat("ﷺ", 200))
		if got := w.usernames(api.UserFilter{Query: "longest صلى"}); len(got) != 1 {
			t.Errorf("found %q", got)
		}
	})
}

func TestIndex_followsEveryChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.person("jose", "José", "Muñoz", "Example")
		who := caller.Caller{AccountID: id}
		change := profileOf(w.mustAccount(who))
		change.FamilyName = "Øresund"
		if _, err := w.changeProfile(who, change); err != nil {
			t.Fatal(err)
		}
		if got := w.found("munoz", false); got != nil {
			t.Errorf("the name of before finds %q", got)
		}
		if got := w.found("oeresund", false); !slices.Equal(got, []string{"jose"}) {
			t.Errorf("the name of now finds %q", got)
		}
		if _, err := w.ChangeUsername(t.Context(), who, api.ChangeUsername{Username: "pepe"}); err != nil {
			t.Fatal(err)
		}
		if w.found("jose", true) == nil || w.found("pepe", false) == nil {
			t.Errorf("%q, %q", w.found("jose", true), w.found("pepe", false))
		}
	})
}

func TestSignUp_leavesNothingToSearchWhenItEnds(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		if err := w.RefuseSignUp(t.Context(), api.Link{Token: token(t, w.lastMail("activate"))}); err != nil {
			t.Fatal(err)
		}
		w.register("boris@example.org", "boris")
		if n := w.rows(`SELECT COUNT(*) FROM sign_ups WHERE search <> ''`); n != 0 {
			t.Errorf("%d sign-ups that have ended can be searched", n)
		}
	})
}

func TestUser_showsWhatStaffMustKnow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, id := w.administrator("boss"), w.person("manager", "Mina", "Ger", "Example", api.RoleMeetingManager)
		w.pass(time.Minute)
		at := w.Now()
		w.mustLogIn("manager", goodPassword)
		w.pass(time.Minute)
		if _, err := w.changeUser(boss, id, api.ChangeUser{Kind: api.KindEndSessions, Reason: "  laptop\nlost "}); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("manager", goodPassword)
		if err := w.staffDoes(boss, id, api.KindActivate); err != nil {
			t.Fatal(err)
		}
		out, err := w.setAddress(boss, id, "area@example.org")
		if err != nil || !out.Waiting {
			t.Fatalf("%+v, %v", out, err)
		}
		u, err := w.User(t.Context(), boss, id)
		if err != nil {
			t.Fatal(err)
		}
		if u.Username != "manager" || u.Name != "Mina Ger" || u.State != api.UserActive || !slices.Equal(u.Roles, []string{"participant", "meeting-manager"}) ||
			u.Language != "en" || !u.Created.Equal(start) || u.LastLogIn.Before(at) || u.SecondFactor || u.SecretQuestion || u.ResetAddress != nil {
			t.Errorf("%+v", u)
		}
		if len(u.Sessions) != 1 || u.Sessions[0].Current || u.Sessions[0].Machine == "" {
			t.Errorf("sessions %+v", u.Sessions)
		}
		if len(u.Pending) != 1 || u.Pending[0].ID != out.Approval || u.Pending[0].Email != "area@example.org" || !u.Pending[0].Own || u.Pending[0].By != "boss" {
			t.Errorf("pending %+v", u.Pending)
		}
		var ended *api.AuditEntry
		for i, e := range u.History {
			if e.Event == "sessions-ended" {
				ended = &u.History[i]
			}
		}
		if ended == nil || ended.Reason != "laptop lost" || !slices.Equal(ended.Details, []audit.Detail{audit.Fact(api.DetailBy, api.ByStaff)}) {
			t.Errorf("history %+v", u.History)
		}
		if n := w.rows(`SELECT COUNT(*) FROM audit WHERE details LIKE '%laptop%' OR reason LIKE '%laptop%' OR details LIKE '%area@%'`); n != 0 {
			t.Errorf("%d entries of the audit log hold what somebody typed", n)
		}
		for _, id := range []string{"", "x", "' OR 1=1 --", "\x00", tokens.New(), "00000000-0000-7000-8000-000000000000"} {
			_, err := w.User(t.Context(), boss, id)
			wantCode(t, err, api.CodeNotFound)
		}
	})
}

func TestUser_ofASignUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		w.signUp(signUpOf("waiting@example.org", "waiting"))
		id := w.idOf("waiting")
		u, err := w.User(t.Context(), boss, id)
		if err != nil || u.State != api.UserUnverified || u.Email != "waiting@example.org" || u.Name != "Amina Okafor" || u.Language != "en" || !u.Created.Equal(start) {
			t.Errorf("%+v, %v", u, err)
		}
		before := w.mailCount()
		stranger := caller.Caller{AccountID: w.person("stranger", "Stran", "Ger", "Example")}
		wantCode(t, w.staffDoes(stranger, id, api.KindSendActivation), api.CodeForbidden)
		if w.mailCount() != before || w.noted(audit.MailSentAgain) != 0 {
			t.Error("somebody who is no administrator has sent it again")
		}
		out, err := w.changeUser(boss, id, api.ChangeUser{Kind: api.KindSendActivation})
		if err != nil || out.Waiting || w.mailCount() != before+1 {
			t.Errorf("send again: %+v, %v, %d e-mails", out, err, w.mailCount()-before)
		}
		if u, err := w.User(t.Context(), boss, id); err != nil || u.State != api.UserUnverified {
			t.Errorf("staff has verified somebody's address: %+v, %v", u, err)
		} else if len(u.History) != 1 || u.History[0].Event != string(audit.MailSentAgain) || u.History[0].Reason != why {
			t.Errorf("history: %+v", u.History)
		}
		wantCode(t, w.staffDoes(boss, id, api.KindActivate), api.CodeWrongState)
		wantCode(t, w.staffDoes(boss, id, api.KindDeactivate), api.CodeWrongState)
		wantCode(t, w.staffDoes(boss, stranger.AccountID, api.KindSendActivation), api.CodeWrongState)
		_, err = w.setAddress(boss, id, "area@example.org")
		wantCode(t, err, api.CodeWrongState)
		_, err = w.setRoles(boss, id, api.RoleMeetingManager)
		wantCode(t, err, api.CodeWrongState)
		for range w.Limits().Mails {
			err = w.staffDoes(boss, id, api.KindSendActivation)
		}
		wantCode(t, err, api.CodeTooMany)
	})
}

// BenchmarkUsers is what staff does with lists, on both databases, with a thousand
// accounts and with as many as PLENARY_PEOPLE says (a million: about ten minutes
// to make them).
func BenchmarkUsers(b *testing.B) {
	many := 20_000
	if s := os.Getenv("PLENARY_PEOPLE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		many = n
	}
	for name, db := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		for _, people := range []int{1000, many} {
			b.Run(fmt.Sprintf("%s/%d", name, people), func(b *testing.B) { benchmarkUsers(b, newWorld(nil, db(b)), people) })
		}
	}
}

func benchmarkUsers(b *testing.B, w *world, people int) {
	w.makePeople(b, people)
	for name, f := range map[string]api.UserFilter{
		"all": {}, "active": {State: api.UserActive}, "no password": {State: api.UserNoPassword}, "locked": {State: api.UserLocked},
		"role": {Role: api.RoleAdministrator}, "common word": {Query: "ministry"}, "family name": {Query: "family41"}, "rare word": {Query: "person-999"},
		"two words": {Query: "amina family41"}, "nobody": {Query: "ministry zzzz"}, "passport": {Query: "mueller"},
		"inside words": {Query: "amily41", Inside: true}, "inside words, nobody": {Query: "zzzz", Inside: true},
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begin := time.Now()
				if _, err := w.Users(b.Context(), caller.Caller{}, f); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// makePeople makes accounts as they are in an organization of many countries: one
// in fifty has never had a password.
func (w *world) makePeople(b *testing.B, people int) {
	first := []string{"José", "Amina", "伟", "سلمى", "Łukasz", "Olga", "Jean-Pierre", "Mette", "Ngozi", "Aiko"}
	for done := 0; done < people; {
		err := w.DB.Update(b.Context(), func(tx *store.Tx) error {
			for range min(5000, people-done) {
				done++
				p := account.Person{
					Username: fmt.Sprintf("%c.person-%d", 'a'+done%26, done), Email: fmt.Sprintf("person.%d@mail%d.example.org", done, done%900),
					FirstName: first[done%len(first)], FamilyName: fmt.Sprintf("Family%d", done%7000), Language: "en", Country: "CH",
					Name: fmt.Sprintf("Ministry of Communications %d", done%190),
				}
				if done%20_000 == 7 {
					p.FamilyName = "Müller"
				}
				password := "hash"
				if done%50 == 0 {
					password = ""
				}
				id, err := account.NewID()
				if err != nil {
					return err
				}
				tx.AddOwner(id)
				w.Insert(tx, id, p, password, nil)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// An export is noted with the filter by the service's names, and its pages are as long as
// is asked for.
func TestUsers_exportIsNoted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		for i := range staff.UsersPage + 5 {
			w.person(fmt.Sprintf("somebody%d", i), "Some", "Body", "Example")
		}
		page, err := w.Users(t.Context(), boss, api.UserFilter{Limit: api.UsersLimit})
		if err != nil || len(page.Users) != staff.UsersPage+6 || page.Next != "" {
			t.Errorf("%d users, next %q, %v", len(page.Users), page.Next, err)
		}
		if page, err = w.Users(t.Context(), boss, api.UserFilter{Limit: 2}); err != nil || len(page.Users) != 2 || page.Next == "" {
			t.Errorf("%d users, next %q, %v", len(page.Users), page.Next, err)
		}
		in := api.ExportUsers{Query: "secretname", State: api.UserActive, Role: api.RoleAdministrator}
		if err := w.ExportUsers(audit.From(t.Context(), audit.Origin{Actor: boss.AccountID}), boss, in); err != nil {
			t.Fatal(err)
		}
		list, _, err := audit.List(t.Context(), w.DB, audit.Filter{Event: string(audit.UsersExported)})
		want := []audit.Detail{audit.Fact(api.DetailUserState, api.UserActive), audit.Fact(api.DetailUserRole, api.RoleAdministrator)}
		if err != nil || len(list) != 1 || list[0].Actor != "boss" || !slices.Equal(list[0].Details, want) {
			t.Errorf("noted %+v, %v", list, err)
		}
		if tables := w.holds("secretname"); len(tables) != 0 {
			t.Errorf("what was searched for is in %q", tables)
		}
		wantCode(t, w.ExportUsers(t.Context(), boss, api.ExportUsers{State: "gone"}), api.CodeInvalid)
	})
}
