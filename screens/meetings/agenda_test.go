package meetings

import (
	"errors"
	"net/url"
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

// today are meetings of which one is under way at screentest.Now, one begins in 24 minutes,
// and one in the evening, and registrations for them and in every other state.
func today() ([]api.Meeting, *screentest.Registrations) {
	meetings := screentest.Meetings()
	for i, title := range []string{"المنتدى الإقليمي للدول العربية", "Joint Meeting of the Correspondence Groups on Telecommunication Tariffs and on the Economics of International Connectivity"} {
		meetings[i].Title = api.Text{"en": title}
	}
	mine := screentest.ManyStates()
	add := func(code, title, zone, participation, state string, start time.Time) {
		m := screentest.NewMeeting(code, title, "Nairobi, UNON", zone, start, 1)
		meetings = append(meetings, m)
		one := screentest.ConfirmedRemote()
		one.Meeting, one.Participation, one.State, one.Number = code, participation, state, "R-"+code[6:]+"-92QD"
		one.Platform = "https://platform.example.int/rooms/" + code + "?lang=en&layout=speaker"
		mine = append([]app.Mine{one}, mine...)
	}
	add("C-00016601", "Evening Briefing for Delegates", "Europe/Zurich", api.OnSite, api.Confirmed, screentest.Now.Add(8*time.Hour))
	add("C-00016602", "Briefing on the Plenipotentiary Conference", "Africa/Nairobi", api.Remote, api.Confirmed, screentest.Now.Add(24*time.Minute))
	add("C-00016603", "Council Working Group on Languages", "UTC", api.OnSite, api.Confirmed, screentest.Now.Add(-time.Hour))
	add("C-00016604", "Focus Group on Metaverse", "America/New_York", api.Remote, api.WaitingSecretariat, screentest.Now.Add(5*time.Hour))
	return meetings, &screentest.Registrations{Mine: mine}
}

func TestMyMeetings_pictures(t *testing.T) {
	screentest.Capture(t, "mymeetings", func(e kit.Env) fyne.CanvasObject {
		all, mine := today()
		m := NewMine(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, MineEvents{})
		t.Cleanup(m.Close)
		return m.Content()
	}, func(w fyne.Window) {
		screentest.Settle(w)
		if o := screentest.Find(w, "mymeetings.list"); o != nil {
			w.Canvas().Focus(o.(fyne.Focusable))
		}
	})
	screentest.CaptureIn(t, append(screentest.Mirrored, screentest.Shots[1], screentest.Shots[4]), "mymeetings-joining", func(e kit.Env) fyne.CanvasObject {
		all, mine := today()
		m := NewMine(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, MineEvents{})
		t.Cleanup(m.Close)
		m.join.say(mine.Mine[2].Platform, 0, "join.opens", func() {})
		return m.Content()
	})
}

func TestMeetings_picturesOfTheNext(t *testing.T) {
	screentest.Capture(t, "meetings-next", func(e kit.Env) fyne.CanvasObject {
		all, mine := today()
		m := NewList(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, screentest.Account, ListEvents{})
		t.Cleanup(m.Close)
		return m.Content()
	})
}

func TestRegistration_picturesOfJoin(t *testing.T) {
	screentest.Capture(t, "registration-join", func(e kit.Env) fyne.CanvasObject {
		all, mine := today()
		r := NewRegistration(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, "C-00016602", RegistrationEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
}

// mineAt is the agenda of today in a window, at a time that can be moved.
func mineAt(t *testing.T, e kit.Env, now *time.Time) (*Mine, fyne.Window) {
	t.Helper()
	all, mine := today()
	e.Now = func() time.Time { return *now }
	m := NewMine(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, MineEvents{})
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), 1100, 1900)
}

func TestMyMeetings_areAnAgenda(t *testing.T) {
	now := screentest.Now
	m, _ := mineAt(t, screentest.NewEnv(t), &now)
	var got []string
	for _, r := range m.rows() {
		if r.heading != "" {
			got = append(got, r.heading)
			continue
		}
		tag, _ := whenTag(m.env, &r.AgendaRow)
		got = append(got, strings.TrimSpace(r.Meeting+" "+tag))
	}
	want := []string{
		"Needs your attention", "C-00016512",
		"Today", "C-00016603 Taking place now", "C-00016602 In 24 minutes", "C-00016601 In 8 hours",
		"Coming", "C-00016342",
		"Not confirmed yet", "C-00016604 Today", "C-00016377", "C-00016390", "C-00016401",
		"Past", "C-00016105",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the agenda is\n%q, want\n%q", got, want)
	}
}

func TestMyMeetings_joinInTheRowFollowsTheTime(t *testing.T) {
	now := screentest.Now.Add(-7 * time.Minute) // 31 before
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	m, w := mineAt(t, e, &now)
	const join = "mymeetings.join.C-00016602"
	if screentest.Find(w, join) != nil {
		t.Fatal("JOIN is there 31 minutes before")
	}
	now = now.Add(time.Minute)
	m.Tick()
	screentest.Settle(w)
	screentest.Tap(t, w, join)
	if len(*opened) != 1 || !strings.HasPrefix((*opened)[0], "https://platform.example.int/rooms/C-00016602") {
		t.Errorf("JOIN opened %q", *opened)
	}
	if row := screentest.Find(w, "mymeetings.join.C-00016603"); row != nil {
		t.Error("JOIN for who comes")
	}
	now = screentest.Now.Add(9 * time.Hour)
	m.Tick()
	screentest.Settle(w)
	if screentest.Find(w, join) != nil {
		t.Error("JOIN is there after the end")
	}
}

func TestMyMeetings_rowSaysTheTimesThereAndHere(t *testing.T) {
	now := screentest.Now
	m, _ := mineAt(t, screentest.NewEnv(t), &now)
	rows := m.rows()
	i := slices.IndexFunc(rows, func(r mineRow) bool { return r.Meeting == "C-00016602" })
	got := strings.Join(m.line(&rows[i].AgendaRow), " · ")
	if want := "12:38 – 20:38 Nairobi (UTC+3) · 09:38 – 17:38 your time · Remote · R-6602-92QD"; got != want {
		t.Errorf("the row says %q, want %q", got, want)
	}
}

func TestJoin_saysWhatHappens(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		says string
	}{
		{"opened", nil, "opens in your browser"},
		{"failed", errors.New("forced: exit status 3"), "did not start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			now, times := screentest.Now, 0
			e := screentest.NewEnv(t)
			e.OpenURL = func(*url.URL) error { times++; return c.err }
			m, w := mineAt(t, e, &now)
			screentest.Tap(t, w, "mymeetings.join.C-00016602")
			if !strings.Contains(m.bar.String(), c.says) {
				t.Errorf("says %q, want %q in it", m.bar.String(), c.says)
			}
			screentest.Tap(t, w, "mymeetings.bar.copy")
			if got := e.Clipboard.Content(); got != "https://platform.example.int/rooms/C-00016602?lang=en&layout=speaker" {
				t.Errorf("%q was copied", got)
			}
			screentest.Tap(t, w, "mymeetings.bar.action")
			if times != 2 {
				t.Errorf("opened %d times after Open again, want 2", times)
			}
		})
	}
}

// A token is made for one click: what is copied never has it.
func TestJoin_withAToken(t *testing.T) {
	const plain = "https://platform.example.int/rooms/C-00016602?lang=en&layout=speaker"
	for _, c := range []struct {
		name, opens, says string
		err               error
	}{
		{"the service answers", plain + "?jwt=token", "opens in your browser. If nothing", nil},
		{"it does not", plain, "The service did not answer", errors.New("forced: no network")},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := screentest.Now
			e := screentest.NewEnv(t)
			opened := screentest.RecordOpened(&e)
			m, w := mineAt(t, e, &now)
			known := m.mine.(*screentest.Registrations)
			known.JoinErr = c.err
			for i := range known.Mine {
				known.Mine[i].JoinToken = true
			}
			m.list.Reload()
			screentest.Settle(w)
			screentest.Tap(t, w, "mymeetings.join.C-00016602")
			if !slices.Equal(*opened, []string{c.opens}) || !strings.Contains(m.bar.String(), c.says) {
				t.Errorf("opened %q, says %q", *opened, m.bar.String())
			}
			screentest.Tap(t, w, "mymeetings.bar.copy")
			if got := e.Clipboard.Content(); got != plain {
				t.Errorf("%q was copied", got)
			}
			if !slices.Equal(known.Joined, []string{"R-6602-92QD 1"}) {
				t.Errorf("joined %q", known.Joined)
			}
		})
	}
}

func TestJoin_addressThatIsNoneIsSaid(t *testing.T) {
	e := screentest.NewEnv(t)
	opened := screentest.RecordOpened(&e)
	now := screentest.Now
	m, _ := mineAt(t, e, &now)
	mine := screentest.ConfirmedRemote()
	mine.Platform, mine.Number = "calculator:", "R-CALC"
	known := m.mine.(*screentest.Registrations)
	known.Mine = append(known.Mine, mine)
	m.join.join(&mine, 1)
	if len(*opened) != 0 || !strings.Contains(m.bar.String(), "did not start") {
		t.Errorf("opened %q, says %q", *opened, m.bar.String())
	}
}

func TestMeetings_nextCardFollowsTheTime(t *testing.T) {
	now := screentest.Now.Add(-25 * time.Hour)
	e := screentest.NewEnv(t)
	e.Now = func() time.Time { return now }
	opened := screentest.RecordOpened(&e)
	all, mine := today()
	went := &screentest.WentTo{}
	m := NewList(e, &screentest.Catalog{All: all, At: screentest.Now}, mine, screentest.Account, ListEvents{Registration: went.With("registration")})
	defer m.Close()
	w := screentest.Show(t, m.Content(), 1100, 740)
	says := func() string {
		if screentest.Find(w, "next.title") == nil {
			return ""
		}
		return m.next.title.String() + "; " + m.next.words.String()
	}
	for _, c := range []struct {
		now  time.Time
		says string
		join bool
	}{
		{screentest.Now.Add(-26 * time.Hour), "", false},
		{screentest.Now.Add(-2 * time.Hour), "Next: Council Working Group on Languages; Starts in 60 minutes, at 08:14 Nairobi", false},
		{screentest.Now.Add(-time.Hour), "Now: Council Working Group on Languages; Taking place until 16:14 Nairobi", false},
		{screentest.Now, "Next: Briefing on the Plenipotentiary Conference; Starts in 24 minutes, at 12:38 Nairobi (09:38 your time)", true},
		{screentest.Now.Add(25 * time.Minute), "Now: Briefing on the Plenipotentiary Conference; Taking place until 20:38 Nairobi (17:38 your time)", true},
		{screentest.Now.Add(18 * time.Hour), "", false},
	} {
		now = c.now
		m.Tick()
		screentest.Settle(w)
		if got := says(); got != c.says {
			t.Errorf("%v: the card says %q, want %q", c.now, got, c.says)
		}
		if join := screentest.Find(w, "next.join") != nil; join != c.join {
			t.Errorf("%v: JOIN is there: %v", c.now, join)
		}
		if c.join {
			screentest.Tap(t, w, "next.join")
			screentest.Tap(t, w, "next.registration")
		}
	}
	if len(*opened) != 2 || went.Last() != "registration C-00016602" {
		t.Errorf("opened %q, went to %q", *opened, went.Last())
	}
}

func TestMyMeetings_whatWaitsCanBeSentAndTakenBack(t *testing.T) {
	known := &screentest.Registrations{Mine: screentest.ManyStates()}
	for i := range known.Mine {
		if known.Mine[i].State == app.StateWaitingToSend {
			known.Mine[i].Operation, known.Mine[i].Kind = "op2", api.OpRegister
		}
	}
	m := NewMine(screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings()}, known, MineEvents{})
	t.Cleanup(m.Close)
	w := screentest.Show(t, m.Content(), 900, 700)
	screentest.Tap(t, w, "mymeetings.send")
	if known.Sent != 1 {
		t.Errorf("tried %d times", known.Sent)
	}
	if screentest.Find(w, "mymeetings.take-back") != nil {
		t.Error("nothing is chosen, and it could be taken back")
	}
	m.list.ChooseID("C-00016390")
	screentest.Tap(t, w, "mymeetings.take-back")
	if len(known.TakenBack) != 1 || known.TakenBack[0] != "op2" || !strings.Contains(m.bar.String(), "a draft again") {
		t.Errorf("taken back: %q; says %q", known.TakenBack, m.bar.String())
	}
	known.Mine = nil
	known.Tell()
	if screentest.Find(w, "mymeetings.send") != nil || screentest.Find(w, "mymeetings.take-back") != nil {
		t.Error("nothing waits, and could be sent")
	}
}

// Who is not known to have none is not told to have none.
func TestMine_thatHasNotArrived(t *testing.T) {
	e := screentest.NewEnv(t)
	for told, want := range map[bool]string{true: "mymeetings.empty.title", false: "meetings.never.title"} {
		m := NewMine(e, &screentest.Catalog{}, &screentest.Registrations{NotTold: !told}, MineEvents{})
		screentest.Show(t, m.Content(), 1100, 740)
		if said := screentest.SaidIn(m.Content()); !strings.Contains(said, e.T(want)) {
			t.Errorf("told %v: %s", told, said)
		}
		m.Close()
	}
}
