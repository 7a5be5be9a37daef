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
// where it has one. What is slow, such as hashing a new code, it does at once;
// the function that it gives then queues the e-mail in a transaction. Both
// refuse with an *api.Problem: of api.CodeWrongState where the e-mail cannot be
// made any more (the sign-up was used, the account erased, the registration
// gone), of api.CodeTooMany where the allowance of the address is used up.
type Again func(ctx context.Context, m OutgoingRow) (queue func(context.Context, *store.Tx) error, err error)
