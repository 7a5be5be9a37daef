package rules

import (
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

func TestCheckMail(t *testing.T) {
	good := func(change func(*api.MailParticipants)) api.MailParticipants {
		in := api.MailParticipants{Subject: api.Text{"en": "Room"}, Text: api.Text{"en": "Another\nroom."}}
		if change != nil {
			change(&in)
		}
		return in
	}
	for name, c := range map[string]struct {
		in   api.MailParticipants
		want []string
	}{
		"good": {good(nil), nil},
		"chosen": {good(func(in *api.MailParticipants) {
			in.To = api.Recipients{State: api.Confirmed, Participation: api.Remote, Membership: "academia", Country: "CI"}
		}), nil},
		"nothing":            {api.MailParticipants{}, []string{"/subject/en required", "/text/en required"}},
		"two languages":      {good(func(in *api.MailParticipants) { in.Subject["fr"], in.Text["fr"] = "Salle", "Autre" }), nil},
		"a subject alone":    {good(func(in *api.MailParticipants) { in.Subject["fr"], in.Text["fr"] = "Salle", " \n" }), []string{"/text/fr required"}},
		"a text alone":       {good(func(in *api.MailParticipants) { in.Text["ar"] = "x" }), []string{"/subject/ar required"}},
		"no such language":   {good(func(in *api.MailParticipants) { in.Text["tlh"] = "x" }), []string{"/text/tlh unknown"}},
		"two lines":          {good(func(in *api.MailParticipants) { in.Subject["en"] = "Room\nBcc: all" }), []string{"/subject/en invalid"}},
		"long":               {good(func(in *api.MailParticipants) { in.Text["en"] = strings.Repeat("é", MaxMailText+1) }), []string{"/text/en too-long"}},
		"long subject":       {good(func(in *api.MailParticipants) { in.Subject["en"] = strings.Repeat("é", MaxMailSubject+1) }), []string{"/subject/en too-long"}},
		"unknown state":      {good(func(in *api.MailParticipants) { in.To.State = "asleep" }), []string{"/to/state unknown"}},
		"unknown way":        {good(func(in *api.MailParticipants) { in.To.Participation = "dream" }), []string{"/to/participation unknown"}},
		"unknown membership": {good(func(in *api.MailParticipants) { in.To.Membership = "club" }), []string{"/to/membership unknown"}},
		"no country":         {good(func(in *api.MailParticipants) { in.To.Country = "c'" }), []string{"/to/country unknown"}},
	} {
		var got []string
		for _, e := range CheckMail(&c.in) {
			got = append(got, e.Pointer+" "+e.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
