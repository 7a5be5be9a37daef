package kit

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
)

// fileChooser is where one chooses a file of this computer, over the window. The folders are
// read beside it. Fyne's own dialog reads them on the window's goroutine, and is neither
// spoken nor in all languages.
type fileChooser struct {
	env     Env
	endings []string
	chosen  func(file ChosenFile, folder string)
	canvas  fyne.Canvas

	ctx    context.Context
	leave  func()
	sheet  fyne.CanvasObject
	bar    *parts.Bar
	busy   *parts.Busy
	path   *parts.Text
	places *fyne.Container
	list   *Browser[app.FolderEntry]

	folder  string
	asked   string // the folder that is being read
	entries []app.FolderEntry
	settled bool // the click that led here is over
}

// ChooseFile has the person choose a file whose name has one of these endings, beginning in a
// folder; empty for the home folder. chosen gets it, and the folder where it was.
func ChooseFile(env Env, c fyne.Canvas, from string, endings []string, chosen func(file ChosenFile, folder string)) {
	f := &fileChooser{env: env, endings: endings, chosen: chosen, canvas: c, settled: true}
	f.ctx, f.leave = context.WithCancel(context.Background())
	t := env.T
	f.bar, f.busy = parts.NewBar("files.bar"), parts.NewBusy("files.busy")
	f.path = parts.Small("").WithID("files.path").WithOverflow(parts.Ellipsis)
	f.places = parts.Inline(parts.Gap12)
	f.list = NewLocalBrowser(env, "files", t("files.search"), nil, f.find, BrowserEvents[app.FolderEntry]{
		ID: func(e *app.FolderEntry) string { return e.Path },
		Table: []Column[app.FolderEntry]{
			{ID: "name", Label: t("files.name"), ColumnWidth: parts.ColumnWidth{Min: 200, Weight: 3}, Text: func(e *app.FolderEntry) string { return e.Name }},
			{ID: "size", Label: t("files.size"), ColumnWidth: parts.ColumnWidth{Min: 90}, Text: func(e *app.FolderEntry) string {
				if e.Folder {
					return t("files.folder")
				}
				return env.Bytes(e.Size)
			}},
			{ID: "changed", Label: t("files.changed"), ColumnWidth: parts.ColumnWidth{Min: 130}, Text: func(e *app.FolderEntry) string {
				return Clock(env.Words, e.Changed.In(env.Now().Location()), env.Now())
			}},
		},
		Opened: f.open,
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("files.none.title"), t("files.none.search"))
			}
			return parts.Empty(t("files.none.title"), t("files.none.how"))
		},
	})
	cancel := parts.NewButton("files.cancel", t("shell.cancel"), parts.Outlined, func() { parts.CloseQuestion(c) })
	head := parts.Stack(parts.Gap8, parts.Ends(parts.Section(t("files.title")), cancel), parts.Muted(t("files.how")),
		f.places, f.bar, parts.Layers(f.path, f.busy))
	f.sheet = parts.PadAll(parts.Gap16, parts.Frame(parts.Pad(0, 0, parts.Gap12, 0, head), parts.Panel(f.list.Content), nil))
	parts.Over(c, f.sheet, 900, f.leave, f.list.Search)
	f.begin(from)
}

// begin shows the places from which people begin, and the first folder.
func (f *fileChooser) begin(from string) {
	var places []app.FolderEntry
	f.env.Run.Run(f.ctx, func(context.Context) { places = app.Places() }, func() {
		for i, p := range places {
			f.places.Add(parts.Link(parts.ID("files.place."+strconv.Itoa(i)), p.Name, func() { f.read(p.Path, true) }))
		}
		f.places.Add(parts.Link("files.up", f.env.T("files.up"), func() { f.read(filepath.Dir(f.folder), true) }))
		parts.Relayout(f.sheet)
		if from == "" && len(places) > 0 {
			from = places[0].Path
		}
		if f.asked == "" { // else a path was typed meanwhile
			f.read(from, false)
		}
	})
}

// read shows a folder. What was searched for before is taken out at once, unless it led
// there: what is typed meanwhile is meant for the new one.
func (f *fileChooser) read(folder string, clear bool) {
	if clear && f.list.Search.Text != "" {
		f.list.Search.SetText("")
	}
	f.asked = folder
	var entries []app.FolderEntry
	f.env.Do(f.ctx, f.busy, f.env.T("files.reading"), func(context.Context) (err error) {
		entries, err = app.ReadFolder(folder, f.endings)
		return err
	}, func(err error) {
		switch {
		case folder != f.asked:
			return // another one was opened meanwhile
		case err != nil:
			f.asked = f.folder
			f.bar.Say(parts.Notice{Tone: parts.Bad, Words: []parts.Span{{Text: f.env.T("files.unreadable")}}})
			parts.Relayout(f.sheet)
			return
		}
		f.bar.Clear()
		f.folder, f.entries = folder, entries
		f.path.SetText(folder)
		f.list.Reload()
		parts.Relayout(f.sheet)
	})
}

// find gives what fits what is typed: a part of a name, or a path, which leads there.
func (f *fileChooser) find(typed string) (fitting []app.FolderEntry) {
	if filepath.IsAbs(typed) {
		folder := filepath.Dir(typed + "x") // of what ends with a separator that itself
		if folder != f.asked {
			f.read(folder, false)
		}
		typed = strings.TrimLeft(strings.TrimPrefix(typed, folder), `/\`)
	}
	typed = rules.Fold(typed)
	for _, e := range f.entries {
		if strings.Contains(rules.Fold(e.Name), typed) {
			fitting = append(fitting, e)
		}
	}
	return fitting
}

// doubleClick is longer than the time between the two clicks of one.
const doubleClick = 400 * time.Millisecond

// open opens a folder, or takes a file. The second click of a double click is for nothing:
// neither what stands in the folder, nor what is under the list.
func (f *fileChooser) open(e *app.FolderEntry) {
	if !f.settled {
		return
	}
	f.settled = false
	entry := *e
	if entry.Folder {
		f.read(entry.Path, true)
	}
	f.env.Run.Run(f.ctx, func(ctx context.Context) { f.env.Sleep(ctx, doubleClick) }, func() {
		f.settled = true
		if entry.Folder {
			return
		}
		folder := f.folder
		parts.CloseQuestion(f.canvas)
		f.chosen(ChosenFile{Name: entry.Name, Open: func() (io.ReadCloser, error) { return app.OpenFile(entry.Path) }}, folder)
	})
}

// Bytes is a number of bytes in words.
func (e Env) Bytes(bytes int64) string {
	if bytes < 1<<20 {
		return e.T("forms.file.kilobytes", map[string]any{"Size": max(1, (bytes+1<<9)>>10)})
	}
	size := strings.TrimSuffix(strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64), ".0")
	if e.Words.Lang() == "fr" {
		size = strings.Replace(size, ".", ",", 1)
	}
	return e.T("forms.file.megabytes", map[string]any{"Size": size})
}
