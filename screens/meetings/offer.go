package meetings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// offerOpen says whether a place is offered that can still be accepted, by the service's
// clock.
func offerOpen(mine *app.Mine, now time.Time) bool {
	return mine.State == api.Offered && now.Before(mine.OfferUntil)
}

// offerParams are the words' parameters of an offer: until when, by the clock of this
// computer, and how long that is.
func offerParams(env kit.Env, mine *app.Mine) map[string]any {
	now := env.Now()
	return map[string]any{
		"Until": kit.Clock(env.Words, mine.OfferUntil, now),
		"Left":  kit.Distance(env.Words, mine.OfferUntil.Sub(now)),
	}
}

// offerNote says what is offered and for how long, or that the time is over.
func offerNote(env kit.Env, mine *app.Mine) string {
	if offerOpen(mine, env.Now()) {
		return env.T("offer.note", offerParams(env, mine))
	}
	return env.T("offer.over", offerParams(env, mine))
}

// tickOffer brings the time left up to date, and takes the buttons away once it is over.
func (r *Registration) tickOffer() {
	if r.offer == nil {
		return
	}
	if mine := &r.shown.mine; offerOpen(mine, r.env.Now()) == r.shown.offered {
		r.offer.SetText(offerNote(r.env, mine))
		return
	}
	r.show()
}

// offerActs are the answers to an offer.
func (r *Registration) offerActs(mine *app.Mine) []fyne.CanvasObject {
	if !offerOpen(mine, r.env.Now()) {
		return nil
	}
	number := mine.Number
	return []fyne.CanvasObject{
		parts.NewButton("offer.accept", r.env.T("offer.accept"), parts.Primary, func() { r.answerOffer(number, true) }),
		parts.NewButton("offer.decline", r.env.T("offer.decline"), parts.Outlined, func() { r.askDecline(number) }),
	}
}

// askDecline asks once, and names what happens.
func (r *Registration) askDecline(number string) {
	t := r.env.T
	parts.Ask(parts.CanvasOf(r.holder), t("offer.decline.title", map[string]any{"Meeting": r.title()}), t("offer.decline.text"),
		parts.Answer{ID: "offer.decline.yes", Text: t("offer.decline"), Kind: parts.Danger, Do: func() { r.answerOffer(number, false) }},
		parts.Answer{ID: "offer.decline.no", Text: t("offer.decline.no"), Kind: parts.Outlined},
	)
}

func (r *Registration) answerOffer(number string, accept bool) {
	r.env.Commit(r.ctx, r.busy, r.env.T("offer.keeping"), func(ctx context.Context) error { return r.mine.AnswerOffer(ctx, number, accept) }, func(err error) {
		if err != nil {
			r.bar.Say(r.env.Problem(err))
			return
		}
		r.bar.Clear()
		r.show()
	})
}

// waitingAnswer is the end of the keys for an answer that waits to be sent.
func waitingAnswer(mine *app.Mine) string {
	if mine.Accept {
		return "accepting"
	}
	return "declining"
}
