package kit

import (
	"context"
	"maps"
	"time"

	"fyne.io/fyne/v2"
)

// Preferences know at once what is set, and write it beside the window: Fyne's write their
// file, and wait for the disk, on the goroutine that sets one. They are for the window's
// goroutine, and the program does not end before all is written.
type Preferences struct {
	env       Env
	disk      fyne.Preferences
	unwritten map[string]any
	writing   bool
}

// fyneRests is how long Fyne rests after it has written. What is set meanwhile it writes
// after that, on the window's goroutine.
const fyneRests = 150 * time.Millisecond

// NewPreferences returns those that stand on the disk.
func NewPreferences(env Env, disk fyne.Preferences) *Preferences {
	return &Preferences{env: env, disk: disk, unwritten: map[string]any{}}
}

// SetString, SetInt and SetBool set a value.
func (p *Preferences) SetString(key, value string)    { p.set(key, value) }
func (p *Preferences) SetInt(key string, value int)   { p.set(key, value) }
func (p *Preferences) SetBool(key string, value bool) { p.set(key, value) }

// StringWithFallback, IntWithFallback and BoolWithFallback give what was set last.
func (p *Preferences) StringWithFallback(key, fallback string) string {
	if value, ok := p.unwritten[key].(string); ok {
		return value
	}
	return p.disk.StringWithFallback(key, fallback)
}

func (p *Preferences) IntWithFallback(key string, fallback int) int {
	if value, ok := p.unwritten[key].(int); ok {
		return value
	}
	return p.disk.IntWithFallback(key, fallback)
}

func (p *Preferences) BoolWithFallback(key string, fallback bool) bool {
	if value, ok := p.unwritten[key].(bool); ok {
		return value
	}
	return p.disk.BoolWithFallback(key, fallback)
}

func (p *Preferences) set(key string, value any) {
	p.unwritten[key] = value
	if !p.writing {
		p.writing = true
		p.env.Decisions.running++
		p.write()
	}
}

// write writes what is set now, and then what was set meanwhile.
func (p *Preferences) write() {
	now := maps.Clone(p.unwritten)
	p.env.Run.Run(context.Background(), func(ctx context.Context) {
		for key, value := range now {
			switch value := value.(type) {
			case string:
				p.disk.SetString(key, value)
			case int:
				p.disk.SetInt(key, value)
			case bool:
				p.disk.SetBool(key, value)
			}
		}
		p.env.Sleep(ctx, fyneRests)
	}, func() {
		maps.DeleteFunc(p.unwritten, func(key string, value any) bool { return value == now[key] })
		if len(p.unwritten) > 0 {
			p.write()
			return
		}
		p.writing = false
		p.env.Decisions.done()
	})
}
