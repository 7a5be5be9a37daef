package screentest

// Clipboard is a clipboard in memory that remembers what was copied.
type Clipboard struct {
	Copied  []string // in order, without what only cleared it
	content string
}

// Content returns what is in it.
func (c *Clipboard) Content() string { return c.content }

// SetContent puts a text into it.
func (c *Clipboard) SetContent(text string) {
	if c.content = text; text != "" {
		c.Copied = append(c.Copied, text)
	}
}
