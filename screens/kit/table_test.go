package kit_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

type ship struct {
	name string
	year int
}

// fleet is a table of ships in a window; order tells how they stand.
func fleet(t testing.TB, width float32, ships []ship) (b *kit.Browser[ship], w fyne.Window, order func() string) {
	t.Helper()
	e := screentest.NewEnv(t)
	columns := []kit.Column[ship]{
		{
			ID: "name", Label: "Name", ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 1},
			Text:    func(s *ship) string { return s.name },
			Compare: func(a, b *ship) int { return strings.Compare(a.name, b.name) },
		},
		{
			ID: "year", Label: "Year", ColumnWidth: parts.ColumnWidth{Min: 80},
			Text:    func(s *ship) string { return fmt.Sprint(s.year) },
			Line:    func(s *ship) string { return fmt.Sprintf("built in %d", s.year) },
			Compare: func(a, b *ship) int { return a.year - b.year },
		},
		{ID: "state", Label: "State", ColumnWidth: parts.ColumnWidth{Min: 100}, Tag: func(s *ship, tag *parts.Tag) { tag.Set("Afloat", parts.Success) }},
	}
	b = kit.NewLocalBrowser(e, "ships", "Search", nil, func(search string) []ship {
		var found []ship
		for _, s := range ships {
			if strings.Contains(s.name, search) {
				found = append(found, s)
			}
		}
		return found
	}, kit.BrowserEvents[ship]{
		ID: func(s *ship) string { return s.name }, Table: columns, Marked: func() {},
		Empty: func(bool) fyne.CanvasObject { return parts.Empty("None", "") },
	})
	b.Reload()
	w = screentest.Show(t, b.Content, width, 500)
	return b, w, func() string {
		screentest.Settle(w)
		names := map[int]string{}
		for _, s := range ships {
			if o := screentest.Find(w, "ships.row."+s.name); o != nil {
				names[int(o.Position().Y)] = s.name
			}
		}
		var order []string
		for _, y := range slices.Sorted(maps.Keys(names)) {
			order = append(order, names[y])
		}
		return strings.Join(order, " ")
	}
}

func TestTable_sortsByAColumnAndBack(t *testing.T) {
	_, w, order := fleet(t, 600, []ship{{"Beagle", 1820}, {"Ark", 1850}, {"Cutty", 1800}})
	for _, c := range []struct{ column, want string }{
		{"", "Beagle Ark Cutty"},
		{"ships.column.name", "Ark Beagle Cutty"},
		{"ships.column.name", "Cutty Beagle Ark"},
		{"ships.column.year", "Cutty Beagle Ark"},
		{"ships.column.year", "Ark Beagle Cutty"},
		{"ships.column.year", "Beagle Ark Cutty"},
	} {
		if c.column != "" {
			screentest.Tap(t, w, c.column)
		}
		if got := order(); got != c.want {
			t.Fatalf("after %q: %s, want %s", c.column, got, c.want)
		}
	}
}

// Where no heading says what a column is, its words do.
func TestTable_saysInTheLineWhatAHeadingSays(t *testing.T) {
	for width, want := range map[float32]string{300: "built in 1820", 600: "1820"} {
		_, w, _ := fleet(t, width, []ship{{"Beagle", 1820}})
		said := strings.Split(screentest.SaidIn(screentest.Widget(t, w, "ships.row.Beagle")), "\n")
		if !slices.Contains(said, want) {
			t.Errorf("%v wide it says %q, want %q", width, said, want)
		}
	}
}

func TestTable_sortsByTheKeyboardAndKeepsWhatIsChosen(t *testing.T) {
	b, w, order := fleet(t, 600, []ship{{"Beagle", 1820}, {"Ark", 1850}, {"Cutty", 1800}})
	b.ChooseID("Ark")
	screentest.TabTo(t, w, "ships.column.name")
	screentest.Press(t, w, fyne.KeyRight, fyne.KeyReturn)
	if got := order(); got != "Cutty Beagle Ark" || b.List.Chosen() != 2 {
		t.Errorf("%s, chosen is row %d", got, b.List.Chosen())
	}
	screentest.Press(t, w, fyne.KeyRight)
	if got := screentest.FocusedID(w); got != "ships.column.year" {
		t.Errorf("a column that cannot be sorted by takes the keyboard: %s", got)
	}
}

func TestTable_hasTwoLinesWhereItIsNarrow(t *testing.T) {
	_, w, order := fleet(t, 320, []ship{{"Beagle", 1820}, {"Ark", 1850}})
	if screentest.Find(w, "ships.column.name") != nil || order() != "Beagle Ark" {
		t.Error("a narrow table has names of columns")
	}
	w.Resize(fyne.NewSize(600, 500))
	screentest.Settle(w)
	if screentest.Find(w, "ships.column.name") == nil || order() != "Beagle Ark" {
		t.Error("a wide table has no names of columns")
	}
}

func TestMarks_followTheirRows(t *testing.T) {
	ships := []ship{{"Beagle", 1820}, {"Ark", 1850}, {"Cutty", 1800}}
	b, w, _ := fleet(t, 600, ships)
	marked := func() string { return fmt.Sprint(b.Marked()) }
	w.Canvas().Focus(b.List)
	screentest.Press(t, w, fyne.KeySpace, fyne.KeyDown, fyne.KeySpace)
	if got := marked(); got != "[{Beagle 1820} {Ark 1850}]" {
		t.Fatalf("marked %s", got)
	}
	screentest.Tap(t, w, "ships.column.name")
	if got := marked(); got != "[{Ark 1850} {Beagle 1820}]" {
		t.Errorf("after sorting %s are marked", got)
	}
	b.Search.SetText("Ar")
	b.Search.SetText("")
	if got := marked(); got != "[{Ark 1850}]" {
		t.Errorf("%s are marked after a search that did not find the other", got)
	}
	if !b.Back(nil) || marked() != "[]" || b.Back(nil) {
		t.Errorf("Escape leaves %s marked", marked())
	}
}

func BenchmarkTable_sort(b *testing.B) {
	ships := make([]ship, 100_000)
	for i := range ships {
		ships[i] = ship{fmt.Sprintf("Ship %06d", i*7919%100_000), i}
	}
	_, w, _ := fleet(b, 600, ships)
	head := screentest.Find(w, "ships.column.year").(fyne.Tappable)
	for b.Loop() {
		head.Tapped(nil)
	}
}

// A list of which there are only the first rows here is sorted by the service.
func TestTable_longListIsSortedByTheService(t *testing.T) {
	e := screentest.NewEnv(t)
	ships := []ship{{"Beagle", 1820}, {"Ark", 1850}, {"Cutty", 1800}, {"Dove", 1810}}
	var by string
	var order parts.Order
	listing := kit.NewListing[ship](t.Context(), e, parts.NewBar("ships.bar"), parts.NewBusy("ships.busy"), "")
	var asked []string
	listing.Ask = func(after string) kit.Request[ship] {
		column, sign := by, 1
		if order == parts.Descending {
			sign = -1
		}
		asked = append(asked, fmt.Sprint(column, " ", order, " ", after))
		return func(context.Context) ([]ship, string, error) {
			all := slices.Clone(ships)
			if column == "year" {
				slices.SortFunc(all, func(a, b ship) int { return sign * (a.year - b.year) })
			}
			if after != "" {
				return all[2:], "", nil
			}
			return all[:2], "2", nil
		}
	}
	b := kit.NewBrowser(e, "ships", listing, "", nil, kit.BrowserEvents[ship]{
		ID: func(s *ship) string { return s.name },
		Table: []kit.Column[ship]{
			{
				ID: "name", Label: "Name", ColumnWidth: parts.ColumnWidth{Min: 150, Weight: 1}, Text: func(s *ship) string { return s.name },
				Compare: func(a, b *ship) int { return strings.Compare(a.name, b.name) }, // not the service's
			},
			{ID: "year", Label: "Year", ColumnWidth: parts.ColumnWidth{Min: 80}, Text: func(s *ship) string { return fmt.Sprint(s.year) }, Sorts: true},
		},
		Sort:  func(column string, o parts.Order) { by, order = column, o },
		Empty: func(bool) fyne.CanvasObject { return parts.Empty("None", "") },
	})
	listing.Load()
	w := screentest.Show(t, b.Content, 600, 500)
	names := func() (list []string) {
		for i := range b.Len() {
			list = append(list, listing.Rows[i].name)
		}
		return list
	}
	if !screentest.Widget(t, w, "ships.column.name").(fyne.Disableable).Disabled() {
		t.Error("one can sort by what the service does not sort by")
	}
	for _, want := range [][]string{{"Cutty", "Dove"}, {"Ark", "Beagle"}, {"Beagle", "Ark"}} {
		screentest.Tap(t, w, "ships.column.year")
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("the rows are %v, want %v", got, want)
		}
	}
	screentest.Tap(t, w, "ships.column.year")
	screentest.Tap(t, w, "ships.more")
	if got, want := names(), []string{"Cutty", "Dove", "Beagle", "Ark"}; !slices.Equal(got, want) {
		t.Errorf("with the next page: %v, want %v", got, want)
	}
	if got, want := asked[len(asked)-1], "year 1 2"; got != want {
		t.Errorf("asked %q last, want %q", got, want)
	}
}
