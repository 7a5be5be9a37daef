package help

import (
	"slices"
	"testing"

	"plenary/screens/screentest"
)

func TestHelp_leadsToThePeopleWhoHelp(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Info.Chat = "https://example.int/chat"
	opened := screentest.RecordOpened(&e)
	w := screentest.Show(t, NewHelp(e, HelpDeps{Version: "1.0.0"}).Content(), 900, 1400)
	for _, id := range []string{"help.faq", "help.desk", "help.chat", "help.terms", "help.privacy"} {
		screentest.Tap(t, w, id)
	}
	want := []string{"https://example.int/faq", "mailto:servicedesk@example.int", "https://example.int/chat", "https://example.int/terms", "https://example.int/privacy"}
	if !slices.Equal(*opened, want) {
		t.Errorf("opened %q, want %q", *opened, want)
	}
}

func TestHelp_beforeTheServiceWasReached(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Info.FAQ, e.Info.ServiceDesk, e.Info.Terms = "", "", ""
	w := screentest.Show(t, NewHelp(e, HelpDeps{Version: "1.0.0"}).Content(), 900, 1400)
	if screentest.Find(w, "help.faq") != nil || screentest.Find(w, "help.terms") != nil {
		t.Error("there are links that lead nowhere")
	}
}
