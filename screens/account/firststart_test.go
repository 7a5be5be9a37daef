package account

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/platform/proxy"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// fakeFinder answers as a test says.
type fakeFinder struct {
	tried []string
	err   error
}

func (f *fakeFinder) Try(_ context.Context, address string) (string, error) {
	f.tried = append(f.tried, address)
	return "https://" + address, f.err
}

func TestFirstStart_pictures(t *testing.T) {
	screentest.Capture(t, "firststart", func(e kit.Env) fyne.CanvasObject {
		e.Info.ServiceDesk = ""
		return NewFirstStart(e, &fakeFinder{}, FirstStartEvents{Chosen: func(string) {}, Demonstration: func() {}}).Content()
	})
}

func newTestFirstStart(e kit.Env, finder *fakeFinder) (*FirstStart, *screentest.WentTo) {
	to := &screentest.WentTo{}
	return NewFirstStart(e, finder, FirstStartEvents{Chosen: to.With("chosen"), Demonstration: to.To("demonstration"), Back: to.To("back")}), to
}

func TestFirstStart_byKeyboard(t *testing.T) {
	finder := &fakeFinder{}
	f, to := newTestFirstStart(screentest.NewEnv(t), finder)
	w := screentest.Show(t, f.Content(), 1100, 740)
	w.Canvas().Focus(f.First())
	screentest.Write(t, w, "example.int")
	screentest.Press(t, w, fyne.KeyReturn)
	if to.Last() != "chosen https://example.int" || finder.tried[0] != "example.int" {
		t.Errorf("led to %q, tried %q", to.Last(), finder.tried)
	}
	for id, want := range map[string]string{"firststart.demo": "demonstration", "firststart.back": "back"} {
		screentest.TabTo(t, w, id)
		screentest.Press(t, w, fyne.KeyReturn)
		if to.Last() != want {
			t.Errorf("%s leads to %q", id, to.Last())
		}
	}
}

func TestFirstStart_wrongAddressesSayWhatToDo(t *testing.T) {
	for kind, says := range map[string]string{
		"address":               "https://plenary.example.org",
		"unreachable":           "network connection",
		"untrusted-certificate": "certificate is not trusted",
		"not-plenary":           "log in to the network there first",
		"timeout":               "took too long",
	} {
		e := screentest.NewEnv(t)
		e.Explain = func(error) app.Explanation { return app.Explanation{Kind: kind} }
		f, to := newTestFirstStart(e, &fakeFinder{err: errors.New("no")})
		w := screentest.Show(t, f.Content(), 1100, 740)
		f.address.SetText("example")
		f.try()
		if !strings.Contains(f.field.Error(), says) || screentest.FocusedID(w) != "firststart.address" || len(to.Places) != 0 {
			t.Errorf("%s: says %q", kind, f.field.Error())
		}
	}
}

func TestFirstStart_cancel(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	f, to := newTestFirstStart(e, &fakeFinder{})
	screentest.Show(t, f.Content(), 1100, 740)
	f.address.SetText("slow.example")
	f.try()
	f.try()
	if !f.stop.Visible() || steps.Len() != 2 {
		t.Fatalf("Cancel visible %v, %d steps", f.stop.Visible(), steps.Len())
	}
	steps.Step()
	test.Tap(f.stop)
	steps.All()
	if len(to.Places) != 0 || f.connect.Disabled() {
		t.Errorf("led to %v", to.Places)
	}
}

func TestFirstStart_proxyIsReadBeforeTheService(t *testing.T) {
	e := screentest.NewEnv(t)
	var entered []string
	finder := &fakeFinder{}
	on := FirstStartEvents{Chosen: func(string) {}, Proxy: func(text string) error {
		entered = append(entered, text)
		_, err := proxy.ParseSetting(text)
		return err
	}}
	f := NewFirstStart(e, finder, on)
	w := screentest.Show(t, f.Content(), 1100, 740)
	if screentest.Find(w, "firststart.proxy") != nil {
		t.Error("the proxy is in sight of everybody")
	}
	f.address.SetText("example.int")
	screentest.Tap(t, w, "firststart.network")
	if screentest.FocusedID(w) != "firststart.proxy" {
		t.Errorf("the keyboard is at %q", screentest.FocusedID(w))
	}
	for text, says := range map[string]string{
		"our proxy": "proxy.example.org:3128", "http://a:b@proxy.example": "Leave out", "http://wpad.example/proxy.pac": "script",
	} {
		f.proxy.Entry.SetText(text)
		f.try()
		if !strings.Contains(f.proxy.Field.Error(), says) || len(finder.tried) != 0 {
			t.Errorf("%s: says %q, tried %v", text, f.proxy.Field.Error(), finder.tried)
		}
	}
	f.proxy.Entry.SetText("proxy.example:3128")
	f.try()
	if len(finder.tried) != 1 || entered[len(entered)-1] != "proxy.example:3128" {
		t.Errorf("tried %v with %v", finder.tried, entered)
	}
}

func TestFirstStart_faultPictures(t *testing.T) {
	screentest.Capture(t, "faults-firststart", func(e kit.Env) fyne.CanvasObject {
		f, _ := newTestFirstStart(e, &fakeFinder{err: &api.Problem{Code: api.CodeBusy, RetryAfter: time.Minute, Reference: "3F7K-92QD"}})
		f.SetNotice(e.Problem(app.ErrSettings))
		f.address.SetText("plenary.example.org")
		f.try()
		return f.Content()
	})
}
