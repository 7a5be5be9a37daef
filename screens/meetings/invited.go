package meetings

import (
	"context"
	"reflect"
	"strings"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Invite has the person register by a personal invitation.
func (r *Register) Invite(token string) {
	if r.draft.Stopped() {
		return
	}
	r.invitation = token
	r.draft.Keep()
	r.askInvitation()
}

// askInvitation asks what the invitation is worth, and says it. The service judges in the
// end, when the registration comes.
func (r *Register) askInvitation() {
	token := r.invitation
	r.unasked = false
	if token == "" {
		r.invited.Clear()
		return
	}
	var found api.InvitationFound
	var err error
	r.env.Run.Run(r.ctx, func(ctx context.Context) { found, err = r.mine.Invitation(ctx, token) }, func() {
		if r.invitation == token {
			r.sayInvitation(found, err)
		}
	})
}

func (r *Register) sayInvitation(found api.InvitationFound, err error) {
	t := r.env.T
	say := func(tone parts.Tone, words ...string) {
		r.invited.Say(parts.Notice{
			Tone: tone, Words: []parts.Span{{Text: strings.Join(words, " ")}},
			Action: t("register.invited.without"), Act: r.dropInvitation, Closes: true,
		})
	}
	switch {
	case api.HasCode(err, api.CodeNotFound), err == nil && found.Meeting != r.meeting.Code:
		say(parts.Warning, t("register.invited.gone"))
	case err != nil:
		r.unasked = true
		say(parts.Info, t("register.invited.later"))
	case found.State == api.InvitationUsed:
		say(parts.Warning, t("register.invited.used"))
	case found.State != api.InvitationSent:
		say(parts.Warning, t("register.invited.over", map[string]any{"Until": r.env.Words.DateTime(found.Until.In(kit.Zone(r.meeting.Zone)))}))
	case !found.Mine:
		say(parts.Warning, t("register.invited.other"))
	default:
		words := []string{t("register.invited.until", map[string]any{"Until": r.env.Words.DateTime(found.Until.In(kit.Zone(r.meeting.Zone)))})}
		if found.PassesWindow {
			words = append(words, t("register.invited.window"))
		}
		if found.PassesApproval {
			words = append(words, t("register.invited.approval"))
		}
		say(parts.Info, words...)
	}
}

// dropInvitation has the person register as everybody. Where nothing was typed there is no
// draft any more.
func (r *Register) dropInvitation() {
	r.invitation, r.unasked = "", false
	if reflect.DeepEqual(r.form.Entered(), r.untyped) {
		r.forgetInvited()
	} else {
		r.draft.Keep()
	}
	parts.Focus(r.form.First())
}

// forgetInvited deletes the draft that was there for the invitation alone.
func (r *Register) forgetInvited() {
	r.draft.Begin(false)
	r.draft.Stop()
	r.draft.Then(func() {
		r.env.Commit(r.ctx, r.busy, "", r.keeping.forget, func(err error) {
			r.draft.Resume()
			if err != nil {
				r.bar.Say(r.env.Problem(err))
				return
			}
			r.drafted = false
			r.showForget()
			r.foot.SetText("")
			r.draft.Keep() // what was typed meanwhile
		})
	})
}
