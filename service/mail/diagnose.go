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
)

// sendError says at which step of a delivery it failed, why, and whether trying
// again is useless. Its text holds no addresses and nothing that the server said.
type sendError struct {
	step      string // one of api.MailStep...; empty: the e-mail itself is the problem
	problem   string // one of api.MailProblem...
	code      int    // of SMTP; 0 means none
	permanent bool
	err       error
}

// Error is "recipient: refused 550".
func (e *sendError) Error() string { return "mail: " + e.stored() }

func (e *sendError) Unwrap() error { return e.err }

// ofServer says that it is about the mail server or its settings, whatever the
// e-mail was: that waits until they are right.
func (e *sendError) ofServer() bool {
	return e.step != "" && e.step != api.MailStepRecipient && e.step != api.MailStepMessage
}

// answered says that the server has said no, and listens to what comes next.
func (e *sendError) answered() bool {
	return e.code != 0 && e.code != serviceCloses || e.problem == api.MailProblemLetters
}

// serviceCloses is the SMTP code with which a server ends a conversation.
const serviceCloses = 421

// stored is how the outbox keeps it: "recipient: refused 550".
func (e *sendError) stored() string {
	text := e.problem
	if e.step != "" {
		text = e.step + ": " + text
	}
	if e.code != 0 {
		text += " " + strconv.Itoa(e.code)
	}
	return text
}

// parseStored is the inverse of stored. What an earlier version has stored is
// no problem that the contract knows, and gives nothing.
func parseStored(text string) (step, problem string, code int) {
	before, after, ok := strings.Cut(text, ": ")
	if ok {
		step, text = before, after
	}
	problem, number, _ := strings.Cut(text, " ")
	if number != "" {
		var err error
		if code, err = strconv.Atoi(number); err != nil {
			return "", "", 0
		}
	}
	return step, problem, code
}

// diagnose says what an error of a step means; nil stays nil.
func diagnose(step string, err error) *sendError {
	if err == nil {
		return nil
	}
	e := &sendError{step: step, problem: problemOf(step, err), err: err}
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		e.code = refused.Code
	}
	if !e.ofServer() {
		e.permanent = e.code >= 500 && e.code <= 599 || e.problem == api.MailProblemLetters
	}
	return e
}

// authenticationFailed is the SMTP code of RFC 4954 for wrong credentials.
const authenticationFailed = 535

func problemOf(step string, err error) string {
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
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		if step == api.MailStepLogIn && refused.Code == authenticationFailed {
			return api.MailProblemPassword
		}
		return api.MailProblemRefusedBy
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
	return elsewise(step, err)
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
