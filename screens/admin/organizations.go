package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// enteredOrganizations lists organizations that people have entered because the
// directory does not have them: each becomes part of it, or is one of it.
type enteredOrganizations struct {
	screen    *Management
	directory person.Directory
	content   fyne.CanvasObject
	listing   *kit.Listing[api.EnteredOrganization]
	list      *kit.Browser[api.EnteredOrganization]
	export    *kit.Exporter
	panes     *parts.Panes
	detail    *organizationDetail
	asked     bool
	unfollow  func()
}

func newEnteredOrganizations(m *Management, directory person.Directory) *enteredOrganizations {
	e := &enteredOrganizations{screen: m, directory: directory}
	t := m.env.T
	e.listing = kit.NewListing[api.EnteredOrganization](m.ctx, m.env, m.bar, m.busy, t("organizations.loading"))
	e.listing.Ask = func(after string) kit.Request[api.EnteredOrganization] {
		return func(ctx context.Context) ([]api.EnteredOrganization, string, error) {
			page, err := m.service.EnteredOrganizations(ctx, after)
			return page.Organizations, page.Next, err
		}
	}
	e.export = kit.NewExporter(m.ctx, m.env, "organizations", m.bar, m.busy, e.exported)
	e.list = kit.NewBrowser(m.env, "organizations", e.listing, "", nil, kit.BrowserEvents[api.EnteredOrganization]{
		ID: func(r *api.EnteredOrganization) string { return r.ID }, Create: kit.NewRow, Fill: e.fill,
		Chosen:  func(r *api.EnteredOrganization) { e.detail.choose(*r) },
		Opened:  func(*api.EnteredOrganization) { e.panes.ShowDetail(true) },
		Buttons: e.export.Buttons(),
		Empty: func(bool) fyne.CanvasObject {
			return parts.Empty(t("organizations.empty.title"), t("organizations.empty.how"))
		},
	})
	e.detail = newOrganizationDetail(e)
	e.panes = parts.NewPanes(parts.Panel(e.list.Content), parts.Panel(e.detail.holder))
	e.panes.OnNarrow = e.detail.setNarrow
	e.content = e.panes.Content()
	e.unfollow = m.env.Follow(m.ctx, e.detail.directoryChanged, directory.Subscribe)
	return e
}

func (e *enteredOrganizations) close() { e.unfollow() }

// Open asks for the list when it is first looked at.
func (e *enteredOrganizations) Open() {
	if !e.asked {
		e.asked = true
		e.listing.Load()
	}
}

// Online asks again for what could not be had.
func (e *enteredOrganizations) Online(online bool) { e.listing.Online(online) }

func (e *enteredOrganizations) first() fyne.Focusable { return e.list.List }

func (e *enteredOrganizations) back() bool { return e.export.Stop() || e.list.Back(e.panes) }

func (e *enteredOrganizations) fill(r *api.EnteredOrganization, object fyne.CanvasObject) {
	c := object.(*kit.RowContent)
	env := e.screen.env
	c.Title.SetSpans(parts.Span{Text: r.Name, Bold: true})
	c.Line.SetText(strings.Join([]string{env.Words.Country(r.Country), person.NameOr(env, r.By), kit.Clock(env.Words, r.Entered, env.Now())}, " · "))
	c.Tag.Set(env.Words.N("organizations.suggestions", len(r.Suggestions)), parts.Info)
	c.Tag.Hidden = len(r.Suggestions) == 0
}

// organizationDetail is the chosen organization: what was entered, what it may
// be, and the form with which it joins the directory.
type organizationDetail struct {
	list   *enteredOrganizations
	holder *fyne.Container
	back   *parts.Text // to the list; nil while nothing is chosen
	chosen *api.EnteredOrganization

	search *parts.Picker
	hits   map[string]api.Organization
	form   *kit.Form            // with which it joins the directory; nil while nothing is chosen
	begun  map[string]*kit.Form // of other organizations, by id: what was typed stays
	calls  *kit.Calls
}

func newOrganizationDetail(e *enteredOrganizations) *organizationDetail {
	d := &organizationDetail{list: e, calls: e.screen.calls(), holder: container.NewStack(), hits: map[string]api.Organization{}, begun: map[string]*kit.Form{}}
	d.show()
	return d
}

func (d *organizationDetail) choose(o api.EnteredOrganization) {
	if d.chosen != nil && d.chosen.ID == o.ID {
		return
	}
	if d.form != nil && d.form.Differs() {
		d.begun[d.chosen.ID] = d.form
	}
	d.chosen, d.form = &o, d.begun[o.ID]
	delete(d.begun, o.ID)
	d.show()
}

// unsaved reports whether something is typed with which an organization would join.
func (d *organizationDetail) unsaved() bool {
	return len(d.begun) > 0 || d.form != nil && d.form.Differs()
}

// setNarrow shows or hides the way back to the list; what was typed stays.
func (d *organizationDetail) setNarrow(narrow bool) {
	if d.back != nil {
		d.back.Hidden = !narrow
		parts.Changed(d.holder)
	}
}

func (d *organizationDetail) directoryChanged() {
	if d.search != nil {
		d.search.SearchAgain()
	}
}

func (d *organizationDetail) show() {
	env, t := d.list.screen.env, d.list.screen.env.T
	if d.chosen == nil {
		kit.Swap(d.holder, parts.Scroll(parts.Empty(t("organizations.choose.title"), t("organizations.choose.how"))))
		return
	}
	o := d.chosen
	d.back = parts.Link("organizations.back", t("organizations.back"), func() { d.list.back() })
	d.back.Hidden = !d.list.panes.Narrow()
	body := parts.Stack(parts.Gap16, d.back, parts.Bold(o.Name).WithSize(parts.SizeSection).WithID("organizations.detail.name"))
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	add("organizations.country", env.Words.Country(o.Country))
	add("organizations.membership", t("membership."+o.Membership))
	add("organizations.city", o.City)
	add("organizations.website", o.Website)
	add("organizations.by", person.NameOr(env, o.By)+", "+kit.Clock(env.Words, o.Entered, env.Now()))
	body.Add(parts.KeyValues(pairs...))
	body.Add(d.merging())
	body.Add(d.accepting())
	kit.Swap(d.holder, parts.Scroll(parts.Pad(parts.Gap22, 24, parts.Gap22, 24, body)))
}

// merging offers the organizations of the directory that it may be, and a search
// for others.
func (d *organizationDetail) merging() fyne.CanvasObject {
	env, t := d.list.screen.env, d.list.screen.env.T
	rows := parts.Stack(parts.Gap8, parts.Stack(2, parts.Section(t("organizations.merge.title")), parts.Muted(t("organizations.merge.what"))))
	for _, s := range d.chosen.Suggestions {
		rows.Add(parts.MiddleRow(parts.Gap12,
			parts.Cell{Object: parts.Stack(0, parts.Body(s.Name), parts.Small(organizationLine(env, s))), Min: 200, Weight: 1},
			parts.Cell{Object: parts.NewButton(parts.ID("organizations.merge."+s.ID), t("organizations.merge"), parts.Outlined, func() { d.askMerge(s) })}))
	}
	d.search = parts.NewSearch("organizations.search", t("organizations.search"), t("organizations.search.none"), d.find).WithDetailBelow()
	d.search.OnChange = func(i parts.Item) { d.askMerge(d.hits[i.ID]) }
	rows.Add(parts.NewField("organizations.search.field", t("organizations.search.label"), false, d.search))
	return rows
}

func organizationLine(env kit.Env, o api.Organization) string {
	return env.Words.Country(o.Country) + " · " + env.T("membership."+o.Membership)
}

func (d *organizationDetail) find(query string) []parts.Item {
	found := d.list.directory.Search(query, "", "", person.MaxHits)
	items := make([]parts.Item, len(found))
	for i, o := range found {
		d.hits[o.ID] = o
		items[i] = parts.Item{ID: o.ID, Text: o.Name, Detail: func() string {
			return strings.TrimSuffix(organizationLine(d.list.screen.env, o)+" · "+o.Domain, " · ")
		}}
	}
	return items
}

// askMerge asks once and names both.
func (d *organizationDetail) askMerge(into api.Organization) {
	t := d.list.screen.env.T
	names := map[string]any{"Entered": d.chosen.Name, "Name": into.Name, "By": person.NameOr(d.list.screen.env, d.chosen.By)}
	parts.Ask(parts.CanvasOf(d.holder),
		t("organizations.merge.ask", names), t("organizations.merge.text", names),
		parts.Answer{ID: "organizations.merge.yes", Text: t("organizations.merge"), Kind: parts.Primary, Do: func() { d.merge(into) }},
		parts.Answer{ID: "organizations.merge.no", Text: t("shell.cancel"), Kind: parts.Outlined})
}

func (d *organizationDetail) merge(into api.Organization) {
	m, id := d.list.screen, d.chosen.ID
	names := map[string]any{"Entered": d.chosen.Name, "Name": into.Name}
	d.work(func(ctx context.Context) error { return m.service.MergeOrganization(ctx, id, into.ID) },
		m.env.T("organizations.merged", names))
}

// work does something with the chosen organization, which leaves the list.
func (d *organizationDetail) work(do func(context.Context) error, done string, failed ...kit.Failed) {
	m, id := d.list.screen, d.chosen.ID
	d.calls.Do("organizations.busy", do, func() {
		m.done(done)
		d.dealtWith(id)
	}, append(failed, m.env.GoneMeanwhile(m.bar, func() { d.dealtWith(id) }))...)
}

// dealtWith leaves an organization that is no longer there.
func (d *organizationDetail) dealtWith(id string) {
	delete(d.begun, id)
	if d.chosen != nil && d.chosen.ID == id {
		d.chosen, d.form = nil, nil
		d.show()
		d.list.panes.ShowDetail(false)
	}
	d.list.listing.Load()
}
