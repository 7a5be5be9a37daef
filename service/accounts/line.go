package accounts

// Line brings a text of one line into the form in which sign-up keeps it: NFC,
// no space around it. ok is false for a text with line breaks, control
// characters or marks that turn the direction of text.
func Line(s string) (line string, ok bool) {
	v := validation{}
	line = v.line("", s)
	return line, len(v.fields) == 0
}
