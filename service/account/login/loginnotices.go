package login

import (
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// NewDeviceMails is how many log-ins from new devices an account's owner is told of
// in an hour, and how many after several failures: nobody with the password fills a
// mailbox, or keeps everybody's e-mails waiting.
const NewDeviceMails = 10

// SeveralFailures are so many that a log-in after them is told: more than those that
// cost no wait (throttle.FreeFailures), which everybody has.
const SeveralFailures = 3

// tellOfLogIn tells the owner of a log-in from a device that was not known, and of
// one after several failures: of the account, or on the known device. Those of a
// network are not the owner's affair. Of both, one e-mail tells. o is the account as
// it was before.
func (a *LogIns) tellOfLogIn(tx *store.Tx, o owner, newDevice bool, machine string) {
	afterFailures := o.failures >= SeveralFailures
	if newDevice && o.loggedIn { // the very first log-in of an account is no news
		a.Audit.Note(tx, audit.NewDevice, o.account.ID)
		if a.tellMachine(tx, o.account, mail.NewDevice, "new device mail", machine, afterFailures) {
			return
		}
	}
	if afterFailures {
		a.tellMachine(tx, o.account, mail.LogInAfterFailures, "log-in after failures mail", machine, true)
	}
}

// tellMachine tells the owner which program has just logged in, unless the allowance
// of such e-mails is used up, and whether it did.
func (a *LogIns) tellMachine(tx *store.Tx, p api.Account, template, allowance, machine string, afterFailures bool) bool {
	if !a.SpendQuietly(tx, a.Budget(allowance, NewDeviceMails, time.Hour, []byte(p.ID))) {
		return false
	}
	if machine == "" {
		machine = "Plenary"
	}
	params := map[string]string{
		"Machine": machine, "When": words.ForLetters(p.Language).DateTime(a.Now().UTC()) + " UTC",
	}
	if afterFailures {
		params["Failures"] = "yes"
	}
	a.Tell(tx, p, mail.Message{Template: template, Params: params})
	return true
}
