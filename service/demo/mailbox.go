package demo

import (
	"context"
	"time"

	"plenary/service/mail"
)

// Mail is an e-mail that the service sends.
type Mail struct {
	ID      string
	To      string
	Subject string
	Text    string
	HTML    string
	At      time.Time
	Link    string // of an activation or a reset, until it has expired
	Code    string // likewise
}

// Mails gives the e-mails of the service, newest first, whether or not there is
// a mail server to send them with.
func (d *Demo) Mails(ctx context.Context) ([]Mail, error) {
	info, err := d.service.Info(ctx)
	if err != nil {
		return nil, err
	}
	var mails []Mail
	for s, err := range mail.Outgoing(ctx, d.service.DB(), d.key, mail.Info{
		Organization: info.Organization, ServiceDesk: info.ServiceDesk, FAQ: info.FAQ,
	}) {
		if err != nil {
			return nil, err
		}
		if (s.Template == mail.PasswordChanged || s.Template == mail.FocalPointAppointed || s.Template == mail.VisaNeeded) && isStaff(s.To) {
			continue // of what a start of the demonstration does
		}
		mails = append(mails, Mail{
			ID: s.ID, To: s.To, Subject: s.Subject, Text: s.Text, HTML: s.HTML, At: s.At,
			Link: s.Secrets[mail.Link], Code: s.Secrets[mail.Code],
		})
	}
	return mails, nil
}
