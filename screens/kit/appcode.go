package kit

import (
	"plenary/api"
)

// AppCode says why a code of the authenticator app was refused. Most often the clock of
// the phone is off: from the second time on that is said, with the time by the service.
type AppCode struct{ refused int }

// Wrong adds that to the words of a refusal.
func (a *AppCode) Wrong(env Env, words string) string {
	if a.refused++; a.refused < 2 {
		return words
	}
	return words + " " + env.phoneClock("account.phone-clock")
}

// phoneClock is a text about the clock of a phone, which gives the time by the service.
func (e Env) phoneClock(key string) string {
	return e.T(key, map[string]any{"Time": e.Words.Time(e.Now())})
}

// ClockOff tells of the refusal of a code, in words, that the clock of the phone is
// ahead or behind; nothing where it is not known.
func (e Env) ClockOff(err error) string {
	for _, wrong := range e.Explain(err).Fields {
		switch wrong.Code {
		case api.FieldClockAhead:
			return e.phoneClock("settings.twostep.clock-ahead")
		case api.FieldClockBehind:
			return e.phoneClock("settings.twostep.clock-behind")
		}
	}
	return ""
}
