package parts

import "fyne.io/fyne/v2"

// typed are the windows in which something was typed or pasted. Like every
// widget they belong to the window's goroutine.
var typed = map[fyne.Canvas]bool{}

func noteTyped(e *Entry) { typed[fyne.CurrentApp().Driver().CanvasForObject(e)] = true }

// Typed says whether something was typed in a window since ForgetTyped.
func Typed(c fyne.Canvas) bool { return typed[c] }

// ForgetTyped is for what follows, such as another screen in the window.
func ForgetTyped(c fyne.Canvas) { delete(typed, c) }
