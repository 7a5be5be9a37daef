package registrations_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/registrations"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// listed is what the manager sees for a filter: all pages of it, of so many rows.
func (w *world) listed(f api.RegistrationFilter) (rows []api.RegistrationRow) {
	w.t.Helper()
	f.Meeting = code
	for {
		page, err := w.Registrations.Managed(w.t.Context(), aManager, f)
		if err != nil {
			w.t.Fatal(err)
		}
		if f.Limit > 0 && len(page.Registrations) > f.Limit {
			w.t.Fatalf("a page of %d", len(page.Registrations))
		}
		rows = append(rows, page.Registrations...)
		if f.After = page.Next; f.After == "" {
			return rows
		}
		if len(rows) > 1000 {
			w.t.Fatal("no end")
		}
	}
}

// people are those of rows, in their order.
func people(rows []api.RegistrationRow) string {
	var names []string
	for _, r := range rows {
		names = append(names, r.Person)
	}
	return strings.Join(names, ", ")
}

// guest is somebody to enter, without an account.
func guest(name, organization, country, membership string) registrations.Entry {
	return registrations.Entry{Person: name, Organization: organization, Country: country, Membership: membership, Register: ask(api.OnSite)}
}

// crowd enters people whose orders differ by whatever they are sorted.
func (w *world) crowd() {
	w.t.Helper()
	w.meeting(func(d *api.MeetingDetails) { d.Capacity = 4 })
	remote := guest("Óscar", "Ulysses", "AT", "academia")
	remote.Register.Participation = api.Remote
	for _, e := range []registrations.Entry{
		guest("Müller", "Élan", "CH", "academia"), guest("Adams", "ultra", "FR", "member-state"), remote,
		guest("Иванов", "Beta", "CH", "academia"), guest("王小明", "Alpha", "CN", "member-state"),
	} {
		w.pass(time.Second)
		if _, err := w.Enter(w.t.Context(), []registrations.Entry{e}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestManaged_sortsAndFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.crowd()
		found := w.listed(api.RegistrationFilter{Query: "adams"})
		if people(found) != "Adams" {
			t.Fatalf("found: %s", people(found))
		}
		first := found[0]
		w.pass(time.Minute)
		if _, err := w.decide(first.Number, api.Decide{Reason: "x"}); err == nil {
			t.Error("a confirmed one is refused")
		}
		waiting := w.listed(api.RegistrationFilter{State: api.WaitingList})
		if people(waiting) != "王小明" {
			t.Fatalf("waiting: %s", people(waiting))
		}
		if _, err := w.decide(waiting[0].Number, api.Decide{Reason: "Full"}); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			filter api.RegistrationFilter
			want   string
		}{
			{api.RegistrationFilter{}, "Adams, Müller, Óscar, Иванов, 王小明"},
			{api.RegistrationFilter{Descending: true}, "王小明, Иванов, Óscar, Müller, Adams"},
			{api.RegistrationFilter{Sort: api.SortByOrganization}, "王小明, Иванов, Müller, Adams, Óscar"},
			{api.RegistrationFilter{Sort: api.SortByCountry}, "Óscar, Müller, Иванов, 王小明, Adams"},
			{api.RegistrationFilter{Sort: api.SortByCreated}, "Müller, Adams, Óscar, Иванов, 王小明"},
			{api.RegistrationFilter{Sort: api.SortByCreated, Descending: true}, "王小明, Иванов, Óscar, Adams, Müller"},
			{api.RegistrationFilter{Sort: api.SortByChanged, Descending: true, State: api.Confirmed}, "Иванов, Óscar, Adams, Müller"},
			{api.RegistrationFilter{Sort: api.SortByState}, "Müller, Adams, Óscar, Иванов, 王小明"},
			{api.RegistrationFilter{State: api.Refused}, "王小明"},
			{api.RegistrationFilter{Country: "CH"}, "Müller, Иванов"},
			{api.RegistrationFilter{Country: "CH", State: api.Refused}, ""},
			{api.RegistrationFilter{Membership: "member-state"}, "Adams, 王小明"},
			{api.RegistrationFilter{Membership: "member-state", Country: "CN", Sort: api.SortByChanged}, "王小明"},
			{api.RegistrationFilter{Participation: api.Remote}, "Óscar"},
			{api.RegistrationFilter{Visa: "asked"}, ""},
			{api.RegistrationFilter{Query: "ul"}, "Adams, Óscar"}, // which begins no number
		} {
			for _, limit := range []int{0, 1, 2} {
				tc.filter.Limit = limit
				got := people(w.listed(tc.filter))
				if got != tc.want {
					t.Errorf("%+v: %s, want %s", tc.filter, got, tc.want)
				}
			}
		}
		page, err := w.Registrations.Managed(t.Context(), aManager, api.RegistrationFilter{Meeting: code, State: api.Refused})
		if err != nil || len(page.Counts) != 2 || page.Counts[api.Confirmed] != 4 || page.Counts[api.Refused] != 1 {
			t.Errorf("counts %v, %v", page.Counts, err)
		}
		r := page.Registrations[0]
		if r.Organization != "Alpha" || r.Country != "CN" || r.Membership != "member-state" || r.Participation != api.OnSite ||
			!r.Created.Before(r.Changed) || r.Number == "" || r.Version == 0 {
			t.Errorf("row %+v", r)
		}
	})
}

// What the rules find, the managers' list finds, in whatever script, and nothing else.
func TestManaged_findsInAnyScript(t *testing.T) {
	var table struct{ Both, Neither [][2]string }
	b, err := os.ReadFile("../../rules/testdata/searches.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
		enter := func(e registrations.Entry) string {
			t.Helper()
			entered, err := w.Enter(t.Context(), []registrations.Entry{e})
			if err != nil {
				t.Fatal(err)
			}
			return entered[0].Number
		}
		found := func(query string) (numbers []string) {
			for _, r := range w.listed(api.RegistrationFilter{Query: query, Limit: 3}) {
				numbers = append(numbers, r.Number)
			}
			slices.Sort(numbers)
			if unique := slices.Compact(slices.Clone(numbers)); len(unique) != len(numbers) {
				t.Errorf("%q finds somebody twice", query)
			}
			return numbers
		}
		for i, c := range table.Both {
			number := enter(guest(c[0], fmt.Sprintf("Org%d", i), "CH", ""))
			if !slices.Contains(found(c[1]), number) {
				t.Errorf("%q is not found by %q", c[0], c[1])
			}
			if !slices.Equal(found(fmt.Sprintf("org%d %s", i, c[1])), []string{number}) {
				t.Errorf("%q is not found by its organization and %q alone", c[0], c[1])
			}
		}
		for _, c := range table.Neither {
			if number := enter(guest(c[0], "", "CH", "")); slices.Contains(found(c[1]), number) {
				t.Errorf("%q is found by %q", c[0], c[1])
			}
		}
		badge := guest("Smith", "Institut d'études", "FR", "")
		badge.Register.BadgeName = "Dr Wanda O'Brien"
		number := enter(badge)
		for _, query := range []string{"wanda", "obrien", "o'brien", "etudes smi", "SMITH dr", number, strings.ToLower(number), number[2:6], number[2:] + " smith"} {
			if !slices.Equal(found(query), []string{number}) {
				t.Errorf("%q finds %v", query, found(query))
			}
		}
		for _, query := range []string{"ith", "wanda nobody", "obrienx"} {
			if got := found(query); len(got) != 0 {
				t.Errorf("%q finds %v", query, got)
			}
		}
	})
}

// A page goes on where the one before ended, whatever has come, gone or changed since:
// whoever was there all the time is given once.
func TestManaged_pagesUnderChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, query := range []string{"", "fam"} {
			w := newWorld(t, db)
			w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 0, api.ApprovalSecretariat })
			for i := range 9 {
				e := guest(fmt.Sprintf("Family%d", 2*i), fmt.Sprintf("Famous%d", i%3), "CH", "")
				if _, err := w.Enter(t.Context(), []registrations.Entry{e}); err != nil {
					t.Fatal(err)
				}
			}
			seen := map[string]int{}
			f := api.RegistrationFilter{Meeting: code, Query: query, Limit: 2}
			for pages := 0; ; pages++ {
				page, err := w.Registrations.Managed(t.Context(), aManager, f)
				if err != nil {
					t.Fatal(err)
				}
				if (page.Counts != nil) != (pages == 0) {
					t.Errorf("page %d has counts %v", pages, page.Counts)
				}
				for _, r := range page.Registrations {
					seen[r.Person]++
				}
				if f.After = page.Next; f.After == "" {
					break
				}
				last := page.Registrations[len(page.Registrations)-1]
				if _, err := w.decide(last.Number, api.Decide{Approve: true}); err != nil {
					t.Fatal(err)
				}
				if _, err := w.Enter(t.Context(), []registrations.Entry{guest(fmt.Sprintf("Family0%d", pages), "", "CH", "")}); err != nil {
					t.Fatal(err)
				}
			}
			for i := range 9 {
				if n := seen[fmt.Sprintf("Family%d", 2*i)]; n != 1 {
					t.Errorf("searching %q, Family%d was given %d times", query, 2*i, n)
				}
			}
			w.past(func(tx *store.Tx) {
				for _, q := range []string{"registration_events", "registration_search", "registration_words", "registrations"} {
					tx.Do(`DELETE FROM ` + q)
				}
			})
		}
	})
}

// The counts follow each change, whichever node made it, and read again what has changed.
func TestManaged_countsFollow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.Approval = 2, api.ApprovalSecretariat })
		want := func(counts map[string]int) {
			t.Helper()
			page, err := w.Registrations.Managed(t.Context(), aManager, api.RegistrationFilter{Meeting: code})
			if err != nil || !maps.Equal(page.Counts, counts) {
				t.Errorf("counts %v, %v, want %v", page.Counts, err, counts)
			}
		}
		want(map[string]int{})
		ana, bea, cleo := w.person("Ana", "en"), w.person("Bea", "en"), w.person("Cleo", "en")
		first := w.register(ana).Registration.Number
		want(map[string]int{api.WaitingSecretariat: 1})
		w.register(bea)
		w.register(cleo)
		want(map[string]int{api.WaitingSecretariat: 2, api.WaitingList: 1})
		if _, err := w.decide(first, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		want(map[string]int{api.Confirmed: 1, api.WaitingSecretariat: 1, api.WaitingList: 1})
		w.past(func(tx *store.Tx) { // her place is given to the first in line
			if err := w.Erase(tx, ana); err != nil {
				t.Fatal(err)
			}
		})
		page, err := w.Registrations.Managed(t.Context(), aManager, api.RegistrationFilter{Meeting: code})
		if err != nil {
			t.Fatal(err)
		}
		counted := map[string]int{}
		for _, r := range page.Registrations {
			counted[r.State]++
		}
		want(counted)
	})
}

func TestManaged_refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.crowd()
		mine, other := w.manager("Mine"), w.manager("Other")
		w.appoint(code, mine)
		lists := func(who string, f api.RegistrationFilter) api.Code {
			t.Helper()
			page, err := w.Registrations.Managed(t.Context(), w.caller(who), f)
			if err != nil && (len(page.Registrations) > 0 || len(page.Counts) > 0) {
				t.Errorf("refused with %+v", page)
			}
			return codeOf(t, err)
		}
		page, err := w.Registrations.Managed(t.Context(), w.caller(mine), api.RegistrationFilter{Meeting: code, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		byCountry, err := w.Registrations.Managed(t.Context(), w.caller(mine), api.RegistrationFilter{Meeting: code, Sort: api.SortByCountry, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			who  string
			f    api.RegistrationFilter
			want api.Code
		}{
			{mine, api.RegistrationFilter{Meeting: code, After: page.Next}, ""},
			{other, api.RegistrationFilter{Meeting: code}, api.CodeNotFound},
			{other, api.RegistrationFilter{Meeting: code, After: page.Next}, api.CodeNotFound},
			{w.person("Part", "en"), api.RegistrationFilter{Meeting: code}, api.CodeNotFound},
			{mine, api.RegistrationFilter{Meeting: "C-00000000"}, api.CodeNotFound},
			{mine, api.RegistrationFilter{Meeting: "C-\x00"}, api.CodeNotFound},
			{mine, api.RegistrationFilter{Meeting: code, Sort: "answers"}, api.CodeInvalid},
			{mine, api.RegistrationFilter{Meeting: code, After: "x"}, api.CodeInvalid},
			{mine, api.RegistrationFilter{Meeting: code, After: byCountry.Next}, api.CodeInvalid}, // of another order
			{mine, api.RegistrationFilter{Meeting: code, Query: "ad", After: page.Next}, api.CodeInvalid},
			{mine, api.RegistrationFilter{Meeting: code, Query: "\x00 \xff !%_"}, ""},
			{mine, api.RegistrationFilter{Meeting: code, State: "\x00' OR 1=1"}, api.CodeInvalid},
		} {
			if got := lists(tc.who, tc.f); got != tc.want {
				t.Errorf("%+v: %q, want %q", tc.f, got, tc.want)
			}
		}
	})
}

// A search gives words to those who came lately; the job does for everybody, and has
// nothing to do then until something changes.
func TestManaged_indexedByTheJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.crowd()
		jobs := w.Registrations.Jobs()
		index := &jobs[0]
		for i := range jobs {
			if jobs[i].Name == "index-registrations" {
				index = &jobs[i]
			}
		}
		waits := func() (waits bool) {
			t.Helper()
			w.past(func(tx *store.Tx) { waits = tx.Has(`SELECT 1 WHERE ` + index.If) })
			return waits
		}
		if !waits() {
			t.Fatal("the job does not wait")
		}
		if err := index.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waits() {
			t.Error("it waits when it has just been done")
		}
		w.past(func(tx *store.Tx) {
			if !tx.Has(`SELECT 1 FROM registration_words WHERE word = $1`, []byte("adams")) {
				t.Error("no words were written")
			}
		})
		// Whoever is erased before having words gets none.
		ana := w.person("Zoltana", "en")
		w.register(ana)
		w.past(func(tx *store.Tx) {
			if err := w.Erase(tx, ana); err != nil {
				t.Fatal(err)
			}
		})
		if err := index.Do(t.Context()); err != nil || waits() {
			t.Errorf("done again: %v, waits %v", err, waits())
		}
		if got := w.listed(api.RegistrationFilter{Query: "example"}); len(got) != 0 {
			t.Errorf("found %+v", got)
		}
	})
}

// Of an erased account nothing is found, and its row says nothing of it.
func TestManaged_erased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "en")
		w.register(ana)
		if n := len(w.listed(api.RegistrationFilter{Query: "ana"})); n != 1 {
			t.Fatalf("%d found", n)
		}
		w.past(func(tx *store.Tx) {
			if err := w.Erase(tx, ana); err != nil {
				t.Fatal(err)
			}
		})
		for _, query := range []string{"ana", "example", "somebody"} {
			if got := w.listed(api.RegistrationFilter{Query: query}); len(got) != 0 {
				t.Errorf("%q finds %+v", query, got)
			}
		}
		rows := w.listed(api.RegistrationFilter{Sort: api.SortByOrganization})
		if len(rows) != 1 || rows[0].Person != "" || rows[0].Organization != "" {
			t.Errorf("rows %+v", rows)
		}
		w.past(func(tx *store.Tx) {
			if tx.Has(`SELECT 1 FROM registration_words`) {
				t.Error("words are left")
			}
		})
	})
}

// What was answered comes with the rows where it is asked for, each with its own.
func TestManaged_givesAnswersWhereTheyAreAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
		for _, name := range []string{"Adams", "Bell", "Clark"} {
			e := guest(name, "Org", "CH", "academia")
			e.Register.Answers, e.Register.Companions = api.Answers{"meals": {name}}, []api.Companion{{Name: name + " jr."}}
			if _, err := w.Enter(t.Context(), []registrations.Entry{e}); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []api.RegistrationFilter{{Meeting: code}, {Meeting: code, Descending: true}, {Meeting: code, Query: "be"}} {
			without, err := w.Registrations.Managed(t.Context(), aManager, f)
			if err != nil || without.Answers != nil {
				t.Fatalf("answers that nobody asked for: %+v, %v", without.Answers, err)
			}
			f.Full = true
			page, err := w.Registrations.Managed(t.Context(), aManager, f)
			if err != nil || len(page.Answers) != len(page.Registrations) || len(page.Answers) == 0 {
				t.Fatalf("%+v, %v", page, err)
			}
			for i, r := range page.Registrations {
				if got := page.Answers[i]; got.Answers["meals"][0] != r.Person || got.Companions[0].Name != r.Person+" jr." {
					t.Errorf("%s has %+v", r.Person, got)
				}
			}
		}
	})
}
