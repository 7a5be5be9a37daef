package where

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

type named struct {
	widget.Label
	id string
}

func newNamed(id string) *named {
	n := &named{id: id}
	n.ExtendBaseWidget(n)
	n.SetText(id)
	return n
}

func (n *named) WidgetID() string { return n.id }

func TestFind(t *testing.T) {
	place := func(n *named, x, y, w, h float32) *named {
		n.Move(fyne.NewPos(x, y))
		n.Resize(fyne.NewSize(w, h))
		return n
	}
	hidden := place(newNamed("hidden"), 0, 0, 10, 10)
	hidden.Hide()
	tall := container.New(layout.NewGridWrapLayout(fyne.NewSize(80, 150)), newNamed("cut"), newNamed("below"))
	scroll := container.NewVScroll(tall)
	scroll.Move(fyne.NewPos(100, 50))
	scroll.Resize(fyne.NewSize(100, 100))
	w := test.NewTempWindow(t, container.NewWithoutLayout(place(newNamed("plain"), 10, 20, 30, 40), hidden, scroll))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(300, 300))

	tests := []struct {
		id   string
		want image.Rectangle
	}{
		{"plain", image.Rect(10, 20, 40, 60)},
		{"cut", image.Rect(100, 50, 180, 150)},
		{"below", image.Rectangle{}},
		{"hidden", image.Rectangle{}},
		{"nowhere", image.Rectangle{}},
	}
	for _, test := range tests {
		if _, got, ok := find(w.Canvas(), test.id); got != test.want || ok == test.want.Empty() {
			t.Errorf("%s: %v (%v), want %v", test.id, got, ok, test.want)
		}
	}

	if o, _, _ := find(w.Canvas(), "plain"); !slices.Equal(texts(o), []string{"plain"}) {
		t.Errorf("on the widget one reads %q", texts(o))
	}

	over := widget.NewModalPopUp(newNamed("dialog"), w.Canvas())
	over.Show()
	if _, _, ok := find(w.Canvas(), "dialog"); !ok {
		t.Error("a widget of a dialog is not found")
	}
	if _, _, ok := find(w.Canvas(), "plain"); ok {
		t.Error("a widget below a dialog is found although nobody can reach it")
	}
}
