package rules

import (
	"crypto/ed25519"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"plenary/api"
)

// BadgeKind keeps what a person was sent apart from what was printed at the desk.
type BadgeKind byte

// Kinds.
const (
	BadgeOfConfirmation BadgeKind = 'C'
	BadgeOfDesk         BadgeKind = 'B'
)

// Badge is what the code of a confirmation, or of a badge, says about a registration.
type Badge struct {
	Kind         BadgeKind
	Key          string // id of the meeting's key that signed it: 8 hexadecimal digits
	Meeting      string // "C-00016105"
	Registration string // "R-7F3K-92QD"
	// Version grows with each new code of a registration that makes those before it void.
	Version uint16
	// Until is the last day on which it counts, in UTC.
	Until time.Time
}

// Why a code is not good.
var (
	ErrNotACode     = errors.New("rules: not a code of a registration")
	ErrWrongMeeting = errors.New("rules: a code for another meeting")
	ErrUnknownKey   = errors.New("rules: a code that was signed by an unknown key")
	ErrForged       = errors.New("rules: a code that was not signed by its key")
	ErrExpired      = errors.New("rules: a code that has expired")
)

// A code is, in bytes: form 1, kind 1, key 4, meeting 4, registration 5, version 2, day 3,
// and the signature; numbers begin with their highest byte.
const (
	badgeForm   = 1
	badgeSays   = 20
	badgeLength = badgeSays + ed25519.SignatureSize

	secondsADay = 24 * 60 * 60
)

// badgeText writes a code in letters and digits only: what is neither arrives garbled from
// scanners that take the keyboard for one of another layout. Capital letters make a QR code
// of them smaller.
var badgeText = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// badgeStatement is what is signed: nothing else that is signed begins like it.
func badgeStatement(says []byte) []byte { return append([]byte("plenary-badge-1\x00"), says...) }

// SignBadge gives the code of a registration: 135 letters and digits, always the same ones
// for the same badge and key. The error tells of a badge that no code can say.
func SignBadge(key ed25519.PrivateKey, b Badge) (string, error) {
	says, err := b.bytes()
	if err != nil {
		return "", err
	}
	return badgeText.EncodeToString(append(says, ed25519.Sign(key, badgeStatement(says))...)), nil
}

func (b *Badge) bytes() ([]byte, error) {
	id, errKey := hex.DecodeString(b.Key)
	digits, _ := strings.CutPrefix(b.Meeting, "C-")
	meeting, errMeeting := strconv.ParseUint(digits, 10, 32)
	number, ok := NormalizeRegistrationNumber(b.Registration)
	day := b.Until.Unix() / secondsADay
	if !b.Kind.known() || errKey != nil || len(id) != 4 || errMeeting != nil || meetingText(uint32(meeting)) != b.Meeting ||
		!ok || number != b.Registration || b.Until.Unix() < 0 || day >= 1<<24 {
		return nil, fmt.Errorf("rules: no code can say %+v", *b)
	}
	registration, err := badgeText.DecodeString(strings.ReplaceAll(number[len("R-"):], "-", ""))
	if err != nil {
		return nil, fmt.Errorf("rules: write %s as bytes: %w", number, err)
	}
	says := make([]byte, 0, badgeLength)
	says = append(says, badgeForm, byte(b.Kind))
	says = append(says, id...)
	says = binary.BigEndian.AppendUint32(says, uint32(meeting))
	says = append(says, registration...)
	says = binary.BigEndian.AppendUint16(says, b.Version)
	return append(says, byte(day>>16), byte(day>>8), byte(day)), nil
}

// VerifyBadge reads a code, as a scanner gives it or a person types it, without asking
// anybody: keys are the public ones that the service has told, meeting is that for which
// the code is shown, now is the time. It fails with ErrNotACode, ErrWrongMeeting,
// ErrUnknownKey, ErrForged or ErrExpired, and then gives what the code says, if anything,
// which nobody may have said. A code that is good says what was true when it was signed:
// whether the registration still stands, and whether a newer code has taken its place,
// only a list of registrations tells.
func VerifyBadge(keys []api.MeetingKey, meeting, text string, now time.Time) (Badge, error) {
	b, says, signature, err := readBadge(text)
	switch {
	case err != nil:
		return b, err
	case b.Meeting != meeting:
		return b, ErrWrongMeeting
	}
	public, ok := publicKey(keys, b.Key, meeting)
	switch {
	case !ok:
		return b, ErrUnknownKey
	case !ed25519.Verify(public, badgeStatement(says), signature):
		return b, ErrForged
	case !now.Before(b.Until.AddDate(0, 0, 1)):
		return b, ErrExpired
	}
	return b, nil
}

// maxBadgeText bounds what is looked at, in bytes: a code with separators, in characters of
// several bytes.
const maxBadgeText = 1000

func readBadge(text string) (b Badge, says, signature []byte, err error) {
	symbols, ok := symbolsOf(text, maxBadgeText)
	if !ok {
		return b, nil, nil, ErrNotACode
	}
	data, err := badgeText.DecodeString(symbols)
	// Text that ends in other bits than zeros would be a second text of the same code.
	if err != nil || len(data) != badgeLength || badgeText.EncodeToString(data) != symbols || data[0] != badgeForm {
		return b, nil, nil, ErrNotACode
	}
	number := badgeText.EncodeToString(data[10:15])
	b = Badge{
		Kind:         BadgeKind(data[1]),
		Key:          hex.EncodeToString(data[2:6]),
		Meeting:      meetingText(binary.BigEndian.Uint32(data[6:10])),
		Registration: "R-" + number[:4] + "-" + number[4:],
		Version:      binary.BigEndian.Uint16(data[15:17]),
		Until:        time.Unix((int64(data[17])<<16|int64(data[18])<<8|int64(data[19]))*secondsADay, 0).UTC(),
	}
	if !b.Kind.known() {
		return Badge{}, nil, nil, ErrNotACode
	}
	return b, data[:badgeSays], data[badgeSays:], nil
}

func (k BadgeKind) known() bool { return k == BadgeOfConfirmation || k == BadgeOfDesk }

// meetingText is the code of a meeting of this number.
func meetingText(number uint32) string { return fmt.Sprintf("C-%08d", number) }

func publicKey(keys []api.MeetingKey, id, meeting string) (ed25519.PublicKey, bool) {
	for _, k := range keys {
		if k.ID != id || k.Meeting != meeting {
			continue
		}
		public, err := base64.RawStdEncoding.DecodeString(k.PublicKey)
		return public, err == nil && len(public) == ed25519.PublicKeySize
	}
	return nil, false
}
