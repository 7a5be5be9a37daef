package meetings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// anOffer is a registration to which a place is offered for 26 hours from
// screentest.Now.
func anOffer() app.Mine {
	mine := screentest.ConfirmedRemote()
	mine.State, mine.Platform, mine.OfferUntil = api.Offered, "", screentest.Now.Add(26*time.Hour)
	mine.History = []api.Event{
		{At: screentest.Now.Add(-400 * time.Hour), What: "sent", By: "person"},
		{At: screentest.Now.Add(-400 * time.Hour), What: "waitlisted", By: "service"},
		{At: screentest.Now.Add(-22 * time.Hour), What: "offered", By: "service"},
	}
	return mine
}

func TestOffer_saysHowLongItIsKept(t *testing.T) {
	e := screentest.NewEnv(t)
	mine := anOffer()
	r, known, w, _ := testRegistration(t, e, mine, screentest.Now)
	note := func() string {
		t.Helper()
		return screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
	}
	if got := note(); !strings.Contains(got, "26 hours left") || !strings.Contains(got, kit.Clock(e.Words, mine.OfferUntil, screentest.Now)) {
		t.Errorf("the note is %q", got)
	}
	at := func(now time.Time) {
		r.env.Now = func() time.Time { return now }
		r.Tick()
	}
	at(mine.OfferUntil.Add(-90 * time.Minute))
	if got := note(); !strings.Contains(got, "90 minutes left") {
		t.Errorf("later the note is %q", got)
	}
	at(mine.OfferUntil)
	if got := note(); !strings.Contains(got, "was over") || (screentest.Find(w, "offer.accept") != nil) || (screentest.Find(w, "offer.decline") != nil) {
		t.Errorf("when it is over, the note is %q", got)
	}
	if len(known.Answered) != 0 {
		t.Errorf("answered: %q", known.Answered)
	}
}

func TestOffer_isAnswered(t *testing.T) {
	for _, c := range []struct {
		taps []string
		want []string
	}{
		{[]string{"offer.accept"}, []string{"R-7F3K-92QD true"}},
		{[]string{"offer.decline", "offer.decline.yes"}, []string{"R-7F3K-92QD false"}},
		{[]string{"offer.decline", "offer.decline.no"}, nil},
	} {
		_, known, w, _ := testRegistration(t, screentest.NewEnv(t), anOffer(), screentest.Now)
		if screentest.Find(w, "registration.withdraw") != nil {
			t.Error("there are two ways to say no")
		}
		for _, tap := range c.taps {
			screentest.Tap(t, w, tap)
		}
		if !slices.Equal(known.Answered, c.want) {
			t.Errorf("after %q: %q, want %q", c.taps, known.Answered, c.want)
		}
	}
}

func TestOffer_answerThatWaitsToBeSent(t *testing.T) {
	for accept, want := range map[bool][2]string{
		true:  {"Acceptance waits to be sent", "must arrive by"},
		false: {"Declining waits to be sent", "You decline the place"},
	} {
		mine := anOffer()
		mine.State, mine.Kind, mine.Accept, mine.Operation = app.StateWaitingToSend, api.OpAnswerOffer, accept, "op1"
		_, known, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
		note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
		if tag, _ := stateTag(screentest.NewEnv(t), &mine); tag != want[0] || !strings.Contains(note, want[1]) {
			t.Errorf("%q: %q", tag, note)
		}
		screentest.Tap(t, w, "registration.take-back")
		if !slices.Equal(known.TakenBack, []string{"op1"}) {
			t.Errorf("taken back: %q", known.TakenBack)
		}
	}
}

func TestOffer_whatBecameOfIt(t *testing.T) {
	for what, want := range map[string]string{"lapsed": "not accepted in time", "declined": "You have declined", "withdrawn": "You have withdrawn"} {
		mine := anOffer()
		mine.State = api.Withdrawn
		mine.History = append(mine.History, api.Event{At: screentest.Now, What: what, By: "person"})
		_, _, w, _ := testRegistration(t, screentest.NewEnv(t), mine, screentest.Now)
		if note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String(); !strings.Contains(note, want) {
			t.Errorf("%s: %q", what, note)
		}
	}
	refused := anOffer()
	refused.State, refused.Kind, refused.Code, refused.Operation = app.StateNeedsAttention, api.OpAnswerOffer, api.CodeOfferOver, "op1"
	_, known, w, _ := testRegistration(t, screentest.NewEnv(t), refused, screentest.Now)
	note := screentest.Widget(t, w, "registration.note").(interface{ String() string }).String()
	if !strings.Contains(note, "did not take this answer") || !strings.Contains(note, "has gone to the next person") || (screentest.Find(w, "registration.again") != nil) {
		t.Errorf("refused: %q", note)
	}
	screentest.Tap(t, w, "registration.dismiss")
	if !slices.Equal(known.Dismissed, []string{"op1"}) {
		t.Errorf("dismissed: %q", known.Dismissed)
	}
}

func TestMine_saysByWhenToAnswer(t *testing.T) {
	e := screentest.NewEnv(t)
	mine := anOffer()
	m := NewMine(e, &screentest.Catalog{All: screentest.Meetings()}, &screentest.Registrations{Mine: []app.Mine{mine}}, MineEvents{})
	t.Cleanup(m.Close)
	rows := m.rows()
	if len(rows) != 2 || rows[0].heading != "Needs your attention" {
		t.Fatalf("rows: %+v", rows)
	}
	if line := strings.Join(m.line(&rows[1].AgendaRow), " · "); !strings.HasPrefix(line, "Answer by ") || !strings.Contains(line, "26 hours left") {
		t.Errorf("the row says %q", line)
	}
}

func TestOffer_pictures(t *testing.T) {
	known := func() *screentest.Registrations {
		return &screentest.Registrations{Mine: append(screentest.ManyStates()[:4], anOffer())}
	}
	screentest.Capture(t, "offer", func(e kit.Env) fyne.CanvasObject {
		r := NewRegistration(e, &screentest.Catalog{All: screentest.Meetings()}, known(), "C-00016342", RegistrationEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
	screentest.Capture(t, "offer-mine", func(e kit.Env) fyne.CanvasObject {
		m := NewMine(e, &screentest.Catalog{All: screentest.Meetings()}, known(), MineEvents{})
		t.Cleanup(m.Close)
		return m.Content()
	})
}
