// Package account is a person's account, and the base of everything that is done with
// accounts: its row and names, what its owner is told, its roles, the budgets of tries,
// and what ends with what (ends.go). What people and staff do with accounts is in the
// packages below it, whose imports point one way:
//
//	token, throttle, credential, proof, session < account <
//	signup < login < recovery < staff; login < settings; bulk; upkeep
//
// It knows no HTTP. What a client shall learn of a failure is an *api.Problem
// with its code; every other error is the service's own trouble. The rules that
// it shares with the desktop program are in package rules, the decisions behind
// it in docs/security.md:
//
//   - A stranger learns from no answer, mail or time whether an address has an
//     account: the same work is done for all.
//   - Tries are counted before anything is compared, in the database, so that
//     many nodes and many parallel requests have one budget.
//   - No transaction spans a password hash or a mail.
package account

import (
	"log/slog"
	"runtime"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/credential"
	"plenary/service/account/proof"
	"plenary/service/account/session"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store"
)

// Deps are the parts of the service that accounts need.
type Deps struct {
	DB   *store.DB
	Key  *secret.Key
	Mail *mail.Outbox
	Now  func() time.Time // the service's clock
	// Organization finds an organization of the directory.
	Organization func(id string) (api.Organization, bool)
	// Address gives the service's public address, for the links in e-mails,
	// without a slash at the end.
	Address func() string
	// Name gives that of the service's organization, as authenticator apps show it.
	Name func() string
	// Breached tells whether a password stands in the operator's list of breached
	// ones; nil without a list.
	Breached func(password string) (bool, error)
	Hashing  credential.Hashing // credential.DefaultHashing if zero
	// Policies gives those in force; policy.Default if nil.
	Policies *policy.Keeper
	// Held is what the rest of the service holds about people.
	Held Held
	// Audit is the log that all parts of the service share; one of its own if nil.
	// Administrators are told of some of what is noted there.
	Audit *audit.Log
	Log   *slog.Logger // none if nil
}

// Held is data about people beside their accounts, such as registrations. Either
// function may be nil: there is none.
type Held struct {
	// Export gives all that is held about an account, by what it is.
	Export func(tx *store.Tx, accountID string) (map[string]any, error)
	// Erase removes what is personal of it, in a transaction that is not
	// serializable and that holds the account (store.Tx.HoldOwner).
	Erase func(tx *store.Tx, accountID string) error
}

// Accounts is safe for concurrent use.
type Accounts struct {
	Deps
	Credentials  *credential.Credentials
	Throttle     *throttle.Limiter
	Proofs       *proof.Engine
	OpenSessions *session.Sessions
}

// New puts accounts together.
func New(d Deps) *Accounts {
	if d.Hashing == (credential.Hashing{}) {
		d.Hashing = credential.DefaultHashing
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Policies == nil {
		d.Policies = policy.New(policy.Default())
	}
	d.Now = store.Clock(d.Now)
	if d.Audit == nil {
		d.Audit = audit.New(d.Key, d.Now)
	}
	a := &Accounts{
		Deps: d, Proofs: &proof.Engine{DB: d.DB, Key: d.Key, Now: d.Now},
		Throttle: &throttle.Limiter{DB: d.DB, Key: d.Key, Now: d.Now},
	}
	a.Credentials = &credential.Credentials{
		DB: d.DB, Key: d.Key, Now: d.Now, Hasher: credential.NewHasher(d.Hashing, runtime.GOMAXPROCS(0), d.Log),
		Policy: func() rules.Policy { return rules.Policy(a.Policies.Now().Password) }, Breached: d.Breached,
	}
	a.OpenSessions = &session.Sessions{
		DB: d.DB, Key: d.Key, Log: d.Audit, Now: d.Now,
		Policy:   func() api.SessionPolicy { return a.Policies.Now().Sessions },
		Networks: func() []api.NetworkBudget { return a.Policies.Now().Networks },
	}
	return a
}

// UnreadableHashes tells how often a stored hash could not be read, for the metrics.
func (a *Accounts) UnreadableHashes() int64 { return a.Credentials.Hasher.Unreadable() }

// Hashes tells how many hashes run and how many wait, for the metrics.
func (a *Accounts) Hashes() (running, waiting int) { return a.Credentials.Hasher.Load() }

// ContextOf are the words that a password of an account must not be made of.
func (a *Accounts) ContextOf(p api.Account) []string {
	return rules.PasswordContext(p.FirstName, p.FamilyName, p.Username, p.Email, p.Organization.Name, a.Name())
}

// PageLink is an address of the service's pages; the token is in the fragment,
// which no server on the way sees.
func (a *Accounts) PageLink(page, language, token string) string {
	return a.Address() + "/" + page + "?lang=" + language + "#" + token
}

// SignUpLife is how long a sign-up waits to be activated.
const SignUpLife = 24 * time.Hour
