package meetings

import (
	"bytes"
	"errors"
	"image"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/calendar"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// testRegistration is the screen of one registration in a window.
func testRegistration(t *testing.T, e kit.Env, mine app.Mine, now time.Time) (*Registration, *screentest.Registrations, fyne.Window, *screentest.WentTo) {
	t.Helper()
	e.Now = func() time.Time { return now }
	known, went := &screentest.Registrations{Mine: []app.Mine{mine}}, &screentest.WentTo{}
	r := NewRegistration(e, &screentest.Catalog{All: screentest.Meetings()}, known, mine.Meeting, RegistrationEvents{
		Back: went.To("back"), Register: went.With("register"), Draft: went.With("draft"), Change: went.With("change"), Say: func(parts.Notice) {},
	})
	r.save = func(name string, _ []byte) (string, error) { return filepath.Join("/home/elena/Downloads", name), nil }
	t.Cleanup(r.Close)
	return r, known, screentest.Show(t, r.Content(), 900, 700), went
}

func TestRegistration_everyStateSaysWhatItMeans(t *testing.T) {
	for _, c := range []struct {
		state string
		tag   string
		note  string
	}{
		{api.WaitingFocalPoint, "Waiting for your focal point", "not yet confirmed"},
		{api.WaitingSecretariat, "Waiting for the secretariat", "not yet confirmed"},
		{api.WaitingList, "On the waiting list", "order of the registrations"},
		{api.Refused, "Refused", "contact"},
		{api.Withdrawn, "Withdrawn", "register again"},
		{app.StateWaitingToSend, "Waiting to be sent", "being sent"},
	} {
		t.Run(c.state, func(t *testing.T) {
			mine := screentest.ConfirmedRemote()
			mine.State, mine.History = c.state, nil
			_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
			note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
			if !strings.Contains(note, c.note) {
				t.Errorf("the note is %q, want %q in it", note, c.note)
			}
			if tag, _ := stateTag(screentest.NewEnv(t), &mine); tag != c.tag {
				t.Errorf("the tag is %q, want %q", tag, c.tag)
			}
		})
	}
}

func TestRegistration_offlineSaysThatItIsKept(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.State, mine.Number, mine.History = app.StateWaitingToSend, "", nil
	r, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	r.SetOnline(false)
	note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
	if note != "Kept on this computer. It will be sent when the network is back." {
		t.Errorf("the note is %q", note)
	}
}

func TestRegistration_joinIsLiveFromHalfAnHourBefore(t *testing.T) {
	first := screentest.Meetings()[0].Sessions[0]
	for _, c := range []struct {
		name string
		now  time.Time
		live bool
		says string
	}{
		{"days before", first.Start.Add(-10 * 24 * time.Hour), false, "starts in 10 days"},
		{"31 minutes before", first.Start.Add(-31 * time.Minute), false, "starts in 31 minutes"},
		{"30 minutes before", first.Start.Add(-30 * time.Minute), true, "starts in 30 minutes"},
		{"during", first.Start.Add(time.Hour), true, "is taking place"},
		{"between two days", first.End.Add(time.Hour), false, "starts in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := screentest.NewEnv(t)
			opened := screentest.RecordOpened(&e)
			_, _, w, _ := testRegistration(t, e, screentest.ConfirmedRemote(), c.now)
			words := screentest.Widget(t, w, "registration.join.words").(interface{ String() string }).String()
			for _, want := range []string{c.says, "Use this account on the platform.", "Joining is recorded as attendance."} {
				if !strings.Contains(words, want) {
					t.Errorf("JOIN says %q, want %q in it", words, want)
				}
			}
			screentest.Tap(t, w, "registration.join")
			if (len(*opened) == 1) != c.live {
				t.Errorf("JOIN opened %q, live: %v", *opened, c.live)
			}
		})
	}
}

func TestRegistration_joinBecomesLiveWhileOneLooks(t *testing.T) {
	e := screentest.NewEnv(t)
	first := screentest.Meetings()[0].Sessions[0]
	r, _, _, _ := testRegistration(t, e, screentest.ConfirmedRemote(), first.Start.Add(-31*time.Minute))
	if !r.join.button.Disabled() {
		t.Fatal("JOIN is live too early")
	}
	r.join.env.Now = func() time.Time { return first.Start.Add(-29 * time.Minute) }
	r.Tick()
	if r.join.button.Disabled() {
		t.Error("JOIN did not become live")
	}
}

func TestRegistration_withdrawAsksOnceAndNamesTheMeeting(t *testing.T) {
	_, known, w, _ := testRegistration(t, screentest.NewEnv(t), screentest.ConfirmedRemote(), screentest.Now)
	screentest.Tap(t, w, "registration.withdraw")
	if len(known.Withdrawn) != 0 {
		t.Fatal("withdrawn without a question")
	}
	screentest.Tap(t, w, "registration.withdraw.no")
	if len(known.Withdrawn) != 0 {
		t.Fatal("withdrawn although the person stays")
	}
	screentest.Tap(t, w, "registration.withdraw")
	screentest.Input(t, w, "registration.withdraw.reason").SetText(strings.Repeat("x", 501))
	screentest.Tap(t, w, "registration.withdraw.yes")
	if len(known.Withdrawn) != 0 || screentest.Mistake(w, "registration.withdraw.reason.field") == "" || len(screentest.Input(t, w, "registration.withdraw.reason").Text) != 501 {
		t.Errorf("with a long reason: %q", known.Withdrawn)
	}
	screentest.Input(t, w, "registration.withdraw.reason").SetText(" I am ill. ")
	screentest.Tap(t, w, "registration.withdraw.yes")
	if len(known.Withdrawn) != 1 || known.Withdrawn[0] != "R-7F3K-92QD I am ill." {
		t.Errorf("withdrawn: %q", known.Withdrawn)
	}
}

func TestRegistration_withdrawThatCannotBeKept(t *testing.T) {
	r, known, w, _ := testRegistration(t, screentest.NewEnv(t), screentest.ConfirmedRemote(), screentest.Now)
	known.Err = errors.New("forced")
	screentest.Tap(t, w, "registration.withdraw")
	screentest.Tap(t, w, "registration.withdraw.yes")
	if r.bar.String() == "" {
		t.Error("nothing is said")
	}
}

func TestRegistration_refusedOperationSaysWhyAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		code  api.Code
		says  string
		again bool
	}{
		{api.CodeRegistrationClosed, "was over when it arrived", false},
		{api.CodeMeetingFull, "was full when it arrived", false},
		{api.CodeAlreadyRegistered, "already registered", false},
		{api.CodeNotForMembership, "membership type", false},
		{api.CodeInvalid, "Correct it and submit it again", true},
		{"a code of a newer service", "Something went wrong", true},
	} {
		t.Run(string(c.code), func(t *testing.T) {
			mine := screentest.ConfirmedRemote()
			mine.State, mine.Number, mine.Code, mine.Operation = app.StateNeedsAttention, "", c.code, "op1"
			mine.Reference = "3F7K-92QD"
			_, known, w, went := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
			note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
			if !strings.Contains(note, c.says) {
				t.Errorf("says %q, want %q in it", note, c.says)
			}
			if again := screentest.Find(w, "registration.again") != nil; again != c.again {
				t.Errorf("offers to submit again: %v, want %v", again, c.again)
			}
			known.Mine = nil
			screentest.Tap(t, w, "registration.dismiss")
			if len(known.Dismissed) != 1 || known.Dismissed[0] != "op1" || went.Last() != "back" {
				t.Errorf("dismissed %q, went to %q", known.Dismissed, went.Last())
			}
		})
	}
}

func TestRegistration_namesTheFieldsThatWereNotAccepted(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.Meeting = "C-00016512"
	mine.State, mine.Code = app.StateNeedsAttention, api.CodeInvalid
	mine.Errors = []api.FieldError{{Pointer: "/answers/visa", Code: "required"}, {Pointer: "/badge_name", Code: "too-long"}}
	r, _, _, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	m, _ := r.catalog.Get(mine.Meeting)
	if got := r.wrongFields(&mine, &m); got != "Do you need a visa?, Name on the badge" {
		t.Errorf("names %q", got)
	}
}

func TestRegistration_addToCalendarSavesAndOpens(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	r, _, w, _ := testRegistration(t, e, screentest.ConfirmedRemote(), screentest.Now)
	var written string
	save := r.save
	r.save = func(name string, data []byte) (string, error) {
		written = strings.ReplaceAll(string(data), "\r\n ", "")
		return save(name, data)
	}
	screentest.Tap(t, w, "registration.calendar")
	for _, want := range []string{
		"METHOD:PUBLISH", "UID:" + calendar.UID("C-00016342", 1), "R-", "LOCATION:" + screentest.ConfirmedRemote().Platform,
		"URL:" + screentest.ConfirmedRemote().Platform, "TZID=Europe/Zurich:", "SEQUENCE:",
	} {
		if !strings.Contains(written, want) {
			t.Errorf("%q is missing in:\n%s", want, written)
		}
	}
	if len(*opened) != 1 || (*opened)[0] != "file:///home/elena/Downloads/C-00016342.ics" {
		t.Errorf("opened %q", *opened)
	}
	if !strings.Contains(r.bar.String(), filepath.FromSlash("/home/elena/Downloads/C-00016342.ics")) {
		t.Errorf("says %q, want where the file is", r.bar.String())
	}
	r.save = func(string, []byte) (string, error) { return "", errors.New("forced: no room") }
	screentest.Tap(t, w, "registration.calendar")
	if !strings.Contains(r.bar.String(), "could not be written") {
		t.Errorf("says %q after a failure", r.bar.String())
	}
}

func TestRegistration_numberAndReferenceCanBeCopied(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	screentest.Tap(t, w, "registration.number.copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != mine.Number {
		t.Errorf("%q was copied, want %q", got, mine.Number)
	}
	mine.State, mine.Code, mine.Reference = app.StateNeedsAttention, api.CodeRegistrationClosed, "3F7K-92QD"
	_, _, w, _ = testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	screentest.Tap(t, w, "registration.reference.copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "3F7K-92QD" {
		t.Errorf("%q was copied of the reference", got)
	}
}

func TestRegistration_followsNews(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.State = api.WaitingFocalPoint
	_, known, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	if screentest.Find(w, "registration.join") != nil {
		t.Fatal("JOIN before the confirmation")
	}
	known.Mine[0].State = api.Confirmed
	known.Tell()
	if screentest.Find(w, "registration.join") == nil {
		t.Error("no JOIN after the confirmation arrived")
	}
}

func TestRegistration_newsAfterLeavingAreDropped(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	known := &screentest.Registrations{Mine: []app.Mine{screentest.ConfirmedRemote()}}
	r := NewRegistration(e, &screentest.Catalog{All: screentest.Meetings()}, known, "C-00016342", RegistrationEvents{})
	before := r.holder.Objects[0]
	known.Tell()
	r.Close()
	steps.All()
	if r.holder.Objects[0] != before {
		t.Error("a screen that was left was drawn again")
	}
}

// The code is that which the service has signed, or as long as that is not known the
// number alone; a click, and the link beside it, show it as large as the window.
func TestRegistration_showsTheCodeLarge(t *testing.T) {
	signed := strings.Repeat("A", 135)
	for code, modules := range map[string]int{signed: 41 + 8, "": 21 + 8} {
		mine := screentest.ConfirmedRemote()
		mine.Participation, mine.Registration.Code = api.OnSite, code
		_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
		for name, open := range map[string]func(){
			"link":  func() { screentest.Tap(t, w, "registration.qr.large") },
			"click": func() { test.Tap(find[*codePicture](t, w.Content())) },
		} {
			open()
			if len(w.Canvas().Overlays().List()) != 1 {
				t.Fatalf("%s: nothing is shown", name)
			}
			over := w.Canvas().Overlays().Top()
			picture := find[*canvas.Image](t, over)
			if side := picture.Size().Width; picture.Image.Bounds().Dx() != modules || side < 400 || side > 700 || picture.Size().Height < side {
				t.Errorf("%s: %d modules of %v", name, picture.Image.Bounds().Dx(), picture.Size())
			}
			screentest.Tap(t, w, "registration.qr.close")
			if len(w.Canvas().Overlays().List()) != 0 {
				t.Errorf("%s: it stays", name)
			}
		}
	}
}

// find gives the first object of a type.
func find[T fyne.CanvasObject](t *testing.T, in fyne.CanvasObject) (found T) {
	t.Helper()
	there := false
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		if one, ok := o.(T); ok && !there {
			found, there = one, true
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		}
	}
	look(in)
	if !there {
		t.Fatalf("no %T is shown", found)
	}
	return found
}

// The PDF is made from what is on the machine, in the person's language.
func TestRegistration_savesThePDF(t *testing.T) {
	for _, participation := range []string{api.OnSite, api.Remote} {
		e := screentest.NewEnv(t)
		opened := screentest.RecordOpened(&e)
		mine := screentest.ConfirmedRemote()
		mine.Participation, mine.Registration.Code = participation, strings.Repeat("A", 135)
		r, _, w, _ := testRegistration(t, e, mine, screentest.Now)
		r.SetOnline(false)
		var written []byte
		save := r.save
		r.save = func(name string, data []byte) (string, error) {
			written = data
			return save(name, data)
		}
		screentest.Tap(t, w, "registration.pdf")
		if !bytes.HasPrefix(written, []byte("%PDF-")) || len(*opened) != 1 || !strings.HasSuffix((*opened)[0], "/"+mine.Number+".pdf") {
			t.Errorf("%s: %d bytes, opened %q", participation, len(written), *opened)
		}
		if said := r.bar.String(); !strings.Contains(said, mine.Number+".pdf") || strings.Contains(said, "no font") {
			t.Errorf("%s: says %q", participation, said)
		}
		r.save = func(string, []byte) (string, error) { return "", errors.New("forced: no room") }
		screentest.Tap(t, w, "registration.pdf")
		if !strings.Contains(r.bar.String(), "could not be written") {
			t.Errorf("%s: says %q after a failure", participation, r.bar.String())
		}
	}
}

// A letter that no font has is named, and the file is there.
func TestRegistration_namesWhatThePDFLacks(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.BadgeName = "Ana \U0003FFFD"
	r, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	screentest.Tap(t, w, "registration.pdf")
	if said := r.bar.String(); !strings.Contains(said, "no font for “\U0003FFFD”") || !strings.Contains(said, mine.Number+".pdf") {
		t.Errorf("says %q", said)
	}
}

func TestQRImage_isBlackOnWhiteWithItsQuietZone(t *testing.T) {
	screentest.NewEnv(t)
	picture, ok := kit.QRPicture("R7F3K92QD", qrSide).(*canvas.Image)
	if !ok {
		t.Fatal("no picture")
	}
	const quiet = 4 // modules (ISO/IEC 18004)
	img := picture.Image.(*image.Gray)
	side := img.Bounds().Dx()
	for i := range side {
		for d := range quiet {
			for _, at := range []image.Point{{i, d}, {d, i}, {i, side - 1 - d}, {side - 1 - d, i}} {
				if img.GrayAt(at.X, at.Y).Y != 255 {
					t.Fatalf("%v of the quiet zone is not white", at)
				}
			}
		}
	}
	if img.GrayAt(quiet, quiet).Y != 0 {
		t.Error("the finder pattern does not begin behind the quiet zone")
	}
}

func TestRegistration_picturesOfTheCode(t *testing.T) {
	onSite := func() app.Mine {
		mine := screentest.ConfirmedRemote()
		mine.Participation, mine.Registration.Code = api.OnSite, strings.Repeat("A7", 67)+"0"
		return mine
	}
	screentest.Capture(t, "registration-code", func(e kit.Env) fyne.CanvasObject {
		r := NewRegistration(e, &screentest.Catalog{All: screentest.Meetings()}, &screentest.Registrations{Mine: []app.Mine{onSite()}}, "C-00016342", RegistrationEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
}

// waits is a registration that waits to be sent.
func waits(kind string) app.Mine {
	mine := screentest.ConfirmedRemote()
	mine.State, mine.Operation, mine.Kind = app.StateWaitingToSend, "op1", kind
	return mine
}

func TestRegistration_thatWaitsCanBeTakenBack(t *testing.T) {
	for kind, c := range map[string]struct{ leads, says string }{
		api.OpRegister: {"draft C-00016342", ""},
		api.OpWithdraw: {"", "You stay registered"},
		api.OpChange:   {"change C-00016342", ""},
	} {
		r, known, w, went := testRegistration(t, screentest.NewEnv(t), waits(kind), screentest.Now)
		known.Err = app.ErrSent
		screentest.Tap(t, w, "registration.take-back")
		if !strings.Contains(r.bar.String(), "too late") || went.Last() != "" {
			t.Errorf("%s, too late: says %q, leads to %q", kind, r.bar.String(), went.Last())
		}
		known.Err = nil
		screentest.Tap(t, w, "registration.take-back")
		if got := known.TakenBack; len(got) != 2 || got[1] != "op1" || went.Last() != c.leads {
			t.Errorf("%s: %q are taken back, leads to %q", kind, got, went.Last())
		}
		if !strings.Contains(r.bar.String(), c.says) {
			t.Errorf("%s: says %q", kind, r.bar.String())
		}
	}
}

func TestRegistration_thatWaitsCanBeTriedNow(t *testing.T) {
	r, known, w, _ := testRegistration(t, screentest.NewEnv(t), waits(api.OpRegister), screentest.Now)
	known.Err = &api.Problem{Code: api.CodeBusy}
	screentest.Tap(t, w, "registration.send")
	if !strings.Contains(r.bar.String(), "too much to do") {
		t.Errorf("says %q", r.bar.String())
	}
	known.Err = nil
	screentest.Tap(t, w, "registration.send")
	if known.Sent != 2 || r.bar.String() != "" {
		t.Errorf("tried %d times, says %q", known.Sent, r.bar.String())
	}
}

func TestRegistration_saysThatItWasTakenBackTooLate(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.TakenBack = true
	_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	screentest.Says(t, screentest.Said(w, "registration.taken-back"), "had arrived before", "Withdraw")
	if screentest.Find(w, "registration.withdraw") == nil {
		t.Error("one cannot withdraw")
	}
}

func TestRegistration_showsAllAnswers(t *testing.T) {
	mine := screentest.ConfirmedRemote()
	mine.Meeting, mine.Answers = "C-00016512", api.Answers{"role": {"speaker"}, "talk": {"On keys"}, "visa": {"yes"}}
	_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
	for id, want := range map[string]string{"answer.role": "Speaker", "answer.talk": "On keys", "answer.visa": "Yes", "answer.remarks": "No answer"} {
		if got := screentest.Said(w, id); got != want {
			t.Errorf("%s says %q, want %q", id, got, want)
		}
	}
}

func TestRegistration_waitingPictures(t *testing.T) {
	screentest.Capture(t, "registration-waiting", func(e kit.Env) fyne.CanvasObject {
		mine := waits(api.OpRegister)
		mine.Meeting, mine.Number, mine.Participation = "C-00016512", "", api.OnSite
		mine.Answers = api.Answers{"role": {"speaker"}, "talk": {"On keys"}, "visa": {"yes"}, "passport_country": {"ES"}}
		mine.History, mine.Made = nil, screentest.Now.Add(-time.Hour)
		r := NewRegistration(e, &screentest.Catalog{All: screentest.Meetings()}, &screentest.Registrations{Mine: []app.Mine{mine}}, mine.Meeting, RegistrationEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
}

// Whose answers were erased after a meeting is told when.
func TestRegistration_saysThatAnswersWereErased(t *testing.T) {
	mine := app.Mine{State: api.Confirmed, Registration: api.Registration{
		Meeting: screentest.Meetings()[0].Code, Number: "R-7F3K-92QD", State: api.Confirmed, Participation: api.OnSite, BadgeName: "Elena",
		History: []api.Event{{At: screentest.Now.AddDate(0, -2, 0), What: "sent", By: "person"}},
	}}
	for _, erased := range []bool{false, true} {
		if erased {
			mine.History = append(mine.History, api.Event{At: screentest.Now.AddDate(0, 0, -1), What: "answers-erased", By: "service"})
		}
		_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
		text, ok := screentest.Find(w, "registration.erased").(*parts.Text)
		if ok != erased || ok && !strings.Contains(text.String(), "21 Nov 2026") && !strings.Contains(text.String(), "21 November 2026") {
			t.Errorf("erased %v: says %v", erased, text)
		}
	}
}
