package staff

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/words"
)

// A kind is whole by its entry in the table: what it notes is an event, and one that
// can wait for a second administrator has a name in the e-mail that announces it.
func TestUserChanges_areWhole(t *testing.T) {
	for kind, c := range userChanges {
		if !slices.Contains(audit.Events, c.event) {
			t.Errorf("%s: no event %q", kind, c.event)
		}
		if c.do == nil {
			t.Errorf("%s does nothing", kind)
		}
		if c.ofSignUp && c.second != nil {
			t.Errorf("%s: a sign-up has no roles", kind)
		}
		if c.second != nil && !words.ForLetters("en").Has("mail.approval."+kind) {
			t.Errorf("%s has no name for administrators", kind)
		}
	}
}

// Only kinds of the table are done, with what they take and nothing else.
func TestReadChange_refuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   api.ChangeUser
		want string // pointer
	}{
		"no kind":                      {api.ChangeUser{Reason: "because"}, "/kind"},
		"another kind":                 {api.ChangeUser{Kind: "delete", Reason: "because"}, "/kind"},
		"a kind in other letters":      {api.ChangeUser{Kind: "Activate", Reason: "because"}, "/kind"},
		"no reason":                    {api.ChangeUser{Kind: api.KindActivate}, "/reason"},
		"no address":                   {api.ChangeUser{Kind: api.KindResetAddress, Reason: "because"}, "/email"},
		"an address that is not taken": {api.ChangeUser{Kind: api.KindActivate, Reason: "because", Email: "area@example.org"}, "/email"},
		"roles that are not taken": {
			api.ChangeUser{Kind: api.KindDeactivate, Reason: "because", Roles: []string{api.RoleParticipant}}, "/roles",
		},
		"an unknown role": {api.ChangeUser{Kind: api.KindRoles, Reason: "because", Roles: []string{api.RoleMeetingManager, "king"}}, "/roles/1"},
	} {
		_, err := readChange(c.in)
		if p, ok := err.(*api.Problem); !ok || p.Code != api.CodeInvalid || len(p.Errors) != 1 || p.Errors[0].Pointer != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
