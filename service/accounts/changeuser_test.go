package accounts

import (
	"cmp"

	"plenary/api"
	"plenary/service/caller"
)

// changeUser makes a change to a user, for the reason why if it needs one and has none.
func (w *world) changeUser(p caller.Caller, id string, in api.ChangeUser) (api.Outcome, error) {
	w.t.Helper()
	if in.Kind != api.KindRemoveResetAddress {
		in.Reason = cmp.Or(in.Reason, why)
	}
	if in.Kind == api.KindRoles || in.Kind == api.KindCorrectProfile {
		in.Version = cmp.Or(in.Version, w.versionOf(id))
	}
	return w.ChangeUser(w.t.Context(), p, id, in)
}

// versionOf is the version of a user as staff reads it; of nobody some other.
func (w *world) versionOf(id string) string {
	u, _ := w.User(w.t.Context(), caller.Caller{}, id)
	return cmp.Or(u.Version, "none")
}

// changeProfile changes the profile of an account, as somebody who has just read it.
func (w *world) changeProfile(p caller.Caller, in api.ChangeProfile) (api.Account, error) {
	in.Version = w.mustAccount(p).Version
	return w.ChangeProfile(w.t.Context(), p, in)
}

// staffDoes is a change of a kind that takes nothing but a reason.
func (w *world) staffDoes(p caller.Caller, id, kind string) error {
	w.t.Helper()
	_, err := w.changeUser(p, id, api.ChangeUser{Kind: kind})
	return err
}

func (w *world) setAddress(p caller.Caller, id, email string) (api.Outcome, error) {
	w.t.Helper()
	return w.changeUser(p, id, api.ChangeUser{Kind: api.KindResetAddress, Email: email})
}

// setRoles gives a user the roles, and participant, and no others.
func (w *world) setRoles(p caller.Caller, id string, roles ...string) (api.Outcome, error) {
	w.t.Helper()
	return w.changeUser(p, id, api.ChangeUser{Kind: api.KindRoles, Roles: append([]string{api.RoleParticipant}, roles...)})
}
