package meetings

import (
	"testing"
	"time"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/screentest"
	"plenary/words"
)

func TestLocalSpan_saysYourTimeOnlyWhereItDiffers(t *testing.T) {
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	w := words.For("en")
	for _, c := range []struct {
		name        string
		start       time.Time
		local       *time.Location
		there, here string
	}{
		{"same clock", time.Date(2027, 1, 12, 8, 30, 0, 0, time.UTC), zurich, "09:30 – 17:30 Geneva (UTC+1)", ""},
		{"another clock", time.Date(2027, 1, 12, 8, 30, 0, 0, time.UTC), time.UTC, "09:30 – 17:30 Geneva (UTC+1)", "08:30 – 16:30 your time"},
		{"in summer", time.Date(2027, 7, 12, 8, 30, 0, 0, time.UTC), time.UTC, "10:30 – 18:30 Geneva (UTC+2)", "08:30 – 16:30 your time"},
		{"another day", time.Date(2027, 1, 12, 22, 0, 0, 0, time.UTC), tokyo, "23:00 – 07:00 Geneva (UTC+1)", "13 Jan 2027, 07:00 – 15:00 your time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := screentest.NewMeeting("C-00016512", "X", "Geneva, Tower", "Europe/Zurich", c.start, 1)
			there, here := localSpan(w, &m, &m.Sessions[0], c.local)
			if there != c.there || here != c.here {
				t.Errorf("got %q and %q, want %q and %q", there, here, c.there, c.here)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	w := words.For("en")
	for d, want := range map[time.Duration]string{
		-time.Minute: "1 minute", 20 * time.Second: "1 minute", 24 * time.Minute: "24 minutes", 99 * time.Minute: "99 minutes",
		100 * time.Minute: "2 hours", 26 * time.Hour: "26 hours", 49 * time.Hour: "2 days", 10 * 24 * time.Hour: "10 days",
	} {
		if got := kit.Distance(w, d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestTown(t *testing.T) {
	w := words.For("en")
	for _, c := range []struct{ place, zone, want string }{
		{"Geneva, Tower building, room C", "Europe/Zurich", "Geneva"},
		{"", "America/Argentina/Buenos_Aires", "Buenos Aires"},
		{"Congress Centre of the Autonomous City of Somewhere far away", "Africa/Nairobi", "Nairobi"},
	} {
		if got := town(w, &api.Meeting{Place: api.Text{"en": c.place}, Zone: c.zone, Participation: []string{api.OnSite}}); got != c.want {
			t.Errorf("%q in %s: %q, want %q", c.place, c.zone, got, c.want)
		}
	}
	if got := town(w, &api.Meeting{Place: api.Text{"en": "Remote"}, Zone: "Europe/Zurich", Participation: []string{api.Remote}}); got != "Zurich" {
		t.Errorf("a meeting that is remote only is in %q, want the city of its clock", got)
	}
}

func TestZoneOf_unknownZoneIsUTC(t *testing.T) {
	for _, zone := range []string{"", "Nowhere/Atlantis"} {
		if got := zoneOf(&api.Meeting{Zone: zone}); got != time.UTC {
			t.Errorf("zone %q is %v, want UTC", zone, got)
		}
	}
}
