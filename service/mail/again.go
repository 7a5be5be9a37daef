package mail

import (
	"context"
	"time"

	"plenary/service/store"
)

// OutgoingRow is what is left of an e-mail when somebody wants it sent again:
// what it said was erased when it was sent, failed or expired.
type OutgoingRow struct {
	ID       string
	To       string // the address of then; the new e-mail goes to the one of now
	Language string
	Template string // one of the constants
	Subject  string // as Message has it; never empty
	Created  time.Time
}

// Again makes an e-mail anew from what it is about, with a new link and code
// where it has one, and queues it in the transaction. It refuses with an
// *api.Problem of api.CodeWrongState where that cannot be any more: the sign-up
// was used, the account erased, the registration gone.
type Again func(ctx context.Context, tx *store.Tx, m OutgoingRow) error
