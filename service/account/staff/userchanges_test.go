package staff

import (
	"errors"
	"reflect"
	"slices"
	"strings"
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
		if c.summary == "" {
			t.Errorf("%s: the contract says nothing of it", kind)
		}
		needsSecond := c.second.needed != nil
		if needsSecond != (c.second.when != "") {
			t.Errorf("%s: the contract says of a second administrator %q", kind, c.second.when)
		}
		if needsSecond && c.ofSignUp {
			t.Errorf("%s: a sign-up has no roles", kind)
		}
		if needsSecond && !words.ForLetters("en").Has("mail.approval."+kind) {
			t.Errorf("%s has no name for administrators", kind)
		}
	}
}

// The contract names the kinds of the table, and which of them can wait for a second
// administrator.
func TestUserChanges_areThoseOfTheContract(t *testing.T) {
	var kinds, second []string
	for kind, c := range userChanges {
		kinds = append(kinds, kind)
		if c.second.needed != nil {
			second = append(second, kind)
		}
	}
	for _, c := range []struct {
		of   reflect.Type
		want []string
	}{
		{reflect.TypeFor[api.ChangeUser](), kinds},
		{reflect.TypeFor[api.Approval](), second},
	} {
		field, _ := c.of.FieldByName("Kind")
		got := strings.Split(field.Tag.Get("enum"), ",")
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the contract has %q, the table %q", c.of, got, c.want)
		}
	}
}

// Only kinds of the table are done, with what they take and nothing else.
func TestReadChange_takesWhatItsKindTakesAndNothingElse(t *testing.T) {
	for _, in := range []api.ChangeUser{{Reason: "because"}, {Kind: "delete", Reason: "because"}, {Kind: "Activate", Reason: "because"}} {
		wantFields(t, in, api.FieldError{Pointer: "/kind", Code: api.FieldUnknown})
	}
	fields := map[string]func(in *api.ChangeUser){
		"reason":  func(in *api.ChangeUser) { in.Reason = "because" },
		"email":   func(in *api.ChangeUser) { in.Email = "area@example.org" },
		"profile": func(in *api.ChangeUser) { in.Profile = &api.CorrectProfile{FamilyName: "Area"} },
		"version": func(in *api.ChangeUser) { in.Version = "1" },
		"roles":   func(in *api.ChangeUser) { in.Roles = []string{api.RoleMeetingManager} },
	}
	for _, k := range UserKinds() {
		for field, change := range fields {
			in := api.ChangeUser{Kind: k.Name}
			for name, set := range fields {
				if slices.Contains(k.Takes, name) && name != field {
					set(&in)
				}
			}
			if slices.Contains(k.Takes, field) {
				wantFields(t, in, api.FieldError{Pointer: "/" + field, Code: api.FieldRequired})
				change(&in)
				wantFields(t, in)
				continue
			}
			wantFields(t, in)
			change(&in)
			wantFields(t, in, api.FieldError{Pointer: "/" + field, Code: api.FieldUnknown})
		}
	}
	for _, c := range []struct {
		in   api.ChangeUser
		want api.FieldError
	}{
		{api.ChangeUser{Kind: api.KindActivate, Reason: " a\n "}, api.FieldError{Pointer: "/reason", Code: api.FieldTooShort}},
		{api.ChangeUser{Kind: api.KindResetAddress, Reason: "because", Email: "area"}, api.FieldError{Pointer: "/email", Code: api.FieldInvalid}},
		{
			api.ChangeUser{Kind: api.KindRoles, Reason: "because", Roles: []string{api.RoleMeetingManager, "king"}},
			api.FieldError{Pointer: "/roles/1", Code: api.FieldUnknown},
		},
		{
			api.ChangeUser{Kind: api.KindCorrectProfile, Reason: "because", Profile: &api.CorrectProfile{FirstName: " "}},
			api.FieldError{Pointer: "/profile/family_name", Code: api.FieldRequired},
		},
	} {
		wantFields(t, c.in, c.want)
	}
}

// wantFields checks what is wrong with a change.
func wantFields(t *testing.T, in api.ChangeUser, want ...api.FieldError) {
	t.Helper()
	var got []api.FieldError
	_, err := new(Staff).readChange(in)
	if p, ok := errors.AsType[*api.Problem](err); ok && p.Code == api.CodeInvalid {
		got = p.Errors
	} else if err != nil {
		t.Errorf("%+v: %v", in, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v: %+v, want %+v", in, got, want)
	}
}
