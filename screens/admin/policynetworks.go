package admin

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// networkBudgets is the list of networks with larger budgets, to be edited: a
// row each, and a button for one more.
type networkBudgets struct {
	env     kit.Env
	changed func()
	content fyne.CanvasObject
	list    *fyne.Container
	add     *parts.Button
	rows    []*networkRow
	made    int // rows so far, for their names
}

// networkRow is one network.
type networkRow struct {
	network, name, failures, requests *parts.Entry
	fields                            []*parts.Field // network, failures, requests
	object                            fyne.CanvasObject
}

// Limits of a network's budgets, as in api.NetworkBudget.
const (
	minNetworkBudget = 50
	maxNetworkBudget = 1000000
	maxNetworks      = 100
)

func newNetworkBudgets(env kit.Env, changed func()) *networkBudgets {
	n := &networkBudgets{env: env, changed: changed, list: parts.Stack(parts.Gap16)}
	t := env.T
	n.add = parts.NewButton("policies.network.add", t("policies.network.add"), parts.Outlined, func() {
		n.append(api.NetworkBudget{})
		n.show()
		parts.Focus(n.rows[len(n.rows)-1].network)
		n.changed()
	})
	n.content = parts.Stack(parts.Gap12,
		parts.Stack(2, parts.Section(t("policies.networks")), parts.Muted(t("policies.networks.what"))),
		n.list, parts.Inline(parts.Gap8, n.add))
	return n
}

// fill shows networks.
func (n *networkBudgets) fill(budgets []api.NetworkBudget) {
	n.rows = nil
	for _, b := range budgets {
		n.append(b)
	}
	n.show()
}

func (n *networkBudgets) append(b api.NetworkBudget) {
	t := n.env.T
	number := strconv.Itoa(n.made)
	n.made++
	entry := func(what, text string) *parts.Entry {
		e := parts.NewEntry(parts.ID("policies.network." + number + "." + what))
		e.SetText(text)
		e.OnChanged = func(string) { n.changed() }
		return e
	}
	count := func(v int) string {
		if v == 0 {
			return ""
		}
		return strconv.Itoa(v)
	}
	r := &networkRow{
		network: entry("network", b.Network), name: entry("name", b.Name),
		failures: entry("failures", count(b.Failures)), requests: entry("requests", count(b.Requests)),
	}
	field := func(key string, e *parts.Entry, check func() string) *parts.Field {
		f := parts.NewField(e.ID+".field", t(key), true, e).CheckWith(check)
		r.fields = append(r.fields, f)
		return f
	}
	budget := func(e *parts.Entry) func() string {
		return func() string { return wrongNumber(n.env, e.Text, minNetworkBudget, maxNetworkBudget) }
	}
	network := field("policies.network", r.network, func() string {
		if _, ok := parseNetwork(r.network.Text); !ok {
			return t("policies.wrong.network")
		}
		return ""
	})
	failures := field("policies.network.failures", r.failures, budget(r.failures))
	requests := field("policies.network.requests", r.requests, budget(r.requests))
	name := parts.NewField(r.name.ID+".field", t("policies.network.name"), false, r.name)
	remove := parts.NewButton(parts.ID("policies.network."+number+".remove"), t("policies.network.remove"), parts.Outlined, func() { n.remove(r) }).Low()
	r.object = parts.Stack(parts.Gap8,
		parts.Row(parts.Gap12,
			parts.Cell{Object: network, Min: 170, Weight: 1}, parts.Cell{Object: name, Min: 170, Weight: 1}),
		parts.Row(parts.Gap12,
			parts.Cell{Object: failures, Min: 170, Weight: 1}, parts.Cell{Object: requests, Min: 170, Weight: 1}),
		parts.Inline(parts.Gap8, remove), parts.Divider())
	n.rows = append(n.rows, r)
}

func (n *networkBudgets) remove(r *networkRow) {
	n.rows = slices.DeleteFunc(n.rows, func(o *networkRow) bool { return o == r })
	n.show()
	parts.Focus(n.add)
	n.changed()
}

func (n *networkBudgets) show() {
	objects := make([]fyne.CanvasObject, len(n.rows))
	for i, r := range n.rows {
		objects[i] = r.object
	}
	n.list.Hidden = len(n.rows) == 0
	if len(n.rows) >= maxNetworks {
		n.add.Disable()
	} else {
		n.add.Enable()
	}
	parts.Fill(n.list, objects...)
	parts.Changed(n.list)
}

// parseNetwork reads a network as people write it: an address alone is a
// network of one, and what stands behind the prefix does not count.
func parseNetwork(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()).String(), true
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Bits() == 0 {
		return text, false
	}
	return p.Masked().String(), true
}

// read gives the networks as they stand in the form.
func (n *networkBudgets) read() []api.NetworkBudget {
	out := make([]api.NetworkBudget, len(n.rows))
	for i, r := range n.rows {
		out[i].Network, _ = parseNetwork(r.network.Text) // judged by check
		out[i].Name = strings.TrimSpace(r.name.Text)
		out[i].Failures, _ = strconv.Atoi(strings.TrimSpace(r.failures.Text))
		out[i].Requests, _ = strconv.Atoi(strings.TrimSpace(r.requests.Text))
	}
	return out
}

// check shows all mistakes; with focus the first input that has one gets the
// keyboard.
func (n *networkBudgets) check(focus bool) bool {
	right := true
	for _, r := range n.rows {
		for i, e := range []*parts.Entry{r.network, r.failures, r.requests} {
			if !r.fields[i].Check() {
				if right && focus {
					parts.Focus(e)
				}
				right = false
			}
		}
	}
	return right
}

// differ tells whether the form shows other networks than these.
func (n *networkBudgets) differ(stored []api.NetworkBudget) bool {
	return !slices.Equal(n.read(), stored)
}

// refused shows what the service does not accept, by its JSON Pointer
// (/networks/NUMBER/FIELD); it tells whether that is one of the rows.
func (n *networkBudgets) refused(pointer string) bool {
	rest, ok := strings.CutPrefix(pointer, "/networks/")
	at, what, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(at)
	if !ok || err != nil || i < 0 || i >= len(n.rows) {
		return false
	}
	field := slices.Index([]string{"network", "failures", "requests"}, what)
	if field < 0 {
		return false
	}
	key := "policies.wrong.network"
	if field > 0 {
		key = "policies.wrong.other"
	}
	n.rows[i].fields[field].SetError(n.env.T(key))
	parts.IntoView(n.rows[i].fields[field])
	return true
}

// networkChanges are the differences between two lists of networks, a line each.
func networkChanges(env kit.Env, was, next []api.NetworkBudget) []string {
	var lines []string
	line := func(key string, b api.NetworkBudget) {
		lines = append(lines, "– "+env.T(key, map[string]any{
			"Network": b.Network, "Name": b.Name, "Failures": b.Failures, "Requests": b.Requests,
		}))
	}
	for _, b := range was {
		if !slices.Contains(next, b) {
			line("policies.network.removed", b)
		}
	}
	for _, b := range next {
		if !slices.Contains(was, b) {
			line("policies.network.added", b)
		}
	}
	return lines
}
