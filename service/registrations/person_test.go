package registrations_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func (w *world) erase(who string) {
	w.t.Helper()
	if err := w.db.UpdateCommitted(w.t.Context(), func(tx *store.Tx) error { return w.eraseIn(tx, who) }); err != nil {
		w.t.Errorf("erase: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.people, who)
}

// eraseIn is what accounts do with a person's account.
func (w *world) eraseIn(tx *store.Tx, who string) error {
	if !tx.HoldOwner(who) {
		return nil
	}
	if err := w.Erase(tx, who); err != nil {
		return err
	}
	tx.DeleteOwner(who)
	return nil
}

func (w *world) held(who string) string {
	w.t.Helper()
	var text []byte
	if err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		held, err := w.Held(tx, who)
		if err != nil {
			return err
		}
		text, err = json.Marshal(held)
		return err
	}); err != nil {
		w.t.Fatalf("held: %v", err)
	}
	return string(text)
}

func TestErase_givesThePlaceOnAndLeavesNoName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil) // 2 places
		ana, bela, cleo := w.person("Ana", "en"), w.person("Bela", "en"), w.person("Cleo", "en")
		asked := ask(api.OnSite)
		asked.Answers = api.Answers{"meals": {"vegan"}}
		asked.Companions = []api.Companion{{Name: "Anton"}}
		first := w.do(ana, api.OpRegister, asked).Registration
		second, third := w.do(bela, api.OpRegister, asked).Registration, w.register(cleo).Registration
		if first.State != api.Confirmed || second.State != api.WaitingList || third.State != api.WaitingList {
			t.Fatalf("got %s, %s, %s", first.State, second.State, third.State)
		}
		if held := w.held(ana); !strings.Contains(held, "vegan") || !strings.Contains(held, "Anton") || !strings.Contains(held, "approved") {
			t.Errorf("held: %s", held)
		}
		before := len(w.mails())
		version := w.version()
		w.erase(ana)
		if w.state(first.Number) != api.Withdrawn || w.state(second.Number) != api.Confirmed || w.state(third.Number) != api.WaitingList || w.taken() != 2 {
			t.Errorf("then %s, %s, %s, %d taken", w.state(first.Number), w.state(second.Number), w.state(third.Number), w.taken())
		}
		if told := w.mails()[before:]; len(told) != 1 || !strings.HasPrefix(told[0], "bela: ") {
			t.Errorf("told: %q", told)
		}
		if w.version() != version+2 {
			t.Errorf("version %d after %d", w.version(), version)
		}
		r, err := w.Registration(t.Context(), first.Number)
		if err != nil {
			t.Fatal(err)
		}
		if r.Person != "" || r.BadgeName != "" || r.Organization != "" || len(r.Answers) != 0 || len(r.Companions) != 0 || r.Country != "CH" {
			t.Errorf("left: %+v", r)
		}
		if held := w.held(ana); held != `[]` {
			t.Errorf("still held: %s", held)
		}
		w.erase(ana) // again: nothing
		if w.version() != version+2 {
			t.Error("something happened")
		}
	})
}

func (w *world) version() int64 {
	w.t.Helper()
	m, err := w.Get(w.t.Context(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	return m.Version
}

func TestErase_keepsHowItEndedOfMeetingsThatAreOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
		ana, bela := w.person("Ana", "en"), w.person("Bela", "en")
		came, refused := w.register(ana).Registration, w.register(bela).Registration
		if _, err := w.decide(came.Number, api.Decide{Approve: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.decide(refused.Number, api.Decide{Reason: "Bela is not of this world"}); err != nil {
			t.Fatal(err)
		}
		w.set(morning.AddDate(0, 2, 0))
		w.erase(ana)
		w.erase(bela)
		if w.state(came.Number) != api.Confirmed || w.state(refused.Number) != api.Refused || w.taken() != 1 {
			t.Errorf("then %s, %s, %d taken", w.state(came.Number), w.state(refused.Number), w.taken())
		}
		r, err := w.Registration(t.Context(), refused.Number)
		if err != nil || history(&r) != "sent by person, acknowledged by service, refused by secretariat" ||
			slices.ContainsFunc(r.History, func(e api.Event) bool { return e.Reason != "" }) {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

// People who are erased while others withdraw: the places are counted right.
func TestErase_inParallelWithWithdrawals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 5 })
		var people []string
		var numbers []string
		for i := range 20 {
			who := w.person("P"+string(rune('a'+i)), "en")
			people = append(people, who)
			numbers = append(numbers, w.register(who).Registration.Number)
		}
		var wg sync.WaitGroup
		for i, who := range people[:10] {
			if i%2 == 0 {
				wg.Go(func() { w.erase(who) })
				continue
			}
			op := w.operation(who, api.OpWithdraw, api.Withdraw{Registration: numbers[i]})
			wg.Go(func() {
				if _, err := w.deliver(who, op); err != nil {
					t.Errorf("withdraw: %v", err)
				}
			})
		}
		wg.Wait()
		confirmed, waiting := 0, 0
		for i, n := range numbers {
			switch state := w.state(n); {
			case state == api.Confirmed:
				confirmed++
			case state == api.WaitingList:
				waiting++
			case i >= 10 || state != api.Withdrawn:
				t.Errorf("%d: %s", i, state)
			}
		}
		if confirmed != 5 || waiting != 5 || w.taken() != 5 {
			t.Errorf("%d confirmed, %d waiting, %d taken", confirmed, waiting, w.taken())
		}
	})
}
