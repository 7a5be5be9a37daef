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

// troubleLost: some of what was stored on this machine cannot be read.
const troubleLost = "lost"

func (s *Shell) sayTrouble(status app.Status) {
	trouble := ""
	switch {
	case slices.Contains(troubles, status.Kind):
		trouble = status.Kind
	case status.Lost > s.lostSeen:
		trouble = troubleLost
	}
	if trouble == s.trouble {
		return
	}
	s.trouble = trouble
	if trouble == "" {
		s.bar.Clear()
		s.sayAccount(true)
		return
	}
	if trouble == troubleLost {
		s.bar.Say(parts.Notice{
			Tone: parts.Warning, Words: []parts.Span{{Text: s.env.Words.N("shell.lost", status.Lost)}},
			Action: s.env.T("shell.close"), Act: func() {
				s.lostSeen = status.Lost
				s.sayTrouble(s.services.Sync.Status())
			},
		})
		return
	}
	n := parts.Notice{
		Tone: parts.Warning, Words: []parts.Span{{Text: s.env.SayExplained(app.Explanation{Kind: trouble, Issuer: status.Issuer})}},
		Action: s.env.T("shell.retry"), Act: s.services.Sync.Now,
	}
	if trouble == app.KindOtherService {
		n.Action, n.Act = s.env.T("shell.replace"), s.askReplace
	}
	s.bar.Say(n)
}
