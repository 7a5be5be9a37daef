package delegation

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// confirmed are people of the delegation in states that tell.
func confirmed(service *screentest.Delegation) *screentest.Delegation {
	for i := range service.Delegates {
		one := &service.Delegates[i]
		switch one.Number {
		case "R-AAAA-0001", "R-AAAA-0002":
			one.State, one.May = api.Confirmed, nil
			one.Companions = []api.Companion{{Name: "Lina of " + one.Person}}
		case "R-AAAA-0003":
			one.State, one.Participation = api.Confirmed, api.Remote
		case "R-AAAA-0007":
			one.State, one.Waits = api.Confirmed, api.MayWithdraw
		}
	}
	return service
}

func badges(t *testing.T, service *screentest.Delegation, code string) (*Badges, fyne.Window) {
	t.Helper()
	account := screentest.Account
	account.FirstName, account.FamilyName = "Amina", "Okafor"
	b := NewBadges(screentest.NewEnv(t), service, catalog(), account, func(string) string { return code }, func() {})
	t.Cleanup(b.Close)
	return b, screentest.Show(t, b.Content(), 1100, 740)
}

// On the list stands who is confirmed on site, with companions; not who takes part
// remotely, or was withdrawn here; who may still be confirmed is counted.
func TestBadges_whoseThereAre(t *testing.T) {
	rows := collected(confirmed(screentest.NewDelegation()).Delegates)
	of := rows["C-00016512"]
	var names []string
	for _, b := range of.badges {
		names = append(names, b.Number+" "+b.Name)
	}
	want := []string{
		"R-AAAA-0006 Amina Okafor", "R-AAAA-0001 ليلى بنت عبد الرحمن الفاسي", "R-AAAA-0001 Lina of ليلى بنت عبد الرحمن الفاسي",
		"R-AAAA-0002 王小明", "R-AAAA-0002 Lina of 王小明",
	}
	if !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	if of.notYet != 1 {
		t.Errorf("%d are not confirmed yet, want 1", of.notYet)
	}
}

// A meeting is chosen, and its list saved and opened.
func TestBadges_savesTheList(t *testing.T) {
	b, w := badges(t, confirmed(screentest.NewDelegation()), strings.Repeat("A", 135))
	opened := screentest.RecordOpened(&b.env)
	var written []byte
	b.save = func(name string, data []byte) (string, error) {
		written = data
		return "/home/me/" + name, nil
	}
	if b.list.Len() != 1 {
		t.Fatalf("%d meetings", b.list.Len())
	}
	b.list.ChooseID("C-00016512")
	if got := screentest.Said(w, "badges.count"); got != "5 badges" {
		t.Errorf("says %q", got)
	}
	screentest.Says(t, screentest.Said(w, "badges.not-yet"), "1 registration on site is not confirmed yet")
	screentest.Says(t, screentest.Said(w, "badges.code"), "Your own code")
	screentest.TabTo(t, w, "badges.save")
	screentest.Press(t, w, fyne.KeySpace)
	if !bytes.HasPrefix(written, []byte("%PDF-")) || !slices.Equal(*opened, []string{"file:///home/me/Badges%20to%20be%20collected%20C-00016512.pdf"}) {
		t.Errorf("%d bytes, opened %q", len(written), *opened)
	}
	screentest.Says(t, screentest.Said(w, "badges.bar"), "Saved as /home/me/Badges to be collected C-00016512.pdf")
	b.save = func(string, []byte) (string, error) { return "", errors.New("forced: no room") }
	screentest.Tap(t, w, "badges.save")
	screentest.Says(t, screentest.Said(w, "badges.bar"), "could not be written")
}

// Who is not confirmed for the meeting is told what to show instead.
func TestBadges_ofWhoDoesNotCome(t *testing.T) {
	b, w := badges(t, confirmed(screentest.NewDelegation()), "")
	b.list.ChooseID("C-00016512")
	screentest.Says(t, screentest.Said(w, "badges.code"), "an identity document")
}

func TestBadges_none(t *testing.T) {
	service := screentest.NewDelegation()
	service.Delegates = slices.DeleteFunc(service.Delegates, func(d app.Delegate) bool { return d.State == api.Confirmed })
	b, _ := badges(t, service, "")
	screentest.Says(t, screentest.SaidIn(b.Content()), "No badges to collect", "No meeting chosen")
	test.Type(b.list.Search, "nothing like it")
	screentest.Says(t, screentest.SaidIn(b.Content()), "Nothing found")
}

func TestBadges_pictures(t *testing.T) {
	of := func(e kit.Env, service *screentest.Delegation) *Badges {
		b := NewBadges(e, service, catalog(), screentest.Account, func(string) string { return "" }, func() {})
		t.Cleanup(b.Close)
		return b
	}
	screentest.Capture(t, "delegation-badges", func(e kit.Env) fyne.CanvasObject {
		b := of(e, confirmed(screentest.NewDelegation()))
		b.list.ChooseID("C-00016512")
		b.panes.ShowDetail(true)
		return b.Content()
	})
	screentest.CaptureFew(t, "delegation-badges-none", func(e kit.Env) fyne.CanvasObject {
		return of(e, &screentest.Delegation{Kind: api.FocalPoint}).Content()
	})
}
