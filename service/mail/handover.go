package mail

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"plenary/service/store"
)

// handoverTime is how long the mail server of before may take for one e-mail.
const handoverTime = 5 * time.Second

// takeNotices leases what administrators are to know, for handOver; what they are
// told of the change that is being made is among it.
func (a *Admin) takeNotices(tx *store.Tx) claimed {
	c := claimed{lease: uuid.NewString(), until: a.Now().Add(3 * handoverTime)}
	for scan := range tx.Each(`UPDATE mails SET lease = $1, next_at = $2, attempts = attempts + 1
		WHERE template = $3 AND state = $4 AND lease = '' RETURNING `+columns,
		c.lease, store.Micros(c.until), ServiceChanged, Waiting) {
		m := readMail(a.Settings.key, scan)
		c.mails = append(c.mails, &m)
	}
	return c
}

// handOver sends notices to administrators through the mail server of before: the new
// one may belong to somebody who wants to keep them from knowing. What the old one does
// not take leaves through the new one. Whoever asked for the change may have hung up:
// that ends nothing, but no e-mail is begun once its lease runs out.
func (a *Admin) handOver(ctx context.Context, before *Server, notices claimed) {
	ctx = context.WithoutCancel(ctx)
	info, err := a.Info(ctx)
	if err == nil {
		old := *before
		old.Timeout = min(handoverTime, before.timeout())
		r := newRound(NewSender(Options{DB: a.DB, Key: a.Settings.key, Now: a.Now, Log: a.Settings.log, KeepSent: a.KeepSent}), &old, info)
		for _, m := range notices.mails {
			r.give(ctx, claimedMail{m, notices.lease, notices.until})
		}
		close(r.queue)
		r.workers.Wait()
		err = errors.Join(r.errs...)
	}
	if err != nil { // they leave once their lease is over
		a.Settings.log.Warn("administrators were not told through the mail server of before", slog.Any("error", err))
	}
}
