package delegations_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/accounts"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/delegations"
	"plenary/service/mail"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

type world struct {
	*delegations.Delegations
	t    *testing.T
	db   *store.DB
	key  *secret.Key
	boss caller.Caller // of the secretariat
}

// listed are the organizations of the directory: those whose id begins so.
func listed(id string) (api.Organization, bool) {
	return api.Organization{ID: id, Name: "Organization " + id, Country: "CH", Membership: "academia"}, strings.HasPrefix(id, "org-")
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{t: t, db: db, key: secret.Generate()}
		clock := func() time.Time { return now }
		a := accounts.New(account.Deps{
			DB: db, Key: w.key, Mail: mail.NewOutbox(w.key, clock), Now: clock, Organization: listed,
			Address: func() string { return "https://plenary.example.int" }, Name: func() string { return "Example" },
			Hashing: credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
		})
		w.Delegations = delegations.New(delegations.Deps{DB: db, Now: clock, Accounts: a.Accounts, Users: a.Users})
		w.boss = caller.Caller{AccountID: w.person("Boss", "org-z", api.RoleMeetingManager), Roles: []string{api.RoleParticipant, api.RoleMeetingManager}}
		test(t, w)
	})
}

// person makes an account; its organization was entered by hand where it is not listed.
func (w *world) person(name, organization string, roles ...string) string {
	w.t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	p := account.Person{
		Username: strings.ToLower(name), Email: strings.ToLower(name) + "@example.org", FirstName: name, Language: "en", Country: "CH", Membership: "academia",
	}
	o, ok := listed(organization)
	p.Directory, p.Name = o.ID, o.Name
	if !ok {
		p.Directory, p.Entered = "", &api.NewOrganization{Name: organization}
	}
	w.past(func(tx *store.Tx) {
		tx.AddOwner(id)
		w.Accounts.Insert(tx, id, p, "x", roles)
	})
	return id
}

func (w *world) past(do func(*store.Tx)) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), func(tx *store.Tx) error { do(tx); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// appointments are "name kind", by name.
func (w *world) appointments() (all []string) {
	w.t.Helper()
	page, err := w.Appointees(w.t.Context(), w.boss, api.AppointeeFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range page.People {
		all = append(all, p.Name+" "+p.Kind)
	}
	slices.Sort(all)
	return all
}

// mails are "recipient: template", oldest first.
func (w *world) mails() (all []string) {
	w.t.Helper()
	for m, err := range mail.Outgoing(w.t.Context(), w.db, w.key, mail.Info{Organization: "Example"}) {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, strings.TrimSuffix(m.To, "@example.org")+": "+m.Template)
	}
	slices.Reverse(all)
	return all
}

func (w *world) appoint(id, organization, kind string) error {
	return w.Appoint(w.t.Context(), w.boss, id, api.Appoint{Kind: kind, OrganizationID: organization})
}

func wants(t *testing.T, what string, err error, code api.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !api.HasCode(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// One focal point and one assistant for each organization: who comes after takes the
// place. All are told; the same again tells nobody.
func TestAppoint_oneOfEachKind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, ben, cem := w.person("Ana", "org-a"), w.person("Ben", "org-a"), w.person("Cem", "org-c")
		wants(t, "Ana", w.appoint(ana, "org-a", api.FocalPoint), "")
		wants(t, "Ana again", w.appoint(ana, "org-a", api.FocalPoint), "")
		wants(t, "Ben", w.appoint(ben, "org-a", api.Assistant), "")
		wants(t, "Cem", w.appoint(cem, "org-c", api.FocalPoint), "")
		same(t, "appointed", w.appointments(), "Ana focal-point", "Ben assistant", "Cem focal-point")
		wants(t, "Ben in place of Ana", w.appoint(ben, "org-a", api.FocalPoint), "")
		same(t, "then", w.appointments(), "Ben focal-point", "Cem focal-point")
		same(t, "told", w.mails(), "ana: focal-point-appointed", "ben: focal-point-appointed", "cem: focal-point-appointed",
			"ana: focal-point-ended", "ben: focal-point-appointed")
		wants(t, "the end", w.End(t.Context(), w.boss, ben), "")
		wants(t, "the end again", w.End(t.Context(), w.boss, ben), "")
		same(t, "at last", w.appointments(), "Cem focal-point")
		var events []string
		w.past(func(tx *store.Tx) {
			events = nil
			for scan := range tx.Each(`SELECT event FROM audit ORDER BY id`) {
				var e string
				scan(&e)
				events = append(events, e)
			}
		})
		appointed, ended := string(audit.FocalPointAppointed), string(audit.FocalPointEnded)
		same(t, "the log", events, appointed, appointed, appointed, ended, appointed, ended)
	})
}

func TestAppoint_refusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, entered, out := w.person("Ana", "org-a"), w.person("Ben", "Radio Andorra"), w.person("Out", "org-a")
		var own string
		w.past(func(tx *store.Tx) {
			tx.Do(`INSERT INTO deactivated (account_id, since) VALUES ($1, 1)`, out)
			tx.Get(`SELECT organization_id FROM accounts WHERE id = $1`, entered).Into(&own)
		})
		for _, c := range []struct {
			name, id, organization string
			code                   api.Code
		}{
			{"of another organization", ana, "org-b", api.CodeOutdated},
			{"of one entered by hand", entered, own, api.CodeInvalid},
			{"deactivated", out, "org-a", api.CodeWrongState},
			{"oneself", w.boss.AccountID, "org-z", api.CodeOwnRoles},
			{"nobody", uuid.NewString(), "org-a", api.CodeNotFound},
			{"no id", "x", "org-a", api.CodeNotFound},
		} {
			wants(t, c.name, w.appoint(c.id, c.organization, api.FocalPoint), c.code)
		}
		wants(t, "the end for nobody", w.End(t.Context(), w.boss, uuid.NewString()), api.CodeNotFound)
		same(t, "appointed", w.appointments())
	})
}

// Two at once: one focal point remains.
func TestAppoint_twoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana, ben := w.person("Ana", "org-a"), w.person("Ben", "org-a")
		at := func(id string) func(context.Context) {
			return func(ctx context.Context) {
				if err := w.Appoint(ctx, w.boss, id, api.Appoint{Kind: api.FocalPoint, OrganizationID: "org-a"}); err != nil {
					t.Error(err)
				}
			}
		}
		storetest.Pair(t, w.db, 1, at(ana), at(ben))
		// Which comes last, the database says.
		if got := w.appointments(); len(got) != 1 {
			t.Errorf("appointed: %q", got)
		}
	})
}

// The node's copy knows which organizations have a focal point; an assistant is none, and
// one who is of another organization now does not count.
func TestSpeaker_afterRefresh(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ana := w.person("Ana", "org-a")
		wants(t, "assistant", w.appoint(w.person("Ben", "org-b"), "org-b", api.Assistant), "")
		wants(t, "focal point", w.appoint(ana, "org-a", api.FocalPoint), "")
		state := func() (text string) {
			w.past(func(tx *store.Tx) { tx.Get(delegations.State).Into(&text) })
			return text
		}
		speakers := func(organization string) []rules.Speaker {
			var current rules.Speaker
			w.past(func(tx *store.Tx) { current = delegations.SpeakerNow(tx, organization) })
			return []rules.Speaker{w.Speaker(organization), current}
		}
		for organization, want := range map[string]rules.Speaker{"org-a": rules.HasFocalPoint, "org-b": rules.NoFocalPoint, "org-c": rules.NoFocalPoint, "": rules.NoFocalPoint} {
			if got := speakers(organization); got[0] != want || got[1] != want {
				t.Errorf("%s: %v, want %v", organization, got, want)
			}
		}
		before := state()
		w.past(func(tx *store.Tx) {
			tx.Do(`UPDATE accounts SET organization_id = 'org-d' WHERE id = $1`, ana)
			if got := delegations.Of(tx, ana); got != (delegations.Appointment{}) {
				t.Errorf("of another organization now: %+v", got)
			}
			tx.Do(`DELETE FROM focal_points WHERE account_id = $1`, ana)
		})
		if state() == before {
			t.Error("nodes are not told")
		}
		wants(t, "refresh", w.Refresh(t.Context()), "")
		if got := speakers("org-a"); got[0] != rules.NoFocalPoint || got[1] != rules.NoFocalPoint {
			t.Errorf("once it is gone: %v", got)
		}
	})
}

// That somebody is of an organization says the secretariat, or who is appointed for it.
func TestConfirmOrganization_whoMay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		focal, other := w.person("Fay", "org-a"), w.person("Olu", "org-b")
		wants(t, "appoint", w.appoint(focal, "org-a", api.FocalPoint), "")
		wants(t, "appoint", w.appoint(other, "org-b", api.FocalPoint), "")
		entered := w.person("Eve", "Radio Andorra")
		var own string
		w.past(func(tx *store.Tx) { tx.Get(`SELECT organization_id FROM accounts WHERE id = $1`, entered).Into(&own) })
		ana, bea := w.person("Ana", "org-a"), w.person("Bea", "org-a")
		for _, c := range []struct {
			name, by, about, organization string
			code                          api.Code
		}{
			{"another organization's focal point", other, ana, "org-a", api.CodeNotFound},
			{"another organization's focal point for its own", other, ana, "org-b", api.CodeNotFound},
			{"oneself", ana, ana, "org-a", api.CodeNotFound},
			{"a colleague", bea, ana, "org-a", api.CodeNotFound},
			{"its focal point", focal, ana, "org-a", ""},
			{"the secretariat", w.boss.AccountID, bea, "org-a", ""},
			{"the secretariat, late", w.boss.AccountID, bea, "org-b", api.CodeOutdated},
			{"the secretariat, entered by hand", w.boss.AccountID, entered, own, api.CodeInvalid},
			{"the secretariat, nobody", w.boss.AccountID, uuid.NewString(), "org-a", api.CodeNotFound},
		} {
			who := caller.Caller{AccountID: c.by, Roles: []string{api.RoleParticipant}}
			if c.by == w.boss.AccountID {
				who = w.boss
			}
			wants(t, c.name, w.ConfirmOrganization(t.Context(), who, api.ConfirmOrganization{Account: c.about, OrganizationID: c.organization}), c.code)
		}
		w.past(func(tx *store.Tx) {
			for id, want := range map[string]bool{ana: true, bea: true, focal: true, entered: false} {
				if got := delegations.Confirmed(tx, id); got != want {
					t.Errorf("%s is confirmed: %v", id, got)
				}
			}
			tx.Do(`UPDATE accounts SET organization_id = 'org-c' WHERE id = $1`, ana)
			if delegations.Confirmed(tx, ana) {
				t.Error("another organization counts as confirmed")
			}
		})
	})
}

// The list has who is appointed, page by page; words find who can be.
func TestAppointees_pagesAndSearch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 60 {
			id := w.person("P"+string(rune('a'+i/26))+string(rune('a'+i%26)), "org-"+string(rune('a'+i/26))+string(rune('a'+i%26)))
			wants(t, "appoint", w.appoint(id, "org-"+string(rune('a'+i/26))+string(rune('a'+i%26)), api.FocalPoint), "")
		}
		first, err := w.Appointees(t.Context(), w.boss, api.AppointeeFilter{})
		if err != nil || len(first.People) != 50 || first.Next == "" {
			t.Fatalf("%d, %q, %v", len(first.People), first.Next, err)
		}
		second, err := w.Appointees(t.Context(), w.boss, api.AppointeeFilter{After: first.Next})
		if err != nil || len(second.People) != 10 || second.Next != "" || second.People[0].Name <= first.People[49].Name {
			t.Errorf("%+v, %v", second, err)
		}
		w.person("Zoe", "Radio Andorra")
		found, err := w.Appointees(t.Context(), w.boss, api.AppointeeFilter{Query: "zoe"})
		if err != nil || len(found.People) != 1 || found.People[0].Kind != "" || found.People[0].Listed || found.People[0].Organization.Name != "Organization Radio Andorra" {
			t.Errorf("%+v, %v", found, err)
		}
		found, err = w.Appointees(t.Context(), w.boss, api.AppointeeFilter{Query: "paa"})
		if p := found.People; err != nil || len(p) != 1 || p[0].Kind != api.FocalPoint || !p[0].Listed || !p[0].Confirmed || p[0].By != "Boss" || !p[0].Since.Equal(now) {
			t.Errorf("%+v, %v", found, err)
		}
		_, err = w.Appointees(t.Context(), w.boss, api.AppointeeFilter{After: "!"})
		wants(t, "a broken cursor", err, api.CodeInvalid)
	})
}
