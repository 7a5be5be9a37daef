package notify

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestShow_orSaysThatThereIsNone: Wine has no notifications, and neither has a Windows
// without a desktop.
func TestShow_orSaysThatThereIsNone(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	n := &Notifier{ID: "int.plenary.Plenary", Name: "Plenary"}
	for range 2 {
		err := n.Show(ctx, Notification{Title: "A meeting starts in 10 minutes", Text: "$(calc)"})
		if err != nil && !errors.Is(err, ErrNone) {
			t.Error(err)
		}
		t.Log(err)
	}
}
