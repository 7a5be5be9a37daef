package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"

	"plenary/api"
	"plenary/service/audit"
)

// sendError says at which step of a delivery it failed, why, and whether trying
// again is useless. Its text holds no addresses and nothing that the server said.
type sendError struct {
	step      string // one of api.MailStep...; empty: the e-mail itself is the problem
	problem   string // one of api.MailProblem...
	code      int    // of SMTP; 0 means none
	enhanced  string // the code beside it, such as 5.7.54 (RFC 3463); empty means none
	permanent bool
	err       error
}

// Error is "recipient: refused 550 5.1.1".
func (e *sendError) Error() string { return "mail: " + e.stored() }

func (e *sendError) Unwrap() error { return e.err }

// beforeEMail says that the server was not asked to take the e-mail yet.
func (e *sendError) beforeEMail() bool {
	return e.step != "" && e.step != api.MailStepRecipient && e.step != api.MailStepMessage
}

// ofServer says that it is about the mail server or its settings, and holds for
// every e-mail: all wait until they are right. A refusal of one recipient may hold
// for that one only, whatever the reason.
func (e *sendError) ofServer() bool {
	return e.beforeEMail() || e.step == api.MailStepMessage && e.ofSettings()
}

// ofSettings says that a refusal is about the settings, and not about this e-mail.
func (e *sendError) ofSettings() bool {
	return e.beforeEMail() || aboutSettings(e.step, e.problem, e.enhanced)
}

// answered says that the server has said no, and listens to what comes next.
func (e *sendError) answered() bool {
	return e.code != 0 && e.code != serviceCloses || e.problem == api.MailProblemLetters
}

// serviceCloses is the SMTP code with which a server ends a conversation.
const serviceCloses = 421

// details are what the audit log says of a test that has ended so; nil: it worked.
func (e *sendError) details() []audit.Detail {
	if e == nil {
		return []audit.Detail{audit.Fact(api.DetailOutcome, api.OutcomeWorked)}
	}
	var details []audit.Detail
	if e.step != "" {
		details = append(details, audit.Fact(api.DetailStep, e.step))
	}
	details = append(details, audit.Fact(api.DetailProblem, e.problem))
	if e.code != 0 {
		details = append(details, audit.Fact(api.DetailAnswer, strings.TrimSpace(strconv.Itoa(e.code)+" "+e.enhanced)))
	}
	return details
}

// stored is how the outbox keeps it: "recipient: refused 550 5.1.1".
func (e *sendError) stored() string {
	text := e.problem
	if e.step != "" {
		text = e.step + ": " + text
	}
	if e.code != 0 {
		text += " " + strconv.Itoa(e.code)
	}
	if e.enhanced != "" {
		text += " " + e.enhanced
	}
	return text
}

// parseStored is the inverse of stored. What it does not understand gives nothing.
func parseStored(text string) sendError {
	var e sendError
	before, after, ok := strings.Cut(text, ": ")
	if ok {
		e.step, text = before, after
	}
	var number string
	e.problem, number, _ = strings.Cut(text, " ")
	number, e.enhanced, _ = strings.Cut(number, " ")
	if number != "" {
		var err error
		if e.code, err = strconv.Atoi(number); err != nil {
			return sendError{}
		}
	}
	return e
}

// diagnose says what an error of a step means; nil stays nil.
func diagnose(step string, err error) *sendError {
	if err == nil {
		return nil
	}
	e := &sendError{step: step, err: err}
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		e.code, e.enhanced = refused.Code, enhancedCode(refused)
	}
	e.problem = problemOf(e, err)
	e.permanent = !e.beforeEMail() && (e.code >= 500 && e.code <= 599 && !e.ofSettings() || e.problem == api.MailProblemLetters)
	return e
}

func problemOf(e *sendError, err error) string {
	for known, problem := range map[error]string{
		errAddress:    api.MailProblemForbidden,
		errNoStartTLS: api.MailProblemNoSTARTTLS,
		errNoLogIn:    api.MailProblemNoLogIn,
		errLetters:    api.MailProblemLetters,
		errNotSMTP:    api.MailProblemNotSMTP,
	} {
		if errors.Is(err, known) {
			return problem
		}
	}
	if isTimeout(err) {
		return api.MailProblemTimeout
	}
	if e.code != 0 {
		return meaning(e.step, e.code, e.enhanced)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return api.MailProblemExpired
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return api.MailProblemCertificate
	}
	for _, lost := range append([]error{io.EOF, io.ErrUnexpectedEOF}, errnosLost...) {
		if errors.Is(err, lost) {
			return api.MailProblemConnectionLost
		}
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return api.MailProblemNotSMTP
	}
	return elsewise(e.step, err)
}

// elsewise is for errors whose meaning depends on the step alone.
func elsewise(step string, err error) string {
	switch {
	case step == api.MailStepName:
		return api.MailProblemNoSuchName
	case errors.Is(err, errnoRefused):
		return api.MailProblemRefused
	case step == api.MailStepConnection:
		return api.MailProblemUnreachable
	case step == api.MailStepEncryption:
		return api.MailProblemEncryption
	case step == api.MailStepLogIn: // the server's part of the log-in makes no sense
		return api.MailProblemNoLogIn
	default:
		return api.MailProblemConnectionLost
	}
}

func isTimeout(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// unreadable is what became of an e-mail that nobody can read any more; nil stays nil.
func unreadable(err error) *sendError {
	if err == nil {
		return nil
	}
	return &sendError{problem: api.MailProblemUnreadable, permanent: true, err: fmt.Errorf("mail: read an e-mail: %w", err)}
}
