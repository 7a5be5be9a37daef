package meetings_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/meetings"
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
					if err := db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error { return w.eraseIn(ctx, tx, gone) }); err != nil {
						t.Errorf("erase: %v", err)
					}
				}
				deliver := func(ctx context.Context) {
					_, err := w.Deliver(ctx, gone, "REF", api.Deliver{Stream: w.stream[gone].id, Operations: []api.Operation{op}})
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
					"registrations": `SELECT COUNT(*) FROM registrations WHERE account_id <> '' OR person <> '' OR state <> 'withdrawn'`,
					"streams":       `SELECT COUNT(*) FROM streams`,
					"numbers":       `SELECT COUNT(*) FROM stream_numbers`,
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
	if err := w.db.Read(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, query).Scan(&n)
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
				d, err := w.Deliver(ctx, ana, "REF", api.Deliver{Stream: uuid.NewString(), Operations: []api.Operation{op}})
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
				w.meeting(func(d *meetings.Definition) { d.Approval = api.ApprovalSecretariat })
				number := w.register(w.person("Ana", "en")).Registration.Number
				erase := func(ctx context.Context) {
					if err := db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error { return w.eraseIn(ctx, tx, "manager") }); err != nil {
						t.Errorf("erase: %v", err)
					}
				}
				decide := func(ctx context.Context) {
					err := db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
						_, err := w.Decide(ctx, tx, "manager", number, api.Decision{Approve: true})
						return err
					})
					if err != nil && !api.HasCode(err, api.CodeForbidden) {
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
