package kit

import (
	"context"
	"errors"
	"slices"
	"time"

	"plenary/app"
	"plenary/screens/parts"
	"plenary/spreadsheet"
)

// Exporter writes the part of a list that the filter shows into a file, page by page,
// however long it is.
type Exporter struct {
	env   Env
	bar   *parts.Bar
	calls *Calls
	busy  *parts.Busy
	// Begin shows the formats in its place; Cancel is for both what they offer and what
	// they began.
	Begin, Cancel *parts.Button
	formats       []*parts.Button
	Folder        func() (string, error) // where the file goes; the downloads by itself
	begun         func() Exported        // reads the filter
}

// Exported is a list that is being exported.
type Exported struct {
	File     string // key of its name, which has no ending
	Headings []string
	// More gives headings behind those, which the service has to be asked for; nil for none.
	More func(ctx context.Context) ([]string, error)
	// Note has the service note who keeps what.
	Note func(ctx context.Context) error
	// Page gives some rows; at says how far that is, in words.
	Page func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error)
	// Progress is the key of how far it is; of the count and the Time that Page gives as at.
	Progress string
}

// NewExporter returns one whose buttons are named after an area; ctx ends with its screen.
func NewExporter(ctx context.Context, env Env, area parts.ID, bar *parts.Bar, busy *parts.Busy, begun func() Exported) *Exporter {
	x := &Exporter{env: env, bar: bar, busy: busy, begun: begun, Folder: app.Downloads}
	x.calls = NewCalls(ctx, env, bar, busy, nil)
	x.Begin = x.calls.Button(area+".export", "export", parts.Outlined, func() { x.offer(true) }).Low()
	for _, format := range []spreadsheet.Format{spreadsheet.XLSX, spreadsheet.CSV} {
		b := x.calls.Button(area+".export."+parts.ID(format), "export."+string(format), parts.Outlined, func() { x.start(format) }).Low()
		x.formats = append(x.formats, b)
	}
	x.Cancel = parts.NewButton(area+".export.cancel", env.T("export.cancel"), parts.Outlined, func() { x.Stop() }).Low()
	x.show(false)
	return x
}

// Buttons are all of them, of which those are seen that there is a use for.
func (x *Exporter) Buttons() []*parts.Button {
	return append(append([]*parts.Button{x.Begin}, x.formats...), x.Cancel)
}

// offer shows the formats in place of the button that leads to them, or the other way
// round; the keyboard goes along if it was there.
func (x *Exporter) offer(formats bool) {
	here := x.focused()
	x.show(formats)
	switch {
	case here && formats:
		parts.Focus(x.formats[0])
	case here:
		parts.Focus(x.Begin)
	}
}

// focused tells whether one of the buttons has the keyboard.
func (x *Exporter) focused() bool {
	canvas := parts.CanvasOf(x.Begin)
	if canvas == nil {
		return false
	}
	b, ok := canvas.Focused().(*parts.Button)
	return ok && slices.Contains(x.Buttons(), b)
}

func (x *Exporter) show(formats bool) {
	parts.SetVisible(!formats, x.Begin)
	for _, b := range x.formats {
		parts.SetVisible(formats, b)
	}
	parts.SetVisible(formats, x.Cancel)
}

// errNotSaved is about the file, and not about the service.
var errNotSaved = errors.New("the file could not be written")

func (x *Exporter) start(format spreadsheet.Format) {
	if x.calls.Working() {
		return
	}
	env, list := x.env, x.begun()
	name := env.T(list.File, map[string]any{"Date": env.Now().Format(time.DateOnly)})
	var path string
	x.calls.Try("export.busy", func(ctx context.Context) (err error) {
		path, err = x.write(ctx, name, format, list)
		return err
	}, func() {
		x.offer(false)
		x.bar.Say(env.Saved(path))
	}, func(err error) bool {
		x.offer(false)
		if !errors.Is(err, errNotSaved) {
			return false
		}
		x.bar.Say(env.NotSaved())
		return true
	})
}

// Stop gives it up, or the choice of a format; it reports whether there was any.
func (x *Exporter) Stop() bool {
	if !x.calls.Cancel() && !x.Cancel.Visible() {
		return false
	}
	x.offer(false)
	return true
}

// write writes the file beside the window, and returns its path.
func (x *Exporter) write(ctx context.Context, name string, format spreadsheet.Format, list Exported) (string, error) {
	if err := list.Note(ctx); err != nil {
		return "", err
	}
	if list.More != nil {
		more, err := list.More(ctx)
		if err != nil {
			return "", err
		}
		list.Headings = slices.Concat(list.Headings, more)
	}
	folder, err := x.Folder()
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	sheet, err := app.NewSpreadsheet(folder, name, format, x.env.Words.Lang(), x.env.Words.Direction() == "rtl")
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	if err := x.rows(ctx, sheet, list); err != nil {
		return "", errors.Join(err, sheet.Discard())
	}
	path, err := sheet.Save()
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	return path, nil
}

// rows writes all rows, and says how far it is.
func (x *Exporter) rows(ctx context.Context, sheet *app.Spreadsheet, list Exported) error {
	if err := sheet.Row(spreadsheet.Texts(list.Headings...)...); err != nil {
		return errors.Join(errNotSaved, err)
	}
	for written, after := 0, ""; ; {
		rows, next, at, err := list.Page(ctx, after)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := sheet.Row(row...); err != nil {
				return errors.Join(errNotSaved, err)
			}
		}
		if written += len(rows); next == "" || len(rows) == 0 {
			return ctx.Err()
		}
		count := written
		x.env.Run.Post(ctx, func() {
			x.busy.Say(x.env.Words.N(list.Progress, count, map[string]any{"Time": at}))
		})
		after = next
	}
}
