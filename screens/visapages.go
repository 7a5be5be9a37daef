package screens

import (
	"context"
	"slices"
	"strconv"

	"plenary/api"
	"plenary/screens/manage"
	"plenary/screens/parts"
)

// answersVisas tells whether the person who is logged in has the role visa.
func (s *Shell) answersVisas() bool {
	return s.services.Visas != nil && slices.Contains(s.account.Roles, api.RoleVisa)
}

func (s *Shell) visasPage(route) page {
	return manage.NewVisas(s.env, s.services.Visas, s.visasWait)
}

// visasWait shows how many cases wait for an answer.
func (s *Shell) visasWait(count int) {
	text := ""
	if count > 0 {
		text = strconv.Itoa(count)
	}
	s.nav.Count(parts.ID("nav."+routeVisas), text)
}

// countVisas asks what waits for whoever has come in. An answer that does not come is asked
// for again when the cases are looked at.
func (s *Shell) countVisas() {
	if !s.answersVisas() {
		return
	}
	service := s.services.Visas
	var (
		page api.VisaCases
		err  error
	)
	s.env.Run.Run(s.during, func(ctx context.Context) { page, err = service.Visas(ctx, api.VisaFilter{State: api.VisaWaiting}) }, func() {
		if s.frame != nil && err == nil {
			s.visasWait(page.Waiting)
		}
	})
}
