package meetings

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// longForm is a meeting with a form of 200 questions, each fourth of which hangs on the
// first one.
func longForm() api.Meeting {
	meeting := screentest.Meetings()[1]
	questions := []api.Question{{ID: "all", Kind: api.KindYesNo, Label: api.Text{"en": "Do you need anything?"}}}
	for i := range 199 {
		q := api.Question{ID: fmt.Sprintf("q%d", i), Kind: api.KindText, Label: api.Text{"en": fmt.Sprintf("What do you need of thing %d?", i)}}
		if i%4 == 3 {
			q.If = &api.ShownIf{Question: "all", Answer: "yes"}
		}
		questions = append(questions, q)
	}
	meeting.Form = api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Needs"}, Questions: questions}}}
	return meeting
}

// BenchmarkRegister_open is how long it takes until such a form can be seen, all of whose
// questions are asked (form-open-ms): until it is made, filled in from the draft, and laid
// out with all its widgets.
func BenchmarkRegister_open(b *testing.B) {
	meeting := longForm()
	mine := screentest.NewRegistrations()
	mine.Drafts = map[string]api.Register{meeting.Code: {Meeting: meeting.Code, Answers: api.Answers{"all": {"yes"}, "q3": {"a lamp, please"}}}}
	env := screentest.NewEnv(b)
	w := screentest.Show(b, parts.Stack(0), 1100, 740)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		r := NewRegister(env, meeting, screentest.Account, mine, RegisterEvents{})
		w.SetContent(parts.Root(r.Content()))
		screentest.Settle(w)
		took = append(took, time.Since(began))
		if screentest.Find(w, "register.q3") == nil {
			b.Fatal("what hangs on an answer is not asked")
		}
		r.Close()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/float64(time.Millisecond), "p50-ms")
}

// BenchmarkRegister_keystroke is how long the window stands still for a letter typed into
// such a form, and for the answer on which a fourth of it hangs (keystroke-handler-ms).
func BenchmarkRegister_keystroke(b *testing.B) {
	meeting := longForm()
	for _, name := range []string{"letter", "condition"} {
		b.Run(name, func(b *testing.B) {
			r := NewRegister(screentest.NewEnv(b), meeting, screentest.Account, screentest.NewRegistrations(), RegisterEvents{})
			b.Cleanup(r.Close)
			w := screentest.Show(b, r.Content(), 1100, 740)
			line := screentest.Widget(b, w, "register.q100").(*parts.Entry)
			answers := []fyne.Tappable{
				screentest.Widget(b, w, "register.all.yes").(fyne.Tappable), screentest.Widget(b, w, "register.all.no").(fyne.Tappable),
			}
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				if name == "letter" {
					line.SetText("a lamp, please"[:i%14+1])
				} else {
					answers[i%2].Tapped(&fyne.PointEvent{})
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100])/float64(time.Millisecond), "p99-ms")
		})
	}
}
