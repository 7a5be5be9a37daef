package registrations_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// withFiles is a meeting that asks for a photo and takes a letter.
func withFiles(d *api.MeetingDetails) {
	d.Capacity = 0
	d.Form.Sections[0].Questions = append(d.Form.Sections[0].Questions,
		api.Question{ID: "photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo"}},
		api.Question{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}, MaxBytes: 1 << 20})
}

var aPDF = []byte("%PDF-1.7\nthe letter")

func aPicture() []byte {
	m := image.NewNRGBA(image.Rect(0, 0, 30, 20))
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// sends is a file that somebody sends, as the answer that names it.
func (w *world) sends(who, question, name string, content []byte) []string {
	w.t.Helper()
	id := newID()
	if err := w.SendFile(w.t.Context(), w.caller(who), id, api.SendFile{Meeting: code, Question: question, Name: name, Content: content}); err != nil {
		w.t.Fatalf("send %s: %v", name, err)
	}
	media := rules.MediaOf(content)
	if question == "photo" {
		media = api.MediaJPEG
	}
	return rules.FileAnswer(id, rules.FileName(name, media))
}

func (w *world) readsFile(who caller.Caller, answer []string) []byte {
	w.t.Helper()
	_, content, err := w.File(w.t.Context(), who, answer[0])
	if err != nil && !api.HasCode(err, api.CodeNotFound) {
		w.t.Fatalf("read a file: %v", err)
	}
	return content
}

func (w *world) files() (n int) { return w.count(`SELECT COUNT(*) FROM registration_files`) }

func with(question string, answer []string) func(*api.Register) {
	return func(in *api.Register) {
		if in.Answers == nil {
			in.Answers = api.Answers{}
		}
		in.Answers[question] = answer
	}
}

func asking(changes ...func(*api.Register)) api.Register {
	in := ask(api.OnSite)
	for _, change := range changes {
		change(&in)
	}
	return in
}

// A file goes with the registration that names it, through changes, until it is erased; it
// is sealed where it lies, and read by those alone whom it concerns.
func TestFiles_withTheirRegistration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withFiles)
		ana, bela := w.member("Ana", "org-a"), w.person("Bela", "en")
		fay, other := w.appointed("Fay", "org-a", api.FocalPoint), w.appointed("Otto", "org-b", api.FocalPoint)
		letter, photo := w.sends(ana, "letter", "letter.pdf", aPDF), w.sends(ana, "photo", "me.png", aPicture())
		who := func() (read string) {
			for _, one := range []struct {
				name string
				caller.Caller
			}{{"ana", w.caller(ana)}, {"bela", w.caller(bela)}, {"fay", w.caller(fay)}, {"otto", w.caller(other)}, {"manager", aManager}} {
				if bytes.Equal(w.readsFile(one.Caller, letter), aPDF) {
					read += one.name + " "
				}
			}
			return read
		}
		if got := who(); got != "ana " {
			t.Errorf("before it is used: %s", got)
		}
		if r := w.do(bela, api.OpRegister, asking(with("letter", letter))); r.Code != api.CodeInvalid ||
			r.Errors[0] != (api.FieldError{Pointer: "/answers/letter", Code: api.FieldNotFound}) {
			t.Errorf("named by somebody else: %+v", r)
		}
		r := w.do(ana, api.OpRegister, asking(with("letter", letter), with("photo", photo)))
		if r.Outcome != api.Done {
			t.Fatalf("%+v", r)
		}
		if got := who(); got != "ana fay manager " {
			t.Errorf("once it is used: %s", got)
		}
		small, err := jpeg.Decode(bytes.NewReader(w.readsFile(aManager, photo)))
		if err != nil || small.Bounds().Dx() != 30 {
			t.Errorf("the photo: %v", err)
		}
		page, err := w.Delegation(t.Context(), w.caller(fay), "")
		if err != nil || len(page.Registrations) != 1 || len(page.Registrations[0].Files) != 2 || page.Registrations[0].Files[0].Name != "letter.pdf" {
			t.Errorf("the delegation: %+v, %v", page, err)
		}
		w.past(func(tx *store.Tx) {
			var content []byte
			tx.Get(`SELECT content FROM registration_files WHERE id = $1`, letter[0]).Into(&content)
			if len(content) == 0 || bytes.Contains(content, []byte("the letter")) {
				t.Error("it does not lie sealed")
			}
		})

		number := r.Registration.Number
		fresh := w.sends(ana, "letter", "other.pdf", append(aPDF, '2'))
		changed := w.do(ana, api.OpChange, w.changed(ana, number, with("letter", fresh)))
		if changed.Outcome != api.Done || w.files() != 2 || w.readsFile(w.caller(ana), letter) != nil || w.readsFile(w.caller(ana), photo) == nil {
			t.Errorf("exchanged: %+v, %d files", changed, w.files())
		}
		again := w.do(ana, api.OpChange, w.changed(ana, number, with("letter", letter)))
		if again.Code != api.CodeInvalid || w.files() != 2 {
			t.Errorf("the one before once more: %+v", again)
		}
		crossed := w.do(ana, api.OpChange, w.changed(ana, number, with("photo", fresh)))
		if crossed.Code != api.CodeInvalid || w.files() != 2 {
			t.Errorf("for another question: %+v", crossed)
		}
		renamed := w.do(ana, api.OpChange, w.changed(ana, number, with("letter", rules.FileAnswer(fresh[0], "passport.jpg"))))
		if renamed.Code != api.CodeInvalid || w.files() != 2 {
			t.Errorf("by another name: %+v", renamed)
		}
		var held []api.File
		w.past(func(tx *store.Tx) { held, _ = w.Files(tx, ana) })
		if len(held) != 2 || held[0].Registration != number {
			t.Errorf("held: %+v", held)
		}
		w.erase(ana)
		if w.files() != 0 {
			t.Errorf("%d files are left", w.files())
		}
	})
}

// One file is in one registration; another needs another file, and what refuses the
// registration uses none.
func TestFiles_onceEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withFiles)
		ana := w.person("Ana", "en")
		letter, photo := w.sends(ana, "letter", "letter.pdf", aPDF), w.sends(ana, "photo", "me.png", aPicture())
		gone := rules.FileAnswer(newID(), "me.jpg")
		for name, in := range map[string]api.Register{
			"one is not there": asking(with("letter", letter), with("photo", gone)),
			"another name":     asking(with("letter", rules.FileAnswer(letter[0], "x.pdf"))),
			"another question": asking(with("letter", rules.FileAnswer(photo[0], photo[1]))),
		} {
			if r := w.do(ana, api.OpRegister, in); r.Code != api.CodeInvalid {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM registration_files WHERE registration = ''`); n != 2 {
			t.Fatalf("%d are unused", n)
		}
		op := w.operation(ana, api.OpRegister, asking(with("letter", letter)))
		for range 2 { // the answer was lost
			if d, err := w.deliver(ana, op); err != nil || d.Results[0].Outcome != api.Done {
				t.Fatalf("%+v, %v", d, err)
			}
		}
		w.do(ana, api.OpWithdraw, api.Withdraw{Registration: w.numberOf(ana)})
		if r := w.do(ana, api.OpRegister, asking(with("letter", letter))); r.Code != api.CodeInvalid {
			t.Errorf("in another registration: %+v", r)
		}
	})
}

// Who is registered by others has the files that they sent; these go with the person, and
// stay where those go who sent them.
func TestFiles_ofSomebodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { byFocalPoint(d); withFiles(d) })
		fay := w.appointed("Fay", "org-a", api.FocalPoint)
		letter := w.sends(fay, "letter", "letter.pdf", aPDF)
		op := w.operation(fay, api.OpRegisterFor, api.RegisterFor{Register: asking(with("letter", letter)), FirstName: "Zoë", FamilyName: "Ng", Language: "en"})
		if d, err := w.deliver(fay, op); err != nil || d.Results[0].Outcome != api.Done {
			t.Fatalf("%+v, %v", d, err)
		}
		// The answer to the operation was lost: the program sends the file again.
		if err := w.SendFile(t.Context(), w.caller(fay), letter[0], api.SendFile{Meeting: code, Question: "letter", Name: "letter.pdf", Content: aPDF}); err != nil {
			t.Error(err)
		}
		if w.readsFile(w.caller(fay), letter) == nil {
			t.Error("the focal point does not read it")
		}
		w.moves(fay, "org-b")
		if w.readsFile(w.caller(fay), letter) != nil {
			t.Error("who is focal point no more reads it")
		}
		w.erase(fay)
		if w.readsFile(aManager, letter) == nil {
			t.Error("it went with who sent it")
		}
	})
}

// What is sent is judged by what it is; sent again it is the same file; another under its id
// is refused; limits hold for each account.
func TestSendFile_table(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withFiles)
		ana, bela := w.person("Ana", "en"), w.person("Bela", "en")
		good := api.SendFile{Meeting: code, Question: "letter", Name: "letter.pdf", Content: aPDF}
		id := newID()
		for range 2 {
			if err := w.SendFile(t.Context(), w.caller(ana), id, good); err != nil {
				t.Fatal(err)
			}
		}
		if w.files() != 1 {
			t.Fatalf("%d files", w.files())
		}
		for name, c := range map[string]struct {
			who, id string
			change  func(*api.SendFile)
			want    string
		}{
			"other content":      {ana, id, func(f *api.SendFile) { f.Content = append(aPDF, ' ') }, "key-reused"},
			"other name":         {ana, id, func(f *api.SendFile) { f.Name = "x.pdf" }, "key-reused"},
			"somebody else's":    {bela, id, nil, "key-reused"},
			"no id":              {ana, "1", nil, "invalid /id invalid"},
			"no meeting":         {ana, newID(), func(f *api.SendFile) { f.Meeting = "C-00000001" }, "not-found"},
			"no question":        {ana, newID(), func(f *api.SendFile) { f.Question = "x" }, "invalid /question unknown"},
			"question of a text": {ana, newID(), func(f *api.SendFile) { f.Question = "meals" }, "invalid /question unknown"},
			"HTML":               {ana, newID(), func(f *api.SendFile) { f.Content = []byte("<html>") }, "invalid /content wrong-type"},
			"too large":          {ana, newID(), func(f *api.SendFile) { f.Content = append([]byte("%PDF-1."), make([]byte, 1<<20)...) }, "invalid /content too-large"},
			"photo of a letter":  {ana, newID(), func(f *api.SendFile) { f.Question = "photo" }, "invalid /content wrong-type"},
			"photo cut short": {ana, newID(), func(f *api.SendFile) {
				f.Question, f.Content = "photo", aPicture()[:50]
			}, "invalid /content damaged"},
			"unknown account": {newID(), newID(), nil, "not-found"},
		} {
			in := good
			if c.change != nil {
				c.change(&in)
			}
			got := ""
			if err := w.SendFile(t.Context(), w.caller(c.who), c.id, in); err != nil {
				p, ok := err.(*api.Problem)
				if !ok {
					t.Fatalf("%s: %v", name, err)
				}
				got = string(p.Code)
				for _, e := range p.Errors {
					got += " " + e.Pointer + " " + e.Code
				}
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		for i := range 19 {
			w.sends(ana, "letter", fmt.Sprint(i, ".pdf"), aPDF)
		}
		if err := w.SendFile(t.Context(), w.caller(ana), newID(), good); !api.HasCode(err, api.CodeTooManyFiles) {
			t.Errorf("the 21st: %v", err)
		}
		if err := w.SendFile(t.Context(), w.caller(ana), id, good); err != nil {
			t.Errorf("the first once more: %v", err)
		}
		w.sends(bela, "letter", "letter.pdf", aPDF) // has limits of her own
	})
}

// What no registration names is erased after a day, and nothing else.
func TestSweepFiles_afterADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withFiles)
		ana := w.person("Ana", "en")
		old, used := w.sends(ana, "letter", "old.pdf", aPDF), w.sends(ana, "letter", "used.pdf", aPDF)
		if r := w.do(ana, api.OpRegister, asking(with("letter", used))); r.Outcome != api.Done {
			t.Fatalf("%+v", r)
		}
		w.pass(20 * time.Hour)
		fresh := w.sends(ana, "letter", "fresh.pdf", aPDF)
		w.pass(5 * time.Hour)
		if err := w.SweepFiles(t.Context()); err != nil {
			t.Fatal(err)
		}
		left := ""
		for _, a := range [][]string{old, used, fresh} {
			if w.readsFile(w.caller(ana), a) != nil {
				left += a[1] + " "
			}
		}
		if left != "used.pdf fresh.pdf " {
			t.Errorf("left: %s", left)
		}
	})
}

// A registration and the sweeping of the file that it names: either it has the file, or it
// is refused; it never names one that is gone.
func TestFiles_sweptMeanwhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(withFiles)
		var done []string
		for i := range 6 {
			who := w.person(fmt.Sprint("P", i), "en")
			letter := w.sends(who, "letter", "letter.pdf", aPDF)
			w.past(func(tx *store.Tx) { tx.Do(`UPDATE registration_files SET created_at = 1 WHERE id = $1`, letter[0]) })
			swept := make(chan error, 1)
			go func() { swept <- w.SweepFiles(t.Context()) }()
			r := w.do(who, api.OpRegister, asking(with("letter", letter)))
			if err := <-swept; err != nil {
				t.Fatal(err)
			}
			if there := w.readsFile(aManager, letter) != nil; there != (r.Outcome == api.Done) {
				t.Errorf("%+v, and the file is there: %v", r, there)
			}
			done = append(done, r.Outcome)
		}
		t.Log(strings.Join(done, " "))
	})
}
