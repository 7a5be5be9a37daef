package main

import (
	"errors"
	"reflect"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// errInput: the version of Fyne has another inside than this one.
var errInput = errors.New("the window does not tell of its input")

// hearInput calls heard, on the window's goroutine, at each key, click, turn of the wheel and
// move of the pointer in a window that is shown, before anything else hears of it. Fyne tells
// of them only what they are meant for; so it is heard where Fyne hears it, from GLFW.
func hearInput(w fyne.Window, heard func()) error {
	view, ok := viewOf(w)
	if !ok {
		return errInput
	}
	key := view.SetKeyCallback(nil)
	view.SetKeyCallback(func(w *glfw.Window, k glfw.Key, scancode int, action glfw.Action, mods glfw.ModifierKey) {
		heard()
		key(w, k, scancode, action, mods)
	})
	click := view.SetMouseButtonCallback(nil)
	view.SetMouseButtonCallback(func(w *glfw.Window, button glfw.MouseButton, action glfw.Action, mods glfw.ModifierKey) {
		heard()
		click(w, button, action, mods)
	})
	move := view.SetCursorPosCallback(nil)
	view.SetCursorPosCallback(func(w *glfw.Window, x, y float64) {
		heard()
		move(w, x, y)
	})
	wheel := view.SetScrollCallback(nil)
	view.SetScrollCallback(func(w *glfw.Window, x, y float64) {
		heard()
		wheel(w, x, y)
	})
	return nil
}

// viewOf is GLFW's window behind Fyne's, which keeps it to itself.
func viewOf(w fyne.Window) (*glfw.Window, bool) {
	inside := reflect.Indirect(reflect.ValueOf(w))
	if inside.Kind() != reflect.Struct {
		return nil, false
	}
	view := inside.FieldByName("viewport")
	if !view.IsValid() || view.Type() != reflect.TypeFor[*glfw.Window]() || view.IsNil() {
		return nil, false
	}
	return (*glfw.Window)(view.UnsafePointer()), true
}
