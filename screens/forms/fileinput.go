package forms

import (
	"context"
	"errors"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Files keep what answers questions of the kinds file and photo.
type Files interface {
	// AddFile keeps a file, and gives the answer that names it. What is wrong with the file
	// is a field of the error.
	AddFile(ctx context.Context, q *api.Question, name string, content []byte) (answer []string, err error)
	// File gives the content of a file, from here or from the service.
	File(ctx context.Context, id string) ([]byte, error)
	// FileSize is how many bytes a file has that is here; 0 for any other.
	FileSize(id string) int
}

// previewSide is that of the picture beside a photo's name, at 100 % text size.
const previewSide = 96

// fileInput is where one chooses a file or a photo: from this computer, or by dropping it
// here. It is read, made smaller and kept beside the window.
type fileInput struct {
	parts.Arranged
	parts.ID
	env     kit.Env
	q       *question
	changed func()

	ctx    context.Context // of the form; nil until there is something to keep files
	files  Files
	answer []string
	serial int // of what is being read; another one makes it void
	reads  bool

	preview *fyne.Container
	name    *parts.Text
	busy    *parts.Busy
	choose  *parts.Button
	remove  *parts.Button
}

// key is a word of the input: photos have some of their own.
func (f *fileInput) key(of string) string {
	return "forms." + f.q.q.Kind + "." + of
}

func (q *question) file(env kit.Env, id parts.ID, changed func()) fyne.CanvasObject {
	f := &fileInput{ID: id, env: env, q: q, changed: changed, name: parts.Body("").WithID(id + ".name"), busy: parts.NewBusy(id + ".busy").Folding()}
	f.preview = container.NewStack()
	f.choose = parts.NewButton(id+".choose", env.T(f.key("choose")), parts.Outlined, f.ask)
	f.remove = parts.NewButton(id+".remove", env.T("forms.file.remove"), parts.Outlined, func() {
		f.set(nil)
		q.field.SetError("")
		parts.Focus(f.choose)
		changed()
	})
	words := parts.Stack(parts.Gap8, f.name, f.busy, parts.Inline(parts.Gap12, f.choose, f.remove))
	f.Arrange(f, parts.MiddleRow(parts.Gap12, parts.Cell{Object: f.preview}, parts.Cell{Object: words, Min: 180, Weight: 1}))
	f.choose.Disable() // until there is something to keep files
	f.show()
	q.answer = func() []string { return f.answer }
	q.set = f.set
	q.first = f.choose
	q.input = f
	return f
}

// hint is what can be chosen.
func (f *fileInput) hint() string {
	return f.env.T(f.key("what"), map[string]any{"Max": f.env.Bytes(int64(rules.FileLimit(&f.q.q)))})
}

// use begins to take files; they are read as long as ctx lasts.
func (f *fileInput) use(ctx context.Context, files Files) {
	f.ctx, f.files = ctx, files
	f.choose.Enable()
	if f.env.Drops != nil {
		f.env.Drops.Onto(ctx, f, f.take)
	}
	f.set(f.answer)
}

// set shows an answer, and tells nobody.
func (f *fileInput) set(answer []string) {
	f.serial++
	f.reads = false
	f.busy.Say("")
	id, _, ok := rules.FileOf(answer)
	if f.answer = answer; !ok {
		f.answer = nil // of another kind, which the question had before
	}
	f.show()
	if !ok || f.files == nil || f.q.q.Kind != api.KindPhoto {
		return
	}
	var picture image.Image
	serial := f.serial
	f.env.Run.Run(f.ctx, func(ctx context.Context) {
		// Without it there is no preview, for now: one sees what is chosen by its name.
		if content, err := f.files.File(ctx, id); err == nil {
			picture = rules.Preview(content, 2*previewSide)
		}
	}, func() {
		if serial == f.serial && picture != nil {
			f.showPreview(picture)
		}
	})
}

func (f *fileInput) show() {
	id, name, chosen := rules.FileOf(f.answer)
	key := "choose"
	if chosen {
		key = "replace"
		if f.files != nil {
			if size := f.files.FileSize(id); size > 0 {
				name += " (" + f.env.Bytes(int64(size)) + ")"
			}
		}
	}
	f.choose.SetText(f.env.T(f.key(key)))
	f.name.SetText(name)
	f.preview.RemoveAll()
	parts.SetVisible(chosen, f.name, f.remove)
	parts.SetVisible(false, f.preview)
	parts.Changed(f)
}

func (f *fileInput) showPreview(picture image.Image) {
	shown := canvas.NewImageFromImage(picture)
	shown.FillMode = canvas.ImageFillContain
	shown.SetMinSize(fyne.NewSquareSize(previewSide * parts.TextScale()))
	f.preview.Add(shown)
	parts.SetVisible(true, f.preview)
	parts.Changed(f)
}

// ask lets a file be chosen.
func (f *fileInput) ask() {
	if f.files == nil || f.env.ChooseFile == nil {
		return
	}
	endings := []string{".jpg", ".jpeg", ".png"}
	if f.q.q.Kind == api.KindFile {
		endings = append(endings, ".pdf")
	}
	f.env.ChooseFile(endings, f.take)
}

// take reads a file that was chosen.
func (f *fileInput) take(chosen kit.ChosenFile) {
	if f.files == nil || f.ctx.Err() != nil {
		return
	}
	f.serial++
	f.reads = true
	serial, q := f.serial, f.q.q
	most := int64(rules.FileLimit(&q))
	if q.Kind == api.KindPhoto {
		most = rules.MaxPictureBytes
	}
	f.q.field.SetError("")
	f.busy.Say(f.env.T(f.key("reading")))
	var (
		answer     []string
		err        error
		unreadable bool
	)
	f.env.Run.Run(f.ctx, func(ctx context.Context) {
		content, too, reading := chosen.Read(most)
		switch {
		case reading != nil:
			unreadable = true
		case too:
			err = api.Invalid(api.FieldError{Code: api.FieldTooLarge})
		default:
			answer, err = f.files.AddFile(ctx, &q, chosen.Name, content)
		}
	}, func() {
		if serial != f.serial {
			return // another one was chosen meanwhile
		}
		f.reads = false
		f.busy.Say("")
		switch {
		case unreadable:
			f.q.field.SetError(f.env.T("forms.file.unreadable"))
		case err != nil:
			f.q.field.SetError(f.wrong(err))
		default:
			f.set(answer)
			f.changed()
			parts.IntoView(f) // it has grown
			return
		}
		parts.Focus(f.choose)
	})
}

// wrong is why a file was not taken, in words.
func (f *fileInput) wrong(err error) string {
	if fields := f.env.Explain(err).Fields; len(fields) > 0 {
		return answerMistake(f.env, &f.q.q, fields[0].Code)
	}
	return f.env.Say(err)
}

// WithFiles lets questions be answered by files, until ctx ends.
func (f *Form) WithFiles(ctx context.Context, files Files) *Form {
	for _, q := range f.questions {
		if q.input != nil {
			q.input.use(ctx, files)
		}
	}
	return f
}

// Saver saves files that answers name into the person's downloads.
type Saver struct {
	Env   kit.Env
	Ctx   context.Context // of the screen
	Files interface {
		File(ctx context.Context, id string) ([]byte, error)
	}
	Busy *parts.Busy
	Bar  *parts.Bar
	// Save writes a file, and gives its path.
	Save func(name string, data []byte) (path string, err error)
}

// errNotSaved: the disk did not take a file.
var errNotSaved = errors.New("the file was not written")

// Get saves a file and says where, with a way to open it.
func (s *Saver) Get(id, name string) {
	var path string
	s.Env.Do(s.Ctx, s.Busy, s.Env.T("forms.file.getting"), func(ctx context.Context) error {
		content, err := s.Files.File(ctx, id)
		if err != nil {
			return err
		}
		// The name is the service's word; what it saves is what it is.
		if path, err = s.Save(rules.FileName(name, rules.MediaOf(content)), content); err != nil {
			return errNotSaved
		}
		return nil
	}, func(err error) {
		switch {
		case errors.Is(err, errNotSaved):
			s.Bar.Say(s.Env.NotSaved())
		case err != nil:
			s.Bar.Say(s.Env.Problem(err))
		default:
			s.Bar.Say(s.Env.Saved(path))
		}
	})
}

// Link is a file's name, and where one saves it.
func (s *Saver) Link(id parts.ID, file, name string) fyne.CanvasObject {
	if s == nil {
		return parts.Body(name).WithID(id)
	}
	return parts.NewText(parts.Span{Text: name + "  "}, parts.Span{Text: s.Env.T("forms.file.save"), ID: id, OnTapped: func() { s.Get(file, name) }})
}

// WithFilesHere is what was entered for another registration with the files that are here:
// those that have been sent stay with the first.
func WithFilesHere(in api.Register, files Files) api.Register {
	answers := api.Answers{}
	for question, answer := range in.Answers {
		if id, _, ok := rules.FileOf(answer); !ok || files.FileSize(id) > 0 {
			answers[question] = answer
		}
	}
	in.Answers = answers
	return in
}
