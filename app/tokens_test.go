package app

import (
	"context"
	"sync"
	"testing"

	"plenary/api"
)

// Somebody else has logged in before the service refuses the token of a call: it is not
// made in their name.
func TestService_aCallIsNeverMadeInTheNameOfWhoLogsInMeanwhile(t *testing.T) {
	t.Parallel()
	const other = "7a0c2f4e-1b3d-4c5e-8f6a-9b8c7d6e5f40"
	calls := map[string]func(context.Context, *Service) error{
		"DELETE /v1/account/secret-question": func(ctx context.Context, s *Service) error { return s.RemoveSecretQuestion(ctx) },
		"GET /v1/account/export":             func(ctx context.Context, s *Service) error { _, err := s.Export(ctx); return err },
		"POST /v1/account/password": func(ctx context.Context, s *Service) error {
			return s.ChangePassword(ctx, api.ChangePassword{})
		},
		"POST /v1/mail/test": func(ctx context.Context, s *Service) error {
			_, err := s.TestMail(ctx, api.MailSettings{}, func(api.MailTest) {})
			return err
		},
	}
	for path, call := range calls {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			a := m.startStill()
			m.logIn(a, true)
			first := a.Session.tokens()
			asked, answer := make(chan struct{}), make(chan struct{})
			var once sync.Once
			m.service.locked(func() {
				m.service.hook = func(p string) {
					if p == path {
						once.Do(func() {
							close(asked)
							<-answer
						})
					}
				}
			})
			done := make(chan error, 1)
			go func() { done <- call(t.Context(), a.Service) }()
			<-asked
			if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
				t.Fatal(err)
			}
			m.service.locked(func() { m.service.account = other })
			m.logIn(a, true)
			m.service.locked(func() { m.service.deny = 1 })
			close(answer)
			if err := <-done; !api.HasCode(err, api.CodeSessionEnded) {
				t.Errorf("got %v", err)
			}
			if n := m.service.count(path); n != 1 {
				t.Errorf("made %d times", n)
			}
			a.Session.accountSeen(first, api.Account{ID: faultyAccount})
			if state := a.Session.State(); state.Account.ID != other || state.Phase != LoggedIn {
				t.Errorf("the session is %+v", state)
			}
		})
	}
}
