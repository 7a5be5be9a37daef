package session

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"

	"plenary/api"
	"plenary/service/audit"
)

// network says from where a request comes, as the owner of a session is told: by the name
// that administrators have given the network, the smallest one that has one, or by its
// address without what tells one subscriber from the next. It is empty where nobody knows.
//
// Nothing more is kept: an administrator's network may be a single address, so what it is
// called is looked up here, while the whole address is known.
func (s *Sessions) network(ctx context.Context) string {
	addr := audit.OriginOf(ctx).Network.Unmap()
	if !addr.IsValid() {
		return ""
	}
	if name := nameOf(s.Networks(), addr); name != "" {
		return name
	}
	return shortened(addr)
}

func nameOf(networks []api.NetworkBudget, addr netip.Addr) (name string) {
	bits := -1
	for _, n := range networks {
		p, err := netip.ParsePrefix(n.Network)
		if err == nil && n.Name != "" && p.Bits() > bits && p.Contains(addr.WithZone("")) {
			name, bits = n.Name, p.Bits()
		}
	}
	return name
}

// shortened is an address of IPv4 without its last byte (/24), or one of IPv6 without
// what follows the site (/48). The star stands for the rest.
func shortened(addr netip.Addr) string {
	if addr.Is4() {
		b := addr.As4()
		return fmt.Sprintf("%d.%d.%d.*", b[0], b[1], b[2])
	}
	b := addr.As16()
	return fmt.Sprintf("%x:%x:%x:*", binary.BigEndian.Uint16(b[:]), binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint16(b[4:]))
}
