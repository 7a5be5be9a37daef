package mail

import (
	"context"

	"plenary/service/store"
)

// Again makes an e-mail anew from what it is about: what m said was erased, and m.To is
// the address that it went to. The new e-mail goes to the present address, with a new
// link and code where it has any. Again does what is slow; the function that it gives
// then queues the e-mail in a transaction.
//
// Errors of both: api.CodeWrongState where the e-mail cannot be made any more (the
// sign-up was used, the account erased, the registration gone); api.CodeTooMany where
// the allowance of the address is used up.
type Again func(ctx context.Context, m Mail) (queue func(*store.Tx) error, err error)
