// Package service is the account service: it puts its parts together, answers
// HTTP requests, sends e-mails and keeps house until it is closed.
//
// Init makes the data of a new service. New runs it as one of its nodes; Open is for
// plenaryd's commands, which work on its data while it runs. The parts are in the
// packages below this one, each of which says what it is for.
package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/accounts"
	"plenary/service/audit"
	"plenary/service/badges"
	"plenary/service/delegations"
	"plenary/service/httpapi"
	"plenary/service/job"
	"plenary/service/joining"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/node"
	"plenary/service/operation"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/registrations"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/visas"
	"plenary/service/web"
	"plenary/words"
)

// Config is how a service runs. What is not given here stands in the database,
// where Init put it.
type Config struct {
	Database string // path of the SQLite file, or a postgres:// URL
	Key      *secret.Key
	Version  string // of the service
	// Address is the public address, if it is another one than the settings say.
	Address string
	// MinimumVersion is the oldest version of Plenary that is served; empty means
	// the oldest that speaks this contract.
	MinimumVersion string
	// NewestVersion of Plenary is what people with an older one are told of; may
	// be empty.
	NewestVersion string
	// Mail is the mail server until administrators save another one; nil: e-mails
	// wait. Its sender is the service desk if it names none.
	Mail           *mail.Server
	MailLimits     mail.Limits // of what administrators can save
	Download       string      // address where people get Plenary, if it is another one than the settings say
	TrustedProxies []netip.Prefix
	Hosts          []string // the only Host headers that are answered; empty means all
	Hashing        credential.Hashing
	// MigrateAnyway lets New migrate a database of an older version also where nodes
	// of that version still use it.
	MigrateAnyway bool
	// Connections to PostgreSQL at most, 0 for the store's own number.
	Connections int
	// Requests is told of each request; nil: nobody is.
	Requests httpapi.Observer
	// Breached tells whether a password stands in the operator's list of breached
	// ones; nil without a list.
	Breached func(password string) (bool, error)
	// Policies are those that count until others are saved; policy.Default if nil.
	Policies *api.Policies
	Log      *slog.Logger
	Now      func() time.Time // time.Now if nil
	// Demo says so to the desktop, and keeps what e-mails said for the mailbox window.
	Demo bool
}

// Service is a running account service.
type Service struct {
	config        Config
	settings      atomic.Pointer[Settings] // see about
	mailSettings  *mail.Settings
	db            *store.DB
	policies      *policy.Keeper
	auditLog      *audit.Log
	chain         *audit.Chain
	directory     *organizations.Organizations
	accounts      *accounts.Accounts
	meetings      *meetings.Meetings
	badges        *badges.Badges
	delegations   *delegations.Delegations
	registrations *registrations.Registrations
	visas         *visas.Visas
	joining       *joining.Keys
	operations    *operation.Operations
	migrated      atomic.Bool // accounts were imported
	api           *httpapi.API
	log           *slog.Logger
	runner        *job.Runner

	lease     *node.Lease   // nil where it was opened by a command
	renew     chan struct{} // see Renew
	housekept atomic.Int64  // microseconds: when housekeeping last succeeded
	stop      context.CancelFunc
	work      sync.WaitGroup
}

// oldestPlenary speaks this contract.
const oldestPlenary = "0.1.0"

// New opens the database as a node of the service, wires the parts, and starts what
// the service does by itself. A database of an older version is migrated first,
// unless nodes of that version still use it.
//
// Errors: those of Open but ErrPending, and ErrOthersRun.
func New(ctx context.Context, c Config) (*Service, error) {
	s, err := open(ctx, c, true)
	if err != nil {
		return nil, err
	}
	s.start()
	return s, nil
}

// Open opens the database and wires the parts, for a command: nothing happens by
// itself. No e-mail is sent, nothing is erased, the audit log is not sealed, and
// nothing is migrated.
//
// Errors: ErrNotMade for a database that Init has not seen, ErrPending for one of an
// older version, ErrOtherKey; store.ErrOldDatabase and store.ErrNewerDatabase.
func Open(ctx context.Context, c Config) (*Service, error) {
	return open(ctx, c, false)
}

// open is both; asNode says which one.
func open(ctx context.Context, c Config, asNode bool) (*Service, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MinimumVersion == "" {
		c.MinimumVersion = oldestPlenary
	}
	db, err := connect(ctx, c.Database, c.Log)
	if err != nil {
		return nil, err
	}
	if c.Connections > 0 {
		db.SetConnections(c.Connections)
	}
	s := &Service{config: c, db: db, log: c.Log, renew: make(chan struct{}, 1)}
	if asNode {
		err = s.join(ctx, c.MigrateAnyway)
	} else if pending, e := db.Pending(ctx); e != nil || pending > 0 {
		err = cmp.Or(e, ErrPending)
	}
	if err == nil {
		err = s.assemble(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.leave(), db.Close())
	}
	return s, nil
}

func (s *Service) assemble(ctx context.Context) error {
	c := s.config
	var err error
	if err := s.refreshSettings(ctx); err != nil {
		return err
	}
	if err := adoptKey(ctx, s.db, c.Key); err != nil {
		return err
	}
	if s.about().Demo != c.Demo {
		return errors.New("service: the demonstration uses its own database only, and nothing else uses that")
	}
	if err := s.assembleMail(ctx); err != nil {
		return err
	}
	if err := s.assemblePolicies(); err != nil {
		return err
	}
	s.auditLog = audit.New(c.Key, c.Now)
	s.chain = audit.NewChain(s.db, c.Key, c.Now, c.Log)
	if s.directory, err = organizations.New(s.db, s.auditLog, c.Now); err != nil {
		return err
	}
	outbox := mail.NewOutbox(c.Key, c.Now)
	s.accounts = accounts.New(account.Deps{
		DB: s.db, Key: c.Key, Mail: outbox, Now: c.Now, Organization: s.directory.Find,
		Address: s.address, Name: s.organization, Hashing: c.Hashing, Policies: s.policies, Breached: c.Breached,
		Held: s.heldBeside(), Audit: s.auditLog, Log: c.Log,
	})
	s.delegations = delegations.New(delegations.Deps{DB: s.db, Now: c.Now, Accounts: s.accounts.Accounts, Users: s.accounts.Users})
	if err := s.refresh(ctx); err != nil {
		return err
	}
	s.meetings = meetings.New(meetings.Deps{DB: s.db, Audit: s.auditLog, Now: c.Now})
	s.badges = badges.New(badges.Deps{DB: s.db, Key: c.Key, Now: c.Now, Meeting: s.meetings.Get})
	s.joining = joining.New(joining.Deps{DB: s.db, Key: c.Key, Now: c.Now, Address: s.address})
	s.visas = visas.New(visas.Deps{
		DB: s.db, Key: c.Key, Now: c.Now, Audit: s.auditLog, Outbox: outbox, Days: func() int { return s.policies.Now().VisaDays },
	})
	s.registrations = registrations.New(registrations.Deps{
		DB: s.db, Key: c.Key, Visas: s.visas, Joining: s.joining, Meetings: s.meetings, Badges: s.badges, Delegations: s.delegations, Audit: s.auditLog, Organization: s.organization, Outbox: outbox, Now: c.Now, Address: s.address, Profile: s.accounts.Profile,
		MailInfo: s.mailInfo,
		Listed:   func(wanted []api.Organization) []api.Organization { return s.directory.Directory().Named(wanted) },
	})
	s.operations = operation.New(operation.Deps{DB: s.db, Key: c.Key, Now: c.Now}, s.registrations.Kinds())
	s.meetings.Once, s.registrations.Once = s.operations.Once, s.operations.Once
	pages, err := web.New(web.Config{
		Info: s.Info, Meeting: s.meetings.Get, Reference: httpapi.Reference, Now: c.Now, Log: c.Log,
	})
	if err != nil {
		return fmt.Errorf("service: pages: %w", err)
	}
	s.api = httpapi.New(httpapi.Deps{
		Log: c.Log, DB: s.db, Accounts: s.accounts, Meetings: s.meetings, Badges: s.badges, Delegations: s.delegations, Registrations: s.registrations, Visas: s.visas, Joining: s.joining, Operations: s.operations,
		Mail: mail.NewAdmin(mail.Deps{
			DB: s.db, Settings: s.mailSettings, Now: c.Now, Audit: s.auditLog, Info: s.mailInfo,
			Account: s.accounts.Account, Accounts: s.accounts.MailAgain, Registrations: s.registrations.MailAgain, KeepSent: c.Demo,
		}),
		Organizations: s.directory, Policies: &policy.Admin{Keeper: s.policies, DB: s.db, Audit: s.auditLog}, Audit: s.auditLog, Chain: s.chain,
		ServiceID: s.about().ServiceID, Info: s.Info, ProveService: s.ProveService, Settings: s.showSettings, ChangeSettings: s.changeSettings, Now: c.Now, MinimumVersion: c.MinimumVersion, TrustedProxies: c.TrustedProxies, Hosts: c.Hosts,
		Observer: c.Requests, Pages: pages,
	})
	return nil
}

// assemblePolicies says which policies count until others are saved.
func (s *Service) assemblePolicies() error {
	policies := policy.Default()
	policies.Password = s.about().Policy
	if s.config.Policies != nil {
		policies = *s.config.Policies
	}
	if wrong := policy.Check(policies); len(wrong) > 0 {
		return fmt.Errorf("service: these policies cannot be: %v", wrong)
	}
	s.policies = policy.New(policies)
	return nil
}

// heldBeside is what is held about people beside their accounts, by what is made
// after those and stands on them. Operations go with the account.
func (s *Service) heldBeside() account.Held {
	return account.Held{
		Export: func(tx *store.Tx, id string) (map[string]any, error) {
			held, err := s.registrations.Held(tx, id)
			if err != nil {
				return nil, err
			}
			files, err := s.registrations.Files(tx, id)
			if err != nil {
				return nil, err
			}
			attended, err := s.registrations.Attended(tx, id)
			if err != nil {
				return nil, err
			}
			asked, err := s.visas.Held(tx, id)
			return map[string]any{
				"registrations": held, "files": files, "attendances": attended, "visa_support": asked, "operations": operation.Of(tx, id), "managed_meetings": s.meetings.ManagedBy(tx, id),
			}, err
		},
		Erase: func(tx *store.Tx, id string) error {
			s.meetings.Forget(tx, id)
			s.visas.Forget(tx, id)
			return s.registrations.Erase(tx, id)
		},
	}
}

// assembleMail says which mail server counts.
func (s *Service) assembleMail(ctx context.Context) error {
	desk, err := rules.ParseEmail(s.about().ServiceDesk)
	if err != nil {
		return fmt.Errorf("service: the service desk's address: %w", err)
	}
	var start *mail.Server
	if s.config.Mail != nil {
		server := *s.config.Mail
		server.From = cmp.Or(server.From, desk)
		if err := server.Check(); err != nil {
			return err
		}
		start = &server
	}
	s.mailSettings = mail.NewSettings(s.db, s.config.Key, s.config.MailLimits, start, desk, s.log)
	_, err = s.mailSettings.Refresh(ctx)
	return err
}

// Handler answers the service's HTTP requests.
func (s *Service) Handler() http.Handler { return s.api.Handler() }

// Stop says to whoever asks whether the service is ready that it is about to stop;
// requests are still answered.
func (s *Service) Stop() { s.api.Stop() }

// Accounts gives the accounts. It and what follows are for plenaryd's commands
// and numbers, and the demonstration.
func (s *Service) Accounts() *accounts.Accounts { return s.accounts }

// Meetings gives the meetings.
func (s *Service) Meetings() *meetings.Meetings { return s.meetings }

// Registrations gives the registrations for them.
func (s *Service) Registrations() *registrations.Registrations { return s.registrations }

// Operations gives what carries out what must happen exactly once.
func (s *Service) Operations() *operation.Operations { return s.operations }

// Delegations gives who speaks for organizations.
func (s *Service) Delegations() *delegations.Delegations { return s.delegations }

// Organizations gives the directory.
func (s *Service) Organizations() *organizations.Organizations { return s.directory }

// Audit gives the chain of the audit log.
func (s *Service) Audit() *audit.Chain { return s.chain }

// DB gives the database.
func (s *Service) DB() *store.DB { return s.db }

// address is the public one, and organization the name, as they are now.
func (s *Service) address() string      { return s.about().Address }
func (s *Service) organization() string { return s.about().Organization }

// Info is what anyone may know of the service.
func (s *Service) Info(context.Context) (api.ServiceInfo, error) {
	t := s.about()
	return api.ServiceInfo{
		ServiceID: t.ServiceID, Key: s.publicKey(), Version: s.config.Version, NewestVersion: s.config.NewestVersion, Download: t.Download,
		Organization: t.Organization, Address: t.Address,
		ServiceDesk: t.ServiceDesk, FAQ: cmp.Or(t.FAQ, t.Address+"/faq"), Chat: t.Chat,
		Terms: cmp.Or(t.Terms, t.Address+"/terms"), Privacy: cmp.Or(t.Privacy, t.Address+"/privacy"), Languages: letterLanguages(),
		Policy: s.policies.Now().Password, Questions: s.policies.Now().SecretQuestion,
		SecondFactor: s.policies.Now().SecondFactor, Demo: s.config.Demo, Migrated: s.migrated.Load(),
		MailWaits: s.mailSettings.Missing() && !s.config.Demo,
	}, nil
}

// letterLanguages are those of e-mails and pages.
func letterLanguages() []string {
	var codes []string
	for _, l := range words.Letters() {
		codes = append(codes, l.Code)
	}
	return codes
}

func (s *Service) mailInfo(ctx context.Context) (mail.Info, error) {
	i, err := s.Info(ctx)
	return mail.Info{Confirm: s.registrations.Confirm, Organization: i.Organization, ServiceDesk: i.ServiceDesk, FAQ: i.FAQ}, err
}

// Close ends the background work, if there is any, and closes the database. The
// caller has stopped sending requests to Handler.
func (s *Service) Close() error {
	if s.stop != nil {
		s.stop()
	}
	s.work.Wait()
	return errors.Join(s.leave(), s.db.Close())
}

// leave says that this node runs no more, if it was one.
func (s *Service) leave() error {
	if s.lease == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaving)
	defer cancel()
	return s.lease.Leave(ctx)
}

// leaving is how long a node tries to say that it runs no more.
const leaving = 5 * time.Second
