package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/store"
)

// kind is what administrators can do with the e-mails of a template.
type kind struct {
	template string
	// optional ones can be switched off. All others are needed: without them
	// people get into no account, or are not told what happened to theirs.
	optional bool
	// anew: what the e-mail says can be made again from what it is about, and is
	// as true as it was.
	anew bool
}

// kinds are the e-mails that go out by themselves, in the order in which they
// are shown.
var kinds = []kind{
	{template: Activate, anew: true},
	{template: AlreadyRegistered, anew: true},
	{template: Active, optional: true, anew: true},
	{template: Reset, anew: true},
	{template: ResetWaiting, anew: true},
	{template: PasswordChanged, anew: true},
	{template: NewDevice},
	{template: Locked, anew: true},
	{template: EmailCode},
	{template: EmailChangeAsked},
	{template: EmailChanged},
	{template: UsernameChanged, anew: true},
	{template: QuestionSet, anew: true},
	{template: QuestionUsed, anew: true},
	{template: QuestionRemoved, anew: true},
	{template: SecondFactorOn, anew: true},
	{template: SecondFactorOff, anew: true},
	{template: RecoveryCodeUsed},
	{template: Deactivated, anew: true},
	{template: Reactivated, anew: true},
	{template: RolesChanged},
	{template: ResetAddressSet},
	{template: ResetAddressReady},
	{template: DeletionAsked},
	{template: Deleted},
	{template: RegistrationReceived, optional: true, anew: true},
	{template: RegistrationConfirmed, optional: true, anew: true},
	{template: RegistrationRefused, optional: true, anew: true},
	{template: RegistrationWaitingList, optional: true, anew: true},
	{template: RegistrationWithdrawn, optional: true, anew: true},
}

func kindOf(template string) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.template == template })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

// switchesRow is a JSON list of the templates that are switched off.
const switchesRow = "mail-switched-off"

func switchedOff(ctx context.Context, tx *store.Tx) (off []string, err error) {
	text, err := tx.Setting(ctx, switchesRow)
	if err != nil || text == "" {
		return nil, err
	}
	if err := json.Unmarshal([]byte(text), &off); err != nil {
		return nil, fmt.Errorf("mail: read which e-mails go out: %w", err)
	}
	return off, nil
}

// switchedOn is the one place that decides whether e-mails of a template go out.
func switchedOn(ctx context.Context, tx *store.Tx, template string) (bool, error) {
	if k, _ := kindOf(template); !k.optional {
		return true, nil
	}
	off, err := switchedOff(ctx, tx)
	return !slices.Contains(off, template), err
}

// turn switches a template on or off. It refuses with api.CodeNotFound what is
// no template, and with api.CodeWrongState to switch off what is needed.
func turn(ctx context.Context, tx *store.Tx, template string, on bool) (changed bool, err error) {
	k, ok := kindOf(template)
	if !ok {
		return false, &api.Problem{Code: api.CodeNotFound}
	}
	if !on && !k.optional {
		return false, &api.Problem{Code: api.CodeWrongState}
	}
	off, err := switchedOff(ctx, tx)
	if err != nil || slices.Contains(off, template) != on {
		return false, err
	}
	if on {
		off = slices.DeleteFunc(off, func(t string) bool { return t == template })
	} else {
		off = append(off, template)
	}
	text, err := json.Marshal(off)
	if err != nil {
		return false, fmt.Errorf("mail: write which e-mails go out: %w", err)
	}
	return true, tx.SetSetting(ctx, switchesRow, string(text))
}
