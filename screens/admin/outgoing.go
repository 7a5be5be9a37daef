package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// outgoing lists the outgoing e-mails and their fate.
type outgoing struct {
	screen  *Management
	content fyne.CanvasObject
	listing *kit.Listing[api.OutgoingMail]
	list    *kit.Browser[api.OutgoingMail]
	state   *parts.Radios
	panes   *parts.Panes
	holder  *fyne.Container
	chosen  *api.OutgoingMail
	export  *kit.Exporter
	page    *api.OutgoingMails // the answer to what was asked last
	counts  *parts.Text
	marks   *parts.Text // leads to what can be done with the marked ones, where that is not beside the list
	calls   *kit.Calls
}

// outgoingStates are the fates of an e-mail.
var outgoingStates = kit.Tagged{{"waiting", parts.Info}, {"sent", parts.Success}, {"failed", parts.Bad}, {"expired", parts.Warning}}

func newOutgoing(m *Management) *outgoing {
	o := &outgoing{screen: m, calls: m.calls(), holder: container.NewStack(), counts: parts.Small("")}
	t := m.env.T
	o.listing = kit.NewListing[api.OutgoingMail](m.ctx, m.env, m.bar, m.busy, t("outgoing.loading"))
	o.listing.Ask = o.ask
	items := []parts.Item{{ID: anyOne, Text: t("outgoing.state.any")}}
	for _, s := range outgoingStates {
		items = append(items, parts.Item{ID: s.State, Text: t("outgoing.state." + s.State)})
	}
	o.state = parts.NewRadios("outgoing.filter.state", items)
	o.state.Set(anyOne)
	o.state.OnChange = func(string) { o.list.Narrow() }
	filter := parts.Scroll(parts.PadAll(18, parts.NewField("outgoing.filter.state.field", t("outgoing.state"), false, o.state)))
	o.export = kit.NewExporter(m.ctx, m.env, "outgoing", m.bar, m.busy, o.exported)
	o.list = kit.NewBrowser(m.env, "outgoing", o.listing, t("outgoing.search"), filter, kit.BrowserEvents[api.OutgoingMail]{
		ID: func(r *api.OutgoingMail) string { return r.ID }, Table: o.columns(),
		Chosen: func(r *api.OutgoingMail) {
			mail := *r
			o.chosen = &mail
			o.show()
		},
		Opened: func(*api.OutgoingMail) { o.panes.ShowDetail(true) },
		Marked: o.show,
		Filtered: func() []string {
			if s := o.state.Chosen(); s != anyOne {
				return []string{t("outgoing.state." + s)}
			}
			return nil
		},
		Clear:   func() { o.state.Set(anyOne) },
		Buttons: o.export.Buttons(),
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("outgoing.none.title"), t("outgoing.none.how"))
			}
			return parts.Empty(t("outgoing.empty.title"), t("outgoing.empty.how"))
		},
	})
	o.listing.Answered = o.answered
	o.panes = parts.NewPanes(parts.Panel(o.list.Content), parts.Panel(o.holder)).WithTable(440)
	o.panes.OnNarrow = func(bool) { o.show() }
	o.panes.OnAlone = func(bool) { o.showMarks() }
	o.counts.Hide()
	o.marks = parts.NewText().WithOverflow(parts.Ellipsis)
	o.marks.Hide()
	o.content = parts.Frame(parts.Pad(0, 0, parts.Gap8, 0, parts.Stack(parts.Gap4, o.counts, o.marks)), o.panes.Content(), nil)
	o.show()
	return o
}

// Open asks anew: e-mails go out all the time.
func (o *outgoing) Open() { o.listing.Load() }

// Online asks again for what could not be had.
func (o *outgoing) Online(online bool) { o.listing.Online(online) }

func (o *outgoing) first() fyne.Focusable { return o.list.Search }

func (o *outgoing) back() bool { return o.export.Stop() || o.list.Back(o.panes) }

// asked is what search and filter choose.
func (o *outgoing) asked() api.MailFilter {
	f := api.MailFilter{Query: o.list.Text()}
	if s := o.state.Chosen(); s != anyOne {
		f.State = s
	}
	return f
}

func (o *outgoing) ask(after string) kit.Request[api.OutgoingMail] {
	f := o.asked()
	f.After = after
	page := &api.OutgoingMails{}
	o.page = page
	service := o.screen.service
	return func(ctx context.Context) (_ []api.OutgoingMail, _ string, err error) {
		*page, err = service.Outgoing(ctx, f)
		return page.Mails, page.Next, err
	}
}

// answered shows how many wait and have failed, and the chosen e-mail as it is now.
func (o *outgoing) answered() {
	w := o.screen.env.Words
	text := w.N("outgoing.waiting", o.page.Waiting) + " " + w.N("outgoing.failed", o.page.Failed)
	if c := o.page.Cause; c != nil {
		env := o.screen.env
		what := mailProblem(env, c.Step, c.Problem, serverAnswer(c.Code, c.Enhanced), o.screen.server.stored)
		text += "\n" + env.T("outgoing.cause", map[string]any{"What": atStep(env, c.Step, what)})
	}
	o.counts.SetText(text)
	parts.SetVisible(true, o.counts)
	if o.chosen == nil {
		return
	}
	for i := range o.listing.Rows {
		if o.listing.Rows[i].ID == o.chosen.ID {
			mail := o.listing.Rows[i]
			o.chosen = &mail
			o.show()
		}
	}
}

// columns are what the list shows of an e-mail.
func (o *outgoing) columns() []kit.Column[api.OutgoingMail] {
	env := o.screen.env
	kind := func(r *api.OutgoingMail) string { return mailName(env, r.Template) }
	return []kit.Column[api.OutgoingMail]{
		{
			ID: "kind", Label: env.T("outgoing.kind"), ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 2}, Text: kind,
			Compare: func(a, b *api.OutgoingMail) int { return strings.Compare(rules.Fold(kind(a)), rules.Fold(kind(b))) },
		},
		{
			ID: "to", Label: env.T("outgoing.to"), ColumnWidth: parts.ColumnWidth{Min: 180, Weight: 3},
			Text:    func(r *api.OutgoingMail) string { return r.To },
			Compare: func(a, b *api.OutgoingMail) int { return strings.Compare(a.To, b.To) },
		},
		{
			ID: "created", Label: env.T("outgoing.created"), ColumnWidth: parts.ColumnWidth{Min: 125},
			Text:    func(r *api.OutgoingMail) string { return kit.Clock(env.Words, r.Created, env.Now()) },
			Compare: func(a, b *api.OutgoingMail) int { return a.Created.Compare(b.Created) },
		},
		{
			ID: "state", Label: env.T("outgoing.state"), ColumnWidth: parts.ColumnWidth{Min: 90},
			Tag:     func(r *api.OutgoingMail, tag *parts.Tag) { tag.Set(outgoingTag(env, r.State)) },
			Compare: func(a, b *api.OutgoingMail) int { return strings.Compare(a.State, b.State) },
		},
	}
}

func outgoingTag(env kit.Env, state string) (string, parts.Tone) {
	return outgoingStates.Tag(env, "outgoing.state.", state)
}

// show shows the chosen e-mail: to whom, of what kind, and what became of it; or
// what can be done with those that are marked.
func (o *outgoing) show() {
	o.calls.Release()
	o.showMarks()
	if marked := o.list.Marked(); len(marked) > 0 {
		o.showMarked(marked)
		return
	}
	env, t, mail := o.screen.env, o.screen.env.T, o.chosen
	if mail == nil {
		kit.Swap(o.holder, parts.Scroll(parts.Empty(t("outgoing.choose.title"), t("outgoing.choose.how"))))
		return
	}
	body := parts.Stack(parts.Gap16)
	if o.panes.Narrow() {
		body.Add(parts.Link("outgoing.back", t("outgoing.back"), func() { o.back() }))
	}
	text, tone := outgoingTag(env, mail.State)
	body.Add(parts.Ends(parts.Bold(mailName(env, mail.Template)).WithSize(parts.SizeSection), parts.NewTag(text, tone).WithID("outgoing.detail.state")))
	if mail.Problem != "" {
		body.Add(parts.NewText(parts.Span{Text: o.problem(mail), Color: parts.ColorDanger}).WithID("outgoing.problem"))
	}
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	add("outgoing.to", mail.To)
	add("outgoing.created", kit.Clock(env.Words, mail.Created, env.Now()))
	add("outgoing.attempts", env.Words.N("outgoing.times", mail.Attempts))
	if !mail.Next.IsZero() && mail.State == "waiting" {
		add("outgoing.next", kit.Clock(env.Words, mail.Next, env.Now()))
	}
	if !mail.Done.IsZero() {
		add("outgoing.done", kit.Clock(env.Words, mail.Done, env.Now()))
	}
	body.Add(parts.KeyValues(pairs...))
	if mail.Again {
		body.Add(parts.Inline(parts.Gap12, parts.NewButton("outgoing.again", t("outgoing.again"), parts.Outlined, o.again)))
		body.Add(parts.Small(t("outgoing.again.hint")))
	}
	kit.Swap(o.holder, parts.Scroll(parts.Pad(parts.Gap22, 24, parts.Gap22, 24, body)))
}

// problem says what the last attempt failed at.
func (o *outgoing) problem(mail *api.OutgoingMail) string {
	settings := o.screen.server.stored
	text := mailProblem(o.screen.env, mail.Step, mail.Problem, serverAnswer(mail.Code, mail.Enhanced), settings)
	if mail.Step != "" {
		return atStep(o.screen.env, mail.Step, text)
	}
	return text
}

// again has the chosen e-mail sent once more.
func (o *outgoing) again() {
	if o.chosen == nil {
		return
	}
	m, id := o.screen, o.chosen.ID
	o.calls.Do("outgoing.busy", func(ctx context.Context) error { return m.service.SendAgain(ctx, id) }, func() {
		m.done(m.env.T("outgoing.sent-again"))
		o.listing.Load()
	})
}

// showMarks says how many e-mails are marked where nothing beside the list does.
func (o *outgoing) showMarks() {
	n := len(o.list.Marked())
	shown := n > 0 && !o.panes.DetailShown()
	if shown {
		o.marks.SetSpans(parts.Span{
			Text: o.screen.env.Words.N("outgoing.marked", n) + " ›", ID: "outgoing.marked.open", Plain: true,
			OnTapped: func() { o.panes.ShowDetail(true) },
		})
	}
	parts.SetVisible(shown, o.marks)
}

// showMarked offers to send those again of several e-mails that can be.
func (o *outgoing) showMarked(mails []api.OutgoingMail) {
	env, t := o.screen.env, o.screen.env.T
	var ids []string
	for _, m := range mails {
		if m.Again {
			ids = append(ids, m.ID)
		}
	}
	body := parts.Stack(parts.Gap16)
	if o.panes.Narrow() {
		body.Add(parts.Link("outgoing.back", t("outgoing.back"), func() { o.panes.ShowDetail(false) }))
	}
	body.Add(parts.Bold(env.Words.N("outgoing.marked", len(mails))).WithSize(parts.SizeSection).WithID("outgoing.marked"))
	clearMarks := parts.NewButton("outgoing.marked.clear", t("outgoing.marked.clear"), parts.Outlined, func() { o.list.Unmark() })
	if len(ids) > 0 {
		again := parts.NewButton("outgoing.marked.again", env.Words.N("outgoing.marked.again", len(ids)), parts.Outlined, func() { o.sendAgain(ids) })
		o.calls.Hold(again)
		body.Add(parts.Inline(parts.Gap12, again, clearMarks))
		body.Add(parts.Small(t("outgoing.again.hint")))
	} else {
		body.Add(parts.Muted(t("outgoing.marked.none")))
		body.Add(parts.Inline(parts.Gap12, clearMarks))
	}
	body.Add(parts.Small(t("outgoing.marked.how")))
	kit.Swap(o.holder, parts.Scroll(parts.Pad(parts.Gap22, 24, parts.Gap22, 24, body)))
}

// sendAgain has several e-mails sent once more, one after the other; after an
// error those that were not reached stay marked.
func (o *outgoing) sendAgain(ids []string) {
	m, sent := o.screen, 0
	over := func() {
		o.list.UnmarkIDs(ids[:sent])
		o.listing.Load()
	}
	o.calls.Do("outgoing.busy", func(ctx context.Context) error {
		for ; sent < len(ids); sent++ {
			if err := m.service.SendAgain(ctx, ids[sent]); err != nil {
				return err
			}
		}
		return nil
	}, func() {
		over()
		m.done(m.env.Words.N("outgoing.marked.sent", len(ids)))
	}, func(error) bool {
		over()
		return false
	})
}
