package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// Mailing is an e-mail to a meeting's participants that waits here to be sent, or that the
// service has refused.
type Mailing struct {
	api.MailParticipants
	Operation string
	Made      time.Time // by the device's clock
	// Refused: nobody has dealt with that yet; Code and Reference say why.
	Refused   bool
	Code      api.Code
	Reference string
}

// mailingOf reads the e-mail that an operation is; false where it is none.
func mailingOf(op localdb.Operation, refused bool) (m Mailing, ok bool) {
	if op.Kind != api.OpMailParticipants || json.Unmarshal(op.Payload, &m.MailParticipants) != nil {
		return m, false
	}
	m.Operation, m.Made, m.Refused, m.Code, m.Reference = op.ID, op.Made, refused, api.Code(op.Code), op.Reference
	return m, true
}

// Mailings are those of whoever is logged in for a meeting, what was refused first; they are
// in memory. SubscribeDecisions tells of changes.
func (s *Service) Mailings(code string) (list []Mailing) {
	r := s.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.shown.mailings {
		if m.Meeting == code {
			list = append(list, m)
		}
	}
	return list
}

// MailParticipants keeps an e-mail to a meeting's participants for sending; its draft is
// gone then. Errors to test for: ErrNoSession, localdb.ErrDiskFull.
func (s *Service) MailParticipants(ctx context.Context, in api.MailParticipants) error {
	r := s.session.registrations
	store, give, err := r.write(ctx)
	if err == nil {
		if _, err = store.Enqueue(api.OpMailParticipants, in); err == nil {
			if err := store.DeleteDraft(mailPrefix + in.Meeting); err != nil {
				r.core.log.Warn("a draft was not deleted", "cause", Explain(err).Kind)
			}
		}
		give()
	}
	if err != nil {
		return fmt.Errorf("write to participants: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

// DismissMailing forgets an e-mail that the service has refused. One that is not there is
// localdb.ErrNotFound.
func (s *Service) DismissMailing(ctx context.Context, operation string) error {
	return s.session.registrations.Dismiss(ctx, operation)
}

// mailPrefix is in front of a meeting's code in the name of an e-mail that is being written.
const mailPrefix = "mail/"

// MailDraft gives what a manager has typed of an e-mail to a meeting's participants, and not
// sent.
func (s *Service) MailDraft(code string) (in api.MailParticipants, ok bool) {
	v, err := s.session.registrations.open()
	if err != nil {
		return in, false
	}
	b, err := v.store.Draft(mailPrefix + code)
	return in, err == nil && len(b) > 0 && json.Unmarshal(b, &in) == nil
}

// KeepMailDraft keeps it on this computer; an e-mail without subject and text is none.
// Errors to test for: ErrNoSession, localdb.ErrDiskFull.
func (s *Service) KeepMailDraft(ctx context.Context, in api.MailParticipants) error {
	empty := len(in.Subject) == 0 && len(in.Text) == 0
	store, give, err := s.session.registrations.write(ctx)
	if err == nil {
		var b []byte
		if empty {
			err = store.DeleteDraft(mailPrefix + in.Meeting)
		} else if b, err = json.Marshal(in); err == nil {
			err = store.PutDraft(mailPrefix+in.Meeting, b)
		}
		give()
	}
	if err != nil && !(empty && errors.Is(err, ErrNoSession)) {
		return fmt.Errorf("keep an e-mail that is being written: %w", err)
	}
	s.session.registrations.worked()
	return nil
}
