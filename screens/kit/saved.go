package kit

import (
	"context"

	"plenary/screens/parts"
)

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

// SavePDF makes a PDF beside the window, which needs no network, has save write it, opens
// it, and says where it is, and for which letters in it this computer has no font.
func (e Env) SavePDF(ctx context.Context, busy *parts.Busy, bar *parts.Bar, name string, save func(name string, data []byte) (path string, err error), write func() (data []byte, missing []rune, err error)) {
	var (
		path    string
		missing []rune
	)
	e.Do(ctx, busy, e.T("file.pdf"), func(context.Context) error {
		data, letters, err := write()
		if err == nil {
			missing = letters
			path, err = save(name, data)
		}
		return err
	}, func(err error) {
		if err != nil {
			bar.Say(e.NotSaved())
			return
		}
		said := e.Saved(path)
		if len(missing) > 0 {
			said.Tone = parts.Warning
			said.Words = append(said.Words, parts.Span{Text: ". " + e.T("file.letters", map[string]any{"Letters": string(missing)})})
		}
		bar.Say(said)
		e.OpenFile(path)
	})
}
