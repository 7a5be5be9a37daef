package screens

import (
	"context"

	"plenary/api"
	"plenary/screens/account"
)

func (s *Shell) showLogin() *account.Login {
	on := account.LoginEvents{
		LoggedIn: s.enter,
		SignUp:   s.showSignup,
		Forgot:   s.showForgot,
		Meeting:  s.keepLink,
		Find: func(ctx context.Context, code string) error {
			_, err := s.services.Meetings.Find(ctx, code)
			return err
		},
		Unlocked: s.restore,
		Replace:  s.askReplace,
	}
	if !s.deps.Managed.ServiceLocked {
		on.OtherService = s.otherService
	}
	login := account.NewLogin(s.env, s.services.Session, on)
	s.show(login)
	s.sayUnsaid()
	s.keepLink(s.link)
	return login
}

// showSignup keeps what was typed when one goes to the log-in and back.
func (s *Shell) showSignup() {
	if s.signup == nil {
		s.signup = account.NewSignup(s.env, s.services.Account, s.services.Directory, account.SignupEvents{
			SignedUp: s.showActivate,
			Login:    func() { s.showLogin() },
			Forgot:   s.showForgot,
		})
	}
	s.show(s.signup)
}

// dropSignup forgets what was typed to sign up.
func (s *Shell) dropSignup() {
	if s.signup != nil {
		s.signup.Close()
		s.signup = nil
	}
}

// showActivate follows the sign-up: the address is to be verified.
func (s *Shell) showActivate(flow api.Flow, email, password string) {
	s.show(account.NewActivate(s.env, s.services.Account, flow, email, password, account.ActivateEvents{
		Login: func(email string) {
			s.dropSignup()
			s.showLogin().SetIdentifier(email)
			s.focusFirst()
		},
		SignUp: s.showSignup,
		Correct: func() {
			s.showSignup()
			s.signup.CorrectEmail()
		},
	}))
}

func (s *Shell) showForgot(identifier string) {
	s.show(account.NewForgot(s.env, s.services.Account, identifier, account.ForgotEvents{Login: func(identifier string) {
		s.showLogin().SetIdentifier(identifier)
		s.focusFirst()
	}}))
}
