package screens

import (
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"plenary/screens/kit"
)

// chooseFile is kit.Env.ChooseFile. It begins in the folder from which a file was chosen
// last.
func (s *Shell) chooseFile(endings []string, chosen func(kit.ChosenFile)) {
	kit.ChooseFile(s.env, s.deps.Window.Canvas(), s.folder, endings, func(file kit.ChosenFile, folder string) {
		s.folder = folder
		chosen(file)
	})
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
