package organizations

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// world is the organizations of a service, and another node of it.
type world struct {
	*Organizations
	other *Organizations
	t     *testing.T
	db    *store.DB
	n     int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		node := func() *Organizations {
			o, err := New(db, audit.New(secret.Generate(), time.Now), time.Now)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		test(t, &world{Organizations: node(), other: node(), t: t, db: db})
	})
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// enters makes an account that entered an organization, and gives that one's id.
func (w *world) enters(name, country string) string {
	w.t.Helper()
	w.n++
	account, entered := fmt.Sprintf("account-%02d", w.n), fmt.Sprintf("entered-%02d", w.n)
	w.exec(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
			country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
		VALUES ($1, $1, $1, $1, $1, '', 'A', 'B', '', 'en', $2, 'unknown', $3, $4, 0, 1, 1, '', $5)`, account, country, entered, name, []byte(account))
	w.exec(`INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
		VALUES ($1, $2, $3, 'Nyon', 'example.org', $4, 'unknown', $5)`, entered, account, name, country, w.n)
	return entered
}

// belongs says which organization an account has: "id name country membership".
func (w *world) belongs(n int) string {
	w.t.Helper()
	var o api.Organization
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		if !tx.Get(`SELECT organization_id, organization_name, country, membership FROM accounts WHERE id = $1`,
			fmt.Sprintf("account-%02d", n)).Into(&o.ID, &o.Name, &o.Country, &o.Membership) {
			return sql.ErrNoRows
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return text(o)
}

func text(o api.Organization) string {
	return strings.Join([]string{o.ID, o.Name, o.Country, o.Membership}, " ")
}

func (w *world) entered() []string {
	w.t.Helper()
	page, err := w.Entered(w.t.Context(), caller.Caller{}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	var ids []string
	for _, e := range page.Organizations {
		ids = append(ids, e.ID)
	}
	return ids
}

// problem gives "code" or "invalid pointer code ...".
func problem(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	p, ok := errors.AsType[*api.Problem](err)
	if !ok {
		t.Fatalf("no problem but %v", err)
	}
	s := string(p.Code)
	for _, f := range p.Errors {
		s += " " + f.Pointer + " " + f.Code
	}
	return s
}

func (w *world) events() string {
	w.t.Helper()
	list, _, err := audit.List(w.t.Context(), w.db, audit.Filter{})
	if err != nil {
		w.t.Fatal(err)
	}
	var events []string
	for _, e := range list {
		events = append(events, e.Event+" "+e.Subject)
	}
	slices.Sort(events)
	return strings.Join(events, ", ")
}

func TestAccept_joinsTheDirectoryOnEveryNode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.enters("Télécom  Exemple", "CH") // 1
		w.enters("TELECOM EXEMPLE.", "CH")          // 2: the same
		w.enters("Telecom Exemple", "FR")           // 3: another country
		w.enters("Telecom Exemple Sud", "CH")       // 4: another name
		w.enters("telecom exemple", "CH")           // 5: the same, but belongs to another one by now
		w.exec(`UPDATE accounts SET organization_id = 'other', organization_name = 'Other' WHERE id = 'account-05'`)
		before := w.Directory()
		in := api.AcceptOrganization{Name: "  Télécom Exemple SA ", Country: "CH", Membership: "sector-member"}
		if err := w.Accept(t.Context(), caller.Caller{}, first, in); err != nil {
			t.Fatal(err)
		}
		after := w.Directory()
		if after == before || len(after.All()) != len(before.All())+1 || !slices.IsSortedFunc(after.All(), func(a, b api.Organization) int {
			return strings.Compare(a.Country+"\t"+a.Membership+"\t"+a.Name, b.Country+"\t"+b.Membership+"\t"+b.Name)
		}) {
			t.Error("the directory is not what it should be")
		}
		at := slices.IndexFunc(after.All(), func(o api.Organization) bool { return o.Name == "Télécom Exemple SA" })
		if at < 0 {
			t.Fatal("it is not in the directory")
		}
		o := after.All()[at]
		if found, ok := w.Find(o.ID); !ok || found != o || len(o.ID) != 12 || o.Country != "CH" || o.Membership != "sector-member" {
			t.Errorf("%+v", o)
		}
		if _, ok := w.other.Find(o.ID); ok {
			t.Error("the other node knew before it looked")
		}
		if err := w.other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if found, ok := w.other.Find(o.ID); !ok || found != o {
			t.Errorf("on the other node: %+v", found)
		}
		for n, want := range map[int]string{
			1: text(o), 2: text(o), 3: "entered-03 Telecom Exemple FR unknown", 4: "entered-04 Telecom Exemple Sud CH unknown",
			5: "other Other CH unknown",
		} {
			if got := w.belongs(n); got != want {
				t.Errorf("account %d belongs to %q, want %q", n, got, want)
			}
		}
		if got := w.entered(); !slices.Equal(got, []string{"entered-03", "entered-04"}) {
			t.Errorf("left: %v", got)
		}
		if got := w.events(); got != "organization-accepted , organization-accepted account-01, organization-accepted account-02" {
			t.Errorf("noted: %s", got)
		}
		// The same once more is in the directory; a refresh that finds nothing new keeps it.
		again := w.enters("Telecom exemple s.a.", "CH")
		in.Name = "TÉLÉCOM EXEMPLE SA"
		if got := problem(t, w.Accept(t.Context(), caller.Caller{}, again, in)); got != "invalid /name not-accepted" {
			t.Errorf("accepted twice: %q", got)
		}
		if got := w.entered(); !slices.Contains(got, again) {
			t.Error("the refused one is gone")
		}
		same := w.Directory()
		if err := w.Refresh(t.Context()); err != nil || w.Directory() != same {
			t.Errorf("another directory without a change: %v", err)
		}
	})
}

func TestMerge_makesThoseWhoEnteredItMembers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		into := w.Directory().All()[1000]
		first := w.enters("Some Institute", "CH")
		w.enters("SOME INSTITUTE", "CH")
		w.enters("Some Institute", "DE")
		if err := w.Merge(t.Context(), caller.Caller{}, first, api.MergeOrganization{OrganizationID: into.ID}); err != nil {
			t.Fatal(err)
		}
		for n, want := range map[int]string{1: text(into), 2: text(into), 3: "entered-03 Some Institute DE unknown"} {
			if got := w.belongs(n); got != want {
				t.Errorf("account %d belongs to %q, want %q", n, got, want)
			}
		}
		if got := w.entered(); !slices.Equal(got, []string{"entered-03"}) {
			t.Errorf("left: %v", got)
		}
		if got := problem(t, w.Merge(t.Context(), caller.Caller{}, first, api.MergeOrganization{OrganizationID: into.ID})); got != "not-found" {
			t.Errorf("merged again: %q", got)
		}
		if got := problem(t, w.Merge(t.Context(), caller.Caller{}, "entered-03", api.MergeOrganization{OrganizationID: "nothing"})); got != "invalid /organization_id unknown" {
			t.Errorf("into nothing: %q", got)
		}
		if got := w.events(); got != "organization-merged account-01, organization-merged account-02" {
			t.Errorf("noted: %s", got)
		}
		if got := w.belongs(3); got != "entered-03 Some Institute DE unknown" {
			t.Errorf("after a refusal: %q", got)
		}
	})
}

func TestAccept_refusesWhatIsNoOrganization(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.enters("New One", "CH")
		known := w.Directory().All()[0]
		for _, c := range []struct {
			name string
			id   string
			in   api.AcceptOrganization
			want string
		}{
			{"no name", id, api.AcceptOrganization{Name: " ", Country: "CH", Membership: "media"}, "invalid /name required"},
			{"two lines", id, api.AcceptOrganization{Name: "a\nb", Country: "CH", Membership: "media"}, "invalid /name invalid"},
			{"turned around", id, api.AcceptOrganization{Name: "a\u202eb", Country: "CH", Membership: "media"}, "invalid /name invalid"},
			{"too long", id, api.AcceptOrganization{Name: strings.Repeat("é", 201), Country: "CH", Membership: "media"}, "invalid /name too-long"},
			{"no country", id, api.AcceptOrganization{Name: "New One", Country: "XX", Membership: "media"}, "invalid /country invalid"},
			{"no type", id, api.AcceptOrganization{Name: "New One", Country: "CH", Membership: "unknown"}, "invalid /membership unknown"},
			{"in the directory", id, api.AcceptOrganization{Name: known.Name, Country: known.Country, Membership: known.Membership}, "invalid /name not-accepted"},
			{"not there", "entered-99", api.AcceptOrganization{Name: "New One", Country: "CH", Membership: "media"}, "not-found"},
		} {
			if got := problem(t, w.Accept(t.Context(), caller.Caller{}, c.id, c.in)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if got := w.entered(); !slices.Equal(got, []string{id}) || w.events() != "" {
			t.Errorf("changed: %v, %s", got, w.events())
		}
	})
}

func TestAcceptAndMerge_atOnceApplyOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		into := w.Directory().All()[1000]
		for range 5 {
			id := w.enters(fmt.Sprintf("Contested %d", w.n), "CH")
			var mu sync.Mutex
			got := map[string]int{}
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() {
					node, err := w.Organizations, error(nil)
					if i%3 == 0 {
						node = w.other
					}
					if i%2 == 0 {
						err = node.Merge(t.Context(), caller.Caller{}, id, api.MergeOrganization{OrganizationID: into.ID})
					} else {
						err = node.Accept(t.Context(), caller.Caller{}, id, api.AcceptOrganization{Name: "Contested " + id, Country: "CH", Membership: "media"})
					}
					mu.Lock()
					defer mu.Unlock()
					got[problem(t, err)]++
				})
			}
			wg.Wait()
			if got[""] != 1 || got["not-found"] != 5 {
				t.Errorf("outcomes: %v", got)
			}
		}
		if events := strings.Split(w.events(), ", "); len(events) != 5 {
			t.Errorf("noted: %v", events)
		}
	})
}

func TestEntered_goesOnBehindACursor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range pageSize + 2 {
			w.enters(fmt.Sprintf("Zzyzx %d", i), "CH")
		}
		first, err := w.Entered(t.Context(), caller.Caller{}, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(first.Organizations) != pageSize || first.Next == "" {
			t.Fatalf("%d, next %q", len(first.Organizations), first.Next)
		}
		e := first.Organizations[0]
		if e.ID != "entered-01" || e.By != "account-01" || e.City != "Nyon" || e.Website != "example.org" || e.Membership != "unknown" || e.Entered.IsZero() {
			t.Errorf("%+v", e)
		}
		second, err := w.Entered(t.Context(), caller.Caller{}, first.Next)
		if err != nil || len(second.Organizations) != 2 || second.Next != "" || second.Organizations[0].ID != "entered-51" {
			t.Errorf("%+v, %v", second, err)
		}
	})
}

func TestExportEntered_isNoted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.ExportEntered(t.Context(), caller.Caller{}); err != nil {
			t.Fatal(err)
		}
		if list, _, err := audit.List(t.Context(), w.db, audit.Filter{Event: string(audit.OrganizationsExported)}); err != nil || len(list) != 1 {
			t.Errorf("noted %+v, %v", list, err)
		}
	})
}
