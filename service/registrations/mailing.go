package registrations

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
	"plenary/words"
)

// mailLife is for how long an e-mail to participants is tried: what managers write, also
// after the meeting, is of its time.
const mailLife = 14 * 24 * time.Hour

// prepareMailParticipants sends an e-mail to those of a meeting's registrations that a
// manager has chosen, by a notice. It refuses with api.CodeInvalid, with CodeNotFound, also
// for a meeting that others manage, and with CodeWrongState for a draft.
func (rs *Registrations) prepareMailParticipants(_ context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var in api.MailParticipants
	if err := operation.Decode(a.Payload, &in); err != nil {
		return p, err
	}
	if wrong := rules.CheckMail(&in); len(wrong) > 0 {
		return p, api.Invalid(wrong...)
	}
	in = rules.CleanMail(in)
	p.Line = meetings.Line(in.Meeting)
	p.Do = func(tx *store.Tx, _ *api.Result) (operation.Done, error) {
		meeting, err := rs.Meetings.Lock(tx, in.Meeting)
		if err != nil {
			return operation.Done{}, err
		}
		if !rs.Meetings.Manages(tx, in.Meeting, a.Actor, a.Roles) {
			return operation.Done{}, api.Refuse(api.CodeNotFound)
		}
		if meeting.Status == api.MeetingDraft {
			return operation.Done{}, api.Refuse(api.CodeWrongState)
		}
		rs.Meetings.Mail(tx, meeting, &in, a.Actor)
		return operation.Done{}, nil
	}
	return p, nil
}

// mail queues a manager's e-mail to one person.
func (rs *Registrations) mail(tx *store.Tx, meeting *meetings.Row, r *registration, said meetings.NoticeTexts) error {
	who, err := rs.whoseIs(tx, r)
	if api.HasCode(err, api.CodeNotFound) || err == nil && who.Email == "" {
		return nil // the account was deleted, or there is nowhere to send it
	}
	if err != nil {
		return fmt.Errorf("registrations: find whom to write to: %w", err)
	}
	rs.Outbox.Queue(tx, rs.mailTo(meeting, r.Number, who, said))
	return nil
}

// mailTo is a manager's e-mail to one person, in their language, or all of it in English.
func (rs *Registrations) mailTo(meeting *meetings.Row, number string, who api.Account, said meetings.NoticeTexts) mail.Message {
	if said.Text[who.Language] == "" {
		who.Language = "en"
	}
	w := words.ForLetters(who.Language)
	message := mail.Message{
		To: who.Email, Language: who.Language, Template: mail.MeetingMail, Subject: number,
		Params: map[string]string{
			"Username": who.Username, "Name": nameOf(who), "Number": number,
			"Meeting": meeting.Title.In(w.Lang()), "MeetingCode": meeting.Code, "Place": meeting.Place.In(w.Lang()), "Contact": meeting.Contact,
			"Subject": said.Subject[who.Language], "Text": said.Text[who.Language],
		},
		Expires: rs.Now().Add(mailLife),
	}
	if len(meeting.Sessions) > 0 {
		message.Params["Dates"] = dates(w, meeting)
	}
	return message
}

// PreviewMail gives an e-mail as it would arrive now, and says how many would get it; nothing
// is sent. It refuses as the operation does.
func (rs *Registrations) PreviewMail(ctx context.Context, who caller.Caller, code string, in api.MailParticipants) (preview api.MailPreview, err error) {
	if wrong := rules.CheckMail(&in); len(wrong) > 0 {
		return preview, api.Invalid(wrong...)
	}
	in = rules.CleanMail(in)
	info, err := rs.MailInfo(ctx)
	if err != nil {
		return preview, err
	}
	var letters []mail.Message
	err = rs.DB.View(ctx, func(tx *store.Tx) (err error) {
		preview, letters = api.MailPreview{Letters: []api.MailLetter{}}, nil
		if err := rs.managedBy(tx, code, who); err != nil {
			return err
		}
		meeting, err := rs.Meetings.Read(tx, code)
		if err != nil {
			return err
		}
		if meeting.Status == api.MeetingDraft {
			return api.Refuse(api.CodeWrongState)
		}
		people, some, unreached := readers(tx, code, &in)
		preview.Unreached = unreached
		for _, lang := range rules.MeetingLanguages {
			if in.Text[lang] == "" {
				continue
			}
			preview.People += people[lang]
			preview.Letters = append(preview.Letters, api.MailLetter{Language: lang, People: people[lang]})
			reader, number := api.Account{}, ""
			if line := some[lang]; line > 0 {
				if reader, number, err = rs.readerAt(tx, code, line); err != nil {
					return err
				}
			}
			reader.Language = lang
			letters = append(letters, rs.mailTo(meeting, number, reader, meetings.NoticeTexts{Subject: in.Subject, Text: in.Text}))
		}
		return nil
	})
	if err != nil {
		return api.MailPreview{}, err
	}
	for i, letter := range letters {
		rendered, err := mail.Render(info, letter)
		if err != nil {
			return api.MailPreview{}, fmt.Errorf("registrations: preview an e-mail: %w", err)
		}
		preview.Letters[i].Subject, preview.Letters[i].Text = rendered.Subject, rendered.Text
	}
	return preview, nil
}

// readers counts who gets an e-mail in each of its languages, with the place in line of one
// of them, and who has no address.
func readers(tx *store.Tx, code string, in *api.MailParticipants) (people map[string]int, some map[string]int64, unreached int) {
	people, some = map[string]int{}, map[string]int64{}
	condition, args := meetings.NoticeFilter{Recipients: in.To}.Chosen([]any{code})
	for scan := range tx.Each(`SELECT COALESCE(a.language, r.language), CASE WHEN r.account_id <> '' OR r.email <> '' THEN 1 ELSE 0 END, COUNT(*), MIN(r.place_in_line)
		FROM registrations r LEFT JOIN accounts a ON a.id = r.account_id
		WHERE r.meeting = $1 AND `+condition+` GROUP BY 1, 2 ORDER BY 1`, args...) {
		var (
			lang       string
			reached, n int
			line       int64
		)
		scan(&lang, &reached, &n, &line)
		if reached == 0 {
			unreached += n
			continue
		}
		own := in.Text[lang] != ""
		if !own {
			lang = "en"
		}
		if people[lang] += n; own || some[lang] == 0 {
			some[lang] = line
		}
	}
	return people, some, unreached
}

// readerAt is who stands at a place in line.
func (rs *Registrations) readerAt(tx *store.Tx, code string, line int64) (who api.Account, number string, err error) {
	list, err := queryRegistrations(tx, `WHERE r.meeting = $1 AND r.place_in_line = $2`, code, line)
	if err != nil || len(list) == 0 {
		return who, "", err
	}
	who, err = rs.whoseIs(tx, list[0])
	if api.HasCode(err, api.CodeNotFound) {
		return api.Account{}, list[0].Number, nil
	}
	return who, list[0].Number, err
}
