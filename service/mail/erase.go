package mail

import (
	"context"
	"fmt"

	"plenary/service/store"
)

// Erase empties the e-mails that went, or were to go, to an address or that are
// about a subject, within the transaction in which somebody's data is erased:
// that there were e-mails stays, to whom and with what does not. Those that
// still wait are not sent. An empty address or subject stands for none.
func (o *Outbox) Erase(ctx context.Context, tx *store.Tx, address, subject string) error {
	if _, err := tx.Exec(ctx, `UPDATE mails SET recipient = '', params = '{}', secrets = NULL, qr = '', calendar = '',
			lease = '', lease_until = 0,
			done_at = CASE WHEN state = $1 THEN $2 ELSE done_at END, state = CASE WHEN state = $1 THEN $3 ELSE state END
		WHERE (recipient = $4 AND $4 <> '') OR (subject = $5 AND $5 <> '')`,
		Waiting, store.Micros(o.now()), Expired, address, subject); err != nil {
		return fmt.Errorf("mail: erase: %w", err)
	}
	return nil
}

// EraseSettled forgets to whom the e-mails of a template went that do not wait
// any more. It is for those whose recipients are known to nobody but them.
func (o *Outbox) EraseSettled(ctx context.Context, tx *store.Tx, template string) error {
	if _, err := tx.Exec(ctx, `UPDATE mails SET recipient = '', params = '{}' WHERE template = $1 AND state <> $2 AND recipient <> ''`,
		template, Waiting); err != nil {
		return fmt.Errorf("mail: erase: %w", err)
	}
	return nil
}
