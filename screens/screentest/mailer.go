package screentest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/app"
)

// Mailer is what managers write to participants, in memory.
type Mailer struct {
	Told       []api.Notice
	Waiting    []app.Mailing // that wait here, or were refused
	Draft      api.MailParticipants
	Previewed  []api.MailParticipants
	People     int // who get an e-mail
	Err        error
	PreviewErr error
	listeners  Listeners
}

// NewMailer has an e-mail that is on its way, a change that everybody was told of, and a
// cancellation.
func NewMailer() *Mailer {
	return &Mailer{People: 312, Told: []api.Notice{
		{
			ID: "n3", Kind: api.NoticeMail, Made: Now.Add(-2 * time.Minute), By: "Amina Dupont", Total: 3120, Told: 1200,
			To:      api.Recipients{State: api.Confirmed, Participation: api.OnSite, Country: "GB"},
			Subject: api.Text{"en": "Badges can be fetched from Monday at 8:00", "fr": "Les badges peuvent être retirés dès lundi à 8 h"},
			Text:    api.Text{"en": "Please bring your passport or identity card.\n\nThe desk is in the entrance of the tower: https://example.int/tower", "fr": "Munissez-vous de votre passeport."},
		},
		{ID: "n2", Kind: api.NoticeChanged, Made: Now.Add(-30 * time.Hour), By: "Boris Petrov", Total: 41, Told: 40, Done: Now.Add(-29 * time.Hour)},
		{ID: "n1", Kind: api.NoticeCancelled, Made: Now.AddDate(0, 0, -3), Reason: "The hall has burnt down.", Total: 1, Told: 1, Done: Now.AddDate(0, 0, -3)},
	}}
}

func (k *Mailer) Notices(context.Context, string) ([]api.Notice, error) {
	return slices.Clone(k.Told), k.Err
}

func (k *Mailer) PreviewMail(_ context.Context, in api.MailParticipants) (p api.MailPreview, err error) {
	k.Previewed = append(k.Previewed, in)
	if k.PreviewErr != nil {
		return p, k.PreviewErr
	}
	p.People, p.Unreached = k.People, 3
	for _, lang := range []string{"en", "fr", "es", "ru", "zh", "ar"} {
		if in.Text[lang] != "" {
			p.Letters = append(p.Letters, api.MailLetter{
				Language: lang, People: k.People / 2, Subject: in.Subject[lang] + " – Sixth X.509 Day",
				Text: "Dear Amélie Dupont,\n\n" + in.Text[lang] + "\n\n    Meeting        Sixth X.509 Day\n    Meeting code   C-00016512\n",
			})
		}
	}
	return p, nil
}

func (k *Mailer) Mailings(string) []app.Mailing { return slices.Clone(k.Waiting) }

func (k *Mailer) SubscribeDecisions(f func()) func() {
	return k.listeners.Subscribe(f)
}

func (k *Mailer) MailParticipants(_ context.Context, in api.MailParticipants) error {
	if k.Err != nil {
		return k.Err
	}
	k.Waiting = append(k.Waiting, app.Mailing{MailParticipants: in, Operation: fmt.Sprintf("op%d", len(k.Waiting)), Made: Now})
	k.Draft = api.MailParticipants{}
	return nil
}

func (k *Mailer) DismissMailing(_ context.Context, operation string) error {
	k.Waiting = slices.DeleteFunc(k.Waiting, func(m app.Mailing) bool { return m.Operation == operation })
	return nil
}

func (k *Mailer) MailDraft(string) (api.MailParticipants, bool) {
	return k.Draft, len(k.Draft.Text) > 0
}

func (k *Mailer) KeepMailDraft(_ context.Context, in api.MailParticipants) error {
	k.Draft = in
	return k.Err
}

// Send has the service take what waits, or refuse it.
func (k *Mailer) Send(refuse api.Code) {
	for i := range k.Waiting {
		if refuse != "" {
			k.Waiting[i].Refused, k.Waiting[i].Code = true, refuse
			continue
		}
		m := k.Waiting[i]
		k.Told = slices.Insert(k.Told, 0, api.Notice{ID: m.Operation, Kind: api.NoticeMail, Made: Now, To: m.To, Subject: m.Subject, Text: m.Text, Total: k.People})
	}
	if refuse == "" {
		k.Waiting = nil
	}
	k.listeners.Tell()
}
