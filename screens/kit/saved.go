package kit

import "plenary/screens/parts"

// Saved says where a file is that the person wanted, with a way to open it.
func (e Env) Saved(path string) parts.Notice {
	return parts.Notice{
		Tone: parts.Success, Words: []parts.Span{{Text: e.T("file.saved", map[string]any{"Path": path})}},
		Action: e.T("file.open"), Act: func() { e.OpenFile(path) },
	}
}

// NotSaved says that it could not be written, and what to do.
func (e Env) NotSaved() parts.Notice {
	return parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: e.T("file.not-saved")}}}
}
