package account

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

// In another language each page is the same page, with all that was typed and chosen.
func TestPages_keepWhatStandsInThemInAnotherLanguage(t *testing.T) {
	const password = "Kelp-84-orbit?tin"
	known := &api.RecoveryQuestion{Question: "first-school"}
	forgot := func(e kit.Env, step func(*Forgot)) Page {
		f := NewForgot(e, &fakeRecovery{options: bothOptions, known: known}, "elena", ForgotEvents{Login: func(string) {}})
		f.request()
		step(f)
		return f
	}
	for name, page := range map[string]func(e kit.Env) Page{
		"first start": func(e kit.Env) Page {
			f := NewFirstStart(e, &fakeFinder{}, FirstStartEvents{Proxy: func(string) error { return nil }})
			f.address.SetText("example.int")
			f.showNetwork()
			f.proxy.Entry.SetText("proxy.example:3128")
			return f
		},
		"log-in": func(e kit.Env) Page {
			l, _ := newTestLogin(e, &fakeSession{})
			l.SetIdentifier("elena")
			l.password.SetText(password)
			l.meeting.SetText("C-00016105")
			l.keep.SetChecked(false)
			return l
		},
		"second step": func(e kit.Env) Page {
			l, _ := newTestLogin(e, &fakeSession{})
			l.second.ask(app.LogIn{Identifier: "elena", Password: password})
			l.second.code.SetText("123456")
			return l
		},
		"lock": func(e kit.Env) Page {
			l, _ := newTestLock(e, newFakeLocked())
			l.pin.Set("pin", screentest.PIN)
			return l
		},
		"lock, by the password": func(e kit.Env) Page {
			l, _ := newTestLock(e, newFakeLocked())
			l.choose(false)
			l.password.Set("password", password)
			l.askCode("")
			l.password.Set("code", "123456")
			return l
		},
		"passphrase": func(e kit.Env) Page {
			l, _ := newTestLogin(e, &fakeSession{})
			l.AskPassphrase()
			l.keyring.passphrase.SetText("four words")
			return l
		},
		"sign-up": func(e kit.Env) Page {
			s := newTestSignup(e, &fakeSignup{})
			fillSignup(s)
			s.contact.Title.SetID("ms")
			s.contact.email.SetText("elena@gmail")
			s.consent.news.SetChecked(true)
			return s
		},
		"sign-up, own organization": func(e kit.Env) Page {
			s := newTestSignup(e, &fakeSignup{})
			screentest.Pick(s.organization.Membership, "non-member")
			s.organization.Name.SetText("Institute of Tides")
			s.organization.City.SetText("Bergen")
			return s
		},
		"activation": func(e kit.Env) Page {
			a, _ := newTestActivate(e, &fakeActivation{}, "")
			a.code.Entry.SetText("7K3QD-9XW2M")
			a.password.SetText(password)
			return a
		},
		"activated": func(e kit.Env) Page {
			a, _ := newTestActivate(e, &fakeActivation{}, "")
			a.finish(true)
			return a
		},
		"forgot": func(e kit.Env) Page {
			return forgot(e, func(f *Forgot) { f.showIdentify(); f.identifier.SetText("nana") })
		},
		"ways": func(e kit.Env) Page { return forgot(e, func(f *Forgot) { f.ways.Choose(1); f.answer.SetText("Rive") }) },
		"code": func(e kit.Env) Page {
			return forgot(e, func(f *Forgot) { f.showCode(true); f.code.Entry.SetText("7K3QD") })
		},
		"question": func(e kit.Env) Page {
			return forgot(e, func(f *Forgot) { f.showQuestion(*known); f.answer.SetText("Rive") })
		},
		"new password": func(e kit.Env) Page {
			return forgot(e, func(f *Forgot) {
				f.showPassword()
				f.password.Password.SetText(password)
				f.password.Confirm.SetText(password)
				f.secondField.Show()
				f.second.SetText("123456")
			})
		},
		"done": func(e kit.Env) Page { return forgot(e, (*Forgot).showDone) },
	} {
		t.Run(name, func(t *testing.T) {
			e := screentest.NewEnv(t)
			before := page(e)
			want := standing(screentest.Show(t, before.Content(), 1100, 740))
			e.Words = words.For("fr")
			after := before.In(e)
			before.Close()
			w := screentest.Show(t, after.Content(), 1100, 740)
			if got := standing(w); !slices.Equal(got, want) {
				t.Errorf("there stands\n%q, before\n%q", got, want)
			}
			if screentest.Find(w, "display.en") == nil {
				t.Error("the language is the same")
			}
		})
	}
}

// standing is what can be seen to stand in inputs, and what is ticked.
func standing(w fyne.Window) []string {
	var found []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *parts.Picker: // whose words are of the language
			found = append(found, string(o.ID)+" "+o.PickedID())
			return
		case *parts.Entry:
			found = append(found, string(o.ID)+" "+o.Text)
		case *parts.Check:
			if o.Checked() {
				found = append(found, string(o.ID))
			}
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(w.Content())
	return found
}
