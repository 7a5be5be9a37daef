package manage

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// VisaService is what those with the role visa do.
type VisaService interface {
	Visas(ctx context.Context, f api.VisaFilter) (api.VisaCases, error)
	// Visa gives the passport as well, which stands in the audit log each time.
	Visa(ctx context.Context, number string) (api.VisaCase, error)

	// Answers are kept until they are sent.
	VisaAnswers() []app.VisaAnswer
	SubscribeVisaAnswers(f func()) (cancel func())
	AnswerVisa(ctx context.Context, in api.AnswerVisa) error
	DismissVisaAnswer(ctx context.Context, operation string) error
}

// Visas is the page with the cases of visa support, for the role visa: what waits first. A
// passport is shown on a click alone, and not any more once another case is chosen.
type Visas struct {
	env     kit.Env
	service VisaService
	waiting func(count int) // hears how many cases wait

	ctx      context.Context
	leave    func()
	unfollow func()

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	tabs    *parts.Tabs
	listing *kit.Listing[api.VisaCase]
	list    *kit.Browser[api.VisaCase]
	panes   *parts.Panes
	detail  *kit.Detail

	asked    *api.VisaCases // filled beside the window, until it is answered
	state    string         // of the cases that are shown; empty: all
	chosen   *api.VisaCase  // without a passport
	passport *api.Passport  // of the chosen one, once it was asked for
	shows    *parts.Button  // the passport
	hides    *parts.Button
	answers  map[string]app.VisaAnswer
	forms    map[string]*kit.Form // with what is typed, by the registration's number
}

// visaTabs are the cases that are shown together, by their states; "all" are all.
var visaTabs = []string{api.VisaWaiting, api.VisaAnswered, api.VisaRefused, "all"}

// NewVisas returns the page; waiting hears how many cases wait. Close it when it is left.
func NewVisas(env kit.Env, service VisaService, waiting func(count int)) *Visas {
	v := &Visas{env: env, service: service, waiting: waiting, state: api.VisaWaiting, detail: kit.NewDetail(), forms: map[string]*kit.Form{}}
	v.ctx, v.leave = context.WithCancel(context.Background())
	v.bar, v.busy = parts.NewBar("visas.bar"), parts.NewBusy("visas.busy")
	v.calls = kit.NewCalls(v.ctx, env, v.bar, v.busy, nil)
	v.listing = kit.NewListing[api.VisaCase](v.ctx, env, v.bar, v.busy, env.T("visas.loading"))
	v.listing.Ask = v.ask
	v.answers = answersByNumber(service.VisaAnswers())
	v.build()
	v.listing.Load()
	v.unfollow = env.Follow(v.ctx, v.follow, service.SubscribeVisaAnswers)
	return v
}

func (v *Visas) build() {
	t := v.env.T
	v.list = kit.NewBrowser(v.env, "visas", v.listing, "", nil, kit.BrowserEvents[api.VisaCase]{
		ID: func(c *api.VisaCase) string { return c.Registration }, Table: v.columns(),
		Chosen: v.choose,
		Opened: func(*api.VisaCase) { v.panes.ShowDetail(true) },
		Empty: func(bool) fyne.CanvasObject {
			if v.state == api.VisaWaiting {
				return parts.Empty(t("visas.nothing.title"), t("visas.nothing.how"))
			}
			return parts.Empty(t("visas.none.title"), t("visas.none.how"))
		},
	})
	v.listing.Answered = v.answered
	var heads []parts.Tab
	for _, state := range visaTabs {
		key := "visas.all"
		if state != "all" {
			key = "visa.state." + state
		}
		heads = append(heads, parts.Tab{ID: parts.ID(state), Text: t(key), Content: container.NewStack()})
	}
	v.tabs = parts.NewTabs("visas.tab", heads...)
	v.tabs.OnChoose = func(tab parts.ID) {
		if v.state = string(tab); v.state == "all" {
			v.state = ""
		}
		v.bar.Clear() // what it says is about a request of before
		v.choose(nil)
		v.listing.Load()
	}
	v.panes = parts.NewPanes(parts.Panel(v.list.Content), v.detail.Content).WithTable(400)
	v.panes.OnNarrow = func(bool) { v.show() }
	heading := parts.Heading(t("nav.visas"), t("visas.line"), v.busy)
	v.content = kit.StaffLayout(heading, v.bar, v.tabs.Heads(), v.panes.Content(), v.panes)
	v.show()
}

// Content is what is to be shown.
func (v *Visas) Content() fyne.CanvasObject { return v.content }

// Close ends what the page has under way.
func (v *Visas) Close() {
	v.leave()
	v.unfollow()
}

// First is what takes the keyboard.
func (v *Visas) First() fyne.Focusable { return v.list.List }

// Back leaves the detail of a narrow window.
func (v *Visas) Back() bool { return v.list.Back(v.panes) }

// SetOnline asks again for what could not be had.
func (v *Visas) SetOnline(online bool) { v.listing.Online(online) }

// Unsaved names the page where an answer is begun.
func (v *Visas) Unsaved() []string {
	for number := range v.forms {
		if v.writing(number) {
			return []string{v.env.T("nav.visas")}
		}
	}
	return nil
}

// Left hides a passport when the page goes out of sight.
func (v *Visas) Left() { v.hide() }

func (v *Visas) columns() []kit.Column[api.VisaCase] {
	env := v.env
	return []kit.Column[api.VisaCase]{
		{
			ID: "person", Label: env.T("visas.person"), ColumnWidth: parts.ColumnWidth{Min: 130, Weight: 2},
			Text: func(c *api.VisaCase) string { return personOf(env, c.Person) },
		},
		{
			ID: "meeting", Label: env.T("delegation.meeting"), ColumnWidth: parts.ColumnWidth{Min: 140, Weight: 3},
			Text: func(c *api.VisaCase) string { return c.Title.In(env.Words.Lang()) },
		},
		{
			ID: "opened", Label: env.T("visas.opened"), ColumnWidth: parts.ColumnWidth{Min: 90},
			Text: func(c *api.VisaCase) string { return env.Words.ShortDate(c.Opened.In(env.Now().Location())) },
		},
		{
			ID: "state", Label: env.T("delegation.state"), ColumnWidth: parts.ColumnWidth{Min: 150},
			Tag: func(c *api.VisaCase, tag *parts.Tag) { tag.Set(v.tag(c)) },
		},
	}
}

// tag is the state of a case in words, or what was answered here.
func (v *Visas) tag(c *api.VisaCase) (string, parts.Tone) {
	a, ok := v.answers[c.Registration]
	switch {
	case ok && a.Refused:
		return v.env.T("visas.answer.not-taken"), parts.Bad
	case ok:
		return v.env.T("visas.answer.waits"), parts.Info
	}
	return forms.VisaTag(v.env, c.State)
}

func (v *Visas) ask(after string) kit.Request[api.VisaCase] {
	f, page := api.VisaFilter{State: v.state, After: after}, &api.VisaCases{}
	if after == "" {
		v.asked = page
	}
	return func(ctx context.Context) (_ []api.VisaCase, _ string, err error) {
		*page, err = v.service.Visas(ctx, f)
		return page.Cases, page.Next, err
	}
}

// answered shows how many wait, and the chosen case as it is now. One that is not in the list
// any more goes, unless an answer to it is being written.
func (v *Visas) answered() {
	v.tabs.SetCount(api.VisaWaiting, v.asked.Waiting)
	v.waiting(v.asked.Waiting)
	if c := v.chosen; c != nil {
		switch i := slices.IndexFunc(v.listing.Rows, func(row api.VisaCase) bool { return row.Registration == c.Registration }); {
		case i >= 0:
			one := v.listing.Rows[i]
			v.chosen = &one
		case !v.writing(c.Registration):
			v.chosen, v.passport = nil, nil
		}
	}
	v.show()
}

func answersByNumber(list []app.VisaAnswer) map[string]app.VisaAnswer {
	answers := map[string]app.VisaAnswer{}
	for _, a := range list {
		answers[a.Registration] = a // what waits comes last, and counts
	}
	return answers
}

// follow shows what was answered here, and asks anew when some of it was done. The signal
// comes for much else too, of which whoever is writing here is to notice nothing.
func (v *Visas) follow() {
	before := v.answers
	v.answers = answersByNumber(v.service.VisaAnswers())
	if maps.Equal(before, v.answers) {
		return
	}
	done := false
	for number, a := range before {
		now, ok := v.answers[number]
		if a.Refused || ok && !now.Refused {
			continue
		}
		done = true
		if now.Refused && !v.writing(number) {
			form := v.form(number)
			form.Set("grant", grantWord(now.Grant))
			form.Set("answer", now.Answer)
		}
	}
	if done {
		v.listing.Load()
	}
	v.listing.Changed()
	v.show()
}

func grantWord(grant bool) string {
	if grant {
		return api.VisaAnswered
	}
	return api.VisaRefused
}
