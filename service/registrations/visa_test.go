package registrations_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// visaDays is for how long the tests' passports are kept after the decision.
const visaDays = 30

const passportNumber = "X7731905Q"

func passport() *api.Passport {
	return &api.Passport{
		FamilyName: "Zimmerling", GivenNames: "Anastasia", Nationality: "AM", Birth: "1980-02-29", BirthPlace: "Gyumri",
		Number: passportNumber, Issued: "2020-05-04", Expires: "2030-05-03",
	}
}

// withVisas is a meeting for which the secretariat decides, and which offers visa support.
func withVisas(d *api.MeetingDetails) {
	d.Visa, d.Approval, d.Capacity = true, api.ApprovalSecretariat, 0
}

func askWithVisa() api.Register {
	in := ask(api.OnSite)
	in.Visa, in.Passport = true, passport()
	return in
}

// officer makes an account with the role visa.
func (w *world) officer(name string) string {
	id := w.member(name, "org-z")
	w.mu.Lock()
	a := w.people[id]
	a.Roles = []string{api.RoleParticipant, api.RoleVisa}
	w.people[id] = a
	w.mu.Unlock()
	w.past(func(tx *store.Tx) {
		tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, id, api.RoleVisa)
	})
	return id
}

// asked registers somebody who asks for visa support.
func (w *world) asked(who string) string {
	w.t.Helper()
	r := w.do(who, api.OpRegister, askWithVisa())
	if r.Outcome != api.Done || r.Registration.Visa == "" {
		w.t.Fatalf("register: %+v", r)
	}
	return r.Registration.Number
}

func (w *world) confirm(number string) {
	w.t.Helper()
	if _, err := w.decide(number, api.Decide{Approve: true}); err != nil {
		w.t.Fatal(err)
	}
}

// visa is how visa support stands, as the owner sees it.
func (w *world) visa(who, number string) string {
	w.t.Helper()
	r, err := w.One(w.t.Context(), w.caller(who), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Visa
}

// reads asks for the case and says with which code that was refused.
func (w *world) reads(who, number string) (api.VisaCase, api.Code) {
	w.t.Helper()
	c, err := w.visas.One(audit.From(w.t.Context(), audit.Origin{Actor: who}), w.caller(who), number)
	if p, ok := err.(*api.Problem); ok {
		return c, p.Code
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return c, ""
}

// noted are the entries of an event: "subject actor".
func (w *world) noted(event audit.Event) (all []string) {
	w.t.Helper()
	w.past(func(tx *store.Tx) {
		all = nil
		for scan := range tx.Each(`SELECT subject, actor FROM audit WHERE event = $1 ORDER BY id`, string(event)) {
			var subject, actor string
			scan(&subject, &actor)
			all = append(all, subject+" "+actor)
		}
	})
	return all
}

// kept tells whether anything that a case says is still in the database.
func (w *world) kept(number string) (kept bool) {
	w.t.Helper()
	w.past(func(tx *store.Tx) {
		kept = tx.Has(`SELECT 1 FROM visa_cases WHERE registration = $1
			AND (data_key IS NOT NULL OR passport IS NOT NULL OR answer IS NOT NULL OR erase_at > 0)`, number)
	})
	return kept
}

// dump is all that stands in the database, and, of SQLite, in its files.
func (w *world) dump() string {
	w.t.Helper()
	var b strings.Builder
	w.past(func(tx *store.Tx) {
		b.Reset()
		tables := tx.Strings(`SELECT DISTINCT tbl FROM (SELECT 'accounts' AS tbl
			UNION SELECT 'registrations' UNION SELECT 'registration_events' UNION SELECT 'registration_words' UNION SELECT 'visa_cases'
			UNION SELECT 'operations' UNION SELECT 'streams' UNION SELECT 'mails' UNION SELECT 'audit' UNION SELECT 'meeting_changes'
			UNION SELECT 'settings' UNION SELECT 'meetings') AS named`)
		for _, table := range tables {
			for columns, scan := range tx.Named(`SELECT * FROM ` + table) {
				values, places := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					places[i] = &values[i]
				}
				scan(places...)
				for i, v := range values {
					fmt.Fprintf(&b, "%s=%s ", columns[i], v)
				}
			}
		}
	})
	if strings.HasSuffix(w.t.Name(), "/sqlite") {
		var file string
		w.past(func(tx *store.Tx) { tx.Get(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Into(&file) })
		for _, name := range []string{file, file + "-wal"} {
			raw, err := os.ReadFile(name)
			if err != nil && !os.IsNotExist(err) {
				w.t.Fatal(err)
			}
			b.Write(raw)
		}
		if b.Len() < 4096 {
			w.t.Fatalf("no file %q", file)
		}
	}
	return b.String()
}

// What was given of a passport stands in nothing that anybody reads but the case itself:
// no answer, list, search, history, e-mail, record, log entry or row.
func TestVisa_thePassportIsNowhereElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, fay, officer := w.member("Ana", "org-a"), w.appointed("Fay", "org-a", api.FocalPoint), w.officer("Vera")
		var said []any
		say := func(v any, err error) {
			t.Helper()
			if err != nil {
				t.Error(err)
			}
			said = append(said, v)
		}
		first := w.do(ana, api.OpRegister, askWithVisa())
		number := first.Registration.Number
		said = append(said, first)
		corrected := askWithVisa()
		corrected.Passport.BirthPlace, corrected.JobTitle = "Vanadzor", "Engineer"
		said = append(said, w.do(ana, api.OpChange, api.Change{Registration: number, Register: corrected}))
		said = append(said, w.do("manager", api.OpDecide, api.Decide{Registration: number, Approve: true}))
		said = append(said, w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Grant: true, Answer: "The letter is on its way."}))
		page, err := w.Own(t.Context(), w.caller(ana), "")
		say(page, err)
		of, err := w.Of(t.Context(), aManager, code, "")
		say(of, err)
		one, err := w.One(t.Context(), aManager, number)
		say(one, err)
		rows, err := w.Registrations.Managed(t.Context(), aManager, api.RegistrationFilter{Meeting: code, Visa: api.VisaAnswered, Query: "Ana"})
		say(rows, err)
		if len(rows.Registrations) != 1 {
			t.Errorf("the managers' list: %+v", rows)
		}
		delegation, err := w.Delegation(t.Context(), w.caller(fay), "")
		say(delegation, err)
		cases, err := w.visas.List(t.Context(), w.caller(officer), api.VisaFilter{})
		say(cases, err)
		if len(cases.Cases) != 1 || cases.Cases[0].Answer != "The letter is on its way." {
			t.Errorf("the officer's list: %+v", cases)
		}
		w.pass(time.Hour)
		say(nil, w.TellOfChanges(t.Context()))
		say(w.shown(), nil)
		w.past(func(tx *store.Tx) {
			for _, who := range []string{ana, fay, officer, "manager"} {
				held, err := w.Held(tx, who)
				say(held, err)
			}
			held, err := w.visas.Held(tx, fay)
			say(held, err)
			own, err := w.visas.Held(tx, ana)
			if err != nil || len(own) != 1 || own[0].Passport == nil || own[0].Passport.Number != passportNumber {
				t.Errorf("her own data: %+v, %v", own, err)
			}
		})
		text, err := json.Marshal(said)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{"an answer": string(text), "the database": w.dump()}
		for where, text := range all {
			for _, secret := range []string{passportNumber, passportNumber[:6], "Zimmerling", "Gyumri", "Vanadzor", "1980-02-29", "2030-05-03"} {
				if at := strings.Index(text, secret); at >= 0 {
					t.Errorf("%s has %s: ...%q", where, secret, text[max(0, at-200):min(len(text), at+40)])
				}
			}
		}
		if strings.Contains(all["the database"], "on its way") {
			t.Error("the answer stands in the database in clear")
		}
		if c, _ := w.reads(officer, number); c.Passport == nil || *c.Passport != *corrected.Passport {
			t.Errorf("the case: %+v", c.Passport)
		}
	})
}

// Who reads a passport, and answers. Nobody learns by a number that there is a case.
func TestVisa_whoMay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, bea, fay, officer := w.member("Ana", "org-a"), w.member("Bea", "org-a"), w.appointed("Fay", "org-a", api.FocalPoint), w.officer("Vera")
		number, own := w.asked(ana), w.asked(officer)
		read := func(when string, codes map[string]api.Code) {
			t.Helper()
			for who, want := range codes {
				if c, got := w.reads(who, number); got != want || (got == "") != (c.Passport != nil) {
					t.Errorf("%s: %q, %v, want %q", when, got, c.Passport, want)
				}
			}
		}
		answer := func(who, number string, want api.Code) {
			t.Helper()
			if r := w.do(who, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Grant: true, Answer: "Yes"}); r.Code != want {
				t.Errorf("answered: %q, want %q", r.Code, want)
			}
		}
		w.mu.Lock()
		administrator := w.people[bea]
		administrator.Roles = []string{api.RoleParticipant, api.RoleAdministrator}
		w.people[bea] = administrator
		w.mu.Unlock()
		others := map[string]api.Code{"manager": api.CodeNotFound, bea: api.CodeNotFound, fay: api.CodeNotFound}
		read("not confirmed", others)
		read("not confirmed", map[string]api.Code{ana: "", officer: api.CodeNotFound})
		answer(officer, number, api.CodeNotFound)
		w.confirm(number)
		w.confirm(own)
		read("waiting", others)
		read("waiting", map[string]api.Code{ana: "", officer: ""})
		answer("manager", number, api.CodeForbidden)
		answer(bea, number, api.CodeForbidden)
		answer(fay, number, api.CodeForbidden)
		answer(ana, number, api.CodeForbidden)
		answer(officer, own, api.CodeForbidden)
		answer(officer, "R-0000-0000", api.CodeNotFound)
		answer(officer, "?", api.CodeNotFound)
		answer(officer, w.register(bea).Registration.Number, api.CodeNotFound)
		for _, c := range []struct{ text, code string }{{"  ", api.FieldRequired}, {strings.Repeat("x", 2001), api.FieldTooLong}, {"a\x01b", api.FieldInvalid}} {
			r := w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Answer: c.text})
			if r.Code != api.CodeInvalid || len(r.Errors) != 1 || r.Errors[0] != (api.FieldError{Pointer: "/answer", Code: c.code}) {
				t.Errorf("%.3q: %+v", c.text, r)
			}
		}
		answer(officer, number, "")
		answer(officer, number, api.CodeWrongState)
		if _, code := w.reads(ana, "R-0000-0000"); code != api.CodeNotFound {
			t.Errorf("a number that there is not: %q", code)
		}
	})
}

// Each time a passport is read stands in the log, also where whoever asked has gone by then.
// Where nothing is read, nothing stands there.
func TestVisa_eachReadIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, officer := w.member("Ana", "org-a"), w.officer("Vera")
		number := w.asked(ana)
		w.confirm(number)
		w.reads(officer, number)
		w.reads(officer, number)
		w.reads(ana, number)
		w.reads("manager", number)
		if _, err := w.visas.List(t.Context(), w.caller(officer), api.VisaFilter{}); err != nil {
			t.Error(err)
		}
		gone, leave := context.WithCancel(audit.From(t.Context(), audit.Origin{Actor: officer}))
		leave()
		if _, err := w.visas.One(gone, w.caller(officer), number); err != nil {
			t.Errorf("gone: %v", err)
		}
		want := []string{ana + " " + officer, ana + " " + officer, ana + " " + ana, ana + " " + officer}
		if got := w.noted(audit.VisaRead); !slices.Equal(got, want) {
			t.Errorf("read: %q, want %q", got, want)
		}
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: number})
		if _, code := w.reads(officer, number); code != api.CodeNotFound || len(w.noted(audit.VisaRead)) != 4 {
			t.Errorf("after its end: %q, %q", code, w.noted(audit.VisaRead))
		}
	})
}

// If the log takes no entry, nobody reads.
func TestVisa_withoutEntryNoPassport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana := w.member("Ana", "org-a")
		number := w.asked(ana)
		for _, fault := range []storetest.Fault{storetest.FaultRollback, storetest.FaultLostAnswer} {
			stop := storetest.InjectFaults(w.db, storetest.FaultsOf(fault))
			c, err := w.visas.One(t.Context(), w.caller(ana), number)
			stop()
			if err == nil || c.Passport != nil {
				t.Errorf("read all the same: %+v, %v", c, err)
			}
		}
	})
}

// What becomes of visa support with its registration.
func TestVisa_followsTheRegistration(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(w *world, who, number string) // beside asking for it
		act    func(w *world, who, number string)
		want   string
		kept   bool
	}{
		{"confirmed", nil, func(w *world, _, number string) { w.confirm(number) }, api.VisaWaiting, true},
		{"refused", nil, func(w *world, _, number string) {
			_, err := w.decide(number, api.Decide{Reason: "No"})
			if err != nil {
				w.t.Error(err)
			}
		}, "", false},
		{
			"the confirmation is taken back", func(w *world, _, number string) { w.confirm(number) },
			func(w *world, _, number string) {
				if _, err := w.decide(number, api.Decide{Revoke: true, Reason: "No"}); err != nil {
					w.t.Error(err)
				}
			}, "", false,
		},
		{"withdrawn", nil, func(w *world, who, number string) { w.do(who, api.OpWithdraw, api.Withdraw{Registration: number}) }, "", false},
		{
			"withdrawn while the case waits", func(w *world, _, number string) { w.confirm(number) },
			func(w *world, who, number string) { w.do(who, api.OpWithdraw, api.Withdraw{Registration: number}) }, "", false,
		},
		{
			"withdrawn after the answer", func(w *world, _, number string) {
				w.confirm(number)
				w.do(w.officer("Vera"), api.OpAnswerVisa, api.AnswerVisa{Registration: number, Grant: true, Answer: "Yes"})
			},
			func(w *world, who, number string) { w.do(who, api.OpWithdraw, api.Withdraw{Registration: number}) }, api.VisaAnswered, false,
		},
		{
			"the meeting is cancelled", func(w *world, _, number string) { w.confirm(number) },
			func(w *world, _, _ string) {
				m, err := w.Manage(w.t.Context(), aManager, code)
				if err == nil {
					_, err = w.Cancel(w.t.Context(), aManager, code, api.CancelMeeting{Reason: "Flood", Edition: m.Edition})
				}
				if err == nil {
					err = w.SendNotices(w.t.Context())
				}
				if err != nil {
					w.t.Error(err)
				}
			}, "", false,
		},
		{
			"approved anew", func(w *world, _, number string) { w.confirm(number) },
			func(w *world, who, number string) {
				in := askWithVisa()
				in.BadgeName, in.Passport = "Another", nil
				w.do(who, api.OpChange, api.Change{Registration: number, Register: in})
			}, api.VisaAsked, true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(func(d *api.MeetingDetails) { withVisas(d); d.Reapprove = []string{"*"} })
				ana := w.member("Ana", "org-a")
				number := w.asked(ana)
				if got := w.visa(ana, number); got != api.VisaAsked {
					t.Fatalf("asked: %q", got)
				}
				if c.before != nil {
					c.before(w, ana, number)
				}
				c.act(w, ana, number)
				if got := w.visa(ana, number); got != c.want || w.kept(number) != c.kept {
					t.Errorf("%q, kept: %v, want %q", got, w.kept(number), c.want)
				}
				if erased := len(w.noted(audit.VisaErased)); (erased == 1) == c.kept {
					t.Errorf("%d entries of erasure", erased)
				}
			})
		})
	}
}

// The person corrects the passport and takes visa support back while it waits, also after
// the deadline for other changes. What changes nothing leaves no trace.
func TestVisa_correctedAndTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, officer := w.member("Ana", "org-a"), w.officer("Vera")
		number := w.asked(ana)
		w.confirm(number)
		changes := 0
		change := func(what string, code api.Code, edit func(in *api.Register)) api.Result {
			t.Helper()
			in := askWithVisa()
			in.Passport = nil
			edit(&in)
			r := w.do(ana, api.OpChange, api.Change{Registration: number, Changes: changes, Register: in})
			if r.Code != code {
				t.Errorf("%s: %q %v, want %q", what, r.Code, r.Errors, code)
			}
			if r.Registration != nil {
				changes = 0
				for _, e := range r.Registration.History {
					if e.What == "changed" {
						changes++
					}
				}
			}
			return r
		}
		other := passport()
		other.Number = "y-12 34 567"
		change("the same", "", func(in *api.Register) { in.Passport = passport() })
		if changes != 0 {
			t.Error("the same passport is a change")
		}
		change("wrong", api.CodeInvalid, func(in *api.Register) { p := passport(); p.Expires = "2026-12-01"; in.Passport = p })
		r := change("another one", "", func(in *api.Register) { in.Passport = other })
		if last := r.Registration.History[len(r.Registration.History)-1]; len(last.Changed) != 1 || last.Changed[0].Field != "/passport" || last.Changed[0].After != nil {
			t.Errorf("the history says %+v", last)
		}
		w.set(morning.AddDate(0, 0, 2))
		change("the deadline is over", api.CodeTooLate, func(in *api.Register) { in.JobTitle = "Chair" })
		other.BirthPlace = "Yerevan"
		change("a passport after the deadline", "", func(in *api.Register) { in.Passport = other })
		if c, _ := w.reads(officer, number); c.Passport == nil || c.Passport.Number != "Y1234567" || c.Passport.BirthPlace != "Yerevan" {
			t.Errorf("the case has %+v", c.Passport)
		}
		w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Answer: "No"})
		r = change("after the answer", api.CodeInvalid, func(in *api.Register) { in.Passport = passport() })
		if len(r.Errors) != 1 || r.Errors[0] != (api.FieldError{Pointer: "/passport", Code: api.FieldNotAccepted}) {
			t.Errorf("after the answer: %+v", r.Errors)
		}
		change("taken back", "", func(in *api.Register) { in.Visa = false })
		if w.visa(ana, number) != "" || w.kept(number) {
			t.Error("it is there after it was taken back")
		}
		change("once more, after the deadline", api.CodeTooLate, func(in *api.Register) { in.Passport = passport() })
		w.set(morning)
		change("once more, without a passport", api.CodeInvalid, func(*api.Register) {})
		change("once more", "", func(in *api.Register) { in.Passport = passport() })
		if c, _ := w.reads(officer, number); w.visa(ana, number) != api.VisaWaiting || c.Answer != "" || c.Passport == nil || c.Passport.Number != passportNumber {
			t.Errorf("once more: %+v", c)
		}
		change("remote", "", func(in *api.Register) { in.Participation = api.Remote })
		if w.visa(ana, number) != "" || w.kept(number) {
			t.Error("who does not come needs no visa")
		}
	})
}

// Who needs no visa gives no passport: what comes all the same is not kept.
func TestVisa_refusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { withVisas(d); d.Visa = false })
		ana, fay := w.member("Ana", "org-a"), w.appointed("Fay", "org-a", api.FocalPoint)
		if r := w.do(ana, api.OpRegister, askWithVisa()); r.Outcome != api.Done || r.Registration.Visa != "" || w.kept(r.Registration.Number) {
			t.Errorf("a meeting without visa support: %+v", r)
		}
		w.meeting(withVisas)
		in := askWithVisa()
		in.Passport = nil
		bea := w.member("Bea", "org-a")
		if r := w.do(bea, api.OpRegister, in); r.Code != api.CodeInvalid {
			t.Errorf("without a passport: %+v", r)
		}
		in = askWithVisa()
		in.Participation = api.Remote
		if r := w.do(bea, api.OpRegister, in); r.Outcome != api.Done || r.Registration.Visa != "" || w.kept(r.Registration.Number) {
			t.Errorf("remote: %+v", r)
		}
		r := w.do(fay, api.OpRegisterFor, api.RegisterFor{Register: askWithVisa(), FirstName: "Cem"})
		if r.Code != api.CodeInvalid || len(r.Errors) != 1 || r.Errors[0].Pointer != "/visa" {
			t.Errorf("for somebody else: %+v", r)
		}
	})
}

// A case is erased some days after the decision, or after the meeting where there is none;
// one whose meeting was put off waits for that. With the account it goes at once.
func TestVisa_erased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, bea, cem, officer := w.member("Ana", "org-a"), w.member("Bea", "org-a"), w.member("Cem", "org-a"), w.officer("Vera")
		dan := w.member("Dan", "org-a")
		decided, open, gone, later := w.asked(ana), w.asked(bea), w.asked(cem), w.asked(dan)
		for _, number := range []string{decided, open, gone, later} {
			w.confirm(number)
		}
		w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: decided, Grant: true, Answer: "Yes"})
		erase := func(now time.Time) {
			t.Helper()
			w.set(now)
			if err := w.EraseVisas(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		w.erase(cem)
		if w.kept(gone) {
			t.Error("the account is gone, and the passport is not")
		}
		erase(morning.AddDate(0, 0, visaDays).Add(-time.Second))
		before, err := w.OwnETag(t.Context(), w.caller(ana))
		if err != nil || !w.kept(decided) || !w.kept(open) {
			t.Fatalf("too early: %v", err)
		}
		erase(morning.AddDate(0, 0, visaDays))
		after, err := w.OwnETag(t.Context(), w.caller(ana))
		if err != nil || w.kept(decided) || before == after || w.visa(ana, decided) != api.VisaAnswered {
			t.Errorf("kept: %v, told: %v, %q, %v", w.kept(decided), before != after, w.visa(ana, decided), err)
		}
		if c, code := w.reads(officer, decided); code != "" || c.Passport != nil || c.Answer != "" || !c.Erased {
			t.Errorf("erased: %+v, %q", c, code)
		}
		w.meeting(func(d *api.MeetingDetails) {
			withVisas(d)
			d.Sessions[0].Start, d.Sessions[0].End = morning.AddDate(0, 2, 0), morning.AddDate(0, 2, 0).Add(time.Hour)
		})
		erase(morning.AddDate(0, 2, 1))
		if w.erase(dan); w.kept(later) {
			t.Error("the account is gone after the meeting, and the passport is not")
		}
		erase(morning.AddDate(0, 2, 1).Add(2 * time.Hour))
		if !w.kept(open) {
			t.Error("the meeting was put off, and the case is gone")
		}
		erase(morning.AddDate(0, 2, visaDays).Add(2 * time.Hour))
		if w.kept(open) || w.visa(bea, open) != "" {
			t.Errorf("nobody decided: kept %v, %q", w.kept(open), w.visa(bea, open))
		}
	})
}

// An operation whose answer was lost has one effect. Its record does not know the passport:
// the same operation with another one is the same, and the first stands.
func TestVisa_exactlyOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, officer := w.member("Ana", "org-a"), w.officer("Vera")
		op := w.operation(ana, api.OpRegister, askWithVisa())
		first, err := w.deliver(ana, op)
		if err != nil {
			t.Fatal(err)
		}
		number := first.Results[0].Registration.Number
		op.Payload = []byte(strings.Replace(string(op.Payload), passportNumber, "Z9999999", 1))
		again, err := w.deliver(ana, op)
		if err != nil || again.Results[0].Outcome != api.Done || again.Results[0].Registration.Number != number {
			t.Fatalf("again: %+v, %v", again, err)
		}
		w.confirm(number)
		answer := w.operation(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Grant: true, Answer: "Yes"})
		for range 2 {
			if r, err := w.deliver(officer, answer); err != nil || r.Results[0].Outcome != api.Done {
				t.Errorf("answered: %+v, %v", r, err)
			}
		}
		if c, _ := w.reads(officer, number); c.Passport == nil || c.Passport.Number != passportNumber {
			t.Errorf("the case has %+v", c.Passport)
		}
		if got := w.noted(audit.VisaAnswered); len(got) != 1 {
			t.Errorf("answered %d times", len(got))
		}
		told := 0
		for _, m := range w.shown() {
			if m.Template == mail.VisaAnswered {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}

// The answer is for the person and the organization's focal point, who both are told that
// there is one.
func TestVisa_theAnswerReachesPersonAndFocalPoint(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, fay, olu, officer := w.member("Ana", "org-a"), w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Olu", "org-b", api.FocalPoint), w.officer("Vera")
		number := w.asked(ana)
		w.confirm(number)
		etag, err := w.DelegationETag(t.Context(), w.caller(fay))
		if err != nil {
			t.Fatal(err)
		}
		before := len(w.mails())
		w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: number, Answer: "Come to room 12."})
		if got := w.mails()[before:]; !slices.Equal(got, []string{"ana: Visa support: Sixth X.509 Day", "fay: Visa support: Sixth X.509 Day"}) {
			t.Errorf("told: %q", got)
		}
		for _, m := range w.shown()[:2] {
			if strings.Contains(m.Text, "room 12") || !strings.Contains(m.Text, "It is refused") || !strings.Contains(m.Text, "Ana") {
				t.Errorf("the e-mail says %s", m.Text)
			}
		}
		own, err := w.Own(t.Context(), w.caller(ana), "")
		if err != nil || own.Registrations[0].VisaAnswer != "Come to room 12." || own.Registrations[0].Visa != api.VisaRefused {
			t.Errorf("her own: %+v, %v", own.Registrations, err)
		}
		if h := own.Registrations[0].History; h[len(h)-1].What != "visa-refused" || h[len(h)-1].Actor != "" {
			t.Errorf("history: %+v", h)
		}
		delegation, err := w.Delegation(t.Context(), w.caller(fay), "")
		if err != nil || delegation.Registrations[0].VisaAnswer != "Come to room 12." {
			t.Errorf("the delegation: %+v, %v", delegation.Registrations, err)
		}
		if now, err := w.DelegationETag(t.Context(), w.caller(fay)); err != nil || now == etag {
			t.Errorf("the delegation's programs are not told: %v", err)
		}
		if others, err := w.Delegation(t.Context(), w.caller(olu), ""); err != nil || len(others.Registrations) != 0 {
			t.Errorf("another delegation: %+v, %v", others.Registrations, err)
		}
		one, err := w.One(t.Context(), aManager, number)
		if err != nil || one.Visa != api.VisaRefused || one.VisaAnswer != "" {
			t.Errorf("a manager sees %+v, %v", one, err)
		}
	})
}

// While something waits, each who has the role is told once a day.
func TestVisa_officersAreToldOnceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, bea := w.member("Ana", "org-a"), w.member("Bea", "org-a")
		officer, out := w.officer("Vera"), w.officer("Otto")
		w.past(func(tx *store.Tx) { tx.Do(`INSERT INTO deactivated (account_id, since) VALUES ($1, 1)`, out) })
		remind := func(now time.Time, want int) {
			t.Helper()
			w.set(now)
			for range 2 {
				if err := w.visas.Remind(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := slices.DeleteFunc(w.mails(), func(m string) bool { return !strings.HasPrefix(m, "vera: Requests") })
			if len(got) != want {
				t.Errorf("told %d times, want %d", len(got), want)
			}
		}
		number := w.asked(ana)
		remind(morning, 0)
		w.confirm(number)
		w.confirm(w.asked(bea))
		remind(morning, 1)
		remind(morning.Add(23*time.Hour), 1)
		remind(morning.Add(24*time.Hour), 2)
		w.set(morning.Add(25 * time.Hour))
		for _, c := range w.waiting(officer) {
			w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: c, Grant: true, Answer: "Yes"})
		}
		remind(morning.Add(49*time.Hour), 2)
		if got := slices.DeleteFunc(w.mails(), func(m string) bool { return !strings.HasPrefix(m, "otto: ") }); len(got) != 0 {
			t.Errorf("who is deactivated is told: %q", got)
		}
	})
}

// waiting are the registrations whose cases wait.
func (w *world) waiting(officer string) (numbers []string) {
	w.t.Helper()
	page, err := w.visas.List(w.t.Context(), w.caller(officer), api.VisaFilter{State: api.VisaWaiting})
	if err != nil || page.Waiting != len(page.Cases) {
		w.t.Fatalf("%+v, %v", page, err)
	}
	for _, c := range page.Cases {
		numbers = append(numbers, c.Registration)
	}
	return numbers
}

// The list is read page by page, what was asked for first before others.
func TestVisa_list(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { withVisas(d); d.Approval = api.ApprovalNone })
		officer := w.officer("Vera")
		var want []string
		for i := range 53 {
			w.set(morning.Add(time.Duration(i/2) * time.Second))
			want = append(want, w.asked(w.person(fmt.Sprintf("P%d", i), "en")))
		}
		var got []string
		for after, pages := "", 0; ; pages++ {
			page, err := w.visas.List(t.Context(), w.caller(officer), api.VisaFilter{After: after})
			if err != nil || pages > 2 || page.Waiting != 53 {
				t.Fatalf("%+v, %v", page, err)
			}
			for _, c := range page.Cases {
				got = append(got, c.Registration)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		for i := 0; i+1 < len(want); i += 2 { // those of one moment stand by their numbers
			slices.Sort(want[i : i+2])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		_, err := w.visas.List(t.Context(), w.caller(officer), api.VisaFilter{After: "!"})
		wantCode(t, err, api.CodeInvalid)
		if c, _ := w.visas.List(t.Context(), caller.Caller{AccountID: officer}, api.VisaFilter{State: api.VisaRefused}); len(c.Cases) != 0 {
			t.Errorf("refused: %+v", c)
		}
	})
}

// Where a meeting has what people entered erased soon after it, passports go with it.
func TestVisa_goesWithTheAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { withVisas(d); d.Retention = 3 })
		ana := w.member("Ana", "org-a")
		number := w.asked(ana)
		w.confirm(number)
		w.set(morning.AddDate(0, 1, 5))
		if err := w.EraseAnswers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w.kept(number) || w.visa(ana, number) != "" {
			t.Errorf("kept: %v, %q", w.kept(number), w.visa(ana, number))
		}
	})
}

// What was sealed under a master key that is gone is as if it had been erased: it keeps
// nobody from the rest.
func TestVisa_afterItsKeyIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withVisas)
		ana, bea, officer := w.member("Ana", "org-a"), w.member("Bea", "org-a"), w.officer("Vera")
		answered, waiting := w.asked(ana), w.asked(bea)
		w.confirm(answered)
		w.confirm(waiting)
		w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: answered, Grant: true, Answer: "Yes"})
		w.visas.Key = secret.Generate()
		page, err := w.Own(t.Context(), w.caller(ana), "")
		if err != nil || len(page.Registrations) != 1 || page.Registrations[0].VisaAnswer != "" {
			t.Errorf("her own: %+v, %v", page, err)
		}
		cases, err := w.visas.List(t.Context(), w.caller(officer), api.VisaFilter{})
		if err != nil || len(cases.Cases) != 2 || !cases.Cases[0].Erased {
			t.Errorf("the list: %+v, %v", cases, err)
		}
		if c, code := w.reads(officer, waiting); code != "" || c.Passport != nil || !c.Erased {
			t.Errorf("the case: %+v, %q", c, code)
		}
		if r := w.do(officer, api.OpAnswerVisa, api.AnswerVisa{Registration: waiting, Grant: true, Answer: "Yes"}); r.Code != api.CodeWrongState {
			t.Errorf("answered: %+v", r)
		}
		in := askWithVisa()
		in.Passport.Number = "Y1234567"
		if r := w.do(bea, api.OpChange, api.Change{Registration: waiting, Register: in}); r.Code != api.CodeWrongState {
			t.Errorf("corrected: %+v", r)
		}
		in.Visa, in.Passport = false, nil
		if r := w.do(bea, api.OpChange, api.Change{Registration: waiting, Register: in}); r.Outcome != api.Done || w.kept(waiting) {
			t.Errorf("taken back: %+v", r)
		}
	})
}
