package mail

import (
	"context"
	"slices"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Deps is what Admin stands on.
type Deps struct {
	DB       *store.DB
	Settings *Settings
	Now      func() time.Time // the service's clock
	Audit    *audit.Log
	Info     func(context.Context) (Info, error)
	// Account gives the account of whoever asks: an EMail Test goes to its address.
	Account func(ctx context.Context, accountID string) (api.Account, error)
	// Accounts and Registrations make e-mails anew: those about registrations, and
	// all others.
	Accounts, Registrations Again
	KeepSent                bool // see Options
}

// Admin is what administrators do with the e-mails: set and test the mail
// server, say which e-mails go out, look at the outgoing ones. Who is an
// administrator is the caller's to check. It is safe for concurrent use.
type Admin struct {
	Deps
}

// NewAdmin makes an Admin.
func NewAdmin(d Deps) *Admin {
	d.Now = store.Clock(d.Now)
	return &Admin{Deps: d}
}

// Show gives the settings of the mail server, without the password.
func (a *Admin) Show(ctx context.Context, _ caller.Caller) (api.MailSettings, error) {
	return a.show(ctx)
}

func (a *Admin) show(ctx context.Context) (api.MailSettings, error) {
	if _, err := a.Settings.Refresh(ctx); err != nil {
		return api.MailSettings{}, err
	}
	return a.Settings.Show(), nil
}

// Save tries new settings up to the recipient, whom it sends nothing, and saves
// them if all that works. Otherwise it refuses with api.CodeMailFailed, and what
// was is left as it is: bad settings never replace working ones. LastTest has
// the steps. It refuses with api.CodeOutdated where another administrator has
// saved some since these were read. What administrators are told of the change goes
// through the server of before as far as that still works.
func (a *Admin) Save(ctx context.Context, who caller.Caller, in api.MailSettings) error {
	server, before, err := a.candidate(ctx, in)
	if err != nil {
		return err
	}
	if before.Version != in.Version { // also seen when it is written, after the test
		return api.Refuse(api.CodeOutdated)
	}
	test, err := a.runTest(ctx, who.AccountID, server, false)
	if err != nil {
		return err
	}
	if !test.OK {
		return api.Refuse(api.CodeMailFailed)
	}
	old := a.Settings.current().server
	var notices claimed
	// Serializable: the row that is judged by its version is the one that is replaced.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := a.Settings.write(tx, server, in.Version); err != nil {
			return err
		}
		a.Audit.Note(tx, audit.MailSettingsChanged, "", changes(before, server, in.Password != "")...)
		if old != nil {
			notices = a.takeNotices(tx)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if old != nil {
		a.handOver(ctx, old, notices)
	}
	if _, err = a.Settings.Refresh(ctx); err != nil {
		return err
	}
	return a.waitNoMore(ctx)
}

// waitNoMore is for what has waited for a server that works.
func (a *Admin) waitNoMore(ctx context.Context) error {
	// READ COMMITTED: one conditional UPDATE.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE mails SET next_at = $1 WHERE state = $2 AND next_at > $1 AND lease = ''`, store.Micros(a.Now()), Waiting)
		return nil
	})
}

// candidate makes the server of some settings, and gives those that count now.
func (a *Admin) candidate(ctx context.Context, in api.MailSettings) (*Server, api.MailSettings, error) {
	before, err := a.show(ctx)
	if err != nil {
		return nil, before, err
	}
	server, err := a.Settings.With(in)
	return server, before, err
}

// changes names the fields that change, for the audit log, and not their values.
func changes(before api.MailSettings, now *Server, password bool) []audit.Detail {
	var changed []audit.Detail
	for _, f := range []struct {
		name    string
		changed bool
	}{
		{"host", before.Host != now.Host},
		{"port", before.Port != now.Port},
		{"security", before.Security != now.Security},
		{"user", before.User != now.User},
		{"password", password},
		{"sender", before.Sender != now.From},
		{"reply-to", before.ReplyTo != now.ReplyTo},
	} {
		if f.changed {
			changed = append(changed, audit.Detail{Field: f.name})
		}
	}
	return changed
}

// Automatic lists the e-mails that go out by themselves.
func (a *Admin) Automatic(ctx context.Context, _ caller.Caller) (api.AutomaticMails, error) {
	out := api.AutomaticMails{Mails: []api.AutomaticMail{}}
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		off := switchedOff(tx)
		out.Mails = out.Mails[:0]
		for t := range automatic {
			out.Mails = append(out.Mails, api.AutomaticMail{Template: t.name, On: !slices.Contains(off, t.name), Required: !t.optional})
		}
		return nil
	})
	return out, err
}

// Switch turns the e-mails of a template on or off. It refuses with
// api.CodeNotFound, or with api.CodeWrongState for one that is needed.
func (a *Admin) Switch(ctx context.Context, _ caller.Caller, template string, in api.Switch) error {
	// Serializable: the list that is read is the one that is replaced.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		changed, err := turn(tx, template, in.On)
		if err != nil || !changed {
			return err
		}
		state := "off"
		if in.On {
			state = "on"
		}
		a.Audit.Note(tx, audit.MailSwitched, "", audit.Fact(api.DetailTemplate, template), audit.Fact(api.DetailState, state))
		return nil
	})
}
