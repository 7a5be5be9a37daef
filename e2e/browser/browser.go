// Package browser opens the links of e-mails in a real browser, headless
// Chromium, and works the pages as a person does: reads, types, clicks.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// limit is how long a page may take to show what is awaited.
const limit = 30 * time.Second

// names under which Chromium is found, Debian's first.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// Browser is a running browser with one page open.
type Browser struct {
	ctx  context.Context
	ends []context.CancelFunc
}

// Start brings a browser up, with its profile below dir.
func Start(dir string) (*Browser, error) {
	var path string
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("none of %v is installed", names)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(dir),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1000, 760),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endPage := chromedp.NewContext(allocator)
	b := &Browser{ctx: ctx, ends: []context.CancelFunc{endPage, endAllocator}}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		b.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() {
	for _, end := range b.ends {
		end()
	}
}

// Open goes to an address.
func (b *Browser) Open(address string) error {
	// Without this, going to the same page with another fragment would not load it.
	if err := b.do("leaving the page", chromedp.Navigate("about:blank")); err != nil {
		return err
	}
	return b.do("opening a link", chromedp.Navigate(address))
}

// Wait waits until an element (CSS selector) can be seen.
func (b *Browser) Wait(selector string) error {
	return b.do("waiting for "+selector, chromedp.WaitVisible(selector))
}

// Fill types into a field, in place of what stands there.
func (b *Browser) Fill(selector, text string) error {
	if err := b.Wait(selector); err != nil {
		return err
	}
	if _, err := Evaluate[bool](b, fmt.Sprintf("{ const field = document.querySelector(%q); field.focus(); field.select() } true", selector)); err != nil {
		return fmt.Errorf("choosing what stands in %s: %w", selector, err)
	}
	return b.do("filling "+selector, chromedp.SendKeys(selector, text))
}

// Click clicks on an element.
func (b *Browser) Click(selector string) error {
	return b.do("clicking on "+selector, chromedp.WaitVisible(selector), chromedp.Click(selector))
}

// Text is what an element says.
func (b *Browser) Text(selector string) (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(selector))
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", selector, err)
	}
	return text, nil
}

// Address is where the browser is now, as its address bar shows it.
func (b *Browser) Address() (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Location())
}

// Look gives the window a width, and the system a preference for dark or light.
func (b *Browser) Look(width int64, dark bool) error {
	scheme := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: "light"}
	if dark {
		scheme.Value = "dark"
	}
	return b.do("changing the look", chromedp.EmulateViewport(width, 760), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{scheme}})
		return err
	}))
}

// Evaluate runs a script in the page, waits for what it promises, and gives its value.
func Evaluate[T any](b *Browser, script string) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// SavePNG writes a picture of the page.
func (b *Browser) SavePNG(path string) error {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return fmt.Errorf("taking a picture of the page: %w", err)
	}
	return os.WriteFile(path, picture, 0o644)
}

func (b *Browser) do(what string, actions ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
