//go:build !windows && !darwin

package open

import (
	"fmt"
	"net/url"
	"os/exec"
	"time"
)

// patience is how long xdg-open may take to say that it failed. Where it stands for a
// program that it starts itself, it does not end before that does.
const patience = 5 * time.Second

// URL opens a file, a web page or an e-mail with xdg-open, and waits until that has ended
// or its patience has: Fyne's way, which is for macOS, does not learn that nothing was
// opened.
func URL(u *url.URL, _ func(*url.URL) error) error { return run("xdg-open", u.String(), patience) }

func run(program, address string, patience time.Duration) error {
	opener := exec.Command(program, address)
	if err := opener.Start(); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- opener.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("open: %s: %w", program, err)
		}
		return nil
	case <-time.After(patience):
		return nil
	}
}
