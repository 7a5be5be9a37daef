package mail

import (
	"context"

	"plenary/service/store"
)

// Again makes an e-mail anew from what it is about: of m, what it said is gone, and
// its address is the one of then. The new one goes to the one of now, with a new link and code
// where it has one. What is slow, such as hashing a new code, it does at once;
// the function that it gives then queues the e-mail in a transaction. Both
// refuse with an *api.Problem: of api.CodeWrongState where the e-mail cannot be
// made any more (the sign-up was used, the account erased, the registration
// gone), of api.CodeTooMany where the allowance of the address is used up.
type Again func(ctx context.Context, m Mail) (queue func(*store.Tx) error, err error)
