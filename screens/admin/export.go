package admin

import (
	"context"
	"errors"
	"time"

	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// exporter writes the part of a list that the filter shows into a file, page by page,
// however long it is.
type exporter struct {
	env           kit.Env
	bar           *parts.Bar
	calls         *kit.Calls
	busy          *parts.Busy
	begin, cancel *parts.Button
	folder        func() (string, error) // where the file goes
	begun         func() exported        // reads the filter
}

// exported is a list that is being exported.
type exported struct {
	file     string // key of its name
	headings []string
	// note has the service note who keeps what.
	note func(ctx context.Context) error
	// page gives some rows; at says how far that is, in words.
	page func(ctx context.Context, after string) (rows [][]string, next, at string, err error)
	// progress is the key of how far it is; of the count and the Time that page gives as at.
	progress string
}

// newExporter returns one whose buttons are named after an area; ctx ends with its screen.
func newExporter(ctx context.Context, env kit.Env, area parts.ID, bar *parts.Bar, busy *parts.Busy, begun func() exported) *exporter {
	x := &exporter{env: env, bar: bar, busy: busy, begun: begun, folder: app.Downloads}
	x.calls = kit.NewCalls(ctx, env, bar, busy, nil)
	x.begin = x.calls.Button(area+".export", "export", parts.Outlined, x.start).Low()
	x.cancel = parts.NewButton(area+".export.cancel", env.T("export.cancel"), parts.Outlined, func() { x.stop() }).Low()
	x.cancel.Hide()
	return x
}

// errNotSaved is about the file, and not about the service.
var errNotSaved = errors.New("the file could not be written")

func (x *exporter) start() {
	if x.calls.Working() {
		return
	}
	parts.SetVisible(true, x.cancel)
	env, list := x.env, x.begun()
	name := env.T(list.file, map[string]any{"Date": env.Now().Format(time.DateOnly)})
	var path string
	x.calls.Try("export.busy", func(ctx context.Context) (err error) {
		path, err = x.write(ctx, name, list)
		return err
	}, func() {
		x.ended()
		x.bar.Say(env.Saved(path))
	}, func(err error) bool {
		x.ended()
		if !errors.Is(err, errNotSaved) {
			return false
		}
		x.bar.Say(env.NotSaved())
		return true
	})
}

// stop gives it up; it reports whether one was under way.
func (x *exporter) stop() bool {
	if !x.calls.Cancel() {
		return false
	}
	x.ended()
	return true
}

func (x *exporter) ended() {
	parts.SetVisible(false, x.cancel)
}

// write writes the file beside the window, and returns its path.
func (x *exporter) write(ctx context.Context, name string, list exported) (string, error) {
	if err := list.note(ctx); err != nil {
		return "", err
	}
	folder, err := x.folder()
	if err != nil {
		return "", errors.Join(errNotSaved, err)
	}
	sheet, err := app.NewSpreadsheet(folder, name, x.env.Words.Lang())
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
func (x *exporter) rows(ctx context.Context, sheet *app.Spreadsheet, list exported) error {
	if err := sheet.Row(list.headings...); err != nil {
		return errors.Join(errNotSaved, err)
	}
	for written, after := 0, ""; ; {
		rows, next, at, err := list.page(ctx, after)
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
			x.busy.Say(x.env.Words.N(list.progress, count, map[string]any{"Time": at}))
		})
		after = next
	}
}
