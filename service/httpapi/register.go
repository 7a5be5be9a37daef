package httpapi

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/strictjson"
)

// strictFormat is JSON as it should be; see package strictjson.
var strictFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
	Unmarshal: func(data []byte, v any) error {
		if err := strictjson.Check(data); err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	},
}

// operation describes one operation.
type operation struct {
	Route   string // such as POST /v1/session
	ID      string // such as log-in
	Tag     string // account, meetings, ...
	Summary string
	// Status of success: 204 if the answer has no body, 200 otherwise, unless set.
	Status  int
	MaxBody int64    // bytes, maxBody if 0
	Hidden  bool     // not in the description of the contract
	Roles   []string // for secured: one of these is needed; none means any account
	Proof   bool     // for secured: a fresh proof is needed, see api.Reauthenticate
	// Codes are those of its own that it can answer with, beside those that follow from
	// the rest of the entry; see codes. Any other one is logged as a defect.
	Codes []api.Code
	// Kinds, where it is several: what the contract says of each.
	Kinds []staff.UserKind
	// Uncounted, for secured: it is not counted among the changes that an account may
	// ask for. What ends sessions is not, so that whoever has stolen one cannot keep
	// the owner from that; nor what has a budget of its own.
	Uncounted bool
	// ReadTime is how long its body may take to come; 5 s if 0.
	ReadTime time.Duration
	// Time is how long it may take once its body was read; workTime if 0. What is
	// not done then is answered 503.
	Time time.Duration
}

// workTime is how long an operation may take, unless it says otherwise.
const workTime = 10 * time.Second

// limit bounds the time of an operation.
func (o operation) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(o.Time, workTime))
}

// counted says whether an operation changes something, and counts as that.
func (o operation) counted() bool { return !strings.HasPrefix(o.Route, http.MethodGet) && !o.Uncounted }

// entry is the operation as huma takes it, with what the contract says of it.
// takes is the type of its request.
func (s *API) entry(o operation, isSecured bool, takes reflect.Type) huma.Operation {
	limit := o.MaxBody
	if limit == 0 {
		limit = maxBody
	}
	s.limits[o.Route] = limit
	method, path, _ := strings.Cut(o.Route, " ")
	h := huma.Operation{
		Method: method, Path: path, OperationID: o.ID, Summary: o.Summary, Tags: []string{o.Tag},
		DefaultStatus: o.Status, MaxBodyBytes: limit, BodyReadTimeout: o.ReadTime, Hidden: o.Hidden,
	}
	if !o.Hidden {
		s.describe(&h, o, isSecured, takes)
	}
	if isSecured {
		h.Security = []map[string][]string{{"session": {}}}
		h.Middlewares = huma.Middlewares{s.authenticate(o)}
	}
	return h
}

// open registers an operation for everybody.
func open[I, O any](s *API, o operation, handle openHandler[I, O]) {
	takes := reflect.TypeFor[I]()
	codes := o.codes(false, takes)
	huma.Register(s.huma, s.entry(o, false, takes), func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := o.limit(audit.From(ctx, audit.Origin{Network: Address(ctx), Reference: Reference(ctx)}))
		defer cancel()
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.failed(ctx, o, codes, err)
		}
		return out, nil
	})
}

// secured registers an operation for whoever has a session, and one of the
// operation's roles if it names any.
func secured[I, O any](s *API, o operation, handle handler[I, O]) {
	huma.Register(s.huma, s.entry(o, true, reflect.TypeFor[I]()), answering(s, o, handle))
}

// answering has a handler called for whoever has been let in.
func answering[I, O any](s *API, o operation, handle handler[I, O]) func(context.Context, *I) (*O, error) {
	codes := o.codes(true, reflect.TypeFor[I]())
	return func(ctx context.Context, in *I) (*O, error) {
		who, ok := ctx.Value(callerKey{}).(caller.Caller)
		if !ok {
			return nil, s.fail(ctx, fmt.Errorf("httpapi: %s ran without authentication", o.ID))
		}
		ctx, cancel := o.limit(audit.From(ctx, audit.Origin{Network: Address(ctx), Actor: who.AccountID, Reference: who.Reference}))
		defer cancel()
		out, err := handle(ctx, who, in)
		if err != nil {
			return nil, s.failed(ctx, o, codes, err)
		}
		return out, nil
	}
}

type callerKey struct{}

// authenticate runs before the body is looked at, so that strangers learn
// nothing about what an operation takes.
func (s *API) authenticate(o operation) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		who, err := s.caller(hc.Context(), o.Roles)
		if err == nil && o.Proof && !who.ProvedUntil.After(s.now()) {
			err = api.Refuse(api.CodeProofNeeded)
		}
		if err == nil && o.counted() {
			err = s.Accounts.SpendWrite(hc.Context(), who)
		}
		if err != nil {
			if who.AccountID != "" {
				s.log.LogAttrs(hc.Context(), slog.LevelWarn, "not allowed", slog.String("reference", who.Reference),
					slog.String("route", requestOf(hc.Context()).route), slog.String("account", who.AccountID), slog.Any("why", err))
			}
			s.writeHumaProblem(hc, err)
			return
		}
		next(huma.WithValue(hc, callerKey{}, who))
	}
}

// caller gives who makes the request, and api.CodeForbidden if that is nobody with
// one of the roles.
func (s *API) caller(ctx context.Context, roles []string) (caller.Caller, error) {
	token := requestOf(ctx).bearer
	if token == "" {
		return caller.Caller{}, api.Refuse(api.CodeUnauthenticated)
	}
	who, err := s.Accounts.Authenticate(ctx, token)
	if err != nil {
		return caller.Caller{}, err
	}
	who.Reference = Reference(ctx)
	if len(roles) > 0 && !slices.ContainsFunc(roles, who.Has) {
		return who, api.Refuse(api.CodeForbidden)
	}
	return who, nil
}

func (s *API) writeHumaProblem(hc huma.Context, err error) {
	p := s.fail(hc.Context(), err)
	for name, values := range p.GetHeaders() {
		for _, v := range values {
			hc.SetHeader(name, v)
		}
	}
	hc.SetHeader("Content-Type", p.ContentType(""))
	hc.SetStatus(p.Status)
	// An error here means that the client has gone.
	_ = json.NewEncoder(hc.BodyWriter()).Encode(p)
}

// administrators are the roles of Application Management, of users, policies and
// the audit log.
var administrators = []string{api.RoleAdministrator}
