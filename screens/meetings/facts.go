package meetings

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// facts are the registration's state, its data, what happened and what to do.
func (r *Registration) facts(mine *app.Mine, meeting *api.Meeting) []fyne.CanvasObject {
	t := r.env.T
	text, tone := stateTag(r.env, mine)
	objects := []fyne.CanvasObject{
		parts.Ends(parts.Section(t("registration.yours")).WithID("registration.title"),
			parts.NewTag(text, tone).WithID(parts.ID("registration.state."+mine.State))),
	}
	if mine.TakenBack {
		objects = append(objects, parts.Body(t("registration.note.taken-back")).WithID("registration.taken-back"))
	}
	if note := r.note(mine, meeting); note != nil {
		objects = append(objects, note)
	}
	if acts := r.acts(mine); len(acts) > 0 {
		objects = append(objects, parts.Inline(parts.Gap12, acts...))
	}
	if until := r.until(mine, meeting); until != "" {
		objects = append(objects, parts.Small(until).WithID("registration.until"))
	}
	if at := rules.ErasedAt(mine.History); !at.IsZero() {
		day := map[string]any{"Date": r.env.Words.Date(at.In(r.env.Now().Location()))}
		objects = append(objects, parts.Body(t("registration.erased", day)).WithID("registration.erased"))
	}
	objects = append(objects, r.data(mine, meeting))
	for _, s := range forms.All(r.env, meeting, entered(mine), r.saver())[1:] {
		objects = append(objects, parts.Section(s.Title), parts.KeyValues(s.Pairs...))
	}
	objects = append(objects, r.visa(mine, meeting)...)
	if history := r.history(mine, meeting); history != nil {
		objects = append(objects, parts.Section(t("registration.history")), history)
	}
	return objects
}

// until says by when one can change it, and withdraw, where that ends before the meeting.
func (r *Registration) until(mine *app.Mine, meeting *api.Meeting) string {
	if mine.Number == "" || rules.Final(mine.Standing()) || mine.Operation != "" || len(meeting.Sessions) == 0 || !r.env.Now().Before(meeting.End()) {
		return ""
	}
	var lines []string
	say := func(open, over string, at time.Time) {
		key := open
		if !r.env.Now().Before(at) {
			key = over
		}
		lines = append(lines, r.env.T(key, map[string]any{"Until": deadline(r.env, meeting, at)}))
	}
	say("registration.until.change", "registration.until.change.over", rules.ChangeUntil(meeting))
	if at := rules.WithdrawUntil(meeting); at.Before(meeting.End()) {
		say("registration.until.withdraw", "registration.until.withdraw.over", at)
	}
	return strings.Join(lines, " ")
}

// note says what the state means, and what to do where something is to be done.
func (r *Registration) note(mine *app.Mine, meeting *api.Meeting) fyne.CanvasObject {
	t := r.env.T
	key := "registration.note." + mine.State
	switch {
	case mine.State == app.StateNeedsAttention:
		return r.attention(mine, meeting)
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpWithdraw:
		key = "registration.note.withdrawing"
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpChange:
		key = "registration.note.changing"
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpAnswerOffer:
		return parts.Muted(t("offer.note."+waitingAnswer(mine), offerParams(r.env, mine))).WithID("registration.note")
	case mine.State == api.Offered:
		r.offer = parts.Body(offerNote(r.env, mine)).WithID("registration.note")
		return r.offer
	case mine.State == api.Withdrawn && lastWhat(mine) == rules.WhatLapsed:
		key = "offer.note.lapsed"
	case mine.State == api.Withdrawn && lastWhat(mine) == rules.WhatDeclined:
		key = "offer.note.declined"
	case mine.State == app.StateWaitingToSend && r.online:
		key = "registration.note.sending"
	case mine.State == api.Refused:
		if reason := lastReason(mine); reason != "" {
			return parts.Body(t("registration.note.refused", map[string]any{"Reason": reason}))
		}
		key = "registration.note.refused-silent"
	}
	if !r.env.Words.Has(key) {
		return nil
	}
	return parts.Muted(t(key)).WithID("registration.note")
}

// attention says why the service did not take an operation, and what to do.
func (r *Registration) attention(mine *app.Mine, meeting *api.Meeting) fyne.CanvasObject {
	t := r.env.T
	what := t("registration.attention.register")
	switch mine.Kind {
	case api.OpWithdraw:
		what = t("registration.attention.withdraw")
	case api.OpChange:
		what = t("registration.attention.change")
	case api.OpAnswerOffer:
		what = t("offer.attention")
	}
	reason := "error." + string(mine.Code)
	for _, special := range []string{"registration.reason." + string(mine.Code), "registration.reason." + mine.Kind + "." + string(mine.Code)} {
		if r.env.Words.Has(special) {
			reason = special
		}
	}
	if !r.env.Words.Has(reason) {
		reason = "error.internal"
	}
	lines := []fyne.CanvasObject{parts.Body(what + " " + t(reason)).WithID("registration.note")}
	if wrong := r.wrongFields(mine, meeting); wrong != "" {
		lines = append(lines, parts.Body(t("registration.attention.fields", map[string]any{"Fields": wrong})))
	}
	if mine.Reference != "" {
		words := parts.Small(t("error.reference", map[string]any{"Reference": mine.Reference}))
		lines = append(lines, r.env.Carried("registration.reference.copy", words, mine.Reference))
	}
	return parts.Stack(parts.Gap4, lines...)
}

// wrongFields names what the service did not accept.
func (r *Registration) wrongFields(mine *app.Mine, meeting *api.Meeting) string {
	var names []string
	for _, e := range mine.Errors {
		if name := forms.FieldName(r.env, meeting, strings.TrimPrefix(e.Pointer, "/payload")); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func lastReason(mine *app.Mine) string {
	reason := ""
	for _, e := range mine.History {
		if e.Reason != "" {
			reason = e.Reason
		}
	}
	return reason
}

// entered is what was filled in, also in a change that waits to be sent.
func entered(mine *app.Mine) *api.Register {
	if mine.Asked != nil {
		return mine.Asked
	}
	in := rules.Registered(&mine.Registration)
	return &in
}

// lastWhat is what happened last.
func lastWhat(mine *app.Mine) string {
	if len(mine.History) == 0 {
		return ""
	}
	return mine.History[len(mine.History)-1].What
}

func (r *Registration) data(mine *app.Mine, meeting *api.Meeting) fyne.CanvasObject {
	t := r.env.T
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	if mine.Number != "" {
		number := r.env.Carried("registration.number.copy", parts.Body(mine.Number), mine.Number)
		pairs = append(pairs, parts.Pair{Key: t("registration.number"), Value: number})
	}
	pairs = append(pairs, forms.Person(r.env, meeting, entered(mine)).Pairs...)
	organization := mine.Organization
	if organization != "" && mine.Country != "" {
		organization += ", " + r.env.Words.Country(mine.Country)
	}
	add("registration.organization", organization)
	return parts.KeyValues(pairs...)
}

// history is what happened, in the words of the person who reads it.
func (r *Registration) history(mine *app.Mine, meeting *api.Meeting) fyne.CanvasObject {
	w := r.env.Words
	lines := parts.Stack(parts.Gap4)
	line := func(at time.Time, text string) {
		lines.Add(parts.NewText(
			parts.Span{Text: kit.Clock(w, at.In(r.env.Now().Location()), r.env.Now()) + "  ", Color: parts.ColorMuted},
			parts.Span{Text: text},
		))
	}
	for _, e := range mine.History {
		key := "registration.event." + e.What
		if by := key + "." + e.By; e.By != "" && w.Has(by) {
			key = by
		}
		text := w.T(key, map[string]any{"Organization": mine.Organization})
		if e.Reason != "" {
			text += ": " + e.Reason
		}
		line(e.At, text)
		for _, pair := range forms.Changes(r.env, meeting, e.Changed) {
			what := parts.Small(pair.Key + " – " + pair.Value.(*parts.Text).String())
			lines.Add(parts.Pad(0, 0, 0, parts.Gap16, what))
		}
	}
	switch {
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpWithdraw:
		line(mine.Made, w.T("registration.event.kept-withdrawal"))
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpChange:
		line(mine.Made, w.T("registration.event.kept-change"))
	case mine.State == app.StateWaitingToSend && mine.Kind == api.OpAnswerOffer:
		line(mine.Made, w.T("offer.event.kept"))
	case mine.State == app.StateWaitingToSend:
		line(mine.Made, w.T("registration.event.kept"))
	case mine.State == app.StateNeedsAttention:
		line(mine.Made, w.T("registration.event.not-taken"))
	}
	if len(lines.Objects) == 0 {
		return nil
	}
	return lines
}
