package mail

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/service/store"
)

// Due says in SQL whether an e-mail is to be sent; $1 is the time. It looks at each
// priority, so that the index answers at once however many wait for a later time.
var Due = func() string {
	var each []string
	for p := range priorities {
		each = append(each, fmt.Sprintf(`EXISTS (SELECT 1 FROM mails WHERE state = '%s' AND priority = %d AND next_at <= $1)`, Waiting, p))
	}
	return strings.Join(each, " OR ")
}()

// claimed are e-mails that a sender has for itself, until their lease is over.
type claimed struct {
	lease string
	until time.Time
	mails []*Mail
}

// window is how many times as many e-mails are looked at as are claimed: each
// sender takes other ones of them, so that nodes do not wait for each other.
const window = 4

// ready finds e-mails of one priority that may be sent now, the longest due first.
// Those of one person go one after the other, in the order in which they were
// written: one that is due, or under way, holds back the later ones. One that
// failed and waits for its next attempt does not, nor does what was written to many hold
// back what one person waits for.
var ready = `SELECT m.id FROM mails m
	WHERE m.state = '` + Waiting + `' AND m.priority = $1 AND m.next_at <= $2 AND (m.expires_at = 0 OR m.expires_at > $2)
	AND NOT EXISTS (SELECT 1 FROM mails e WHERE e.recipient = m.recipient AND e.state = '` + Waiting + `'
		AND (e.created_at < m.created_at OR e.created_at = m.created_at AND e.id < m.id)
		AND (e.priority < ` + strconv.Itoa(mass) + ` OR m.priority = ` + strconv.Itoa(mass) + `)
		AND (e.next_at <= $2 OR e.lease <> '') AND (e.expires_at = 0 OR e.expires_at > $2 OR e.lease <> ''))
	ORDER BY m.next_at, m.id LIMIT $3`

// claim leases up to n e-mails for a time, the most urgent ones.
func (s *Sender) claim(ctx context.Context, n int, life time.Duration) (claimed, error) {
	now := s.Now()
	c := claimed{lease: uuid.NewString(), until: now.Add(life)}
	var ids []string
	for priority := 0; priority < priorities && len(ids) < n; priority++ {
		found, err := s.ready(ctx, priority, window*n, now)
		if err != nil {
			return c, err
		}
		if left := n - len(ids); len(found) > left {
			rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
			found = found[:left]
		}
		ids = append(ids, found...)
	}
	if len(ids) == 0 {
		return c, nil
	}
	query := `UPDATE mails SET lease = $1, next_at = $2, attempts = attempts + 1 WHERE state = '` + Waiting + `' AND next_at <= $3 AND id IN (`
	args := []any{c.lease, store.Micros(c.until), store.Micros(now)}
	for i := range n { // always as many places, so that it is one statement
		id := ""
		if i < len(ids) {
			id = ids[i]
		}
		query, args = query+"$"+strconv.Itoa(len(args)+1)+", ", append(args, id)
	}
	query = strings.TrimSuffix(query, ", ") + `) RETURNING ` + columns
	// READ COMMITTED: leases are taken by one conditional UPDATE, which judges each row
	// again where another sender was faster.
	err := s.DB.UpdateOne(ctx, func(tx *store.Tx) error {
		c.mails = nil
		for scan := range tx.Each(query, args...) {
			m := readMail(s.Key, scan)
			c.mails = append(c.mails, &m)
		}
		return nil
	})
	if err != nil {
		return claimed{}, err
	}
	slices.SortFunc(c.mails, func(a, b *Mail) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return c, nil
}

func (s *Sender) ready(ctx context.Context, priority, most int, now time.Time) (ids []string, err error) {
	err = s.DB.Peek(ctx, func(tx *store.Tx) error {
		ids = tx.Strings(ready, priority, store.Micros(now), most)
		return nil
	})
	return ids, err
}

// outcome is what becomes of an e-mail that was claimed.
type outcome struct {
	state   string
	problem string
	at      time.Time // of the next attempt, or when it was finished
	asked   bool      // a mail server was asked to take this very e-mail
	untried bool      // the attempt does not count, and the problem of the one before stays
}

// finish ends a lease. What an e-mail said is erased once it is not to be tried again.
func (s *Sender) finish(ctx context.Context, m *Mail, lease string, o outcome) error {
	// What was sent, was: also if the service is about to end.
	ctx = context.WithoutCancel(ctx)
	attempts, first := m.attempts, store.Micros(m.first)
	if o.untried {
		attempts--
		o.problem = cmp.Or(o.problem, m.problem)
	}
	if o.asked && first == 0 {
		first = store.Micros(s.Now())
	}
	query, args := `UPDATE mails SET problem = $1, attempts = $2, first_at = $3, lease = '', `, []any{o.problem, attempts, first, store.Micros(o.at), m.ID, lease}
	if o.state == Waiting {
		query += `next_at = $4`
	} else {
		query += `done_at = $4, state = '` + o.state + `'`
		if !s.KeepSent {
			query += `, ` + emptied
		}
	}
	// READ COMMITTED: one row, while the lease is this sender's.
	return s.DB.UpdateOne(ctx, func(tx *store.Tx) error {
		tx.Do(query+` WHERE id = $5 AND lease = $6`, args...)
		return nil
	})
}
