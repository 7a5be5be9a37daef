//go:build e2e

// Command probe is a window with an entry and a button, by which the harness is
// tested: what is typed into the entry stands on standard output when the
// button is clicked.
package main

import (
	"fmt"
	"os"

	"plenary/e2e/where"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
	"github.com/zalando/go-keyring"
)

type entry struct{ widget.Entry }

func (*entry) WidgetID() string { return "probe.text" }

type button struct {
	widget.Button
	id string
}

func (b *button) WidgetID() string { return b.id }

func newButton(id, label string, tapped func()) *button {
	b := &button{id: id}
	b.ExtendBaseWidget(b)
	b.SetText(label)
	b.OnTapped = tapped
	return b
}

func main() {
	a := app.NewWithID("int.plenary.probe")
	w := a.NewWindow("Probe")
	text := &entry{}
	text.ExtendBaseWidget(text)
	say := newButton("probe.say", "Say", func() { fmt.Println(text.Text) })
	keep := newButton("probe.keep", "Keep", func() {
		if err := keyring.Set("probe", "text", text.Text); err != nil {
			fmt.Println("keyring:", err)
			return
		}
		fmt.Println("kept")
	})
	rows := container.NewVBox()
	for i := range 40 {
		rows.Add(newButton(fmt.Sprintf("probe.row.%d", i), fmt.Sprint(i), func() { fmt.Println("row", i) }))
	}
	w.SetContent(container.NewBorder(container.NewVBox(text, say, keep), nil, nil, nil, container.NewVScroll(rows)))
	w.Resize(fyne.NewSize(500, 400))
	if err := where.Serve(a, os.Getenv("PLENARY_E2E_WHERE")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w.ShowAndRun()
}
