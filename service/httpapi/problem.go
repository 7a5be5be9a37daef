package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"plenary/api"
	"plenary/service/store"
)

// statuses are the codes of the contract with their HTTP status and title.
var statuses = map[api.Code]struct {
	status int
	title  string
}{
	api.CodeInvalid:            {http.StatusUnprocessableEntity, "Fields are wrong"},
	api.CodeMalformed:          {http.StatusBadRequest, "Not the JSON that was asked for"},
	api.CodeTooLarge:           {http.StatusRequestEntityTooLarge, "The body is too large"},
	api.CodeMediaType:          {http.StatusUnsupportedMediaType, "Bodies are JSON and not compressed"},
	api.CodeMethod:             {http.StatusMethodNotAllowed, "Not with this method"},
	api.CodeNotFound:           {http.StatusNotFound, "There is no such thing"},
	api.CodeUnauthenticated:    {http.StatusUnauthorized, "No access token, or one that has ended"},
	api.CodeSessionEnded:       {http.StatusUnauthorized, "The session has ended"},
	api.CodeRefreshRace:        {http.StatusConflict, "An older refresh token"},
	api.CodeForbidden:          {http.StatusForbidden, "Not allowed"},
	api.CodeCredentials:        {http.StatusUnauthorized, "Identifier or password wrong"},
	api.CodeNotActive:          {http.StatusForbidden, "The address has not been verified"},
	api.CodeDeactivated:        {http.StatusForbidden, "Deactivated for security"},
	api.CodeDeactivatedByStaff: {http.StatusForbidden, "Deactivated by staff"},
	api.CodeSecondFactorNeeded: {http.StatusUnauthorized, "The second factor is missing"},
	api.CodeSecondFactorWrong:  {http.StatusUnauthorized, "The second factor does not match"},
	api.CodeProofNeeded:        {http.StatusForbidden, "A fresh proof of who you are is needed"},
	api.CodeAnswerWrong:        {http.StatusUnprocessableEntity, "The answer does not match"},
	api.CodeOwnRoles:           {http.StatusConflict, "Not for one's own account"},
	api.CodeLastAdministrator:  {http.StatusConflict, "The last administrator stays"},
	api.CodeSecondPerson:       {http.StatusConflict, "A second administrator is needed"},
	api.CodeMailFailed:         {http.StatusUnprocessableEntity, "The mail server's settings do not work"},
	api.CodeTooMany:            {http.StatusTooManyRequests, "Too many tries"},
	api.CodeBusy:               {http.StatusServiceUnavailable, "Busy, try again"},
	api.CodeUnavailable:        {http.StatusServiceUnavailable, "The database is not available, try again"},
	api.CodeOutcomeUnknown:     {http.StatusServiceUnavailable, "It may have been done or not"},
	api.CodeCodeWrong:          {http.StatusUnprocessableEntity, "The code does not match"},
	api.CodeCodeExpired:        {http.StatusGone, "The code is too old or used up"},
	api.CodePasswordRefused:    {http.StatusUnprocessableEntity, "The password breaks the policy"},
	api.CodeKeyReused:          {http.StatusConflict, "The same id came with another body"},
	api.CodeVersionTooOld:      {http.StatusUpgradeRequired, "This version of Plenary is too old"},
	api.CodeNotEncrypted:       {http.StatusForbidden, "Not over a network in clear"},
	api.CodeOutdated:           {http.StatusConflict, "Changed by somebody else meanwhile"},
	api.CodeInternal:           {http.StatusInternalServerError, "The service failed"},
	api.CodeAlreadyRegistered:  {http.StatusConflict, "Already registered"},
	api.CodeRegistrationEarly:  {http.StatusConflict, "Registration has not opened"},
	api.CodeRegistrationClosed: {http.StatusConflict, "Registration is over"},
	api.CodeMeetingCancelled:   {http.StatusConflict, "The meeting is cancelled"},
	api.CodeTooLate:            {http.StatusConflict, "The time for that is over"},
	api.CodeMeetingFull:        {http.StatusConflict, "The meeting is full"},
	api.CodeChoiceFull:         {http.StatusConflict, "No place is left of a choice"},
	api.CodeOfferOver:          {http.StatusConflict, "The time to accept the place is over"},
	api.CodeNotForMembership:   {http.StatusForbidden, "Not for this membership type"},
	api.CodeTooManyFiles:       {http.StatusConflict, "Too many files"},
	api.CodeWrongState:         {http.StatusConflict, "Not possible in this state"},
	api.CodeStreamForked:       {http.StatusConflict, "The stream has forked"},
	api.CodeNumberGap:          {http.StatusConflict, "A number of the stream is missing"},
	api.CodeEffects:            {http.StatusConflict, "The change does something to answers"},
	api.CodeInvitationOver:     {http.StatusConflict, "The invitation is used, taken back, or over"},
	api.CodeInvitationOther:    {http.StatusForbidden, "The invitation is for another address"},
	api.CodeUnknownOperation:   {http.StatusUnprocessableEntity, "Unknown kind of operation"},
}

// problem is an api.Problem as huma takes errors.
type problem struct {
	api.Problem
}

func (p *problem) GetStatus() int { return p.Status }

// ContentType makes huma answer with the media type of RFC 9457.
func (*problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders adds what the problem asks of the client.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", retryAfter(p.RetryAfter))
	}
	if p.Code == api.CodeUnauthenticated {
		h.Set("WWW-Authenticate", `Bearer realm="plenary"`)
	}
	return h
}

// retryAfter is whole seconds, rounded up.
func retryAfter(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// complete gives a problem its status, texts and reference. Those that raise a
// problem set its code, and its field errors or wait if it has any.
func complete(ctx context.Context, p api.Problem) *problem {
	known, ok := statuses[p.Code]
	if !ok {
		p = api.Problem{Code: api.CodeInternal}
		known = statuses[api.CodeInternal]
	}
	if p.Status == 0 {
		p.Status = known.status
	}
	p.Type = "urn:plenary:problem:" + string(p.Code)
	p.Title = known.title
	p.Reference = requestOf(ctx).reference
	return &problem{p}
}

// fail turns the error of an operation into a problem: an *api.Problem in its
// chain is meant for the client, trouble that passes becomes 503, anything else is
// logged as a failure and becomes "internal".
func (s *API) fail(ctx context.Context, err error) *problem {
	if p, ok := errors.AsType[*api.Problem](err); ok {
		return complete(ctx, *p)
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		// The client has gone; nobody reads this.
		return complete(ctx, api.Problem{Code: api.CodeBusy, RetryAfter: time.Second})
	}
	level, said := slog.LevelError, "request failed"
	p, passes := passing(err)
	if passes {
		level, said = slog.LevelWarn, "request not taken"
	}
	r := requestOf(ctx)
	s.log.LogAttrs(ctx, level, said,
		slog.String("reference", r.reference), slog.String("route", r.route), slog.Any("error", err))
	return complete(ctx, p)
}

// passing gives the problem of an error that tells of trouble which passes, and
// which is no defect: work that the database did not take, and time that was over.
// Any other one is "internal".
func passing(err error) (p api.Problem, passes bool) {
	if u, ok := errors.AsType[*store.Unavailable](err); ok {
		p := api.Problem{Code: api.CodeUnavailable, RetryAfter: u.Reason.RetryAfter()}
		if u.Reason == store.Busy {
			p.Code = api.CodeBusy
		}
		return p, true
	}
	if _, ok := errors.AsType[*store.OutcomeUnknown](err); ok {
		return api.Problem{Code: api.CodeOutcomeUnknown, RetryAfter: time.Second}, true
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return api.Problem{Code: api.CodeBusy, RetryAfter: store.Busy.RetryAfter()}, true
	}
	return api.Problem{Code: api.CodeInternal}, false
}

// writeProblem answers with the problem of an error where huma does not.
func (s *API) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := s.fail(r.Context(), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		s.log.Debug("answer not written", slog.Any("error", err))
	}
}

// humaError replaces huma's own errors, which echo rejected values.
func humaError(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
	p := api.Problem{Code: api.CodeInternal, Status: status}
	switch status {
	case http.StatusUnprocessableEntity:
		p.Code = api.CodeInvalid
		p.Errors = fieldErrors(errs)
	case http.StatusRequestEntityTooLarge:
		p.Code = api.CodeTooLarge
	case http.StatusNotFound:
		p.Code = api.CodeNotFound
	case http.StatusUnsupportedMediaType:
		p.Code = api.CodeMediaType
	case http.StatusBadRequest, http.StatusRequestTimeout, http.StatusNotAcceptable:
		p.Code = api.CodeMalformed
	default:
		p.Status = http.StatusInternalServerError
		if errors.Is(errors.Join(errs...), io.ErrUnexpectedEOF) { // the body was cut
			p.Code, p.Status = api.CodeMalformed, http.StatusBadRequest
		}
	}
	background := context.Background()
	if ctx != nil {
		background = ctx.Context()
	}
	return complete(background, p)
}

const maxFieldErrors = 20

func fieldErrors(errs []error) []api.FieldError {
	var fields []api.FieldError
	for _, err := range errs {
		d, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		detail := d.ErrorDetail()
		if len(fields) < maxFieldErrors {
			fields = append(fields, fieldError(detail.Location, detail.Message))
		}
	}
	return fields
}

var (
	missing  = regexp.MustCompile(`^expected required property ([A-Za-z0-9_]+) to be present$`)
	location = regexp.MustCompile(`^(?:body|path|query|header)((?:\.[A-Za-z0-9_-]+|\[[0-9]+\])*)$`)
)

// fieldError turns huma's location (body.sessions[2].title, query.after) into a JSON
// Pointer (/sessions/2/title, /after), and its message into a code. A location that is
// not made of plain names, such as an unknown key with a dot in it, points at the whole
// body.
func fieldError(where, message string) api.FieldError {
	e := api.FieldError{Code: fieldCode(message)}
	if at := location.FindStringSubmatch(where); at != nil {
		e.Pointer = strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(at[1])
	}
	if m := missing.FindStringSubmatch(message); m != nil {
		e.Pointer += "/" + m[1]
	}
	return e
}

func fieldCode(message string) string {
	for _, c := range []struct{ prefix, code string }{
		{"expected required property", api.FieldRequired},
		{"unexpected property", api.FieldUnknown},
		{"expected value to be one of", api.FieldUnknown},
		{"expected length <=", api.FieldTooLong},
		{"expected length >=", api.FieldTooShort},
		{"expected array length <=", api.FieldTooMany},
		{"expected object with at most", api.FieldTooMany},
		{"expected number <", api.FieldOutOfRange},
		{"expected number >", api.FieldOutOfRange},
	} {
		if strings.HasPrefix(message, c.prefix) {
			return c.code
		}
	}
	return api.FieldInvalid
}
