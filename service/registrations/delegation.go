package registrations

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/cursor"
	"plenary/service/delegations"
	"plenary/service/mail"
	"plenary/service/store"
)

// delegationKeeps is how long after a meeting its registrations stay in a delegation's list.
const delegationKeeps = 30 * 24 * time.Hour

// ofOrganization chooses the registrations of an organization ($1) for meetings that have
// ended after $2.
const ofOrganization = `WHERE r.organization_id = $1 AND m.end_at > $2`

// Delegation gives a page of the registrations of the organization for which who asks is
// appointed, newest first. after is api.Delegation.Next of the page before.
//
// Errors: api.CodeNotFound for who is not appointed; api.CodeInvalid.
func (rs *Registrations) Delegation(ctx context.Context, who caller.Caller, after string) (page api.Delegation, err error) {
	c, err := readOwnCursor(after)
	if err != nil {
		return page, err
	}
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		mine := delegations.Of(tx, who.AccountID)
		if mine.Kind == "" {
			return api.Refuse(api.CodeNotFound)
		}
		page = api.Delegation{Kind: mine.Kind, Organization: who.Account.Organization, Registrations: []api.Delegate{}}
		found, err := queryRegistrations(tx, ofOrganization+` AND (r.created_at < $3 OR (r.created_at = $3 AND r.number > $4))
			ORDER BY r.created_at DESC, r.number LIMIT $5`,
			mine.OrganizationID, rs.keptSince(), c.Created, c.Number, registrationsPage+1)
		if err != nil {
			return err
		}
		if len(found) > registrationsPage {
			found = found[:registrationsPage]
			last := found[registrationsPage-1]
			page.Next = cursor.Write(ownCursor{Created: store.Micros(last.created), Number: last.Number})
		}
		confirmed := confirmedOf(tx, mine.OrganizationID)
		files, err := queryFiles(tx, ` JOIN registrations r ON r.number = f.registration JOIN meetings m ON m.code = r.meeting `+
			ofOrganization+` ORDER BY f.created_at, f.id`, mine.OrganizationID, rs.keptSince())
		if err != nil {
			return err
		}
		filesOf := map[string][]api.File{}
		for _, f := range files {
			filesOf[f.Registration] = append(filesOf[f.Registration], f)
		}
		for _, r := range found {
			d := r.forDelegation()
			d.Files = filesOf[r.Number]
			d.Own, d.Confirmed = r.accountID == who.AccountID, confirmed[r.accountID]
			d.May = rs.mayDo(tx, r, who, mine)
			page.Registrations = append(page.Registrations, d)
		}
		return rs.answeredTo(tx, page.Registrations)
	})
	return page, err
}

func (rs *Registrations) keptSince() int64 { return store.Micros(rs.Now().Add(-delegationKeeps)) }

// confirmedOf are the accounts that were confirmed to be of an organization.
func confirmedOf(tx *store.Tx, organizationID string) map[string]bool {
	confirmed := map[string]bool{}
	for scan := range tx.Each(`SELECT c.account_id FROM confirmed_organizations c
		JOIN accounts a ON a.id = c.account_id AND a.organization_id = c.organization_id
		WHERE a.organization_id = $1`, organizationID) {
		var id string
		scan(&id)
		confirmed[id] = true
	}
	return confirmed
}

// forDelegation is what those see who are appointed for the organization.
func (r *registration) forDelegation() api.Delegate {
	return api.Delegate{
		Number: r.Number, Meeting: r.Meeting, State: r.State, Person: r.Person, Email: r.email, Participation: r.Participation,
		BadgeName: r.BadgeName, JobTitle: r.JobTitle, Companions: r.Companions, Sent: r.created, Account: r.accountID != "",
		Visa: r.Visa, History: withoutChanges(r.History), Version: r.Version,
	}
}

// mayDo are the acts that the rules have for somebody on a registration. Whether the
// meeting is over is judged when one is carried out.
func (rs *Registrations) mayDo(tx *store.Tx, r *registration, who caller.Caller, mine delegations.Appointment) (may []string) {
	actors, err := rs.actorsFor(tx, r.Meeting, r, who.AccountID, who.Roles, mine)
	if err != nil {
		return nil
	}
	for _, act := range []struct {
		event rules.RegistrationEvent
		name  string
	}{{rules.EventApprove, api.MayApprove}, {rules.EventRefuse, api.MayRefuse}, {rules.EventWithdraw, api.MayWithdraw}} {
		for _, actor := range actors {
			if _, err := rules.StepOf(r.State, act.event, actor); err == nil {
				may = append(may, act.name)
				break
			}
		}
	}
	return may
}

// DelegationETag changes with every change of what Delegation gives, on whatever page.
// Error: api.CodeNotFound for who is not appointed.
func (rs *Registrations) DelegationETag(ctx context.Context, who caller.Caller) (string, error) {
	sum := sha256.New()
	err := rs.DB.View(ctx, func(tx *store.Tx) error {
		sum.Reset()
		mine := delegations.Of(tx, who.AccountID)
		if mine.Kind == "" {
			return api.Refuse(api.CodeNotFound)
		}
		fmt.Fprintf(sum, "%s %s %s %v\n", mine.Kind, mine.OrganizationID, who.Account.Organization.Name, who.Roles)
		for scan := range tx.Each(`SELECT r.number, r.version, r.state, c.account_id IS NOT NULL, f.kind IS NOT NULL, `+store.Epoch+registrationTables+
			`LEFT JOIN confirmed_organizations c ON c.account_id = r.account_id AND c.organization_id = r.organization_id
			LEFT JOIN focal_points f ON f.account_id = r.account_id AND f.organization_id = r.organization_id `+
			ofOrganization+` ORDER BY r.number`, mine.OrganizationID, rs.keptSince()) {
			var number, state, epoch string
			var version int64
			var confirmed, appointed bool
			scan(&number, &version, &state, &confirmed, &appointed, &epoch)
			fmt.Fprintf(sum, "%s %d %s %v %v %s\n", number, version, state, confirmed, appointed, epoch)
		}
		return nil
	})
	return `"d` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]) + `"`, err
}

// handOverEvery is how long a registration waits for a focal point who is gone.
const handOverEvery = time.Minute

// waitsForNobody finds registrations that wait for a focal point where the organization
// has none, or only the one who is registered. The states stand in the text, so that the
// index of the undecided is used.
const waitsForNobody = `SELECT r.number, r.meeting FROM registrations r JOIN meetings m ON m.code = r.meeting AND m.end_at > $1
	WHERE r.state IN ('` + api.WaitingFocalPoint + `', '` + api.WaitingSecretariat + `') AND r.state = '` + api.WaitingFocalPoint + `'
		AND NOT EXISTS (SELECT 1 FROM focal_points f JOIN accounts a ON a.id = f.account_id AND a.organization_id = f.organization_id
			WHERE f.organization_id = r.organization_id AND f.kind = '` + api.FocalPoint + `' AND f.account_id <> r.account_id)
	ORDER BY r.meeting, r.number`

// HandOver gives the registrations whose focal point is gone to the secretariat. Those for
// meetings that are over stay as they are.
func (rs *Registrations) HandOver(ctx context.Context) error {
	var waiting []named
	err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		waiting = nil
		for scan := range tx.Each(waitsForNobody, store.Micros(rs.Now())) {
			var of named
			scan(&of.number, &of.meeting)
			waiting = append(waiting, of)
		}
		return nil
	})
	for _, of := range waiting {
		if err == nil {
			err = rs.handOver(ctx, of)
		}
	}
	if err != nil {
		return fmt.Errorf("registrations: hand over to the secretariat: %w", err)
	}
	return nil
}

func (rs *Registrations) handOver(ctx context.Context, of named) error {
	// READ COMMITTED: the meeting is locked before the registration is read.
	return rs.DB.UpdateCommitted(store.InLine(ctx, "meeting "+of.meeting), func(tx *store.Tx) error {
		r, meeting, err := rs.lockRegistration(tx, of)
		if err != nil {
			return err
		}
		if r.State != api.WaitingFocalPoint || !rs.waitsForNobody(tx, r) {
			return nil // meanwhile
		}
		if err := rs.take(tx, meeting, r, act{event: rules.EventHandToSecretary, by: rules.ActorService}); err != nil {
			return err
		}
		meeting.Save(tx)
		return nil
	})
}

// waitsForNobody tells whether no focal point can decide on a registration.
func (rs *Registrations) waitsForNobody(tx *store.Tx, r *registration) bool {
	return delegations.SpeakerFor(tx, r.accountID, r.organizationID) != rules.HasFocalPoint
}

// Reminders: how often is looked whether somebody is to be told, and for how long nobody
// is told again.
const (
	remindLook  = 10 * time.Minute
	remindAgain = 24 * time.Hour
)

// RemindDelegations tells those who are appointed for an organization that registrations
// wait for them: each at most once a day.
func (rs *Registrations) RemindDelegations(ctx context.Context) error {
	type reminder struct {
		account, organization string
		waiting               int
	}
	var due []reminder
	now := rs.Now()
	err := rs.DB.View(ctx, func(tx *store.Tx) error {
		due = nil
		for scan := range tx.Each(`SELECT f.account_id, f.organization_id, COUNT(*) FROM registrations r
			JOIN focal_points f ON f.organization_id = r.organization_id AND f.account_id <> r.account_id
			JOIN accounts a ON a.id = f.account_id AND a.organization_id = f.organization_id
			JOIN meetings m ON m.code = r.meeting
			WHERE r.state IN ('`+api.WaitingFocalPoint+`', '`+api.WaitingSecretariat+`') AND r.state = '`+api.WaitingFocalPoint+`' AND m.end_at > $1
				AND NOT EXISTS (SELECT 1 FROM delegation_reminders d WHERE d.account_id = f.account_id AND d.told_at > $2)
			GROUP BY f.account_id, f.organization_id ORDER BY f.account_id`, store.Micros(now), store.Micros(now.Add(-remindAgain))) {
			var d reminder
			scan(&d.account, &d.organization, &d.waiting)
			due = append(due, d)
		}
		return nil
	})
	for _, d := range due {
		if err == nil {
			err = rs.remind(ctx, d.account, d.organization, d.waiting)
		}
	}
	if err != nil {
		return fmt.Errorf("registrations: remind delegations: %w", err)
	}
	return nil
}

func (rs *Registrations) remind(ctx context.Context, accountID, organizationID string, waiting int) error {
	// READ COMMITTED: the account is held before it is read.
	return rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if !tx.HoldOwner(accountID) || !delegations.Of(tx, accountID).For(organizationID) {
			return nil // meanwhile
		}
		who, err := rs.Profile(tx, accountID)
		if err != nil {
			return err
		}
		tx.Do(`INSERT INTO delegation_reminders (account_id, told_at) VALUES ($1, $2)
			ON CONFLICT (account_id) DO UPDATE SET told_at = excluded.told_at`, accountID, store.Micros(rs.Now()))
		rs.Outbox.Queue(tx, mail.Message{
			To: who.Email, Language: who.Language, Template: mail.DelegationWaiting, Subject: accountID,
			Params: map[string]string{
				"Name": nameOf(who), "Username": who.Username, "For": who.Organization.Name, "Waiting": strconv.Itoa(waiting),
			},
		})
		return nil
	})
}
