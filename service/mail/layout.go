package mail

// blockKind is how a block of an e-mail looks.
type blockKind int

const (
	paragraph blockKind = iota
	warning             // a paragraph that must not be overlooked
	button              // text is the label of the link in secret Link
	code                // the code in secret Code
	facts               // the registration's data
	qrCode              // the QR code; text says what it is
	said                // what somebody has written, in the parameter Text
)

// block is one piece of an e-mail: its look and the key of its text below
// "mail.TEMPLATE.". A block with a condition stands only where it is met.
type block struct {
	kind blockKind
	key  string
	when func(Message) bool
}

// factRows are the rows of facts: the parameter and the key of its label. Rows
// whose parameter is empty are left out.
var factRows = []struct{ param, label string }{
	{"Profile.title", "mail.fact.title"},
	{"Profile.first_name", "mail.fact.first-name"},
	{"Profile.family_name", "mail.fact.family-name"},
	{"Profile.organization", "mail.fact.organization"},
	{"Profile.country", "mail.fact.country"},
	{"Profile.membership", "mail.fact.membership"},
	{"Meeting", "mail.fact.meeting"},
	{"MeetingCode", "mail.fact.code"},
	{"Dates", "mail.fact.dates"},
	{"Place", "mail.fact.place"},
	{"Participation", "mail.fact.participation"},
	{"Companions", "mail.fact.companions"},
	{"Number", "mail.fact.number"},
	{"Fields", "mail.fact.changed"},
	{"RegisteredBy", "mail.fact.registered-by"},
	{"Reason", "mail.fact.reason"},
}

// ProfileField is the parameter of ProfileCorrected that says what became of a field of
// the profile, by its name in the contract.
func ProfileField(field string) string { return "Profile." + field }

func param(name, value string) func(Message) bool {
	return func(m Message) bool { return m.Params[name] == value }
}

func given(name string) func(Message) bool {
	return func(m Message) bool { return m.Params[name] != "" }
}

func hasQR(m Message) bool { return m.QR != "" }
