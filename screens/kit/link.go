package kit

import (
	"cmp"
	"net/url"
	"strings"

	"plenary/rules"
)

// Foreign says whether a meeting is another service's, see OfService. Before
// the service has said which address its links have, that is not known.
func (e Env) Foreign(m rules.MeetingRef) bool {
	return e.Info.ServiceID != "" && !m.OfService(e.Address, e.Info.Address)
}

// OtherService says that a meeting is another service's, and what to do.
func (e Env) OtherService(m rules.MeetingRef) string {
	if e.Info.Demo {
		return e.T("link.other-demo", map[string]any{"Host": m.Host})
	}
	_, here, _ := strings.Cut(e.Info.Address, "://")
	if m.Code == "" {
		return e.T("link.other-service", map[string]any{"Host": m.Host, "Here": here})
	}
	return e.T("link.other", map[string]any{"Host": m.Host, "Here": here, "Organization": e.Info.Organization, "Code": m.Code})
}

// HostOf is what an address shows to people.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return cmp.Or(u.Host, address)
}
