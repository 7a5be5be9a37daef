package manage

import (
	"bytes"
	"context"
	"image/png"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/spreadsheet"
)

// Statistician gives managers the numbers of a meeting.
type Statistician interface {
	Statistics(ctx context.Context, code string) (api.Statistics, error)
}

// Statistics is the page with a meeting's numbers, as charts that can be saved.
type Statistics struct {
	env     kit.Env
	service Statistician
	code    string
	title   string
	on      StatisticsEvents

	content fyne.CanvasObject
	leave   func()
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	loading *kit.Loading[api.Statistics]
	again   *parts.Button
	export  *kit.Exporter
	summary *parts.Text
	body    *fyne.Container
	numbers api.Statistics
	save    func(name string, data []byte) (path string, err error) // into the downloads
}

// StatisticsEvents are what the page asks of the window.
type StatisticsEvents struct {
	Back func()
}

// pictureWidth is that of a saved chart, before it is drawn finer.
const pictureWidth = 820

// NewStatistics returns the page for a meeting. Close it when it is left.
func NewStatistics(env kit.Env, service Statistician, catalog MeetingCatalog, code string, on StatisticsEvents) *Statistics {
	s := &Statistics{env: env, service: service, code: code, title: titleOf(env, catalog, code), on: on, save: app.SaveToDownloads}
	t := env.T
	ctx, leave := context.WithCancel(context.Background())
	s.leave = leave
	s.bar, s.busy = parts.NewBar("statistics.bar"), parts.NewBusy("statistics.busy")
	s.calls = kit.NewCalls(ctx, env, s.bar, s.busy, nil)
	s.loading = kit.NewLoading(s.calls, "statistics.loading", func(ctx context.Context) (api.Statistics, error) {
		return service.Statistics(ctx, code)
	}, s.show)
	s.again = parts.NewButton("statistics.again", t("statistics.again"), parts.Outlined, s.loading.Load).Low()
	s.export = kit.NewExporter(ctx, env, "statistics", s.bar, s.busy, s.exported)
	buttons := parts.Inline(parts.Gap8, s.again)
	for _, b := range s.export.Buttons() {
		buttons.Add(b)
	}
	s.summary = parts.Body("").WithID("statistics.summary")
	s.summary.Hide()
	s.body = container.NewStack()
	top := parts.Stack(parts.Gap4, parts.Link("statistics.back", t("shell.back", map[string]any{"To": t("registrations.back.to")}), on.Back),
		parts.Ends(parts.Heading(s.title, t("statistics.line"), s.busy), buttons), s.summary)
	s.content = parts.Page(parts.Margins(parts.Leading(900, parts.Stack(parts.Gap12, top, s.bar, s.body))), parts.Space(0))
	s.loading.Open()
	return s
}

// Content is what is to be shown.
func (s *Statistics) Content() fyne.CanvasObject { return s.content }

// Close ends what the page waits for.
func (s *Statistics) Close() { s.leave() }

// First is what takes the keyboard.
func (s *Statistics) First() fyne.Focusable { return s.again }

// Back leaves an export, or the page.
func (s *Statistics) Back() bool {
	if !s.export.Stop() {
		s.on.Back()
	}
	return true
}

// SetOnline asks again for what could not be had.
func (s *Statistics) SetOnline(online bool) { s.loading.Online(online) }

// chart is one of the page's charts.
type chart struct {
	id         string // of its words and of its file
	rows, full []parts.ChartRow
	living     bool // it counts only those that are neither refused nor withdrawn
}

// topCountries is how many countries a chart has; those behind them are one row.
const topCountries = 20

// charts are all, as far as they have anything to show.
func (s *Statistics) charts() (list []chart) {
	t, n := s.env.T, &s.numbers
	counted := func(counts []api.Count, name func(id string) string) (rows []parts.ChartRow) {
		for _, c := range counts {
			label := t("statistics.unknown")
			if c.ID != "" {
				label = name(c.ID)
			}
			rows = append(rows, parts.ChartRow{Label: label, Count: c.Count})
		}
		return rows
	}
	word := func(prefix string) func(string) string { return func(id string) string { return t(prefix + id) } }
	add := func(id string, living bool, full, rows []parts.ChartRow) {
		if len(rows) > 0 {
			list = append(list, chart{id: id, rows: rows, full: full, living: living})
		}
	}
	var days []parts.ChartRow
	for _, d := range n.Days {
		days = append(days, parts.ChartRow{Label: d.Day, Count: d.Count})
	}
	add("days", false, days, s.periods())
	states := counted(n.States, word("registrations.state."))
	add("states", false, states, states)
	ways := counted(n.Participation, word("register.participation."))
	add("participation", true, ways, ways)
	memberships := counted(n.Memberships, word("membership."))
	add("memberships", true, memberships, memberships)
	countries := counted(n.Countries, s.env.Words.Country)
	top := countries
	if len(countries) > topCountries+1 {
		others := parts.ChartRow{Label: s.env.Words.N("statistics.others", len(countries)-topCountries)}
		for _, c := range countries[topCountries:] {
			others.Count += c.Count
		}
		top = append(append([]parts.ChartRow{}, countries[:topCountries]...), others)
	}
	add("countries", true, countries, top)
	return list
}

// maxPeriods is how many bars the chart by time has at most.
const maxPeriods = 31

// periods are the days from the first to the last with a registration; weeks where those
// are too many, or months.
func (s *Statistics) periods() (rows []parts.ChartRow) {
	counts := map[string]int{}
	for _, d := range s.numbers.Days {
		counts[d.Day] += d.Count
	}
	if len(counts) == 0 {
		return nil
	}
	first, err := time.Parse(time.DateOnly, s.numbers.Days[0].Day)
	last, errLast := time.Parse(time.DateOnly, s.numbers.Days[len(s.numbers.Days)-1].Day)
	if err != nil || errLast != nil {
		return nil
	}
	w := s.env.Words
	next := func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	label := w.ShortDate
	switch days := int(last.Sub(first).Hours()/24) + 1; {
	case days > 7*maxPeriods:
		first = first.AddDate(0, 0, 1-first.Day())
		next = func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }
		label = w.Month
	case days > maxPeriods:
		first = first.AddDate(0, 0, -(int(first.Weekday())+6)%7) // to Monday
		next = func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }
		label = func(t time.Time) string { return w.DateRange(t, t.AddDate(0, 0, 6)) }
	}
	for at := first; !at.After(last); at = next(at) {
		row := parts.ChartRow{Label: label(at)}
		for day := at; day.Before(next(at)); day = day.AddDate(0, 0, 1) {
			row.Count += counts[day.Format(time.DateOnly)]
		}
		rows = append(rows, row)
	}
	return rows
}

// show shows the numbers.
func (s *Statistics) show(numbers api.Statistics) {
	s.numbers = numbers
	w := s.env.Words
	at := map[string]any{"Time": kit.Clock(w, numbers.At.In(s.env.Now().Location()), s.env.Now()), "Living": numbers.Living}
	s.summary.SetText(w.N("statistics.summary", numbers.Registrations, at))
	parts.SetVisible(true, s.summary)
	s.calls.Release()
	body := parts.Stack(parts.Gap16)
	for _, c := range s.charts() {
		button := s.calls.Button(parts.ID("statistics."+c.id+".save"), "statistics.save", parts.Outlined, func() { s.savePicture(c) }).Low()
		body.Add(parts.CardWith(20, parts.Stack(parts.Gap16,
			parts.Ends(parts.Stack(2, parts.Section(s.env.T("statistics."+c.id)), parts.Muted(s.about(c))), button), parts.Chart(c.rows))))
	}
	if len(body.Objects) == 0 {
		body.Add(parts.Empty(s.env.T("registrations.empty.title"), s.env.T("registrations.empty.how")))
	}
	kit.Swap(s.body, body)
	parts.Changed(s.body)
}

// about says what a chart counts.
func (s *Statistics) about(c chart) string {
	if c.living {
		return s.env.T("statistics.living")
	}
	return s.env.T("statistics.all")
}

// picture is a chart with all that one has to know to read it.
func (s *Statistics) picture(c chart) fyne.CanvasObject {
	when := s.title + " (" + s.code + "), " + s.env.Words.Date(s.numbers.At.In(s.env.Now().Location()))
	return parts.PadAll(28, parts.Stack(parts.Gap16,
		parts.Stack(parts.Gap4, parts.Section(s.env.T("statistics."+c.id)), parts.Body(when), parts.Small(s.about(c))), parts.Chart(c.rows)))
}

// savePicture saves a chart as a picture into the downloads.
func (s *Statistics) savePicture(c chart) {
	drawing := parts.NewDrawing(s.picture(c), pictureWidth*parts.TextScale())
	name := strings.Join([]string{s.code, s.env.T("statistics." + c.id + ".file"), s.env.Now().Format(time.DateOnly)}, "-") + ".png"
	var path string
	s.calls.Try("statistics.saving", func(ctx context.Context) (err error) {
		for more := true; more; {
			if err = s.env.OnWindow(ctx, func() { more = drawing.Next() }); err != nil {
				return err
			}
		}
		var b bytes.Buffer
		if err = png.Encode(&b, drawing.Image()); err == nil {
			path, err = s.save(name, b.Bytes())
		}
		return err
	}, func() {
		s.bar.Say(s.env.Saved(path))
		parts.IntoView(s.bar)
	}, func(error) bool {
		s.bar.Say(s.env.NotSaved())
		parts.IntoView(s.bar)
		return true
	})
}

// exported are all numbers, also those that a chart puts together.
func (s *Statistics) exported() kit.Exported {
	t := s.env.T
	charts := s.charts()
	return kit.Exported{
		File: "statistics.export.file", Progress: "statistics.export.progress",
		Headings: []string{t("statistics.export.what"), t("statistics.export.of"), t("statistics.export.count")},
		Note:     func(context.Context) error { return nil }, // nothing in it is about a person
		Page: func(context.Context, string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			for _, c := range charts {
				for _, r := range c.full {
					rows = append(rows, append(spreadsheet.Texts(t("statistics."+c.id), r.Label), spreadsheet.Number(int64(r.Count))))
				}
			}
			return rows, "", "", nil
		},
	}
}
