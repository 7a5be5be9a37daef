package admin

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// registrationStates are those of a registration at the service.
var registrationStates = kit.Tagged{
	{api.Confirmed, parts.Success},
	{api.WaitingFocalPoint, parts.Warning},
	{api.WaitingSecretariat, parts.Warning},
	{api.WaitingList, parts.Warning},
	{api.Offered, parts.Warning},
	{api.Refused, parts.Bad},
	{api.Withdrawn, parts.Info},
}

// registrations are those of the user: which meeting, when, and what became of each.
func (d *userDetail) registrations() fyne.CanvasObject {
	t := d.screen.env.T
	if len(d.registered.Registrations) == 0 {
		return parts.Muted(t("users.registrations.none"))
	}
	rows := parts.Stack(parts.Gap12)
	for i := range d.registered.Registrations {
		rows.Add(d.registration(&d.registered.Registrations[i]))
	}
	if d.registered.Next != "" {
		rows.Add(parts.Inline(parts.Gap8, parts.NewButton("users.registrations.more", t("staff.more"), parts.Outlined, d.moreRegistrations)))
	}
	return rows
}

func (d *userDetail) registration(r *api.UserRegistration) fyne.CanvasObject {
	env := d.screen.env
	zone := kit.Zone(r.Zone)
	line := strings.Join([]string{
		r.Meeting, env.Words.DateRange(r.Start.In(zone), r.End.In(zone)), env.T("register.participation." + r.Participation), r.Number,
	}, " · ")
	text, tone := registrationStates.Tag(env, "users.registration.", r.State)
	return parts.Ends(
		parts.Stack(0, parts.Body(r.Title.In(env.Words.Lang())), parts.Small(line).Selectable()),
		parts.NewTag(text, tone).WithID(parts.ID("users.registration."+r.Number)))
}

// moreRegistrations asks for the next page of them.
func (d *userDetail) moreRegistrations() {
	env, id, after := d.screen.env, d.summary.ID, d.registered.Next
	if d.asksMore {
		return
	}
	d.asksMore = true
	var page api.UserRegistrations
	env.Do(d.ctx, d.screen.busy, env.T("users.detail.loading"), func(ctx context.Context) (err error) {
		page, err = d.screen.service.UserRegistrations(ctx, id, after)
		return err
	}, func(err error) {
		d.asksMore = false
		if err != nil {
			d.screen.bar.Say(env.Problem(err))
			return
		}
		d.registered.Registrations = append(d.registered.Registrations, page.Registrations...)
		d.registered.Next = page.Next
		if d.form == nil {
			d.show()
		}
	})
}
