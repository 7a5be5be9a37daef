package kit

import "context"

// Follow shows what is there now and again, on the window's goroutine, whatever changes
// until ctx ends or unfollow is called. It subscribes before it looks, so that a change
// between the two is not missed.
func (e Env) Follow(ctx context.Context, show func(), subscribe ...func(changed func()) (cancel func())) (unfollow func()) {
	changed := func() { e.Run.Post(ctx, show) }
	var ends []func()
	for _, to := range subscribe {
		ends = append(ends, to(changed))
	}
	show()
	return func() {
		for _, end := range ends {
			end()
		}
	}
}
