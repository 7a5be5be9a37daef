package rules

import "slices"

// Membership is the id of a membership type.
type Membership string

// The rows of "Membership Type *" (sources/registration-manual.txt, step 1.3).
// Their texts are words "membership." and the id.
const (
	PleaseChoose          Membership = "please-choose"
	UnknownMembership     Membership = "unknown" // "I don't know": look through all members
	NonMember             Membership = "non-member"
	MemberState           Membership = "member-state"
	SectorMember          Membership = "sector-member"
	Associate             Membership = "associate"
	Academia              Membership = "academia"
	RegionalInternational Membership = "regional-international"
	Resolution99          Membership = "resolution-99"
	UNAgency              Membership = "un-agency"
	Media                 Membership = "media"
)

// memberships are the rows in the manual's order.
var memberships = []Membership{
	PleaseChoose, UnknownMembership, NonMember, MemberState, SectorMember,
	Associate, Academia, RegionalInternational, Resolution99, UNAgency, Media,
}

// Memberships lists the eleven rows in the manual's order. The list is the
// caller's own.
func Memberships() []Membership { return slices.Clone(memberships) }

// Real says whether an organization can have this type: all but "Please
// choose" and "I don't know", which are choices of the form only.
func (m Membership) Real() bool {
	return m != PleaseChoose && m != UnknownMembership && slices.Contains(memberships, m)
}

// dataKinds are the kinds of the directory's source data.
var dataKinds = map[string]Membership{
	"operator":               SectorMember,
	"academia":               Academia,
	"international_regional": RegionalInternational,
	"resolution_99":          Resolution99,
	"un_agency":              UNAgency,
	"media":                  Media,
	"member_state":           MemberState,
}

// MembershipOfKind maps a kind of the directory's source data to a type.
func MembershipOfKind(kind string) (Membership, bool) {
	m, ok := dataKinds[kind]
	return m, ok
}
