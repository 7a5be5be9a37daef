package screens

import (
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"plenary/screens/kit"
)

// chooseFile is kit.Env.ChooseFile: Fyne's dialog, as large as the window.
func (s *Shell) chooseFile(endings []string, chosen func(kit.ChosenFile)) {
	s.closeChooser()
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		s.chooser = nil
		switch {
		case err != nil:
			chosen(kit.ChosenFile{Open: func() (io.ReadCloser, error) { return nil, err }}) // it says so
		case r != nil:
			file := r.URI() // opened when it is read, each time as it is then
			_ = r.Close()
			chosen(kit.ChosenFile{Name: file.Name(), Open: func() (io.ReadCloser, error) { return storage.Reader(file) }})
		}
	}, s.deps.Window)
	d.SetFilter(storage.NewExtensionFileFilter(endings)) // whatever their case
	d.SetTitleText(s.env.T("forms.file.dialog"))
	d.SetConfirmText(s.env.T("forms.file.dialog.open"))
	d.SetDismissText(s.env.T("shell.cancel"))
	s.chooser = d
	d.Show()
	d.Resize(s.deps.Window.Canvas().Size())
}

// closeChooser closes the dialog, and tells whether one was open.
func (s *Shell) closeChooser() bool {
	if s.chooser == nil {
		return false
	}
	s.chooser.Dismiss()
	s.chooser = nil
	return true
}

// dropped takes the first of the files that were dropped on the window.
func (s *Shell) dropped(at fyne.Position, files []fyne.URI) {
	if s.takesNothing() || len(files) == 0 {
		return
	}
	file := files[0]
	s.env.Drops.Dropped(s.deps.Window.Canvas(), at, kit.ChosenFile{
		Name: file.Name(), Open: func() (io.ReadCloser, error) { return storage.Reader(file) },
	})
}
