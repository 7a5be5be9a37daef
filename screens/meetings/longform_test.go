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

// BenchmarkRegister_keystroke is how long the window stands still for a letter typed into
// a form of 200 questions, each fourth of which hangs on one before, and for the answer
// on which all of those hang (keystroke-handler-ms).
func BenchmarkRegister_keystroke(b *testing.B) {
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
