// Package httpapi is the service's operations over HTTP, as package api
// describes them: JSON under /v1, errors as problem+json, and beside it /healthz
// and /readyz.
//
// It holds no rules of accounts or meetings: operations call the packages that
// do, whose errors carry an *api.Problem with a code when the client shall know
// it; status, reference and texts are added here.
//
// Start reading at New; each area's operations are in the file of its name
// (account.go, meetings.go, ...): an entry, registered with open or secured, and an
// adapter (adapters.go) around the function that serves it.
package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"plenary/api"
	"plenary/service/accounts"
	"plenary/service/audit"
	"plenary/service/badges"
	"plenary/service/caller"
	"plenary/service/delegations"
	"plenary/service/joining"
	"plenary/service/mail"
	"plenary/service/meetings"
	once "plenary/service/operation"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/registrations"
	"plenary/service/store"
	"plenary/service/visas"
)

// Deps is what the operations need. OpenAPI works without any of it.
type Deps struct {
	Log           *slog.Logger
	DB            *store.DB
	Accounts      *accounts.Accounts
	Meetings      *meetings.Meetings
	Badges        *badges.Badges
	Delegations   *delegations.Delegations
	Registrations *registrations.Registrations
	Visas         *visas.Visas
	Joining       *joining.Keys
	Operations    *once.Operations
	Mail          *mail.Admin
	// Organizations are the directory, and what people entered beside it.
	Organizations *organizations.Organizations
	Policies      *policy.Admin
	Audit         *audit.Log
	Chain         *audit.Chain
	// ServiceID is on every answer.
	ServiceID    string
	Info         func(context.Context) (api.ServiceInfo, error)
	ProveService func(context.Context, api.ProveService) (api.ServiceProof, error)
	// Settings are what the service says of itself, and ChangeSettings changes it
	// for an administrator.
	Settings       func(context.Context, caller.Caller) (api.ServiceSettings, error)
	ChangeSettings func(context.Context, caller.Caller, api.ServiceSettings) (api.ServiceSettings, error)
	Now            func() time.Time // time.Now if nil

	// Pages answers everything outside of /v1, /healthz and /readyz; nil answers
	// 404.
	Pages http.Handler
	// MinimumVersion is the oldest version of Plenary that is served, such as
	// 1.0; empty means all.
	MinimumVersion string
	// TrustedProxies do TLS, and may say with X-Forwarded-For whom they speak for.
	// Who comes neither through one of them nor with TLS nor from this machine is
	// refused.
	TrustedProxies []netip.Prefix
	// Hosts are the only values of the Host header that are answered; empty
	// means all. The demonstration sets it, against DNS rebinding.
	Hosts []string
	// Observer is told of each request; nil: nobody is.
	Observer Observer
}

// API answers the service's HTTP requests.
type API struct {
	Deps
	log  *slog.Logger
	now  func() time.Time
	mux  *http.ServeMux
	huma huma.API
	// limits are those of bodies, in bytes, by route.
	limits map[string]int64

	stopping  atomic.Bool // see Stop
	clearOnce sync.Once   // the first request in clear is logged
}

// Limits of a request's body in bytes.
const (
	maxBody           = 64 << 10
	maxOperationsBody = 1 << 20
	maxFileBody       = 8 << 20 // in base64
)

// description stands at the head of the contract.
var description = `The contract between Plenary and the account service, generated from package api.

Every answer has the headers ` + api.HeaderTime + ` (the service's clock), ` + api.HeaderService + `
(its id), ` + api.HeaderMinimumVersion + ` (the oldest Plenary that is served) and ` + api.HeaderReference + ` (the request in the service's log). Requests
say their version with ` + api.HeaderVersion + `. Errors are problem details (RFC 9457) with a stable code; their
HTTP status is listed with the codes in package api. 429 and 503 carry Retry-After.

Each operation says with x-roles which role it wants (one of them), with x-proof whether
it wants a fresh proof (the operation prove), and with x-codes which codes it can answer
with, beside those that all have: ` + names(everywhere) + `. Where it does several things,
x-kinds lists for each kind the fields that it requires (it takes no others), when a
second administrator must approve it, and its further codes.
What is not there is not-found; a path with another method is ` + string(api.CodeMethod) + ` (405, with Allow).

Bodies are JSON in UTF-8 with each key once, in the case that is given here; unknown
fields are refused, and so are strings with NUL and bodies of more than 64 KiB
(operations: 1 MiB, files: 8 MiB). Nothing is cached.`

func init() {
	// huma has these as variables of its package only.
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = humaError
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaError(nil, status, msg, errs...)
	}
}

// New puts the operations together.
func New(d Deps) *API {
	s := &API{Deps: d, log: d.Log, now: d.Now, mux: http.NewServeMux(), limits: map[string]int64{}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.Observer == nil {
		s.Observer = nobody{}
	}
	config := huma.DefaultConfig("Plenary account service", "1")
	config.Info.Description = description
	config.CreateHooks = nil // no $schema links
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Formats = map[string]huma.Format{"application/json": strictFormat, "json": strictFormat}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "http", Scheme: "bearer", Description: "The access token of a session."},
	}
	s.huma = humago.New(s.mux, config)
	s.registerService()
	s.registerAccount()
	s.registerSelf()
	s.registerDirectory()
	s.registerOrganizations()
	s.registerPolicies()
	s.registerSettings()
	s.registerAudit()
	s.registerMeetings()
	s.registerFiles()
	s.registerManaged()
	s.registerManagedRegistrations()
	s.registerNotices()
	s.registerParticipants()
	s.registerDelegations()
	s.registerVisas()
	s.registerOperations()
	s.registerMail()
	s.registerUsers()
	s.registerWeb()
	return s
}

// Handler answers all requests of the service.
func (s *API) Handler() http.Handler {
	return s.outer(http.HandlerFunc(s.route))
}

// OpenAPI gives the description of all operations as YAML. What only the pages'
// operations take, which are no part of the contract, is left out.
func OpenAPI() ([]byte, error) {
	contract := New(Deps{Accounts: &accounts.Accounts{}}).huma.OpenAPI()
	for {
		text, err := contract.YAML()
		if err != nil {
			return nil, fmt.Errorf("httpapi: describe the operations: %w", err)
		}
		schemas := contract.Components.Schemas.Map()
		before := len(schemas)
		maps.DeleteFunc(schemas, func(name string, _ *huma.Schema) bool {
			return !bytes.Contains(text, []byte(`"#/components/schemas/`+name+`"`))
		})
		if len(schemas) == before {
			return append([]byte("# Generated from package api by: make openapi\n"), text...), nil
		}
	}
}
