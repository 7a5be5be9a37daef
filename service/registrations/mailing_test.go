package registrations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func aMail(change func(*api.MailParticipants)) api.MailParticipants {
	in := api.MailParticipants{
		Meeting: code, Subject: api.Text{"en": "Another room", "fr": "Une autre salle"},
		Text: api.Text{"en": "It is room 2.", "fr": "C’est la salle 2."},
	}
	if change != nil {
		change(&in)
	}
	return in
}

// Each person who is chosen gets one e-mail, in their language or else in English, however
// often the service is killed meanwhile, and however often the program delivers it.
func TestMailParticipants_eachOnceThroughFaults(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
		boss := w.manager("Boss")
		for i := range 230 {
			w.register(w.person(fmt.Sprintf("Person%d", i), []string{"en", "fr", "es"}[i%3]))
		}
		gone := w.person("Gone", "en")
		w.do(gone, api.OpWithdraw, api.Withdraw{Registration: w.register(gone).Registration.Number})
		// It was the last of a delivery whose answer was lost.
		op := w.operation(boss, api.OpMailParticipants, aMail(nil))
		for range 2 {
			if d, err := w.deliver(boss, op); err != nil || d.Results[0].Outcome != api.Done {
				t.Fatalf("%+v, %v", d, err)
			}
		}
		w.register(w.person("Late", "en"))
		w.tellAll(storetest.FaultRollback, storetest.FaultSerialization, storetest.FaultLostAnswer, storetest.FaultRollback)
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM mails WHERE template = 'meeting-mail'`:                     230,
			`SELECT COUNT(DISTINCT recipient) FROM mails WHERE template = 'meeting-mail'`:    230,
			`SELECT COUNT(*) FROM mails WHERE template = 'meeting-mail' AND language = 'fr'`: 77,
			`SELECT COUNT(*) FROM mails WHERE template = 'meeting-mail' AND language = 'en'`: 153,
			`SELECT queued FROM meeting_notices WHERE total = 230`:                           230,
			`SELECT COUNT(*) FROM audit WHERE event = 'participants-mailed'`:                 1,
		} {
			if n := w.count(query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		list, err := w.Notices(t.Context(), w.caller(boss), code)
		if err != nil || len(list.Notices) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		n := list.Notices[0]
		if n.Kind != api.NoticeMail || n.By != "Boss" || n.Told != 230 || n.Total != 230 || n.Done.IsZero() || n.Text["fr"] != "C’est la salle 2." {
			t.Errorf("told is %+v", n)
		}
	})
}

// Those are told whom the filter chooses; whoever has withdrawn and registered again is not
// one of those who have withdrawn.
func TestMailParticipants_chooses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 2, true })
		boss := w.manager("Boss")
		w.register(w.person("Site", "en"))
		w.do(w.person("Remote", "en"), api.OpRegister, ask(api.Remote))
		w.register(w.person("Waits", "en"))
		for _, name := range []string{"Back", "Gone"} {
			who := w.person(name, "en")
			for range 2 {
				w.do(who, api.OpWithdraw, api.Withdraw{Registration: w.register(who).Registration.Number})
			}
			if name == "Back" {
				w.register(who)
			}
		}
		for _, c := range []struct {
			to   api.Recipients
			want []string
		}{
			{api.Recipients{}, []string{"back", "remote", "site", "waits"}},
			{api.Recipients{State: api.Confirmed}, []string{"remote", "site"}},
			{api.Recipients{State: api.Confirmed, Participation: api.Remote}, []string{"remote"}},
			{api.Recipients{State: api.WaitingList, Country: "CH", Membership: "academia"}, []string{"back", "waits"}},
			{api.Recipients{Country: "FR"}, nil},
			{api.Recipients{State: api.Withdrawn}, []string{"gone"}},
		} {
			w.past(func(tx *store.Tx) { tx.Do(`DELETE FROM mails`) })
			in := aMail(func(in *api.MailParticipants) { in.To = c.to })
			preview, err := w.PreviewMail(t.Context(), w.caller(boss), code, in)
			if err != nil || preview.People != len(c.want) {
				t.Errorf("%+v: preview for %d people, %v", c.to, preview.People, err)
			}
			if r := w.do(boss, api.OpMailParticipants, in); r.Outcome != api.Done {
				t.Fatalf("%+v: %+v", c.to, r)
			}
			w.tellAll()
			var got []string
			for _, line := range w.mails() {
				got = append(got, strings.SplitN(line, ":", 2)[0])
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v: told are %q, want %q", c.to, got, c.want)
			}
		}
	})
}

// Who was registered by others, without an account, is written to at the address that was
// given, and in its language.
func TestMailParticipants_withoutAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		boss := w.manager("Boss")
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		w.registerFor(fay, nil)
		w.registerFor(fay, func(in *api.RegisterFor) { in.Email, in.FamilyName = "", "Silent" })
		preview, err := w.PreviewMail(t.Context(), w.caller(boss), code, aMail(nil))
		if err != nil || preview.People != 1 || preview.Unreached != 1 || len(preview.Letters) != 2 {
			t.Fatalf("%+v, %v", preview, err)
		}
		fr := preview.Letters[1]
		if fr.Language != "fr" || fr.People != 1 || !strings.HasPrefix(fr.Subject, "Une autre salle – ") {
			t.Errorf("%+v", fr)
		}
		for _, want := range []string{"Zoë Ng", "C’est la salle 2.", "Sixième Journée X.509", code, "parce qu’il existe une inscription à votre nom"} {
			if !strings.Contains(fr.Text, want) {
				t.Errorf("%q is missing in %s", want, fr.Text)
			}
		}
		w.do(boss, api.OpMailParticipants, aMail(nil))
		w.tellAll()
		params, _ := w.mailed("zoe@example.net", mail.MeetingMail)
		if !strings.Contains(params, "C’est la salle 2.") {
			t.Errorf("told is %s", params)
		}
		if n := w.count(`SELECT COUNT(*) FROM mails WHERE template = 'meeting-mail'`); n != 1 {
			t.Errorf("%d e-mails", n)
		}
	})
}

// Others write to nobody, and learn nothing.
func TestMailParticipants_refuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		mine, other, ana := w.manager("Mine"), w.manager("Other"), w.person("Ana", "en")
		w.register(ana)
		w.appoint(code, mine)
		for _, c := range []struct {
			who  string
			in   api.MailParticipants
			want api.Code
		}{
			{other, aMail(nil), api.CodeNotFound},
			{ana, aMail(nil), api.CodeNotFound},
			{mine, aMail(func(in *api.MailParticipants) { in.Meeting = "C-00099999" }), api.CodeNotFound},
			{mine, aMail(func(in *api.MailParticipants) { in.Text["en"] = "" }), api.CodeInvalid},
		} {
			if r := w.do(c.who, api.OpMailParticipants, c.in); r.Code != c.want {
				t.Errorf("%+v: %+v, want %s", c.in, r, c.want)
			}
			_, err := w.PreviewMail(t.Context(), w.caller(c.who), c.in.Meeting, c.in)
			wantCode(t, err, c.want)
		}
		_, err := w.Notices(t.Context(), w.caller(other), code)
		wantCode(t, err, api.CodeNotFound)
		draft, err := w.Create(t.Context(), w.caller(mine), api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Draft"}})
		if err != nil {
			t.Fatal(err)
		}
		in := aMail(func(in *api.MailParticipants) { in.Meeting = draft.Code })
		if r := w.do(mine, api.OpMailParticipants, in); r.Code != api.CodeWrongState {
			t.Errorf("a draft: %+v", r)
		}
		if n := w.count(`SELECT COUNT(*) FROM meeting_notices`); n != 0 {
			t.Errorf("%d are written", n)
		}
	})
}

// A cancellation does not wait for an e-mail that is being told.
func TestSendNotices_cancellationComesFirst(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	boss := w.manager("Boss")
	w.register(w.person("Ana", "en"))
	w.do(boss, api.OpMailParticipants, aMail(nil))
	w.set(morning.Add(time.Minute))
	w.cancel(w.caller(boss))
	w.tellAll()
	if got := w.mails(); len(got) != 2 || !strings.Contains(got[1], "Cancelled: ") {
		t.Errorf("told is %q", got)
	}
}
