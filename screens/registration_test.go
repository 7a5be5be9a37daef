package screens

import (
	"errors"
	"image"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"plenary/api"
	"plenary/app"
)

// testRegistration is the screen of one registration in a window.
func testRegistration(t *testing.T, e Env, mine app.Mine, now time.Time) (*Registration, *knownMine, fyne.Window, *wentTo) {
	t.Helper()
	e.Now = func() time.Time { return now }
	known, went := &knownMine{mine: []app.Mine{mine}}, &wentTo{}
	r := NewRegistration(e, &knownMeetings{list: testMeetings()}, known, mine.Meeting, RegistrationEvents{
		Back: went.to("back"), Register: went.with("register"),
	})
	r.save = func(name string, _ []byte) (string, error) { return filepath.Join("/home/elena/Downloads", name), nil }
	t.Cleanup(r.Close)
	return r, known, show(t, r.Content(), 900, 700), went
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
			mine := confirmedRemote()
			mine.State, mine.History = c.state, nil
			_, _, w, _ := testRegistration(t, testEnv(t), mine, testTime)
			note := widgetByID(t, w, "registration.note").(interface{ String() string }).String()
			if !strings.Contains(note, c.note) {
				t.Errorf("the note is %q, want %q in it", note, c.note)
			}
			if tag, _ := stateTag(testEnv(t), &mine); tag != c.tag {
				t.Errorf("the tag is %q, want %q", tag, c.tag)
			}
		})
	}
}

func TestRegistration_offlineSaysThatItIsKept(t *testing.T) {
	mine := confirmedRemote()
	mine.State, mine.Number, mine.History = app.StateWaitingToSend, "", nil
	r, _, w, _ := testRegistration(t, testEnv(t), mine, testTime)
	r.SetOnline(false)
	note := widgetByID(t, w, "registration.note").(interface{ String() string }).String()
	if note != "Kept on this computer. It will be sent when the network is back." {
		t.Errorf("the note is %q", note)
	}
}

func TestRegistration_joinIsLiveFromHalfAnHourBefore(t *testing.T) {
	first := testMeetings()[0].Sessions[0]
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
			e := testEnv(t)
			opened := recordOpened(&e)
			_, _, w, _ := testRegistration(t, e, confirmedRemote(), c.now)
			words := widgetByID(t, w, "registration.join.words").(interface{ String() string }).String()
			for _, want := range []string{c.says, "Use this account on the platform.", "Joining is recorded as attendance."} {
				if !strings.Contains(words, want) {
					t.Errorf("JOIN says %q, want %q in it", words, want)
				}
			}
			tap(t, w, "registration.join")
			if (len(*opened) == 1) != c.live {
				t.Errorf("JOIN opened %q, live: %v", *opened, c.live)
			}
		})
	}
}

func TestRegistration_joinBecomesLiveWhileOneLooks(t *testing.T) {
	e := testEnv(t)
	first := testMeetings()[0].Sessions[0]
	r, _, _, _ := testRegistration(t, e, confirmedRemote(), first.Start.Add(-31*time.Minute))
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
	_, known, w, _ := testRegistration(t, testEnv(t), confirmedRemote(), testTime)
	tap(t, w, "registration.withdraw")
	if len(known.withdrawn) != 0 {
		t.Fatal("withdrawn without a question")
	}
	tap(t, w, "registration.withdraw.no")
	if len(known.withdrawn) != 0 {
		t.Fatal("withdrawn although the person stays")
	}
	tap(t, w, "registration.withdraw")
	tap(t, w, "registration.withdraw.yes")
	if len(known.withdrawn) != 1 || known.withdrawn[0] != "R-7F3K-92QD" {
		t.Errorf("withdrawn: %q", known.withdrawn)
	}
}

func TestRegistration_withdrawThatCannotBeKept(t *testing.T) {
	r, known, w, _ := testRegistration(t, testEnv(t), confirmedRemote(), testTime)
	known.err = errors.New("forced")
	tap(t, w, "registration.withdraw")
	tap(t, w, "registration.withdraw.yes")
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
			mine := confirmedRemote()
			mine.State, mine.Number, mine.Code, mine.Operation = app.StateNeedsAttention, "", c.code, "op1"
			mine.Reference = "3F7K-92QD"
			_, known, w, went := testRegistration(t, testEnv(t), mine, testTime)
			note := widgetByID(t, w, "registration.note").(interface{ String() string }).String()
			if !strings.Contains(note, c.says) {
				t.Errorf("says %q, want %q in it", note, c.says)
			}
			if again := findByID(w, "registration.again") != nil; again != c.again {
				t.Errorf("offers to submit again: %v, want %v", again, c.again)
			}
			known.mine = nil
			tap(t, w, "registration.dismiss")
			if len(known.dismissed) != 1 || known.dismissed[0] != "op1" || went.last() != "back" {
				t.Errorf("dismissed %q, went to %q", known.dismissed, went.last())
			}
		})
	}
}

func TestRegistration_namesTheFieldsThatWereNotAccepted(t *testing.T) {
	mine := confirmedRemote()
	mine.Meeting = "C-00016512"
	mine.State, mine.Code = app.StateNeedsAttention, api.CodeInvalid
	mine.Errors = []api.FieldError{{Pointer: "/answers/visa", Code: "required"}, {Pointer: "/badge_name", Code: "too-long"}}
	r, _, _, _ := testRegistration(t, testEnv(t), mine, testTime)
	m, _ := r.catalog.Get(mine.Meeting)
	if got := r.wrongFields(&mine, &m); got != "Do you need a visa?, Name on the badge" {
		t.Errorf("names %q", got)
	}
}

func TestRegistration_addToCalendarSavesAndOpens(t *testing.T) {
	e := testEnv(t)
	opened := recordOpened(&e)
	r, _, w, _ := testRegistration(t, e, confirmedRemote(), testTime)
	tap(t, w, "registration.calendar")
	if len(*opened) != 1 || (*opened)[0] != "file:///home/elena/Downloads/C-00016342.ics" {
		t.Errorf("opened %q", *opened)
	}
	if !strings.Contains(r.bar.String(), filepath.FromSlash("/home/elena/Downloads/C-00016342.ics")) {
		t.Errorf("says %q, want where the file is", r.bar.String())
	}
	r.save = func(string, []byte) (string, error) { return "", errors.New("forced: no room") }
	tap(t, w, "registration.calendar")
	if !strings.Contains(r.bar.String(), "could not be saved") {
		t.Errorf("says %q after a failure", r.bar.String())
	}
}

func TestRegistration_followsNews(t *testing.T) {
	mine := confirmedRemote()
	mine.State = api.WaitingFocalPoint
	_, known, w, _ := testRegistration(t, testEnv(t), mine, testTime)
	if findByID(w, "registration.join") != nil {
		t.Fatal("JOIN before the confirmation")
	}
	known.mine[0].State = api.Confirmed
	known.changed()
	if findByID(w, "registration.join") == nil {
		t.Error("no JOIN after the confirmation arrived")
	}
}

func TestRegistration_newsAfterLeavingAreDropped(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	known := &knownMine{mine: []app.Mine{confirmedRemote()}}
	r := NewRegistration(e, &knownMeetings{list: testMeetings()}, known, "C-00016342", RegistrationEvents{})
	before := r.holder.Objects[0]
	known.changed()
	r.Close()
	steps.All()
	if r.holder.Objects[0] != before {
		t.Error("a screen that was left was drawn again")
	}
}

func TestQRImage_isBlackOnWhiteWithItsQuietZone(t *testing.T) {
	testEnv(t)
	picture, ok := qrImage("R-7F3K-92QD").(*canvas.Image)
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
