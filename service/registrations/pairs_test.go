package registrations_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// What a person delivers while being erased, before or after: no name stays, nor
// a stream of nobody.
func TestErase_atOnceWithWhatIsDelivered(t *testing.T) {
	for _, first := range []string{"erased first", "erased second"} {
		t.Run(first, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(nil)
				gone := w.person("Gone", "en")
				op := w.operation(gone, api.OpRegister, ask(api.OnSite))
				erase := func(ctx context.Context) {
					if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error { return w.eraseIn(tx, gone) }); err != nil {
						t.Errorf("erase: %v", err)
					}
				}
				deliver := func(ctx context.Context) {
					_, err := w.deliverAs(ctx, gone, api.Deliver{Stream: w.stream[gone].id, Operations: []api.Operation{op}})
					if err != nil && !api.HasCode(err, api.CodeNotFound) {
						t.Errorf("deliver: %v", err)
					}
				}
				if first == "erased first" {
					storetest.Pair(t, db, 1, erase, deliver)
				} else {
					storetest.Pair(t, db, 1, deliver, erase)
				}
				for name, query := range map[string]string{
					"registrations": `SELECT COUNT(*) FROM registrations WHERE account_id <> '' OR first_name <> '' OR family_name <> '' OR state <> 'withdrawn'`,
					"streams":       `SELECT COUNT(*) FROM streams`,
					"operations":    `SELECT COUNT(*) FROM operations`,
					"e-mails":       `SELECT COUNT(*) FROM mails WHERE recipient <> ''`,
				} {
					if n := w.count(query); n != 0 {
						t.Errorf("%d %s stay", n, name)
					}
				}
			})
		})
	}
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		tx.Get(query).Into(&n)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// One operation in two streams at once, as after a stream was given up: one does
// it, and both are told the same.
func TestDeliver_oneOperationAtOnceInTwoStreams(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "en")
		op := w.operation(ana, api.OpRegister, ask(api.OnSite))
		var numbers [2]string
		deliver := func(i int) func(context.Context) {
			return func(ctx context.Context) {
				d, err := w.deliverAs(ctx, ana, api.Deliver{Stream: uuid.NewString(), Operations: []api.Operation{op}})
				if err != nil || len(d.Results) != 1 || d.Results[0].Registration == nil {
					t.Errorf("deliver: %+v, %v", d, err)
					return
				}
				numbers[i] = d.Results[0].Registration.Number
			}
		}
		storetest.Pair(t, db, 1, deliver(0), deliver(1))
		if numbers[0] != numbers[1] || w.taken() != 1 {
			t.Errorf("got %q, %d taken", numbers, w.taken())
		}
	})
}

// Who decided and is erased at once: nothing names them.
func TestErase_atOnceWithADecisionOfTheirs(t *testing.T) {
	for _, first := range []string{"erased first", "erased second"} {
		t.Run(first, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				w.meeting(func(d *api.MeetingDetails) { d.Approval = api.ApprovalSecretariat })
				number := w.register(w.person("Ana", "en")).Registration.Number
				erase := func(ctx context.Context) {
					if err := db.UpdateCommitted(ctx, func(tx *store.Tx) error { return w.eraseIn(tx, "manager") }); err != nil {
						t.Errorf("erase: %v", err)
					}
				}
				op := w.operation("manager", api.OpDecide, api.Decide{Registration: number, Approve: true})
				decide := func(ctx context.Context) {
					_, err := w.deliverAs(ctx, "manager", api.Deliver{Stream: w.stream["manager"].id, Operations: []api.Operation{op}})
					if err != nil && !api.HasCode(err, api.CodeNotFound) {
						t.Errorf("decide: %v", err)
					}
				}
				if first == "erased first" {
					storetest.Pair(t, db, 1, erase, decide)
				} else {
					storetest.Pair(t, db, 1, decide, erase)
				}
				if n := w.count(`SELECT COUNT(*) FROM registration_events WHERE actor = 'manager'`); n != 0 {
					t.Errorf("%d lines name them", n)
				}
			})
		})
	}
}

// A decision while somebody registers waits for its turn: it is not begun anew each
// time, as it would be under serializable isolation, until it has lost too often.
func TestDecide_atOnceWithARegistrationRunsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval, d.Capacity = api.ApprovalSecretariat, 0 })
		number := w.register(w.person("Ana", "en")).Registration.Number
		bob := w.person("Bob", "en")
		decision := w.operation("manager", api.OpDecide, api.Decide{Registration: number, Approve: true})
		registration := w.operation(bob, api.OpRegister, ask(api.OnSite))
		version := w.version()
		ran := 0
		storetest.Pair(t, db, 1, func(ctx context.Context) {
			if _, err := w.deliverAs(ctx, bob, api.Deliver{Stream: w.stream[bob].id, Operations: []api.Operation{registration}}); err != nil {
				t.Error(err)
			}
		}, func(ctx context.Context) {
			w.profiled(func() { ran++ })
			d, err := w.deliverAs(ctx, "manager", api.Deliver{Stream: w.stream["manager"].id, Operations: []api.Operation{decision}})
			if err != nil || d.Results[0].Outcome != api.Done || d.Results[0].Registration.State != api.Confirmed {
				t.Errorf("%+v, %v", d, err)
			}
		})
		if ran != 1 {
			t.Errorf("the decision was run %d times", ran)
		}
		if got := w.version(); got != version+2 {
			t.Errorf("version %d after %d", got, version)
		}
	})
}

// A registration is judged without a lock, and stands only if it still would be
// judged so: the last place goes to one of two at once, the other one waits.
func TestRegister_lastPlaceAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 1 })
		var states [2]string
		register := func(i int, who string) func(context.Context) {
			op := w.operation(who, api.OpRegister, ask(api.OnSite))
			return func(ctx context.Context) {
				d, err := w.deliverAs(ctx, who, api.Deliver{Stream: w.stream[who].id, Operations: []api.Operation{op}})
				if err != nil || d.Results[0].Outcome != api.Done {
					t.Errorf("%+v, %v", d, err)
					return
				}
				states[i] = d.Results[0].Registration.State
			}
		}
		storetest.Pair(t, db, 1, register(0, w.person("Ana", "en")), register(1, w.person("Bob", "en")))
		if states != [2]string{api.Confirmed, api.WaitingList} || w.taken() != 1 {
			t.Errorf("got %q, %d taken", states, w.taken())
		}
		if got := w.mails(); len(got) != 2 {
			t.Errorf("e-mails: %q", got)
		}
	})
}

// A description that changes while somebody registers by the one of before: judged
// by it is what comes after it only.
func TestRegister_atOnceWithAChangeOfTheMeeting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "en")
		op := w.operation(ana, api.OpRegister, ask(api.OnSite))
		var closed api.MeetingDetails
		w.meeting(func(d *api.MeetingDetails) { closed = *d })
		closed.RegistrationUntil = morning
		storetest.Pair(t, db, 1, func(ctx context.Context) {
			if reports, err := w.Import(ctx, []api.MeetingDetails{closed}); err != nil || reports[0].Outcome != "changed" {
				t.Errorf("import: %+v, %v", reports, err)
			}
		}, func(ctx context.Context) {
			d, err := w.deliverAs(ctx, ana, api.Deliver{Stream: w.stream[ana].id, Operations: []api.Operation{op}})
			if err != nil || d.Results[0].Code != api.CodeRegistrationClosed {
				t.Errorf("deliver: %+v, %v", d, err)
			}
		})
		if w.taken() != 0 || len(w.mails()) != 0 {
			t.Errorf("%d taken, e-mails %q", w.taken(), w.mails())
		}
	})
}

// A manager decides while many register: each decision is made, none is given up.
func TestDecide_amongManyRegistrations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Approval, d.Capacity = api.ApprovalSecretariat, 0 })
		const early, late = 10, 40
		var numbers []string
		for i := range early {
			numbers = append(numbers, w.register(w.person("E"+string(rune('a'+i)), "en")).Registration.Number)
		}
		var people []string
		for i := range late {
			people = append(people, w.person("L"+string(rune('a'+i)), "en"))
		}
		var wg sync.WaitGroup
		for _, who := range people {
			op := w.operation(who, api.OpRegister, ask(api.OnSite))
			wg.Go(func() {
				if d, err := w.deliver(who, op); err != nil || d.Results[0].Outcome != api.Done {
					t.Errorf("register: %+v, %v", d, err)
				}
			})
		}
		for _, number := range numbers {
			if r, err := w.decide(number, api.Decide{Approve: true}); err != nil || r.State != api.Confirmed {
				t.Errorf("decide: %+v, %v", r, err)
			}
		}
		wg.Wait()
		if w.taken() != early+late || w.version() != 1+early+late+early {
			t.Errorf("%d taken, version %d", w.taken(), w.version())
		}
	})
}

// What another node changes of a meeting counts at once, whatever this one has read of
// the meeting last.
func TestRegister_asAnotherNodeLeftTheMeeting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here, there := newWorld(t, db), newWorld(t, db)
		for _, c := range []struct {
			name   string
			change func(*api.MeetingDetails)
			want   api.Code // "" for a registration that is confirmed
		}{
			{"one place", func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 1, false }, ""},
			{"as before", nil, api.CodeMeetingFull},
			{"one more", func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 2, false }, ""},
			{"closed", func(d *api.MeetingDetails) { d.RegistrationUntil = morning }, api.CodeRegistrationClosed},
			{"open again", func(d *api.MeetingDetails) { d.Capacity = 3 }, ""},
			{"for others", func(d *api.MeetingDetails) {
				d.Approval, d.Capacity, d.Memberships = api.ApprovalSecretariat, 4, []string{"media"}
			}, api.CodeNotForMembership},
		} {
			if c.change != nil {
				there.meeting(c.change)
			}
			if got := here.register(here.person("Ana", "en")); got.Code != c.want || c.want == "" && got.Registration.State != api.Confirmed {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
		if taken := here.taken(); taken != 3 {
			t.Errorf("%d places are taken", taken)
		}
	})
}

// A place that another node has given or freed counts at once too, where there is a
// waiting list.
func TestRegister_asAnotherNodeLeftTheWaitingList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		here, there := newWorld(t, db), newWorld(t, db)
		there.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 1, true })
		first := here.register(here.person("Ana", "en"))
		if second := there.register(there.person("Bob", "en")); first.Registration.State != api.Confirmed || second.Registration.State != api.WaitingList {
			t.Fatalf("%+v, %+v", first.Registration, second.Registration)
		}
		there.meeting(func(d *api.MeetingDetails) { d.Capacity, d.WaitingList = 3, true }) // Bob moves up
		if third := here.register(here.person("Cid", "en")); third.Registration.State != api.Confirmed {
			t.Errorf("with a place free: %+v", third.Registration)
		}
		if fourth := there.register(there.person("Dan", "en")); fourth.Registration.State != api.WaitingList {
			t.Errorf("with all taken: %+v", fourth.Registration)
		}
		if fifth := here.register(here.person("Eve", "en")); fifth.Registration.State != api.WaitingList || here.taken() != 3 {
			t.Errorf("with all taken, as this node had them last: %+v, %d taken", fifth.Registration, here.taken())
		}
	})
}
