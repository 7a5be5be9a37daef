package meetings

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/cursor"
	"plenary/service/store"
)

const (
	// meetingsPage is how many meetings a page of the list has.
	meetingsPage = 100
	// listFor is how old the list may be that this node answers with.
	listFor = time.Second
	// fillSteps is in how many steps a meeting fills for the list's ETag. Between
	// two steps, people's programs keep the list that they have: in a rush of
	// registrations they would fetch all meetings again and again.
	fillSteps = 16
)

// list is what this node keeps of the list of all meetings, so that who polls it
// costs nothing.
type list struct {
	newest atomic.Pointer[listing]
	turn   chan struct{} // has room for the one that reads
}

// listing is all meetings at one time. It is not changed.
type listing struct {
	read    time.Time
	epoch   string // of the database
	changes int64  // how many changes of meetings there have been at least
	etag    string
	byStart []listed // and by code
	latest  []listed // the latest first, then by code
}

// listed is a meeting in the list. Times are microseconds.
type listed struct {
	meeting    api.Meeting
	start, end int64 // end is that of the session which ends last
	edition    int64 // of the description
	changed    int64 // the number of its last change among those of all
	waiting    int
	limits     []rules.Limit
}

// List gives a page of all meetings: those that are not over first, in order of
// their start, then the past ones, latest first. after is api.Meetings.Next of
// the page before; a broken one is refused with api.CodeInvalid. It is at most a
// second old.
func (m *Meetings) List(ctx context.Context, after string) (api.Meetings, error) {
	page := api.Meetings{Meetings: []api.Meeting{}}
	c, err := parsePlace(after, m.Now())
	if err != nil {
		return page, err
	}
	all, err := m.listing(ctx)
	if err != nil {
		return page, err
	}
	if !c.Past && c.fill(&page, all.byStart, false) {
		return page, nil
	}
	if !c.Past {
		c.Past, c.Start, c.Code = true, 1<<62, ""
	}
	c.fill(&page, all.latest, true)
	return page, nil
}

// Changes gives what has changed since the list that has an ETag, on one page; ok is false
// where all has to be fetched again: what is no ETag of List's, or one of before the database
// was restored, or too much has changed.
func (m *Meetings) Changes(ctx context.Context, etag string) (page api.Meetings, ok bool, err error) {
	all, err := m.listing(ctx)
	if err != nil {
		return page, false, err
	}
	since, ok := all.since(etag)
	if !ok {
		return page, false, nil
	}
	page = api.Meetings{Meetings: []api.Meeting{}, Changes: true, Total: len(all.byStart), Counts: []api.MeetingCount{}}
	for _, one := range all.byStart {
		switch of := &one.meeting; {
		case one.changed > since:
			if len(page.Meetings) == meetingsPage {
				return page, false, nil
			}
			page.Meetings = append(page.Meetings, *of)
		case one.end >= store.Micros(all.read) && (of.Capacity > 0 || len(one.limits) > 0):
			page.Counts = append(page.Counts, api.MeetingCount{Code: of.Code, Taken: of.Taken, ChoiceTaken: of.ChoiceTaken, Version: of.Version})
		}
	}
	return page, true, nil
}

// since reads how many changes there had been when an ETag was made.
func (l *listing) since(etag string) (changes int64, ok bool) {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(etag, "W/"), `"`), ".")
	if len(parts) != 3 || parts[1] != l.epoch || parts[1] == "" {
		return 0, false
	}
	changes, err := strconv.ParseInt(parts[2], 36, 64)
	return changes, err == nil && changes >= 0 && changes <= l.changes
}

// ETag changes with every change of a description, when a meeting has ended, and
// when one is full, is not full any more, or has filled by another sixteenth, and when a
// choice is full or not any more. It stands for all pages of List, and says where Changes
// goes on: the database's epoch and the number of changes stand in it.
func (m *Meetings) ETag(ctx context.Context) (string, error) {
	all, err := m.listing(ctx)
	if err != nil {
		return "", err
	}
	return all.etag, nil
}

// fill adds the meetings to a page that come after the cursor, and are over or not,
// and tells whether it is full.
func (c *place) fill(page *api.Meetings, inOrder []listed, past bool) (full bool) {
	for _, one := range inOrder {
		later := cmp.Or(cmp.Compare(one.start, c.Start), cmp.Compare(one.meeting.Code, c.Code))
		if past && one.start != c.Start {
			later = -later
		}
		if (one.end < c.Now) != past || later <= 0 {
			continue
		}
		if len(page.Meetings) == meetingsPage {
			page.Next = c.String()
			return true
		}
		page.Meetings = append(page.Meetings, one.meeting)
		c.Start, c.Code = one.start, one.meeting.Code
	}
	return false
}

// place is where a list of meetings goes on: after a meeting, with "upcoming"
// as it was judged for the first page. It is opaque for clients.
type place struct {
	Now   int64  `json:"n"`
	Past  bool   `json:"p"`
	Start int64  `json:"s"`
	Code  string `json:"c"`
}

func (c *place) String() string { return cursor.Write(c) }

func parsePlace(s string, now time.Time) (place, error) {
	c := place{Now: store.Micros(now)}
	if s == "" {
		return c, nil
	}
	if !cursor.Read(s, &c) || c.Code != "" && !meetingCode.MatchString(c.Code) {
		return c, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	return c, nil
}

// listing gives this node's list, read anew where it is older than listFor. One
// reads; the others wait for what it finds.
func (m *Meetings) listing(ctx context.Context) (*listing, error) {
	fresh := func() *listing {
		l, now := m.list.newest.Load(), m.Now()
		if l == nil || now.Before(l.read) || now.Sub(l.read) >= listFor {
			return nil
		}
		return l
	}
	if l := fresh(); l != nil {
		return l, nil
	}
	select {
	case m.list.turn <- struct{}{}:
		defer func() { <-m.list.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l := fresh(); l != nil {
		return l, nil
	}
	l, err := m.readListing(ctx)
	if err != nil {
		return nil, err
	}
	m.list.newest.Store(l)
	return l, nil
}

func (m *Meetings) readListing(ctx context.Context) (l *listing, err error) {
	now := m.Now()
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		l = &listing{read: now}
		// First: what is changed meanwhile is told once more, and nothing is missed, since
		// numbers are seen in their order.
		tx.Get(`SELECT `+store.Epoch+`, COALESCE((SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'meetings-changed'), 0)`).Into(&l.epoch, &l.changes)
		l.byStart, err = m.readListed(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(l.byStart, func(a, b listed) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.meeting.Code, b.meeting.Code))
	})
	l.latest = slices.Clone(l.byStart)
	slices.SortFunc(l.latest, func(a, b listed) int {
		return cmp.Or(cmp.Compare(b.start, a.start), cmp.Compare(a.meeting.Code, b.meeting.Code))
	})
	l.etag = l.makeETag()
	return l, nil
}

// readListed reads all meetings that are not drafts; their descriptions only where this
// node has not this edition.
func (m *Meetings) readListed(tx *store.Tx) ([]listed, error) {
	var all []listed
	for scan := range tx.Each(`SELECT m.code, m.start_at, m.end_at, m.changed, c.edition, c.taken, c.waiting, c.version
		FROM meetings m JOIN meeting_counts c ON c.meeting = m.code WHERE m.status <> $1`, api.MeetingDraft) {
		var one listed
		scan(&one.meeting.Code, &one.start, &one.end, &one.changed, &one.edition, &one.meeting.Taken, &one.waiting, &one.meeting.Version)
		all = append(all, one)
	}
	choices := map[string]map[string]int{}
	for scan := range tx.Each(`SELECT meeting, question, choice, taken FROM choice_counts`) {
		var (
			code  string
			l     rules.Limit
			taken int
		)
		scan(&code, &l.Question, &l.Choice, &taken)
		if choices[code] == nil {
			choices[code] = map[string]int{}
		}
		choices[code][l.Key()] = taken
	}
	for i := range all {
		of := &all[i].meeting
		r, ok := m.descriptions.get(of.Code, all[i].edition)
		if !ok {
			var err error
			if r, err = m.readDescription(tx, of.Code); err != nil {
				return nil, err
			}
		}
		r.Taken, r.Waiting, r.Version = of.Taken, all[i].waiting, of.Version
		r.ChoiceTaken = choices[of.Code]
		all[i].limits = r.Limits
		m.descriptions.put(r)
		*of = r.Meeting
	}
	return all, nil
}

func (l *listing) makeETag() string {
	h := fnv.New64a()
	now := store.Micros(l.read)
	for _, one := range l.byStart {
		fmt.Fprint(h, one.meeting.Code, " ", one.edition, one.end < now, filled(&one.meeting))
		for _, l := range one.limits {
			fmt.Fprint(h, l.Full(one.meeting.ChoiceTaken))
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf(`"m%s.%s.%s"`, base64.RawURLEncoding.EncodeToString(h.Sum(nil)), l.epoch, strconv.FormatInt(l.changes, 36))
}

// filled is in which step a meeting is on its way to being full.
func filled(m *api.Meeting) int {
	switch {
	case m.Capacity == 0:
		return 0
	case m.Taken >= m.Capacity:
		return fillSteps
	}
	return m.Taken * fillSteps / m.Capacity
}
