package app

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"plenary/api"
)

// agendaOf makes the agenda of registrations for meetings with sessions of an hour.
func agendaOf(now time.Time, mine []Mine, starts map[string][]time.Time) []AgendaRow {
	return Agenda(mine, func(code string) (api.Meeting, bool) {
		m := api.Meeting{Code: code}
		for _, start := range starts[code] {
			m.Sessions = append(m.Sessions, api.MeetingSession{Start: start, End: start.Add(time.Hour)})
		}
		return m, len(m.Sessions) > 0
	}, now)
}

func oneMine(meeting, state, participation string) Mine {
	return Mine{State: state, Registration: api.Registration{
		Meeting: meeting, State: state, Participation: participation, Platform: "https://platform.example.int/" + meeting,
	}}
}

func TestAgenda_partsAndOrder(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 14, 0, 0, time.UTC)
	starts := map[string][]time.Time{
		"late-today": {now.Add(6 * time.Hour)}, "soon": {now.Add(20 * time.Minute)}, "december": {now.AddDate(0, 0, 14)},
		"tomorrow": {now.Add(24 * time.Hour)}, "waits-today": {now.Add(3 * time.Hour)}, "draft": {now.AddDate(0, 1, 0)},
		"to-send": {now.AddDate(0, -1, 0)}, "over": {now.AddDate(0, -2, 0)}, "refused": {now.AddDate(0, 2, 0)},
		"wrong": {now.AddDate(0, 0, 3)}, "series": {now.AddDate(0, 0, -1), now.AddDate(0, 0, 2)}, "again": {now.AddDate(0, 0, 4)},
		"offered": {now.AddDate(0, 0, 5), now.AddDate(0, 0, 6)}, "offered-soon": {now.AddDate(0, 0, 7)}, "offered-over": {now.AddDate(0, 0, -7)},
	}
	var mine []Mine
	for _, m := range [][2]string{
		{"over", api.Confirmed},
		{"december", api.Confirmed},
		{"draft", StateDraft},
		{"late-today", api.Confirmed},
		{"soon", api.Confirmed},
		{"unknown", api.Confirmed},
		{"refused", api.Refused},
		{"tomorrow", api.Confirmed},
		{"waits-today", api.WaitingFocalPoint},
		{"wrong", StateNeedsAttention},
		{"to-send", StateWaitingToSend},
		{"series", api.Confirmed},
		{"again", api.Withdrawn},
		{"again", api.Confirmed},
		{"refused", api.Withdrawn},
		{"offered", api.Offered},
		{"offered-soon", api.Offered},
		{"offered-over", api.Offered},
	} {
		one := oneMine(m[0], m[1], api.Remote)
		if m[1] == api.Offered {
			one.OfferUntil = now.AddDate(0, 0, len(starts[m[0]]))
		}
		mine = append(mine, one)
	}
	type row struct {
		meeting string
		part    AgendaPart
		today   bool
	}
	var got []row
	for _, r := range agendaOf(now, mine, starts) {
		got = append(got, row{r.Meeting, r.Part, r.Today})
	}
	want := []row{
		{"offered-soon", AgendaAttention, false},
		{"offered", AgendaAttention, false},
		{"wrong", AgendaAttention, false},
		{"soon", AgendaToday, true},
		{"late-today", AgendaToday, true},
		{"tomorrow", AgendaComing, false},
		{"series", AgendaComing, false},
		{"again", AgendaComing, false},
		{"december", AgendaComing, false},
		{"unknown", AgendaComing, false},
		{"waits-today", AgendaWaiting, true},
		{"draft", AgendaWaiting, false},
		{"to-send", AgendaWaiting, false}, // the meeting is over
		{"refused", AgendaPast, false},
		{"offered-over", AgendaPast, false},
		{"over", AgendaPast, false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the agenda is\n%v, want\n%v", got, want)
	}
}

func TestAgenda_todayIsThePersonsDay(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	start := time.Date(2026, 11, 22, 15, 30, 0, 0, time.UTC) // half past midnight of the 23rd in Tokyo
	for _, c := range []struct {
		name  string
		now   time.Time
		today bool
	}{
		{"in the morning in Geneva", start.Add(-8 * time.Hour).In(zone("Europe/Zurich")), true},
		{"in the evening in Tokyo", start.Add(-2 * time.Hour).In(zone("Asia/Tokyo")), false},
		{"in Tokyo, once it can be joined", start.Add(-30 * time.Minute).In(zone("Asia/Tokyo")), true},
		{"the day before in Geneva", start.Add(-24 * time.Hour).In(zone("Europe/Zurich")), false},
	} {
		rows := agendaOf(c.now, []Mine{oneMine("m", api.Confirmed, api.Remote)}, map[string][]time.Time{"m": {start}})
		if rows[0].Today != c.today {
			t.Errorf("%s: today is %v", c.name, rows[0].Today)
		}
	}
}

// TestAgenda_joinFollowsTheTime moves the clock over the day on which the clocks of Geneva
// are set back, with two sessions on it.
func TestAgenda_joinFollowsTheTime(t *testing.T) {
	geneva, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	first := time.Date(2026, 10, 25, 1, 45, 0, 0, geneva) // summer time; the hour from 2 to 3 comes twice
	second := time.Date(2026, 10, 25, 14, 0, 0, 0, geneva)
	starts := map[string][]time.Time{"m": {first, second}}
	mine := []Mine{oneMine("m", api.Confirmed, api.Remote)}
	live := 0
	for now := first.Add(-2 * time.Hour); now.Before(second.Add(2 * time.Hour)); now = now.Add(time.Minute) {
		rows := agendaOf(now.In(geneva), mine, starts)
		joins := rows[0].Joins()
		want := !now.Before(first.Add(-30*time.Minute)) && now.Before(first.Add(time.Hour)) ||
			!now.Before(second.Add(-30*time.Minute)) && now.Before(second.Add(time.Hour))
		if joins != want {
			t.Fatalf("%v: JOIN is %v", now.In(geneva), joins)
		}
		if joins {
			live++
		}
	}
	if live != 2*90 {
		t.Errorf("JOIN was live for %d minutes, want 180", live)
	}
}

func TestNext(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 14, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		mine   []Mine
		starts map[string][]time.Time
		want   string
	}{
		{"nothing", nil, nil, ""},
		{"in more than a day", []Mine{oneMine("a", api.Confirmed, api.Remote)}, map[string][]time.Time{"a": {now.Add(25 * time.Hour)}}, ""},
		{"not confirmed", []Mine{oneMine("a", api.WaitingList, api.Remote)}, map[string][]time.Time{"a": {now.Add(time.Hour)}}, ""},
		{
			"the next of two",
			[]Mine{oneMine("a", api.Confirmed, api.Remote), oneMine("b", api.Confirmed, api.OnSite)},
			map[string][]time.Time{"a": {now.Add(20 * time.Hour)}, "b": {now.Add(19 * time.Hour)}},
			"b",
		},
		{
			"one to join before one on site",
			[]Mine{oneMine("a", api.Confirmed, api.Remote), oneMine("b", api.Confirmed, api.OnSite)},
			map[string][]time.Time{"a": {now.Add(20 * time.Minute)}, "b": {now.Add(-10 * time.Minute)}},
			"a",
		},
	} {
		got := ""
		if r := Next(agendaOf(now, c.mine, c.starts), now); r != nil {
			got = r.Meeting
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
