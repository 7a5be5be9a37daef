package screens

import (
	"slices"

	"plenary/api"
	"plenary/app"
	"plenary/screens/parts"
)

// troubles are the reasons for which the sync fails that a person can do
// something about; for some of them the service can be reached.
var troubles = []string{
	app.KindUntrusted, app.KindUnknownIssuer, app.KindCertificateTime, app.KindProxy, app.KindProxyLogIn, app.KindProxyRefused,
	app.KindNotPlenary, app.KindOtherService, app.KindUnproven, app.KindDiskFull, app.KindDiskStopped, app.KindNoAccess, app.KindFileBusy,
	app.KindNewerData, app.KindInUse, app.KindDamaged, string(api.CodeVersionTooOld),
}

// troubleNotice says what goes wrong with the sync; nil for nothing of that kind.
func (s *Shell) troubleNotice() *parts.Notice {
	status := s.known
	switch {
	case slices.Contains(troubles, status.Kind):
	case status.Lost > s.lostSeen:
		return &parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.Words.N("shell.lost", status.Lost)}},
			Action: s.env.T("shell.close"), Act: func() {
				s.lostSeen = status.Lost
				s.sayStanding()
			},
		}
	default:
		return nil
	}
	n := &parts.Notice{
		Tone: parts.Warning, Words: []parts.Span{{Text: s.env.SayExplained(app.Explanation{Kind: status.Kind, Issuer: status.Issuer})}},
		Action: s.env.T("shell.retry"), Act: s.services.Sync.Now,
	}
	if status.Kind == app.KindOtherService {
		n.Action, n.Act = s.env.T("shell.replace"), s.askReplace
	}
	return n
}
