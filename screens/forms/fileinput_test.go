package forms

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/localdb"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// aMeetingWithFiles asks for a photo, and takes a letter.
func aMeetingWithFiles() api.Meeting {
	m := screentest.Meetings()[1]
	m.Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "For the desk", "fr": "Pour l’accueil"}, Questions: []api.Question{
		{
			ID: "photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo for the badge", "fr": "Photo pour le badge"}, Required: true,
			Help: api.Text{"en": "Your face, from the front.", "fr": "Votre visage, de face."},
		},
		{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter of your organization", "fr": "Lettre de votre organisation"}, MaxBytes: 3 << 19},
	}}}}
	m.Companions, m.Consents = 0, nil
	return m
}

// face is a picture that one would know again.
func face(side int) []byte {
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := float64(x)/float64(side)-0.5, float64(y)/float64(side)-0.5
			c := color.NRGBA{R: 120, G: 160, B: 210, A: 255}
			if math.Hypot(dx, dy+0.05) < 0.25 {
				c = color.NRGBA{R: 230, G: 190, B: 160, A: 255}
			} else if math.Hypot(dx, dy-0.6) < 0.4 {
				c = color.NRGBA{R: 60, G: 70, B: 90, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func chosenFile(name string, content []byte) kit.ChosenFile {
	return kit.ChosenFile{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}
}

// choosing is a form for files, and what the dialog is asked for and gives.
type choosing struct {
	*Form
	fyne.Window
	files   *screentest.Files
	endings []string
	next    kit.ChosenFile
	changes int
	ctx     context.Context
}

func filesInWindow(t *testing.T, change func(*kit.Env)) *choosing {
	t.Helper()
	env, meeting := screentest.NewEnv(t), aMeetingWithFiles()
	c := &choosing{files: &screentest.Files{}, ctx: t.Context()}
	env.ChooseFile = func(endings []string, chosen func(kit.ChosenFile)) {
		c.endings = endings
		if c.next.Open != nil {
			chosen(c.next)
		}
	}
	env.Drops = &kit.Drops{}
	if change != nil {
		change(&env)
	}
	c.Form = New(env, &meeting, func() { c.changes++ }).WithFiles(c.ctx, c.files)
	c.Fill(c.Known(&screentest.Account))
	c.Window = screentest.Show(t, parts.Scroll(parts.Margins(c.Form.Content())), 1000, 700)
	return c
}

func (c *choosing) choose(t *testing.T, question, name string, content []byte) {
	t.Helper()
	c.next = chosenFile(name, content)
	screentest.Tap(t, c.Window, "register."+question+".choose")
}

// A photo is chosen, seen with its name and size, exchanged and taken away, all with the
// keyboard.
func TestFileInput_chooseReplaceRemove(t *testing.T) {
	c := filesInWindow(t, nil)
	c.next = chosenFile("Me on holiday.PNG", face(200))
	screentest.TabTo(t, c.Window, "register.photo.choose")
	screentest.Press(t, c.Window, fyne.KeyReturn)
	if diff := cmp.Diff([]string{".jpg", ".jpeg", ".png"}, c.endings); diff != "" {
		t.Error(diff)
	}
	answer := c.Entered().Answers["photo"]
	if len(answer) != 2 || answer[1] != "Me on holiday.jpg" || c.changes != 1 {
		t.Fatalf("the answer is %v, %d changes", answer, c.changes)
	}
	if got := screentest.Said(c.Window, "register.photo.name"); !strings.HasPrefix(got, "Me on holiday.jpg (") || !strings.HasSuffix(got, " KB)") {
		t.Errorf("says %q", got)
	}
	if in := c.question("photo").input; len(in.preview.Objects) != 1 || !in.preview.Visible() {
		t.Error("there is no preview")
	}
	c.next = chosenFile("other.png", face(20))
	screentest.Press(t, c.Window, fyne.KeySpace)
	if got := c.Entered().Answers["photo"]; got[0] == answer[0] || got[1] != "other.jpg" {
		t.Errorf("then %v", got)
	}
	screentest.TabTo(t, c.Window, "register.photo.remove")
	screentest.Press(t, c.Window, fyne.KeyReturn)
	if got := c.Entered().Answers["photo"]; got != nil || screentest.Find(c.Window, "register.photo.name") != nil || screentest.Find(c.Window, "register.photo.remove") != nil {
		t.Errorf("taken away: %v", got)
	}
	if focused, ok := c.Canvas().Focused().(*parts.Button); !ok || focused != c.question("photo").input.choose {
		t.Errorf("the keyboard is at %T", c.Canvas().Focused())
	}
}

// What cannot be taken is said at the field, with what to do; what was chosen before stays.
func TestFileInput_mistakes(t *testing.T) {
	for name, c := range map[string]struct {
		question string
		content  []byte
		open     error
		keep     error
		want     string
	}{
		"a letter for a photo": {"photo", []byte("%PDF-1.7"), nil, nil, "This is not a picture. Choose a JPEG or PNG picture."},
		"HTML for a photo":     {"photo", []byte("<html>"), nil, nil, "This is not a picture. Choose a JPEG or PNG picture."},
		"a PNG that is HTML":   {"photo", []byte("\x89PNG\r\n\x1a\n<html>"), nil, nil, "This picture is damaged, or it is none. Choose another one."},
		"a program":            {"letter", []byte("MZ"), nil, nil, "This is neither a PDF nor a picture. Choose a PDF, JPEG or PNG file."},
		"a large letter":       {"letter", append([]byte("%PDF-1.7"), make([]byte, 3<<19)...), nil, nil, "This file is too large: 1.5 MB at most. Choose a smaller one."},
		"a file that is gone":  {"letter", nil, io.ErrUnexpectedEOF, nil, "This file cannot be read. Choose another one."},
		"too many":             {"letter", []byte("%PDF-1.7"), nil, &api.Problem{Code: api.CodeTooManyFiles}, "There are too many files that were not sent"},
		"no room":              {"letter", []byte("%PDF-1.7"), nil, localdb.ErrDiskFull, "disk"},
	} {
		t.Run(name, func(t *testing.T) {
			f := filesInWindow(t, nil)
			f.choose(t, c.question, "before", map[string][]byte{"photo": face(20), "letter": []byte("%PDF-1.7")}[c.question])
			before, changes := f.Entered().Answers[c.question], f.changes
			f.files.FileErr = c.keep
			f.next = chosenFile("next.png", c.content)
			if c.open != nil {
				f.next.Open = func() (io.ReadCloser, error) { return nil, c.open }
			}
			screentest.Tap(t, f.Window, "register."+c.question+".choose")
			if got := f.question(c.question).field.Error(); !strings.Contains(got, c.want) {
				t.Errorf("says %q", got)
			}
			if diff := cmp.Diff(before, f.Entered().Answers[c.question]); diff != "" || before == nil || f.changes != changes {
				t.Errorf("it was %v: %s", before, diff)
			}
			f.files.FileErr = nil
			f.choose(t, c.question, "good", map[string][]byte{"photo": face(20), "letter": []byte("%PDF-1.7")}[c.question])
			if got := f.question(c.question).field.Error(); got != "" {
				t.Errorf("after another one it still says %q", got)
			}
		})
	}
}

// While a file is being read the window waits for nothing, says so, and does not let the form
// go on without the file; whatever is chosen last counts, and nothing once the form is left.
func TestFileInput_readsBesideTheWindow(t *testing.T) {
	steps := &screentest.Stepped{}
	c := filesInWindow(t, func(e *kit.Env) { e.Run = steps })
	c.choose(t, "letter", "first.pdf", []byte("%PDF-1.7 first"))
	if got := screentest.Said(c.Window, "register.letter.busy"); got != "Reading the file …" {
		t.Errorf("says %q", got)
	}
	if missing := c.Judge(); !cmp.Equal(missing, []string{"Participation", "Photo for the badge", "Letter of your organization"}) ||
		c.question("letter").field.Error() != "This is still being read. Please wait a moment." {
		t.Errorf("missing: %v", missing)
	}
	c.choose(t, "letter", "second.pdf", []byte("%PDF-1.7 second"))
	steps.All()
	if got := c.Entered().Answers["letter"]; len(got) != 2 || got[1] != "second.pdf" || screentest.Said(c.Window, "register.letter.busy") != "" {
		t.Errorf("the answer is %v", got)
	}
}

// A file can be dropped where it belongs, and nowhere else.
func TestFileInput_dropped(t *testing.T) {
	c := filesInWindow(t, nil)
	in := c.question("letter").input
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(in)
	drops := c.env.Drops
	if drops.Dropped(c.Canvas(), fyne.NewPos(at.X+5, at.Y-200), chosenFile("x.pdf", []byte("%PDF-1.7"))) {
		t.Error("it was taken beside the field")
	}
	if !drops.Dropped(c.Canvas(), at.AddXY(5, 5), chosenFile("x.pdf", []byte("%PDF-1.7"))) || len(c.Entered().Answers["letter"]) != 2 {
		t.Errorf("the answer is %v", c.Entered().Answers)
	}
}

// What was entered comes back with its file; another registration gets only what is here.
func TestFileInput_fill(t *testing.T) {
	c := filesInWindow(t, nil)
	c.choose(t, "photo", "me.png", face(40))
	in := c.Entered()
	in.Answers["letter"] = []string{"01920000-0000-7000-8000-00000000ffff", "sent.pdf"}
	c.Fill(in)
	if diff := cmp.Diff(in, c.Entered()); diff != "" {
		t.Error(diff)
	}
	if got := screentest.Said(c.Window, "register.letter.name"); got != "sent.pdf" {
		t.Errorf("says %q", got)
	}
	if left := WithFilesHere(in, c.files).Answers; len(left["photo"]) != 2 || left["letter"] != nil {
		t.Errorf("for another registration: %v", left)
	}
}

// tapLink follows a link with the keyboard.
func tapLink(t *testing.T, w fyne.Window, id string) {
	t.Helper()
	w.Canvas().Unfocus()
	screentest.TabTo(t, w, id)
	screentest.Press(t, w, fyne.KeyReturn)
}

// A file of a registration is saved under its name, with the ending of what it is; what goes
// wrong is said.
func TestSaver_get(t *testing.T) {
	env, m := screentest.NewEnv(t), aMeetingWithFiles()
	files := &screentest.Files{}
	answer := files.Keep("letter.pdf", []byte("%PDF-1.7"))
	answer[1] = "letter.html"
	var saved string
	var failed error
	s := &Saver{Env: env, Ctx: t.Context(), Files: files, Busy: parts.NewBusy("busy"), Bar: parts.NewBar("bar"), Save: func(name string, _ []byte) (string, error) {
		saved = name
		return "/home/me/" + name, failed
	}}
	sections := Answers(env, &m, api.Answers{"letter": answer}, s)
	w := screentest.Show(t, parts.Stack(4, s.Bar, parts.KeyValues(sections[0].Pairs...)), 600, 400)
	tapLink(t, w, "answer.letter")
	if saved != "letter.html.pdf" || screentest.Said(w, "bar") != "Saved as /home/me/letter.html.pdf" {
		t.Errorf("%q, %q", saved, screentest.Said(w, "bar"))
	}
	failed = errors.New("no room")
	tapLink(t, w, "answer.letter")
	if got := screentest.Said(w, "bar"); !strings.Contains(got, "could not be written") {
		t.Errorf("says %q", got)
	}
	s.Get("01920000-0000-7000-8000-00000000ffff", "x.pdf")
	if got := screentest.Said(w, "bar"); !strings.Contains(got, "3F7K-92QD") && got == "" {
		t.Errorf("says %q", got)
	}
}

func TestFileInput_pictures(t *testing.T) {
	form := func(e kit.Env, change func(*Form, *screentest.Files)) fyne.CanvasObject {
		m, files := aMeetingWithFiles(), &screentest.Files{}
		f := New(e, &m, func() {}).WithFiles(t.Context(), files)
		f.Fill(f.Known(&screentest.Account))
		if change != nil {
			change(f, files)
		}
		return parts.Scroll(parts.Margins(parts.Column(kit.FormWidth, f.Content())))
	}
	screentest.Capture(t, "files-empty", func(e kit.Env) fyne.CanvasObject { return form(e, nil) })
	screentest.Capture(t, "files-chosen", func(e kit.Env) fyne.CanvasObject {
		return form(e, func(f *Form, _ *screentest.Files) {
			f.question("photo").input.take(chosenFile("My passport photograph of this summer, from the front.png", face(400)))
			f.question("letter").input.take(chosenFile("letter.pdf", append([]byte("%PDF-1.7"), make([]byte, 1300<<10)...)))
		})
	})
	screentest.Capture(t, "files-mistakes", func(e kit.Env) fyne.CanvasObject {
		return form(e, func(f *Form, _ *screentest.Files) {
			f.question("photo").input.take(chosenFile("me.png", []byte("<html>")))
			f.question("letter").input.take(chosenFile("letter.pdf", append([]byte("%PDF-1.7"), make([]byte, 3<<20)...)))
		})
	})
}
