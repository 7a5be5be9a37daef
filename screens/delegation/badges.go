package delegation

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/confirmation"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Badges is where whoever is appointed sees for which meetings there are badges of the
// organization, and saves the list with which they are collected at the desk. It needs no
// network.
type Badges struct {
	env     kit.Env
	service Service
	catalog Catalog
	account api.Account
	code    func(meeting string) string // of the person's own confirmation on site; or empty
	back    func()

	ctx      context.Context
	leave    func()
	unfollow func()
	content  fyne.CanvasObject
	bar      *parts.Bar
	busy     *parts.Busy
	list     *kit.Browser[badgesOf]
	panes    *parts.Panes
	detail   *kit.Detail
	save     func(name string, data []byte) (path string, err error)
}

// badgesOf are those of a meeting.
type badgesOf struct {
	meeting api.Meeting
	badges  []confirmation.ListedBadge // by name; companions follow whom they accompany
	notYet  int                        // registrations that may still be confirmed
}

// NewBadges returns the screen for the account of who is appointed. Close it when it is left.
func NewBadges(env kit.Env, service Service, catalog Catalog, account api.Account, code func(meeting string) string, back func()) *Badges {
	b := &Badges{env: env, service: service, catalog: catalog, account: account, code: code, back: back, save: app.SaveToDownloads, detail: kit.NewDetail()}
	b.ctx, b.leave = context.WithCancel(context.Background())
	b.bar, b.busy = parts.NewBar("badges.bar"), parts.NewBusy("badges.busy")
	t := env.T
	b.list = kit.NewLocalBrowser(env, "badges", t("delegation.badges.search"), nil, b.find, kit.BrowserEvents[badgesOf]{
		ID: func(r *badgesOf) string { return r.meeting.Code }, Table: b.columns(),
		Chosen: func(*badgesOf) { b.show() },
		Opened: func(*badgesOf) { b.panes.ShowDetail(true) },
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed {
				return parts.Empty(t("delegation.none.title"), t("delegation.none.how"))
			}
			return parts.Empty(t("delegation.badges.none.title"), t("delegation.badges.none.how"))
		},
	})
	b.panes = parts.NewPanes(parts.Panel(b.list.Content), b.detail.Content).WithTable(400)
	b.panes.OnNarrow = func(bool) { b.show() }
	top := parts.Stack(parts.Gap4, parts.Link("badges.back", t("delegation.back.all"), back),
		parts.Heading(t("delegation.badges"), t("delegation.badges.line"), b.busy))
	b.content = kit.StaffLayout(top, b.bar, nil, b.panes.Content(), b.panes)
	b.unfollow = env.Follow(b.ctx, b.reload, service.Subscribe, catalog.Subscribe)
	b.show()
	return b
}

// Content is what is to be shown.
func (b *Badges) Content() fyne.CanvasObject { return b.content }

// Close ends what the screen has under way.
func (b *Badges) Close() { b.leave(); b.unfollow() }

// First is what takes the keyboard.
func (b *Badges) First() fyne.Focusable { return b.list.Search }

// Find puts the keyboard into the search.
func (b *Badges) Find() {
	b.panes.ShowDetail(false)
	parts.Focus(b.list.Search)
	b.list.Search.SelectAll()
}

// Back leaves the detail of a narrow window, or leads to where one came from.
func (b *Badges) Back() bool {
	if !b.list.Back(b.panes) {
		b.back()
	}
	return true
}

// reload shows what there is now; where there is one meeting only, it is the chosen one.
func (b *Badges) reload() {
	b.list.Reload()
	if rows := b.find(""); len(rows) == 1 {
		b.list.ChooseID(rows[0].meeting.Code)
	}
	b.show()
}

// find gives the meetings that are not over for which somebody is confirmed on site, the
// next first.
func (b *Badges) find(search string) (rows []badgesOf) {
	words := rules.SearchWords(search)
	for _, of := range collected(b.service.List()) {
		m, ok := b.catalog.Get(of.meeting.Code)
		if !ok || b.env.Now().After(m.End()) || len(of.badges) == 0 || !found(words, m.Code, m.Title.In(b.env.Words.Lang()), m.Place.In(b.env.Words.Lang())) {
			continue
		}
		of.meeting = m
		rows = append(rows, of)
	}
	slices.SortFunc(rows, func(x, y badgesOf) int {
		return cmp.Or(x.meeting.Start().Compare(y.meeting.Start()), cmp.Compare(x.meeting.Code, y.meeting.Code))
	})
	return rows
}

// collected are the badges of each meeting, of which only the code is filled in.
func collected(all []app.Delegate) map[string]badgesOf {
	slices.SortStableFunc(all, func(x, y app.Delegate) int { return strings.Compare(rules.Fold(x.BadgeName), rules.Fold(y.BadgeName)) })
	of := map[string]badgesOf{}
	for i := range all {
		one := &all[i]
		if one.Participation != api.OnSite {
			continue
		}
		m := of[one.Meeting]
		m.meeting.Code = one.Meeting
		switch one.State {
		case api.Confirmed:
			if one.Waits != "" { // it is withdrawn
				continue
			}
			m.badges = append(m.badges, confirmation.ListedBadge{Name: one.BadgeName, JobTitle: one.JobTitle, Number: one.Number})
			for _, c := range one.Companions {
				m.badges = append(m.badges, confirmation.ListedBadge{Name: c.Name, Number: one.Number, Companion: true})
			}
		case app.StateWaitingToSend, api.WaitingFocalPoint, api.WaitingSecretariat, api.WaitingList, api.Offered:
			m.notYet++
		}
		of[one.Meeting] = m
	}
	return of
}

func (b *Badges) columns() []kit.Column[badgesOf] {
	env := b.env
	return []kit.Column[badgesOf]{
		{
			ID: "title", Label: env.T("delegation.meeting"), ColumnWidth: parts.ColumnWidth{Min: 180, Weight: 3},
			Text: func(r *badgesOf) string { return r.meeting.Title.In(env.Words.Lang()) },
		},
		{
			ID: "dates", Label: env.T("delegation.dates"), ColumnWidth: parts.ColumnWidth{Min: 140, Weight: 1},
			Text: func(r *badgesOf) string {
				zone := kit.Zone(r.meeting.Zone)
				return env.Words.DateRange(r.meeting.Start().In(zone), r.meeting.End().In(zone))
			},
		},
		{
			ID: "count", Label: env.T("delegation.badges.count"), ColumnWidth: parts.ColumnWidth{Min: 90},
			Text: func(r *badgesOf) string { return env.Words.N("badges.count", len(r.badges)) },
		},
	}
}

// show shows whose badges there are for the chosen meeting.
func (b *Badges) show() {
	w, t := b.env.Words, b.env.T
	var one *badgesOf
	for _, of := range b.find("") {
		if of.meeting.Code == b.list.ChosenID() {
			one = &of
		}
	}
	if one == nil {
		b.detail.Choose(t("delegation.badges.choose.title"), t("delegation.badges.choose.how"))
		return
	}
	body := parts.Stack(parts.Gap16)
	if b.panes.Narrow() {
		body.Add(parts.Link("badges.back.list", t("delegation.back"), func() { b.list.Back(b.panes) }))
	}
	body.Add(parts.Bold(one.meeting.Title.In(w.Lang())).WithSize(parts.SizeSection))
	body.Add(parts.Body(w.N("badges.count", len(one.badges))).WithID("badges.count"))
	body.Add(parts.Inline(parts.Gap12, parts.NewButton("badges.save", t("delegation.badges.save"), parts.Primary, func() { b.savePDF(one) })))
	if one.notYet > 0 {
		body.Add(parts.Body(w.N("delegation.badges.not-yet", one.notYet)).WithID("badges.not-yet"))
	}
	shown := "delegation.badges.no-code"
	if b.code(one.meeting.Code) != "" {
		shown = "delegation.badges.code"
	}
	body.Add(parts.Muted(t(shown)).WithID("badges.code"))
	body.Add(parts.Section(t("delegation.badges.whose")))
	names := parts.Stack(parts.Gap4)
	for _, badge := range one.badges {
		line := badge.Name
		if badge.Companion {
			line = t("badges.companion") + ": " + line
		}
		names.Add(parts.Body(line))
	}
	body.Add(names)
	b.detail.Show(one.meeting.Code, body)
}

// savePDF saves the list and opens it.
func (b *Badges) savePDF(of *badgesOf) {
	kind, organization := b.service.About()
	list := confirmation.BadgeList{
		Organization: b.env.Info.Organization, Meeting: &of.meeting, Delegation: organization.Name,
		Collector: cmp.Or(rules.FullName(b.account.FirstName, b.account.FamilyName), b.account.Username), Kind: kind,
		Code: b.code(of.meeting.Code), Badges: of.badges, Made: b.env.Now(),
	}
	b.env.SavePDF(b.ctx, b.busy, b.bar, b.env.T("badges.title")+" "+of.meeting.Code+".pdf", b.save, func() ([]byte, []rune, error) {
		return confirmation.WriteBadgeList(b.env.Words, list)
	})
}
