// Package clipboard puts secrets into the clipboard so that nothing remembers them. What
// is no secret, and reading, is Fyne's affair.
package clipboard

// SetSecret puts a text into the clipboard and asks the system, and the programs that
// remember what was copied, to leave it out: of the clipboard history, of the clipboard
// that goes to other computers, and of theirs. It is false where there is no way to do so
// or where it failed; then the clipboard may be empty. It is for the window's goroutine.
func SetSecret(text string) bool { return setSecret(text) }
