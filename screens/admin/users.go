package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// UsersEvents is what the screen of users tells the window.
type UsersEvents struct {
	// Waiting is told how many approvals wait for the administrator.
	Waiting func(count int)
}

// Users is the screen on which administrators find users, see what state their
// accounts are in, and help them; and decide on what needs two administrators.
type Users struct {
	env       kit.Env
	service   UserAdmin
	directory person.Directory
	account   api.Account
	on        UsersEvents

	ctx      context.Context
	leave    func()
	unfollow func()

	content   fyne.CanvasObject
	bar       *parts.Bar
	busy      *parts.Busy
	prover    *kit.Prover
	tabs      *parts.Tabs
	listing   *kit.Listing[api.UserSummary]
	list      *kit.Browser[api.UserSummary]
	state     *parts.Radios
	role      *parts.Radios
	inside    *parts.Check
	panes     *parts.Panes
	detail    *userDetail
	approvals *approvals
	export    *kit.Exporter
}

// anyOne is the choice of a filter that lets everything through.
const anyOne = "any"

// userStates are the states of a user, as a filter offers them.
var userStates = kit.Tagged{
	{api.UserActive, parts.Success},
	{api.UserLocked, parts.Warning},
	{api.UserDeactivated, parts.Bad},
	{api.UserNoPassword, parts.Info},
	{api.UserDeleting, parts.Warning},
	{api.UserUnverified, parts.Info},
	{api.UserInvited, parts.Info},
}

// userRoles are the roles that an account may have.
var userRoles = []string{api.RoleParticipant, api.RoleMeetingManager, api.RoleVisa, api.RoleAdministrator}

// NewUsers returns the screen for an administrator's account; prove is Prove of
// app.Service. Close it when it is left.
func NewUsers(env kit.Env, service UserAdmin, directory person.Directory, prove func(ctx context.Context, password, secondFactor string) error, account api.Account, on UsersEvents) *Users {
	u := &Users{env: env, service: service, directory: directory, account: account, on: on}
	u.ctx, u.leave = context.WithCancel(context.Background())
	u.bar, u.busy = parts.NewBar("users.bar"), parts.NewBusy("users.busy")
	u.prover = kit.NewProver(env, "users", prove)
	u.listing = kit.NewListing[api.UserSummary](u.ctx, env, u.bar, u.busy, env.T("users.loading"))
	u.listing.Ask = u.ask
	u.build()
	u.listing.Load()
	u.approvals.load()
	u.unfollow = env.Follow(u.ctx, u.detail.directoryChanged, directory.Subscribe)
	return u
}

// Content is what is to be shown.
func (u *Users) Content() fyne.CanvasObject { return u.content }

// Tick counts down the wait between two tries of a proof.
func (u *Users) Tick() { u.prover.Tick() }

// Close ends what the screen has under way.
func (u *Users) Close() {
	u.leave()
	u.unfollow()
}

// First is what takes the keyboard.
func (u *Users) First() fyne.Focusable { return u.list.Search }

// Find puts the keyboard into the search.
func (u *Users) Find() {
	u.prover.Cancel()
	u.tabs.Choose(0)
	u.panes.ShowDetail(false)
	parts.Focus(u.list.Search)
	u.list.Search.SelectAll()
}

// Back leaves the question for the password, an act, the detail of a narrow
// window, the filter or the search; it tells whether there was any.
func (u *Users) Back() bool {
	switch {
	case u.prover.Cancel():
	case u.export.Stop():
	case u.detail.inviting:
		u.detail.closeInvite()
	case u.detail.form != nil:
		u.detail.closeForm()
	default:
		return u.list.Back(u.panes)
	}
	return true
}

// SetOnline asks again for what could not be had.
func (u *Users) SetOnline(online bool) {
	u.listing.Online(online)
	if online && u.approvals.err != nil {
		u.approvals.load()
	}
	if online && u.detail.err != nil {
		u.detail.load()
	}
}

func (u *Users) build() {
	t := u.env.T
	states := []parts.Item{{ID: anyOne, Text: t("users.filter.any-state")}}
	for _, s := range userStates {
		states = append(states, parts.Item{ID: s.State, Text: t("users.state." + s.State)})
	}
	roles := []parts.Item{{ID: anyOne, Text: t("users.filter.any-role")}}
	for _, r := range userRoles {
		roles = append(roles, parts.Item{ID: r, Text: t("users.role." + r)})
	}
	u.state, u.role = parts.NewRadios("users.filter.state", states), parts.NewRadios("users.filter.role", roles)
	u.state.Set(anyOne)
	u.role.Set(anyOne)
	u.state.OnChange = func(string) { u.list.Narrow() }
	u.role.OnChange = func(string) { u.list.Narrow() }
	u.inside = parts.NewCheck("users.filter.inside", parts.Span{Text: t("users.filter.inside")})
	u.inside.OnChange = func(bool) { u.list.Narrow() }
	filter := parts.Scroll(parts.PadAll(18, parts.Stack(parts.Gap16,
		parts.NewField("users.filter.state.field", t("users.filter.state"), false, u.state),
		parts.NewField("users.filter.role.field", t("users.filter.role"), false, u.role),
		u.inside)))

	u.export = kit.NewExporter(u.ctx, u.env, "users", u.bar, u.busy, u.exported)
	invite := parts.NewButton("users.invite", t("users.invite"), parts.Outlined, func() { u.detail.openInvite() }).Low()
	buttons := []fyne.CanvasObject{invite}
	for _, b := range u.export.Buttons() {
		buttons = append(buttons, b)
	}
	ofAll := parts.Inline(parts.Gap8, buttons...)
	u.list = kit.NewBrowser(u.env, "users", u.listing, t("users.search"), filter, kit.BrowserEvents[api.UserSummary]{
		ID: func(r *api.UserSummary) string { return r.ID }, Table: u.columns(),
		Chosen: func(r *api.UserSummary) { u.detail.choose(*r) },
		Opened: func(*api.UserSummary) { u.panes.ShowDetail(true) },
		Filtered: func() []string {
			var by []string
			if s := u.state.Chosen(); s != anyOne {
				by = append(by, t("users.state."+s))
			}
			if r := u.role.Chosen(); r != anyOne {
				by = append(by, t("users.role."+r))
			}
			if u.inside.Checked() {
				by = append(by, t("users.filter.inside.on"))
			}
			return by
		},
		Clear: func() { u.state.Set(anyOne); u.role.Set(anyOne); u.inside.SetChecked(false) },
		Empty: func(narrowed bool) fyne.CanvasObject {
			if narrowed && u.list.Text() != "" && !u.inside.Checked() {
				return parts.Empty(t("users.none.title"), t("users.none.how"),
					parts.NewButton("users.inside", t("users.none.inside"), parts.Outlined, func() { u.inside.SetChecked(true) }))
			}
			if narrowed {
				return parts.Empty(t("users.none.title"), t("users.none.how"))
			}
			return parts.Empty(t("users.empty.title"), t("users.empty.how"))
		},
	})
	u.detail = newUserDetail(u)
	u.approvals = newApprovals(u)
	u.panes = parts.NewPanes(parts.Panel(u.list.Content), u.detail.content).WithTable(520)
	u.panes.OnNarrow = u.detail.setNarrow
	u.tabs = parts.NewTabs("users.tab",
		parts.Tab{ID: "all", Text: t("users.all"), Content: u.panes.Content()},
		parts.Tab{ID: "approvals", Text: t("users.approvals"), Content: parts.Panel(u.approvals.content)})
	u.tabs.OnChoose = func(id parts.ID) {
		u.prover.Cancel()
		parts.SetVisible(id == "all", ofAll)
	}
	u.content = kit.StaffLayout(parts.Ends(parts.Heading(t("users.title"), t("users.line"), u.busy), ofAll), u.bar, u.tabs.Heads(), u.prover.Over(u.tabs.Body()), u.panes)
}

func (u *Users) ask(after string) kit.Request[api.UserSummary] {
	f := u.asked()
	f.After = after
	return func(ctx context.Context) ([]api.UserSummary, string, error) {
		page, err := u.service.Users(ctx, f)
		return page.Users, page.Next, err
	}
}

// asked is what search and filter ask for.
func (u *Users) asked() api.UserFilter {
	f := api.UserFilter{Query: u.list.Text(), Inside: u.inside.Checked()}
	if s := u.state.Chosen(); s != anyOne {
		f.State = s
	}
	if r := u.role.Chosen(); r != anyOne {
		f.Role = r
	}
	return f
}

// columns are what the list shows of a user.
func (u *Users) columns() []kit.Column[api.UserSummary] {
	t := u.env.T
	column := func(id, label string, width parts.ColumnWidth, text func(r *api.UserSummary) string) kit.Column[api.UserSummary] {
		return kit.Column[api.UserSummary]{
			ID: id, Label: t(label), ColumnWidth: width, Text: text,
			Compare: func(a, b *api.UserSummary) int { return strings.Compare(rules.Fold(text(a)), rules.Fold(text(b))) },
		}
	}
	return []kit.Column[api.UserSummary]{
		column("name", "users.name", parts.ColumnWidth{Min: 130, Weight: 2}, userName),
		column("username", "settings.username", parts.ColumnWidth{Min: 110, Weight: 1}, func(r *api.UserSummary) string { return r.Username }),
		column("organization", "users.organization", parts.ColumnWidth{Min: 130, Weight: 2}, func(r *api.UserSummary) string { return r.Organization }),
		column("roles", "users.roles", parts.ColumnWidth{Min: 100, Weight: 1}, u.roles),
		{
			ID: "state", Label: t("users.filter.state"), ColumnWidth: parts.ColumnWidth{Min: 170},
			Tag:     func(r *api.UserSummary, tag *parts.Tag) { tag.Set(userTag(u.env, r.State)) },
			Compare: func(a, b *api.UserSummary) int { return strings.Compare(a.State, b.State) },
		},
	}
}

// roles are those that a user has beyond a participant's.
func (u *Users) roles(r *api.UserSummary) string {
	var roles []string
	for _, role := range r.Roles {
		if role != api.RoleParticipant {
			roles = append(roles, u.env.T("users.role."+role))
		}
	}
	return strings.Join(roles, " · ")
}

// userName is what a user is called: some have no name yet.
func userName(r *api.UserSummary) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Username
}

// userTag is the state of a user in words, and its tone.
func userTag(env kit.Env, state string) (string, parts.Tone) {
	return userStates.Tag(env, "users.state.", state)
}
