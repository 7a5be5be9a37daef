package audit

import (
	"context"
	"log/slog"
	"time"

	"plenary/service/store"
)

const (
	// lookEvery is the time between two looks at the whole chain.
	lookEvery = 24 * time.Hour
	// lookAgain is the time between two questions whether one is due.
	lookAgain = 10 * time.Minute
	// lookLife is how long other nodes leave a look to the one that has begun it.
	lookLife = time.Hour
	// pace is the pause between two pages of a look in the background.
	pace = 10 * time.Millisecond
)

// lookPurpose is that of the HMAC of a look.
const lookPurpose = "audit-look"

// look is what the last one at the whole chain found.
type look struct {
	at, position int64
	intact       bool
	mac          []byte
	till         int64 // a node is looking until then at the longest
}

func (l *look) parts() [][]byte {
	intact := int64(0)
	if l.intact {
		intact = 1
	}
	return [][]byte{be64(l.at), be64(l.position), be64(intact)}
}

// KeepLooking looks at the whole chain once a day until ctx ends, and at the start
// if there was no look yet; of several nodes one does. What it finds goes to the
// service's log: position and seal of the end, which show later whether the log was
// put back to an earlier state, or the first break.
func (c *Chain) KeepLooking(ctx context.Context) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		mine, err := c.beginLook(ctx)
		if err == nil && mine {
			err = c.look(ctx)
		}
		if err != nil && ctx.Err() == nil {
			c.log.Log(ctx, store.Level(err), "the audit log could not be verified", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// lastLook gives the last look; false where there was none that the service has
// written.
func (c *Chain) lastLook(ctx context.Context) (l look, ok bool, err error) {
	err = c.db.Peek(ctx, func(tx *store.Tx) error {
		var intact int64
		ok = tx.Get(`SELECT at, position, intact, mac, looking_till FROM audit_look WHERE id = 1`).
			Into(&l.at, &l.position, &intact, &l.mac, &l.till)
		l.intact = intact == 1
		return nil
	})
	if err != nil || !ok {
		return l, false, err
	}
	return l, c.key.Verify(lookPurpose, l.mac, l.parts()...), nil
}

// beginLook tells whether a look is due, and this node is the one that makes it.
// What somebody wrote there past the service delays none.
func (c *Chain) beginLook(ctx context.Context) (mine bool, err error) {
	last, ok, err := c.lastLook(ctx)
	now := c.now()
	if err != nil || ok && last.at > store.Micros(now.Add(-lookEvery)) {
		return false, err
	}
	// READ COMMITTED: one conditional UPDATE says which node it is.
	err = c.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`INSERT INTO audit_look (id, at, position, intact, mac, looking_till) VALUES (1, 0, 0, 0, $1, 0)
			ON CONFLICT (id) DO NOTHING`, []byte{})
		mine = tx.Do(`UPDATE audit_look SET looking_till = $1 WHERE id = 1 AND (looking_till <= $2 OR looking_till > $1)`,
			store.Micros(now.Add(lookLife)), store.Micros(now)) == 1
		return nil
	})
	return mine && err == nil, err
}

// look looks at the whole chain and writes down what it found.
func (c *Chain) look(ctx context.Context) error {
	r, err := c.verify(ctx, pace)
	if err != nil {
		return err
	}
	if r.Break != nil {
		c.log.Error("the audit log was changed", slog.String("break", r.Break.String()))
	} else {
		c.log.Info("the audit log is whole", slog.String("end", r.End()))
	}
	l := look{at: store.Micros(c.now()), position: r.Position, intact: r.Break == nil}
	intact := 0
	if l.intact {
		intact = 1
	}
	// READ COMMITTED: one row, which is this node's for now.
	return c.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE audit_look SET at = $1, position = $2, intact = $3, mac = $4, looking_till = 0 WHERE id = 1`,
			l.at, l.position, intact, c.key.Sign(lookPurpose, l.parts()...))
		return nil
	})
}

const (
	// firstLook is how long Intact waits for the first look at a log.
	firstLook = 3 * time.Second
	// intactAgain is the time between two questions for it.
	intactAgain = 50 * time.Millisecond
)

// Intact tells whether the chain held at the last look, of whichever node, and
// whether its end is still the service's; false while there was no look yet.
func (c *Chain) Intact(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, firstLook)
	defer cancel()
	tick := time.NewTicker(intactAgain)
	defer tick.Stop()
	for {
		last, ok, err := c.lastLook(ctx)
		if err != nil || ok {
			return err == nil && last.intact && !c.broken.Load()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// Health is what this node knows of the log, for the metrics.
type Health struct {
	Sealed time.Time // when all entries were last sealed; zero before the first round
	Broken bool      // the end is not what the service has written
	Lost   int64     // entries that this node has seen and that are gone, see Seal
}

// Health tells it.
func (c *Chain) Health() Health {
	return Health{Sealed: store.Time(c.sealed.Load()), Broken: c.broken.Load(), Lost: c.lost.Load()}
}
