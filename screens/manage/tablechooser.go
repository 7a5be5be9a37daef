package manage

import (
	"bytes"
	"context"
	"errors"
	"io"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/spreadsheet"
)

// maxTableFile is how many bytes a file with a table may have.
const maxTableFile = 32 << 20

// tableEndings are those of the files of spreadsheet programs that are read.
var tableEndings = []string{".xlsx", ".csv"}

// tableChooser is where one chooses a file with a table, or drops it.
type tableChooser struct {
	env     kit.Env
	bar     *parts.Bar
	choose  *parts.Button
	content fyne.CanvasObject
}

// newTableChooser makes one, whose ids begin with an area; chosen is told what to read, more
// stands beside its button, and what says what the file is to be like.
func newTableChooser(env kit.Env, area parts.ID, bar *parts.Bar, calls *kit.Calls, what string, chosen func(kit.ChosenFile), more ...*parts.Button) *tableChooser {
	c := &tableChooser{env: env, bar: bar}
	c.choose = calls.Button(area+".choose", "tablefile.choose", parts.Primary, func() {
		if env.ChooseFile != nil {
			env.ChooseFile(tableEndings, chosen)
		}
	})
	buttons := parts.Inline(parts.Gap12, c.choose)
	for _, b := range more {
		buttons.Add(b)
	}
	card := parts.Card(parts.Section(env.T("tablefile.title")), parts.Body(what), parts.Muted(env.T("tablefile.drop")), buttons)
	c.content = parts.Scroll(parts.Pad(1, parts.Gap4, 1, 1, parts.Leading(kit.FormWidth, card)))
	if env.Drops != nil {
		env.Drops.Onto(calls.Context(), c.content, func(f kit.ChosenFile) {
			if !calls.Working() {
				chosen(f)
			}
		})
	}
	return c
}

// errUnread is about a file, and not about the service.
var errUnread = errors.New("the file could not be read or written")

// readTable reads a file that was chosen, beside the window. Errors: errFile, errUnread.
func readTable(env kit.Env, f kit.ChosenFile) ([]byte, error) {
	data, too, err := f.Read(maxTableFile)
	switch {
	case err != nil:
		return nil, errors.Join(errUnread, err)
	case too:
		return nil, errFile{env.T("sheet.wrong.too-large")}
	}
	return data, nil
}

// openTable reads the heading of a table in whatever encoding it is.
func openTable(ctx context.Context, data []byte, columns spreadsheet.Columns) (table *spreadsheet.Reader, windows bool, err error) {
	var in io.Reader = bytes.NewReader(data)
	if wrong, ok := errors.AsType[*spreadsheet.Wrong](spreadsheet.CheckUTF8(bytes.NewReader(data))); ok && wrong.Code == spreadsheet.CodeEncoding {
		windows, in = true, spreadsheet.FromWindows1252(in)
	}
	table, err = spreadsheet.Open(ctx, in, columns)
	return table, windows, err
}

// failed says what is wrong with a file; it reports whether that was it.
func (c *tableChooser) failed(err error) bool {
	words := ""
	file, ok := errors.AsType[errFile](err)
	switch {
	case ok:
		words = file.words
	case errors.Is(err, errUnread):
		words = c.env.T("tablefile.wrong.unread")
	default:
		return false
	}
	c.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: words}}})
	parts.IntoView(c.bar)
	parts.Focus(c.choose)
	return true
}

// aboveList puts something above a list, and scrolls both where there is no room for a few
// rows below it.
func aboveList(top, list fyne.CanvasObject) fyne.CanvasObject {
	const fewRows = 260
	return parts.Scroll(parts.Pad(1, parts.Gap4, 1, 1, parts.Frame(
		parts.Pad(0, 0, parts.Gap12, 0, top), parts.Layers(parts.Space(fewRows), parts.Panel(list)), nil)))
}
