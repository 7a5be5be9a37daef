package notify

import "context"

// Show shows a notification in the way that is given, see Notifier.Way.
func (n *Notifier) Show(_ context.Context, what Notification) error {
	return n.Way(plain(what.Title), plain(what.Text))
}
