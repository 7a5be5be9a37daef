package desktop

import (
	"fmt"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// pause is how long each press and each release lasts, in milliseconds, kept by
// the X server. GLFW drops a second press of a key in the same millisecond.
const pause = 6

// extra are the characters beyond the layout's own (US English) that tests
// type. They are put on spare keys (unused ones, and those for volume, mail and
// the like) when the desktop starts, before any program has read the layout:
// changing it while one runs would be a race.
const extra = "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜàâäæçèéêëîïôöùûüßñÑłŁ’" +
	"абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ" +
	"ابتثجحخدذرزسشصضطظعغفقكلمنهوي"

// keysyms of the keys that tests press by name.
var named = map[string]xproto.Keysym{
	"Tab": 0xff09, "Enter": 0xff0d, "Escape": 0xff1b, "BackSpace": 0xff08, "Delete": 0xffff,
	"Left": 0xff51, "Up": 0xff52, "Right": 0xff53, "Down": 0xff54, "Home": 0xff50, "End": 0xff57,
	"PageUp": 0xff55, "PageDown": 0xff56, "Space": 0x20, "Shift": 0xffe1, "Ctrl": 0xffe3, "Alt": 0xffe9,
	"F1": 0xffbe, "F2": 0xffbf, "F3": 0xffc0, "F4": 0xffc1, "F5": 0xffc2,
}

type key struct {
	code  byte
	shift bool
}

type keyboard map[xproto.Keysym]key

// newKeyboard reads the layout and adds the extra characters on spare keys.
func newKeyboard(x *xgb.Conn) (keyboard, error) {
	setup := xproto.Setup(x)
	first, last := setup.MinKeycode, setup.MaxKeycode
	layout, err := xproto.GetKeyboardMapping(x, first, byte(last-first+1)).Reply()
	if err != nil {
		return nil, fmt.Errorf("reading the keyboard's layout: %w", err)
	}
	per := int(layout.KeysymsPerKeycode)
	keys := keyboard{}
	var spare []xproto.Keycode
	for i := 0; i <= int(last-first); i++ {
		syms := layout.Keysyms[i*per : (i+1)*per]
		if isSpare(syms) {
			spare = append(spare, first+xproto.Keycode(i))
			continue
		}
		for level, sym := range syms[:min(2, per)] {
			if _, known := keys[sym]; sym != 0 && !known {
				keys[sym] = key{code: byte(int(first) + i), shift: level == 1}
			}
		}
	}
	added := []rune(extra)
	if len(spare)*2 < len(added) {
		return nil, fmt.Errorf("the layout has %d spare keys, too few for %d characters", len(spare), len(added))
	}
	for i := 0; i < len(added); i += 2 {
		pair := []xproto.Keysym{keysym(added[i]), keysym(added[min(i+1, len(added)-1)])}
		code := spare[i/2]
		if err := xproto.ChangeKeyboardMappingChecked(x, 1, code, 2, pair).Check(); err != nil {
			return nil, fmt.Errorf("putting more characters on the keyboard: %w", err)
		}
		keys[pair[1]] = key{code: byte(code), shift: true}
		keys[pair[0]] = key{code: byte(code)}
	}
	return keys, nil
}

// isSpare tells whether a key does nothing that a test needs: its symbols are
// none, or of the vendors' range (volume, mail, web).
func isSpare(syms []xproto.Keysym) bool {
	for _, sym := range syms {
		if sym != 0 && sym < 0x10000000 {
			return false
		}
	}
	return true
}

// keysym is X's number for a character.
func keysym(r rune) xproto.Keysym {
	if r >= 0x20 && r <= 0x7e || r >= 0xa0 && r <= 0xff {
		return xproto.Keysym(r)
	}
	return xproto.Keysym(0x01000000 | r)
}

// Type types a text into whatever has the focus.
func (d *Desktop) Type(text string) error {
	for _, r := range text {
		k, ok := d.keys[keysym(r)]
		if !ok {
			return fmt.Errorf("the test's keyboard has no key for %q", r)
		}
		if err := d.stroke(k); err != nil {
			return fmt.Errorf("typing: %w", err)
		}
	}
	return nil
}

// Press presses keys by name, together: "Enter", "Ctrl+a", "Shift+Tab".
func (d *Desktop) Press(combination string) error {
	names := strings.Split(combination, "+")
	var held []byte
	for i, name := range names {
		sym, ok := named[name]
		if !ok && len(name) == 1 {
			sym, ok = xproto.Keysym(name[0]), true
		}
		k, known := d.keys[sym]
		if !ok || !known {
			return fmt.Errorf("the test's keyboard has no key %q", name)
		}
		if i < len(names)-1 {
			held = append(held, k.code)
			if err := d.fake(xproto.KeyPress, k.code); err != nil {
				return err
			}
			continue
		}
		if err := d.stroke(k); err != nil {
			return err
		}
	}
	for i := len(held) - 1; i >= 0; i-- {
		if err := d.fake(xproto.KeyRelease, held[i]); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desktop) stroke(k key) error {
	shift := d.keys[named["Shift"]].code
	if k.shift {
		if err := d.fake(xproto.KeyPress, shift); err != nil {
			return err
		}
	}
	if err := d.fake(xproto.KeyPress, k.code); err != nil {
		return err
	}
	if err := d.fake(xproto.KeyRelease, k.code); err != nil {
		return err
	}
	if k.shift {
		return d.fake(xproto.KeyRelease, shift)
	}
	return nil
}

// fake lets the X server make an event after a pause, and waits until it has.
func (d *Desktop) fake(kind, detail byte) error {
	return xtest.FakeInputChecked(d.x, kind, detail, pause, d.screen.Root, 0, 0, 0).Check()
}
