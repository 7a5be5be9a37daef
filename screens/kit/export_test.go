package kit

import (
	"plenary/screens/parts"
)

// Password is where a proof is typed.
func (p *Prover) Password() *parts.Entry { return p.password }

// Code is where a second factor is typed.
func (p *Prover) Code() *parts.Entry { return p.code }

// PasswordWrong is what is wrong with the password.
func (p *Prover) PasswordWrong() string { return p.passwordField.Error() }

// CodeWrong is what is wrong with the second factor.
func (p *Prover) CodeWrong() string { return p.codeField.Error() }

// Says is what is said above the question.
func (p *Prover) Says() string { return p.bar.String() }

// SubmitButton is the question's button.
func (p *Prover) SubmitButton() *parts.Button { return p.submit }

// Submitted submits what was typed.
func (p *Prover) Submitted() { p.submitted() }

// Waits reports whether the service wants a wait before the next try.
func (p *Prover) Waits() bool { return p.tries.Active() }
