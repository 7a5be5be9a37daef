package accounts

import "plenary/service/caller"

// Principal is who makes a request.
type Principal = caller.Caller
