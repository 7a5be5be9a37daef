package meetings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/joining"
	"plenary/service/store"
)

// Definition is a meeting as its manager describes it: what participants may
// know, and where remote ones go. Taken, Revision and Version are not read.
type Definition struct {
	api.Meeting
	Private
}

// Private is what is not everybody's to know of a meeting.
type Private struct {
	// Platform is the remote platform's address, told to confirmed remote
	// participants only.
	Platform string `json:"platform,omitempty"`
	// Token is how the platform takes join tokens; nil where it gets its plain address.
	Token *joining.Setting `json:"token,omitempty"`
}

// statusPublished is the status of a meeting that everybody sees.
const statusPublished = "published"

var meetingCode = regexp.MustCompile(`^C-[0-9]{8}$`)

// Check lists everything that is wrong with a description, in words for whoever
// wrote it; none means that it can be taken in.
func (d *Definition) Check() []string {
	var wrong []string
	say := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	say(!meetingCode.MatchString(d.Code), "code %q is not of the form C-00016105", d.Code)
	say(d.Title["en"] == "", "title has no English text (en)")
	_, err := time.LoadLocation(d.Zone)
	say(d.Zone == "" || d.Zone == "Local" || err != nil, "zone %q is not a time zone such as Europe/Zurich", d.Zone)
	say(len(d.Sessions) == 0, "sessions: there must be at least one")
	for i, s := range d.Sessions {
		say(!s.End.After(s.Start), "session %d ends before it starts", i+1)
		say(i > 0 && s.Start.Before(d.Sessions[i-1].Start), "session %d starts before the one before it", i+1)
	}
	say(!d.RegistrationUntil.After(d.RegistrationFrom), "registration_until is not after registration_from")
	say(d.Capacity < 0, "capacity is negative")
	say(len(d.Participation) == 0, "participation must name onsite, remote or both")
	for _, p := range d.Participation {
		say(p != api.OnSite && p != api.Remote, "participation %q is neither onsite nor remote", p)
	}
	say(slices.Contains(d.Participation, api.Remote) && !isWebAddress(d.Platform),
		"platform must be the https address for remote participants")
	if d.Token != nil {
		if is := d.Token.Check(); is != "" {
			wrong = append(wrong, is)
		}
	}
	for _, ms := range d.Memberships {
		say(!rules.Membership(ms).Real(), "membership %q is not a membership type", ms)
	}
	say(d.Approval != api.ApprovalNone && d.Approval != api.ApprovalFocalPoint && d.Approval != api.ApprovalSecretariat,
		"approval %q is none of none, focal-point, secretariat", d.Approval)
	// Who somebody is of, they say themselves, and nobody has looked at it: so it can
	// keep people out, but not let them in.
	say(d.Approval == api.ApprovalNone && len(d.Memberships) > 0,
		"memberships need an approval (focal-point or secretariat): people choose their organization, and with it their membership, themselves")
	say(d.Companions < 0 || d.Companions > 20, "companions must be between 0 and 20")
	if err := rules.CheckForm(&d.Form); err != nil {
		wrong = append(wrong, err.Error())
	}
	_, err = rules.ParseEmail(d.Contact)
	say(err != nil, "contact is not an e-mail address")
	for i, doc := range d.Documents {
		say(doc.Title["en"] == "", "document %d has no English title (en)", i+1)
		say(!isWebAddress(doc.URL), "document %d has no web address", i+1)
	}
	return wrong
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// Report says what became of one row of an import.
type Report struct {
	Code    string
	Outcome string   // "added", "changed", "unchanged", "refused"
	Wrong   []string // why it was refused
}

// Import takes meetings in, new and changed ones, each in a transaction of its
// own, and reports on each. A row that is wrong stops no other. Where more
// people can come than before, the waiting list moves up.
func (m *Meetings) Import(ctx context.Context, definitions []Definition) ([]Report, error) {
	reports := make([]Report, len(definitions))
	for i := range definitions {
		d := &definitions[i]
		reports[i] = Report{Code: d.Code, Outcome: "refused", Wrong: d.Check()}
		if len(reports[i].Wrong) > 0 {
			continue
		}
		// READ COMMITTED: the meeting is added, or locked before it is read.
		err := m.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
			reports[i].Outcome, err = m.put(tx, d)
			return err
		})
		if err != nil {
			return reports[:i], err
		}
	}
	return reports, nil
}

// put writes one meeting and says whether that was news.
func (m *Meetings) put(tx *store.Tx, d *Definition) (string, error) {
	described := d.Meeting
	described.Taken, described.Revision, described.Version = 0, 0, 0
	// In microseconds UTC, as all times of the contract are.
	kept := func(t time.Time) time.Time { return store.Time(store.Micros(t)) }
	described.RegistrationFrom, described.RegistrationUntil = kept(d.RegistrationFrom), kept(d.RegistrationUntil)
	described.Sessions = slices.Clone(d.Sessions)
	for i, session := range d.Sessions {
		described.Sessions[i].Start, described.Sessions[i].End = kept(session.Start), kept(session.End)
	}
	if described.Description == nil {
		described.Description = api.Text{}
	}
	if described.Form.Sections == nil {
		described.Form.Sections = []api.FormSection{} // in JSON a list, not null
	}
	document, err := json.Marshal(described)
	private, errPrivate := json.Marshal(d.Private)
	if err = errors.Join(err, errPrivate); err != nil {
		return "", fmt.Errorf("meetings: write description: %w", err)
	}
	start, end := store.Micros(d.Start()), store.Micros(latestEnd(d.Sessions))
	if tx.Do(`INSERT INTO meetings (code, status, document, private, start_at, end_at, edition, revision, changed)
		VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0) ON CONFLICT (code) DO NOTHING`,
		d.Code, statusPublished, string(document), string(private), start, end) == 1 {
		tx.Do(`INSERT INTO meeting_counts (meeting, edition, taken, waiting, version) VALUES ($1, 1, 0, 0, 1)`, d.Code)
		numberChange(tx, d.Code)
		return "added", nil
	}
	before, err := m.Lock(tx, d.Code)
	if err != nil {
		return "", err
	}
	if tx.Do(`UPDATE meetings SET document = $1, private = $2, start_at = $3, end_at = $4, edition = edition + 1
		WHERE code = $5 AND (document <> $1 OR private <> $2)`, string(document), string(private), start, end, d.Code) == 0 {
		return "unchanged", nil
	}
	meeting := &Row{Meeting: described, Private: d.Private, Edition: before.Edition + 1, Waiting: before.Waiting}
	meeting.Taken, meeting.Version = before.Taken, before.Version+1
	meeting.Revision = before.Revision
	if !sameInCalendars(before, meeting) {
		meeting.Revision++
		tx.Do(`UPDATE meetings SET revision = $1 WHERE code = $2`, meeting.Revision, d.Code)
	}
	numberChange(tx, d.Code)
	tx.Do(`UPDATE meeting_counts SET edition = edition + 1 WHERE meeting = $1`, d.Code)
	if err := m.Changed(tx, meeting); err != nil {
		return "", err
	}
	meeting.Save(tx)
	return "changed", nil
}

// numberChange gives a change of a description the next number among the changes of all
// meetings. Whoever changes another one waits until the transaction ends, so that no
// number is seen before a lower one.
func numberChange(tx *store.Tx, code string) {
	tx.Do(`INSERT INTO settings (name, value) VALUES ('meetings-changed', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT)`)
	tx.Do(`UPDATE meetings SET changed = (SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'meetings-changed')
		WHERE code = $1`, code)
}

// sameInCalendars tells whether a calendar shows nothing of a change.
func sameInCalendars(a, b *Row) bool {
	shown := func(r *Row) []any { return []any{r.Title, r.Sessions, r.Zone, r.Place, r.Platform} }
	return reflect.DeepEqual(shown(a), shown(b))
}

func latestEnd(sessions []api.MeetingSession) time.Time {
	end := sessions[0].End
	for _, s := range sessions {
		if s.End.After(end) {
			end = s.End
		}
	}
	return end
}
