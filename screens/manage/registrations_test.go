package manage

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func registrationsCatalog() *screentest.Catalog {
	return &screentest.Catalog{All: []api.Meeting{{
		Code: "C-00016512", Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"}, Zone: "Europe/Zurich",
		Sessions: []api.MeetingSession{{Start: screentest.Now.AddDate(0, 1, 0), End: screentest.Now.AddDate(0, 1, 1)}}, Companions: 1,
		Form: api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Practical", "fr": "Pratique"}, Questions: []api.Question{
			{ID: "meals", Kind: api.KindText, Label: api.Text{"en": "Meals", "fr": "Repas"}},
			{ID: "arrival", Kind: api.KindDate, Label: api.Text{"en": "Day of arrival", "fr": "Jour d’arrivée"}},
		}}}},
	}}}
}

func testRegistrations(t *testing.T, e kit.Env, service *screentest.Registrar) (*Registrations, fyne.Window) {
	t.Helper()
	r := NewRegistrations(e, service, registrationsCatalog(), "C-00016512", RegistrationsEvents{Back: func() {}, Register: func() {}, Import: func() {}, Invitations: func() {}})
	t.Cleanup(r.Close)
	return r, screentest.Show(t, r.Content(), 1300, 740)
}

// pick chooses a row.
func (r *Registrations) pick(row int) {
	r.list.List.Choose(row)
	r.list.Choose(row)
	r.panes.ShowDetail(true)
}

func TestRegistrations_pictures(t *testing.T) {
	var r *Registrations
	service := screentest.NewRegistrar()
	build := func(e kit.Env) fyne.CanvasObject {
		*service = *screentest.NewRegistrar()
		r = NewRegistrations(e, service, registrationsCatalog(), "C-00016512", RegistrationsEvents{Back: func() {}, Register: func() {}, Import: func() {}, Invitations: func() {}})
		t.Cleanup(r.Close)
		return r.Content()
	}
	settled := func(then func()) func(fyne.Window) {
		return func(w fyne.Window) {
			screentest.Settle(w)
			then()
		}
	}
	screentest.Capture(t, "registrations-list", build)
	screentest.Capture(t, "registrations-detail", build, settled(func() { r.pick(0) }))
	screentest.CaptureFew(t, "registrations-chinese", build, settled(func() { r.pick(2) }))
	screentest.CaptureFew(t, "registrations-filter", build, settled(func() { r.list.SetFiltering(true) }))
	screentest.CaptureFew(t, "registrations-refusal", build, settled(func() {
		r.pick(0)
		r.detail.askReason(api.DecideMany{Registrations: []string{"R-2222-3330"}})
	}))
	screentest.Capture(t, "registrations-marked", build, settled(func() {
		r.list.List.OnMarked(0, 4, true)
		r.panes.ShowDetail(true)
	}))
	screentest.CaptureFew(t, "registrations-offline", build, settled(func() {
		service.Seen = screentest.Now.Add(-3 * time.Hour)
		r.list.Reload()
		r.pick(0)
		r.decide(api.DecideMany{Registrations: []string{"R-2222-3330", "R-2222-3337"}, Approve: true}, func() {})
	}))
	screentest.CaptureFew(t, "registrations-revoke", build, settled(func() {
		service.Rows[0].State = api.Confirmed
		r.list.Reload()
		r.pick(0)
		r.detail.askReason(api.DecideMany{Registrations: []string{"R-2222-3330"}, Revoke: true})
	}))
	screentest.CaptureFew(t, "registrations-attention", build, settled(func() {
		r.pick(0)
		r.decide(api.DecideMany{Registrations: []string{"R-2222-3330"}, Approve: true}, func() {})
		service.Send("R-2222-3330")
	}))
}

func TestRegistrations_asksTheServiceInTheOrderOfAColumn(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	w.Resize(fyne.NewSize(1600, 900))
	if f := service.Asked[0]; f != (api.RegistrationFilter{Meeting: "C-00016512", Limit: registrationsPage}) {
		t.Errorf("asked at first for %+v", f)
	}
	for _, want := range []api.RegistrationFilter{
		{Sort: api.SortByOrganization}, {Sort: api.SortByOrganization, Descending: true}, {},
	} {
		screentest.Tap(t, w, "registrations.column.organization")
		want.Meeting, want.Limit = "C-00016512", registrationsPage
		if f := service.Asked[len(service.Asked)-1]; f != want {
			t.Errorf("asked for %+v, want %+v", f, want)
		}
	}
	r.latest.SetChecked(true)
	r.latest.OnChange(true)
	if f := service.Asked[len(service.Asked)-1]; f.Sort != api.SortByChanged || !f.Descending {
		t.Errorf("the latest changes are asked for with %+v", f)
	}
	screentest.Tap(t, w, "registrations.filter.clear")
	r.filter.state.Set(api.Confirmed)
	r.filter.state.OnChange(api.Confirmed)
	r.filter.country.SetID("FR")
	r.filter.country.OnChange(parts.Item{ID: "FR"})
	r.list.Search.SetText("amé")
	want := api.RegistrationFilter{Meeting: "C-00016512", Limit: registrationsPage, State: api.Confirmed, Country: "FR", Query: "amé"}
	if f := service.Asked[len(service.Asked)-1]; f != want {
		t.Errorf("asked for %+v, want %+v", f, want)
	}
	if r.list.Len() != 1 || r.list.ChosenID() != "" {
		t.Errorf("%d rows, %q is chosen", r.list.Len(), r.list.ChosenID())
	}
}

// A decision shows at once that it waits; when it was sent the list is read anew.
func TestRegistrations_decidesOnOne(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.pick(0)
	screentest.Tap(t, w, "registrations.approve")
	if !slices.Equal(service.Done, []string{"R-2222-3330 true "}) {
		t.Fatalf("done %q", service.Done)
	}
	if text, _ := r.tag(&r.listing.Rows[0]); text != r.env.T("registrations.decision.approved") {
		t.Errorf("the row says %q", text)
	}
	if screentest.Find(w, "registrations.approve") != nil || screentest.Find(w, "registrations.refuse") != nil {
		t.Error("what was decided can be decided again")
	}
	asked := len(service.Asked)
	service.Send()
	if text, _ := r.tag(&r.listing.Rows[0]); text != r.env.T("registrations.state.confirmed") || len(service.Asked) != asked+1 {
		t.Errorf("the row says %q, asked %d times", text, len(service.Asked)-asked)
	}
	if screentest.Find(w, "registrations.approve") != nil {
		t.Error("a confirmed one can be approved")
	}
	screentest.Tap(t, w, "registrations.revoke")
	r.detail.reason.Entry("reason").SetText("Ticket 4711")
	screentest.Tap(t, w, "registrations.refusal.do")
	if d := service.Decided; len(d) != 1 || !d[0].Revoke || d[0].Approve || d[0].Reason != "Ticket 4711" {
		t.Fatalf("decided %+v", d)
	}
	if text, _ := r.tag(&r.listing.Rows[0]); text != r.env.T("registrations.decision.revoked") {
		t.Errorf("the row says %q", text)
	}
	// What is withdrawn cannot be decided on.
	r.pick(5)
	if screentest.Find(w, "registrations.approve") != nil || screentest.Find(w, "registrations.refuse") != nil {
		t.Error("a withdrawn one can be decided on")
	}
}

// What was decided on is shown as it is then, also where the filter lets it through no more.
func TestRegistrations_afterADecisionWithAFilter(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.filter.state.Set(api.WaitingSecretariat)
	r.filter.state.OnChange(api.WaitingSecretariat)
	r.pick(0)
	screentest.Tap(t, w, "registrations.approve")
	if w.Canvas().Focused() != fyne.Focusable(r.list.List) {
		t.Errorf("the keyboard is at %v", w.Canvas().Focused())
	}
	service.Send()
	if r.list.Len() != 1 || screentest.Find(w, "registrations.approve") != nil || screentest.Find(w, "registrations.revoke") == nil {
		t.Errorf("%d wait, and what can be done is that of earlier", r.list.Len())
	}
	if tag := screentest.Find(w, "registrations.detail.state").(*parts.Tag); tag.Text() != "Confirmed" || r.detail.full == nil {
		t.Errorf("it is said to be %s, and what was answered is not there", tag.Text())
	}
	// What the service did not take is read anew as well.
	r.filter.state.Set(anyOne)
	r.filter.state.OnChange(anyOne)
	r.pick(7)
	screentest.Tap(t, w, "registrations.approve")
	service.Send("R-2222-3337")
	if r.detail.full == nil {
		t.Error("after a conflict, what was answered is not there")
	}
}

// A registration that has changed since the list was read is in the list as it is now.
func TestRegistrations_newerThanTheList(t *testing.T) {
	service := screentest.NewRegistrar()
	one := service.Details["R-2222-3332"]
	one.State, one.Version = api.Withdrawn, 99
	service.Details[one.Number] = one
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.pick(2)
	if text, _ := r.tag(&r.listing.Rows[2]); text != r.env.T("registrations.state.withdrawn") || screentest.Find(w, "registrations.approve") != nil {
		t.Errorf("the row says %q", text)
	}
}

// News of something else leave alone what is being read, and counts stay while new ones are
// on their way.
func TestRegistrations_newsOfSomethingElse(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, e, service)
	steps.All()
	r.pick(0)
	steps.All()
	shown := screentest.Widget(t, w, "registrations.approve")
	service.Send()
	steps.All()
	if screentest.Widget(t, w, "registrations.approve") != shown {
		t.Error("what is being read is made anew")
	}
	r.list.Reload() // which is on its way
	service.Decided = []app.Decision{{Number: "R-2222-3330", Operation: "op", Approve: true}}
	r.follow()
	if screentest.Find(w, "registrations.counts") == nil {
		t.Error("the counts are gone")
	}
}

func TestRegistrations_refusesWithAReason(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.pick(0)
	screentest.Tap(t, w, "registrations.refuse")
	screentest.Tap(t, w, "registrations.refusal.do")
	if len(service.Done) != 0 {
		t.Fatalf("without a reason, done %q", service.Done)
	}
	r.detail.reason.Entry("reason").SetText("  " + strings.Repeat("x", rules.MaxReason+1))
	screentest.Tap(t, w, "registrations.refusal.do")
	if len(service.Done) != 0 {
		t.Fatal("with a reason that is too long, it is done")
	}
	r.detail.reason.Entry("reason").SetText(" No room left ")
	if len(r.Unsaved()) != 1 {
		t.Error("a reason that is typed is not said to be unsaved")
	}
	// Another row, or news, does not take away what is typed.
	r.pick(1)
	service.Send()
	if r.detail.reason == nil {
		t.Fatal("what was typed is gone")
	}
	screentest.Tap(t, w, "registrations.refusal.do")
	if !slices.Equal(service.Done, []string{"R-2222-3330 false No room left"}) || len(r.Unsaved()) != 0 {
		t.Errorf("done %q, unsaved %q", service.Done, r.Unsaved())
	}
	r.pick(7)
	screentest.Tap(t, w, "registrations.refuse")
	screentest.Says(t, screentest.Said(w, "registrations.refusal.who"), "Ngozi Okafor")
	screentest.Says(t, screentest.Said(w, "registrations.refusal.number"), "R-2222-3337")
	r.detail.reason.Set("reason", "No room")
	if !r.Back() || r.detail.reason == nil {
		t.Error("Esc takes away what is typed")
	}
	screentest.Tap(t, w, "registrations.refusal.discard.no")
	screentest.Tap(t, w, "registrations.refusal.cancel")
	screentest.Tap(t, w, "registrations.refusal.discard.yes")
	if r.detail.reason != nil {
		t.Error("a reason that was given up is still there")
	}
	screentest.Tap(t, w, "registrations.refuse")
	if !r.Back() || r.detail.reason != nil {
		t.Error("Esc does not leave the reason")
	}
}

// swiftRegistrar sends at once, so that the page never hears that something waits.
type swiftRegistrar struct{ *screentest.Registrar }

func (s swiftRegistrar) SubscribeDecisions(func()) (cancel func()) { return func() {} }

func (s swiftRegistrar) DecideRegistrations(ctx context.Context, in api.DecideMany) error {
	err := s.Registrar.DecideRegistrations(ctx, in)
	s.Send()
	return err
}

func TestRegistrations_sentBeforeItIsSeenToWait(t *testing.T) {
	r := NewRegistrations(screentest.NewEnv(t), swiftRegistrar{screentest.NewRegistrar()}, registrationsCatalog(), "C-00016512", RegistrationsEvents{Back: func() {}})
	t.Cleanup(r.Close)
	w := screentest.Show(t, r.Content(), 1300, 740)
	r.pick(0)
	screentest.Tap(t, w, "registrations.approve")
	if text, _ := r.tag(&r.listing.Rows[0]); text != r.env.T("registrations.state.confirmed") {
		t.Errorf("the row says %q", text)
	}
}

func TestRegistrations_decidesOnMany(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.list.List.OnMarked(0, 8, true)
	screentest.Tap(t, w, "registrations.marked.approve")
	if len(service.Done) != 0 {
		t.Fatal("many are approved without a question")
	}
	screentest.Tap(t, w, "registrations.approve.yes")
	// Those that wait, and no others.
	if want := []string{"R-2222-3330 true ", "R-2222-3332 true ", "R-2222-3333 true ", "R-2222-3337 true "}; !slices.Equal(service.Done, want) {
		t.Fatalf("done %q", service.Done)
	}
	if n := len(r.list.Marked()); n != 4 {
		t.Errorf("%d are still marked", n)
	}
	service.Done = nil
	screentest.Tap(t, w, "registrations.marked.refuse")
	r.detail.reason.Entry("reason").SetText("Over")
	screentest.Tap(t, w, "registrations.refusal.do")
	if !slices.Equal(service.Done, []string{"R-2222-3336 false Over"}) { // the offered one can be refused
		t.Errorf("done %q", service.Done)
	}
}

// What the service did not take is said with its reason, and can be dismissed.
func TestRegistrations_conflict(t *testing.T) {
	service := screentest.NewRegistrar()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	r.pick(0)
	screentest.Tap(t, w, "registrations.approve")
	service.Send("R-2222-3330")
	if text, _ := r.tag(&r.listing.Rows[0]); text != r.env.T("registrations.decision.attention") {
		t.Errorf("the row says %q", text)
	}
	said := screentest.Widget(t, w, "registrations.decision").(*parts.Text).String()
	if !strings.Contains(said, r.env.T("registrations.reason.wrong-state")) {
		t.Errorf("said is %q", said)
	}
	screentest.Tap(t, w, "registrations.dismiss")
	if len(service.Decided) != 0 || screentest.Find(w, "registrations.dismiss") != nil {
		t.Errorf("after it was dismissed: %+v", service.Decided)
	}
}

func TestRegistrations_offlineAsItWasSeen(t *testing.T) {
	service := screentest.NewRegistrar()
	service.Seen = screentest.Now.Add(-time.Hour)
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	if screentest.Find(w, "registrations.seen") == nil || r.list.Len() != 8 {
		t.Fatalf("%d rows, and of when is not said", r.list.Len())
	}
	r.pick(0)
	screentest.Tap(t, w, "registrations.approve")
	if len(service.Done) != 1 {
		t.Error("offline nothing can be decided")
	}
	service.Seen = time.Time{}
	r.SetOnline(true)
	if screentest.Find(w, "registrations.seen") != nil {
		t.Error("online, the list is said to be old")
	}
}

func TestRegistrations_exportsWhatIsShown(t *testing.T) {
	service := screentest.NewRegistrar()
	service.Rows[1].Person = "=HYPERLINK(1)"
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	folder := t.TempDir()
	r.export.Folder = func() (string, error) { return folder, nil }
	r.filter.state.Set(api.Confirmed)
	r.filter.state.OnChange(api.Confirmed)
	screentest.Tap(t, w, "registrations.export")
	screentest.Tap(t, w, "registrations.export.csv")
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(string(b)), "\r\n"); len(lines) != 2 || !strings.Contains(lines[1], "R-2222-3331") || !strings.Contains(lines[1], "'=HYPERLINK(1)") {
		t.Errorf("the file is %q", b)
	}
	if len(service.Exported) != 1 || service.Exported[0].State != api.Confirmed {
		t.Errorf("noted %+v", service.Exported)
	}
}

func TestRegistrations_unreachableWithoutAList(t *testing.T) {
	service := screentest.NewRegistrar()
	service.Err = client.ErrUnreachable
	r, _ := testRegistrations(t, screentest.NewEnv(t), service)
	service.Err = nil
	r.SetOnline(true)
	if r.list.Len() != 8 {
		t.Errorf("%d rows once the service can be reached", r.list.Len())
	}
	if _, ok := any(&app.Service{}).(Registrar); !ok {
		t.Error("the program cannot do what the page needs")
	}
}
