package meetings

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/parts"
)

// visa says how visa support stands, what the secretariat wrote, and what there is to do;
// nothing where it was not asked for.
func (r *Registration) visa(mine *app.Mine, meeting *api.Meeting) []fyne.CanvasObject {
	t := r.env.T
	if mine.Visa == "" || mine.Number == "" {
		return nil
	}
	text, tone := forms.VisaTag(r.env, mine.Visa)
	objects := []fyne.CanvasObject{
		parts.Ends(parts.Section(t("visa.title")).WithID("registration.visa"), parts.NewTag(text, tone).WithID("registration.visa.state")),
	}
	note := t("visa.note." + mine.Visa)
	if decided := mine.Visa == api.VisaAnswered || mine.Visa == api.VisaRefused; decided && mine.VisaAnswer == "" {
		note += " " + t("visa.note.erased")
	}
	objects = append(objects, parts.Muted(note).WithID("registration.visa.note"))
	if mine.VisaAnswer != "" {
		objects = append(objects, parts.Body(mine.VisaAnswer).WithID("registration.visa.answer"))
	}
	waits := mine.Visa == api.VisaAsked || mine.Visa == api.VisaWaiting
	if waits && mine.Operation == "" && !rules.Final(mine.Standing()) && len(meeting.Sessions) > 0 && r.env.Now().Before(meeting.End()) {
		objects = append(objects, parts.Inline(parts.Gap12,
			parts.NewButton("registration.visa.correct", t("visa.correct"), parts.Outlined, func() { r.on.Change(r.code) }),
			parts.NewButton("registration.visa.take-back", t("visa.take-back"), parts.Outlined, func() { r.askTakeVisaBack(mine) })))
	}
	return objects
}

// askTakeVisaBack asks once, and names what happens.
func (r *Registration) askTakeVisaBack(mine *app.Mine) {
	t := r.env.T
	parts.Ask(parts.CanvasOf(r.holder), t("visa.take-back.title"), t("visa.take-back.text"),
		parts.Answer{ID: "registration.visa.take-back.yes", Text: t("visa.take-back"), Kind: parts.Danger, Do: func() { r.takeVisaBack(mine) }},
		parts.Answer{ID: "registration.visa.take-back.no", Text: t("visa.take-back.no"), Kind: parts.Outlined},
	)
}

// takeVisaBack keeps a change for sending that does nothing else.
func (r *Registration) takeVisaBack(mine *app.Mine) {
	in := api.Change{Registration: mine.Number, Changes: rules.ChangesOf(mine.History), Register: rules.Registered(&mine.Registration)}
	in.Visa = false
	r.env.Commit(r.ctx, r.busy, r.env.T("change.keeping"), func(ctx context.Context) error { return r.mine.Change(ctx, in) }, func(err error) {
		if err != nil {
			r.bar.Say(r.env.Problem(err))
			return
		}
		r.show()
	})
}

// readPassport asks the service for the passport that is to be corrected, and has it typed
// anew where that cannot be had.
func (r *Register) readPassport(fill func(*api.Passport)) {
	var p api.Passport
	r.env.Do(r.ctx, r.busy, r.env.T("visa.reading"), func(ctx context.Context) (err error) {
		p, err = r.mine.Passport(ctx, r.change.one.Number)
		return err
	}, func(err error) {
		if err != nil {
			r.bar.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: r.env.T("visa.type-anew")}}})
			fill(nil)
			return
		}
		fill(&p)
	})
}
