package mail

import (
	"fmt"

	"plenary/service/store"
)

// Erase empties the e-mails that went, or were to go, to an address or that are
// about a subject, within the transaction in which somebody's data is erased:
// that there were e-mails stays, to whom and with what does not. Those that
// still wait are not sent. An empty address or subject stands for none.
func (o *Outbox) Erase(tx *store.Tx, address, subject string) {
	o.erase(tx, `(recipient = $1 AND $1 <> '') OR (subject = $2 AND $2 <> '')`, address, subject)
}

// EraseAbout is Erase for the subjects that a query gives, which is SQL with one
// column of ids: for what ends by its time, such as sign-ups that nobody activated.
func (o *Outbox) EraseAbout(tx *store.Tx, subjects string, args ...any) {
	o.erase(tx, `recipient <> '' AND subject IN (`+subjects+`)`, args...)
}

func (o *Outbox) erase(tx *store.Tx, which string, args ...any) {
	change := fmt.Sprintf(`UPDATE mails SET recipient = '', params = '{}', secrets = NULL, qr = '', calendar = '', lease = '',
		done_at = CASE WHEN state = '%[1]s' THEN %[3]d ELSE done_at END, state = CASE WHEN state = '%[1]s' THEN '%[2]s' ELSE state END WHERE `,
		Waiting, Expired, store.Micros(o.now()))
	tx.Do(change+which, args...)
}
