package registrations

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/store"
)

// managedPage is how many registrations a page has, unless more or fewer are asked for.
const managedPage = 50

// managedOrder is an order of a meeting's registrations: columns that no two have alike,
// which an index has in this order.
type managedOrder []string

var managedOrders = map[string]managedOrder{
	api.SortByName:         {"sort_key", "number"},
	api.SortByOrganization: {"organization_key", "sort_key", "number"},
	api.SortByCountry:      {"country", "sort_key", "number"},
	api.SortByState:        {"state", "place_in_line"},
	api.SortByCreated:      {"place_in_line"},
	api.SortByChanged:      {"version"},
}

// managedCursor is where a page ended: by the columns of its order, or at a word. It is
// opaque for clients.
type managedCursor struct {
	Sort         string `json:"s,omitempty"`
	Word         []byte `json:"w,omitempty"`
	SortKey      []byte `json:"k,omitempty"`
	Organization []byte `json:"o,omitempty"`
	Country      string `json:"c,omitempty"`
	State        string `json:"t,omitempty"`
	Number       string `json:"n,omitempty"`
	Line         int64  `json:"l,omitempty"`
	Version      int64  `json:"v,omitempty"`
}

// value is that of a column.
func (c *managedCursor) value(column string) any {
	switch column {
	case "word":
		return c.Word
	case "sort_key":
		return append([]byte{}, c.SortKey...) // nil would be NULL
	case "organization_key":
		return append([]byte{}, c.Organization...)
	case "country":
		return c.Country
	case "state":
		return c.State
	case "number":
		return c.Number
	case "place_in_line":
		return c.Line
	default:
		return c.Version
	}
}

// sane says whether a cursor can be one of a meeting's list; JSON is valid UTF-8.
func (c *managedCursor) sane() bool {
	return !strings.Contains(c.Country+c.State+c.Number, "\x00")
}

// managedRow is a registration of a list, with what its place goes by.
type managedRow struct {
	api.RegistrationRow
	found names
	at    managedCursor
}

// managedList is a list under way.
type managedList struct {
	filter api.RegistrationFilter
	order  managedOrder
	words  []rules.SearchWord // that are searched for
	driver int                // which of them is looked up
	after  managedCursor
	begun  bool // there is a page before
	// listed: only those who have agreed to stand in the list of participants, whom nobody
	// finds there by what it does not show.
	listed bool
}

// newManagedList reads a filter, or refuses it with api.CodeInvalid.
func newManagedList(f api.RegistrationFilter) (l managedList, err error) {
	l = managedList{filter: f}
	l.filter.Sort = cmp.Or(f.Sort, api.SortByName)
	l.filter.Limit = cmp.Or(f.Limit, managedPage)
	var ok bool
	if l.order, ok = managedOrders[l.filter.Sort]; !ok {
		return l, api.Invalid(api.FieldError{Pointer: "/sort", Code: api.FieldUnknown})
	}
	for _, column := range filtered {
		if wanted := l.wanted(column); strings.Contains(wanted, "\x00") || !utf8.ValidString(wanted) { // PostgreSQL takes neither
			return l, api.Invalid(api.FieldError{Pointer: "/" + column, Code: api.FieldInvalid})
		}
	}
	l.search(f.Query)
	if f.After != "" {
		l.begun = true
		if !cursor.Read(f.After, &l.after) || !l.after.sane() || l.after.Sort != l.sort() {
			return l, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
		}
	}
	return l, nil
}

// sort names the order that the list really has.
func (l *managedList) sort() string {
	if len(l.words) > 0 {
		return "words"
	}
	return l.filter.Sort
}

// Managed gives a page of a meeting's registrations to its managers, with how many there
// are in each state. It refuses with api.CodeInvalid what does not choose, and with
// CodeNotFound, also for a meeting that others manage.
func (rs *Registrations) Managed(ctx context.Context, who caller.Caller, f api.RegistrationFilter) (page api.RegistrationRows, err error) {
	l, err := newManagedList(f)
	if err != nil {
		return page, err
	}
	err = rs.pageOf(ctx, &l, func(tx *store.Tx) error {
		page = api.RegistrationRows{Registrations: []api.RegistrationRow{}}
		if err := rs.managedBy(tx, f.Meeting, who); err != nil {
			return err
		}
		if !l.begun {
			page.Counts = rs.counts.of(tx, f.Meeting)
		}
		return nil
	}, func(tx *store.Tx, rows []managedRow, next string) (err error) {
		page.Next = next
		for _, r := range rows {
			page.Registrations = append(page.Registrations, r.RegistrationRow)
		}
		if f.Full {
			page.Answers, err = answersOf(tx, page.Registrations)
		}
		return err
	})
	if err != nil {
		return api.RegistrationRows{}, err
	}
	return page, nil
}

// pageOf reads a page of a list and where the next one begins, for then, unless first
// refuses that. Both may be called more than once.
func (rs *Registrations) pageOf(ctx context.Context, l *managedList, first func(*store.Tx) error, then func(*store.Tx, []managedRow, string) error) error {
	code := l.filter.Meeting
	searches := len(l.words) > 0 && !l.begun
	late := false
	look := func(tx *store.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		if late = searches && behind(tx, code); late {
			return nil
		}
		if l.listed && l.begun {
			tx.Get(`SELECT number FROM registrations WHERE meeting = $1 AND place_in_line = $2`, code, l.after.Line).Into(&l.after.Number)
		}
		l.choose(tx)
		rows, next := l.collect(tx), ""
		if n := l.filter.Limit; len(rows) > n {
			rows = rows[:n]
			at := l.cursorAt(&rows[n-1])
			if l.listed { // who reads a cursor learns no number
				at.Number, at.Line = "", rows[n-1].at.Line
			}
			next = cursor.Write(at)
		}
		return then(tx, rows, next)
	}
	err := rs.DB.View(ctx, look)
	if err == nil && late {
		searches = false // whoever comes after this is in the next search
		if err = rs.indexMeeting(ctx, code, indexedBySearch); err == nil {
			err = rs.DB.View(ctx, look)
		}
	}
	return err
}

// answersOf gives what was answered in registrations, in their order.
func answersOf(tx *store.Tx, rows []api.RegistrationRow) ([]api.RegistrationAnswers, error) {
	all, at := make([]api.RegistrationAnswers, len(rows)), map[string]int{}
	var numbers []string
	for i := range rows {
		at[rows[i].Number], numbers = i, append(numbers, rows[i].Number)
	}
	for part := range slices.Chunk(numbers, keysAtOnce) {
		var q managedQuery
		places := make([]string, len(part))
		for i, number := range part {
			places[i] = q.place(number)
		}
		for scan := range tx.Each(`SELECT number, badge_name, job_title, answers, companions, consents, listed FROM registrations
			WHERE number IN (`+strings.Join(places, ", ")+`)`, q.args...) {
			var number, answers, companions, consents string
			var one api.RegistrationAnswers
			var listed int64
			if !scan(&number, &one.BadgeName, &one.JobTitle, &answers, &companions, &consents, &listed) {
				break
			}
			one.Listed = listed == 1
			if err := errors.Join(json.Unmarshal([]byte(answers), &one.Answers), json.Unmarshal([]byte(companions), &one.Companions),
				json.Unmarshal([]byte(consents), &one.Consents)); err != nil {
				return nil, fmt.Errorf("registrations: read what was answered: %w", err)
			}
			all[at[number]] = one
		}
	}
	return all, tx.Err()
}

// Export notes that somebody is going to keep a meeting's registrations. It refuses with
// api.CodeNotFound as Managed does.
func (rs *Registrations) Export(ctx context.Context, who caller.Caller, code string, in api.ExportRegistrations) error {
	// READ COMMITTED: an entry of the log.
	return rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if err := rs.managedBy(tx, code, who); err != nil {
			return err
		}
		details := []audit.Detail{audit.Fact(api.DetailMeeting, code)}
		if in.State != "" {
			details = append(details, audit.Fact(api.DetailRegistrationState, in.State))
		}
		rs.Audit.Note(tx, audit.RegistrationsExported, "", details...)
		return nil
	})
}

// managedBy refuses whoever does not manage a meeting with api.CodeNotFound.
func (rs *Registrations) managedBy(tx *store.Tx, code string, who caller.Caller) error {
	if _, err := rs.Meetings.Read(tx, code); err != nil {
		return err
	}
	if !rs.Meetings.Manages(tx, code, who.AccountID, who.Roles) {
		return api.Refuse(api.CodeNotFound)
	}
	return nil
}

// cursorAt is where a page ends behind a row: what its order goes by, and nothing else.
func (l *managedList) cursorAt(r *managedRow) managedCursor {
	at := managedCursor{Sort: l.sort()}
	columns := l.order
	if len(l.words) > 0 {
		columns = foundOrder
	}
	for _, column := range columns {
		switch column {
		case "word":
			at.Word = r.at.Word
		case "sort_key":
			at.SortKey = r.at.SortKey
		case "organization_key":
			at.Organization = r.at.Organization
		case "country":
			at.Country = r.at.Country
		case "state":
			at.State = r.at.State
		case "number":
			at.Number = r.at.Number
		case "place_in_line":
			at.Line = r.at.Line
		case "version":
			at.Version = r.at.Version
		}
	}
	return at
}

// managedColumns are those of a managedRow, of registrations r.
const managedColumns = `r.number, r.first_name, r.family_name, r.badge_name, r.organization, r.country, r.membership, r.state,
	r.participation, r.places, r.visa, r.created_at, r.changed_at, r.version, r.place_in_line, r.sort_key, r.organization_key`

// scanManaged reads rows; more are columns behind those of managedColumns.
func scanManaged(tx *store.Tx, query string, args []any, more func(*managedRow) []any) (rows []managedRow) {
	for scan := range tx.Each(query, args...) {
		var (
			r                managedRow
			created, changed int64
			places           int
		)
		into := []any{
			&r.Number, &r.found.first, &r.found.family, &r.found.badge, &r.Organization, &r.Country, &r.Membership, &r.State,
			&r.Participation, &places, &r.Visa, &created, &changed, &r.Version, &r.at.Line, &r.at.SortKey, &r.at.Organization,
		}
		if more != nil {
			into = append(into, more(&r)...)
		}
		scan(into...)
		r.Person, r.Companions = rules.FullName(r.found.first, r.found.family), places-1
		r.Created, r.Changed = store.Time(created), store.Time(changed)
		r.found.organization, r.found.number = r.Organization, r.Number
		r.at.Country, r.at.State, r.at.Number, r.at.Version = r.Country, r.State, r.Number, r.Version
		rows = append(rows, r)
	}
	return rows
}

// collect gives the rows of a page, and one more where there are more.
func (l *managedList) collect(tx *store.Tx) []managedRow {
	if len(l.words) > 0 {
		return l.collectFound(tx)
	}
	q := managedQuery{}
	meeting := q.place(l.filter.Meeting)
	from, conditions := "registrations r", []string{"r.meeting = " + meeting}
	narrow := l.narrowest(tx)
	if narrow != "" {
		// The few are read first, and put into order afterwards: a query that has a limit
		// inside is not taken apart.
		from = fmt.Sprintf("(SELECT * FROM registrations WHERE meeting = %s AND %s = %s LIMIT %d) r", meeting, narrow, q.place(l.wanted(narrow)), fewManaged)
	}
	for _, column := range filtered {
		if l.wanted(column) != "" && column != narrow {
			conditions = append(conditions, q.aside(column, l.wanted(column)))
		}
	}
	if l.listed {
		conditions = append(conditions, onlyListed)
	}
	direction, behind := "", ">"
	if l.filter.Descending {
		direction, behind = " DESC", "<"
	}
	var columns, places, order []string
	for _, column := range l.order {
		columns = append(columns, "r."+column)
		order = append(order, "r."+column+direction)
		if l.begun {
			places = append(places, q.place(l.after.value(column)))
		}
	}
	if l.begun {
		conditions = append(conditions, "("+strings.Join(columns, ", ")+") "+behind+" ("+strings.Join(places, ", ")+")")
	}
	return scanManaged(tx, fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d`, managedColumns, from,
		strings.Join(conditions, " AND "), strings.Join(order, ", "), l.filter.Limit+1), q.args, nil)
}

// onlyListed is a condition as of managedQuery.aside.
const onlyListed = "CASE WHEN r.listed = 1 THEN 1 ELSE 0 END <> 0"

// filtered are the columns that a filter chooses by.
var filtered = []string{"state", "country", "membership", "participation", "visa"}

// wanted is what a filter wants of a column; empty for anything.
func (l *managedList) wanted(column string) string {
	switch column {
	case "state":
		return l.filter.State
	case "country":
		return l.filter.Country
	case "membership":
		return l.filter.Membership
	case "participation":
		return l.filter.Participation
	default:
		return l.filter.Visa
	}
}

// fewManaged is up to how many registrations a filter leaves so few that they are found
// first, and put into order afterwards; where it leaves more, the list is gone through in
// its order. Databases without statistics do not know which is faster.
const fewManaged = 2000

// narrowest is the column, of those that have an index, whose filter leaves few; or empty.
func (l *managedList) narrowest(tx *store.Tx) string {
	for _, of := range []struct{ column, order string }{{"state", "place_in_line"}, {"country", "sort_key, number"}} {
		if l.wanted(of.column) == "" {
			continue
		}
		var n int
		// In the index's order, so that PostgreSQL does not look for all of them before it counts.
		tx.Get(fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM registrations WHERE meeting = $1 AND %[1]s = $2
			ORDER BY meeting, %[1]s, %[2]s LIMIT %[3]d) n`, of.column, of.order, fewManaged), l.filter.Meeting, l.wanted(of.column)).Into(&n)
		if n < fewManaged {
			return of.column
		}
	}
	return ""
}

// managedQuery collects the arguments of a SELECT.
type managedQuery struct{ args []any }

// place adds an argument and gives its place in the text.
func (q *managedQuery) place(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}

// aside compares a column with no index: the list is gone through in its order. PostgreSQL
// takes nearly all rows to be unequal to something, but few to equal it, which it would
// rather find first and sort.
func (q *managedQuery) aside(column, value string) string {
	return "CASE WHEN r." + column + " = " + q.place(value) + " THEN 1 ELSE 0 END <> 0"
}

// stateCounts are how many registrations of a meeting there are in each state, as this
// node has counted them last. All of them are read once; after that, those that have
// changed.
type stateCounts struct {
	mu        sync.Mutex
	byMeeting map[string]*counted
}

type counted struct {
	mu      sync.Mutex
	version int64    // of the meeting
	states  []byte   // by place in line: the place in names, from 1; 0 for none
	names   []string // states that there have been
	counts  []int    // by names
}

func (c *stateCounts) of(tx *store.Tx, meeting string) map[string]int {
	c.mu.Lock()
	m := c.byMeeting[meeting]
	if m == nil {
		m = &counted{}
		if c.byMeeting == nil {
			c.byMeeting = map[string]*counted{}
		}
		c.byMeeting[meeting] = m
	}
	c.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.follow(tx, meeting)
	all := map[string]int{}
	for i, state := range m.names {
		if m.counts[i] > 0 {
			all[state] = m.counts[i]
		}
	}
	return all
}

// follow takes over what has changed. Each change gives its registration a version, and
// no registration is removed.
func (m *counted) follow(tx *store.Tx, meeting string) {
	var version int64
	tx.Get(`SELECT version FROM meeting_counts WHERE meeting = $1`, meeting).Into(&version)
	if version <= m.version {
		return
	}
	type change struct {
		place int64
		state string
	}
	var changes []change
	for scan := range tx.Each(`SELECT place_in_line, state FROM registrations WHERE meeting = $1 AND version > $2`, meeting, m.version) {
		var one change
		scan(&one.place, &one.state)
		changes = append(changes, one)
	}
	if tx.Err() != nil {
		return
	}
	for _, one := range changes {
		if short := int(one.place) + 1 - len(m.states); short > 0 {
			m.states = append(m.states, make([]byte, short)...)
		}
		if was := m.states[one.place]; was > 0 {
			m.counts[was-1]--
		}
		name := slices.Index(m.names, one.state)
		if name < 0 {
			name = len(m.names)
			m.names, m.counts = append(m.names, one.state), append(m.counts, 0)
		}
		m.counts[name]++
		m.states[one.place] = byte(name + 1)
	}
	m.version = version
}
