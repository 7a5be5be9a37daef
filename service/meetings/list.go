package meetings

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// Lists are given in pages of these sizes.
const (
	meetingsPage      = 100
	registrationsPage = 200
)

// cursor is where a list of meetings goes on: after a meeting, with "upcoming"
// as it was judged for the first page. It is opaque for clients.
type cursor struct {
	Now   int64  `json:"n"`
	Past  bool   `json:"p"`
	Start int64  `json:"s"`
	Code  string `json:"c"`
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and a string
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string, now time.Time) (cursor, error) {
	c := cursor{Now: store.Micros(now)}
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.Code != "" && !meetingCode.MatchString(c.Code) {
		return c, invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	return c, nil
}

// List gives a page of all meetings: those that are not over first, in order of
// their start, then the past ones, latest first. after is api.Meetings.Next of
// the page before; a broken one is refused with api.CodeInvalid.
func (m *Meetings) List(ctx context.Context, after string) (api.Meetings, error) {
	c, err := parseCursor(after, m.Now())
	if err != nil {
		return api.Meetings{}, err
	}
	page := api.Meetings{Meetings: []api.Meeting{}}
	err = m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		page = api.Meetings{Meetings: []api.Meeting{}}
		if !c.Past {
			if err := addPage(ctx, tx, &page, `WHERE end_at >= $1 AND (start_at > $2 OR (start_at = $2 AND code > $3))
				ORDER BY start_at, code LIMIT $4`, c.Now, c.Start, c.Code); err != nil {
				return err
			}
			if len(page.Meetings) > meetingsPage {
				return nil
			}
			c.Start, c.Code = 1<<62, ""
		}
		return addPage(ctx, tx, &page, `WHERE end_at < $1 AND (start_at < $2 OR (start_at = $2 AND code > $3))
			ORDER BY start_at DESC, code LIMIT $4`, c.Now, c.Start, c.Code)
	})
	if err != nil {
		return api.Meetings{}, err
	}
	if len(page.Meetings) > meetingsPage {
		page.Meetings = page.Meetings[:meetingsPage]
		last := page.Meetings[meetingsPage-1]
		page.Next = cursor{
			Now: c.Now, Past: store.Micros(last.End()) < c.Now, Start: store.Micros(last.Start()), Code: last.Code,
		}.String()
	}
	return page, nil
}

// ETag changes with every change of any meeting, with every registration, and
// when a meeting has ended: it stands for all pages of List. Versions only
// grow, and meetings are never removed.
func (m *Meetings) ETag(ctx context.Context) (string, error) {
	var count, versions, over int64
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(version), 0),
			COALESCE(SUM(CASE WHEN end_at < $1 THEN 1 ELSE 0 END), 0) FROM meetings`, store.Micros(m.Now())).
			Scan(&count, &versions, &over)
	})
	if err != nil {
		return "", fmt.Errorf("meetings: etag: %w", err)
	}
	return fmt.Sprintf(`"m%d-%d-%d"`, count, versions, over), nil
}

// addPage fills a page up to one more than it holds, which says that more follow.
func addPage(ctx context.Context, tx *store.Tx, page *api.Meetings, where string, now, start int64, code string) error {
	rows, err := tx.Query(ctx, `SELECT `+meetingColumns+` FROM meetings `+where,
		now, start, code, meetingsPage+1-len(page.Meetings))
	if err != nil {
		return fmt.Errorf("meetings: list: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanMeeting(rows)
		if err != nil {
			return fmt.Errorf("meetings: list: %w", err)
		}
		page.Meetings = append(page.Meetings, r.Meeting)
	}
	return rows.Err()
}

// Own gives all registrations of a person, newest first.
func (m *Meetings) Own(ctx context.Context, accountID string) ([]api.Registration, error) {
	own := []api.Registration{}
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := queryRegistrations(ctx, tx,
			`WHERE r.account_id = $1 ORDER BY r.created_at DESC, r.number`, accountID)
		own = own[:0]
		for _, r := range list {
			own = append(own, r.forOwner())
		}
		return err
	})
	return own, err
}

// Of gives a page of a meeting's registrations in the order in which they came,
// for meeting managers. after is api.Registrations.Next of the page before. It
// refuses with api.CodeNotFound or api.CodeInvalid.
func (m *Meetings) Of(ctx context.Context, code, after string) (api.Registrations, error) {
	var line int64
	if after != "" {
		if _, err := fmt.Sscanf(after, "%d", &line); err != nil {
			return api.Registrations{}, invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
		}
	}
	var page api.Registrations
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := readMeeting(ctx, tx, code); err != nil {
			return err
		}
		list, err := queryRegistrations(ctx, tx, `WHERE r.meeting = $1 AND r.place_in_line > $2
			ORDER BY r.place_in_line LIMIT $3`, code, line, registrationsPage+1)
		if err != nil {
			return err
		}
		page = api.Registrations{Registrations: []api.Registration{}}
		for i, r := range list {
			if i == registrationsPage {
				page.Next = fmt.Sprint(list[i-1].line)
				break
			}
			page.Registrations = append(page.Registrations, r.Registration)
		}
		return nil
	})
	return page, err
}

// Undecided gives the registrations of all meetings that wait for a decision,
// oldest first, at most 200.
func (m *Meetings) Undecided(ctx context.Context) ([]api.Registration, error) {
	undecided := []api.Registration{}
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := queryRegistrations(ctx, tx, `WHERE r.state = $1 OR r.state = $2
			ORDER BY r.created_at, r.place_in_line, r.number LIMIT $3`, api.WaitingFocalPoint, api.WaitingSecretariat, registrationsPage)
		undecided = undecided[:0]
		for _, r := range list {
			undecided = append(undecided, r.Registration)
		}
		return err
	})
	return undecided, err
}

// Registration gives one registration as staff sees it, or refuses with
// api.CodeNotFound.
func (m *Meetings) Registration(ctx context.Context, number string) (api.Registration, error) {
	var seen api.Registration
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := readRegistration(ctx, tx, number)
		if err != nil {
			return err
		}
		err = r.readHistory(ctx, tx)
		seen = r.Registration
		return err
	})
	return seen, err
}
