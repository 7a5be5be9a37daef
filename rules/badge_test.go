package rules

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"plenary/api"
)

// badgeSigner is a key that everybody knows.
var badgeSigner = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize))

const badgeMeeting = "C-00016105"

func badgeKey(id, meeting string, of ed25519.PrivateKey) api.MeetingKey {
	public, _ := of.Public().(ed25519.PublicKey)
	return api.MeetingKey{ID: id, Meeting: meeting, PublicKey: base64.RawStdEncoding.EncodeToString(public)}
}

func knownBadgeKeys() []api.MeetingKey {
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	return []api.MeetingKey{badgeKey("0a0b0c0d", "C-00016106", other), badgeKey("0a0b0c0d", badgeMeeting, badgeSigner), badgeKey("ffffffff", badgeMeeting, other)}
}

func someBadge() Badge {
	return Badge{
		Kind: BadgeOfConfirmation, Key: "0a0b0c0d", Meeting: badgeMeeting, Registration: "R-7F3K-92QD", Version: 3,
		Until: time.Date(2027, time.March, 22, 0, 0, 0, 0, time.UTC),
	}
}

var badgeDay = time.Date(2026, time.December, 22, 9, 0, 0, 0, time.UTC)

func signed(t testing.TB, key ed25519.PrivateKey, b Badge) string {
	t.Helper()
	text, err := SignBadge(key, b)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What is printed must be read by every later program, and by others' by the description.
func TestSignBadge_asDescribed(t *testing.T) {
	for text, b := range map[string]Badge{
		"051GM2RC1M000FQ97F3K92QD001G0MD3EW97K2HJQ6TW9Q6609BSPTR1SDNPS2K7P8HFEP5JJ0HPY4W5H67XDPA4BQM5GB0F0KY0EDA1PFWTCVNZ1BDWWFDAF4HTBPF0VTTPY3R": someBadge(),
		"051FZZZZZW2ZBR7ZZZZZZZZZZZZZZZZZWBV5ZKX189TS7SY3A8QC6P1BZK934BP33VWA261JGV0Q51AX3NYFZG7VFPPHNHVJEQG8AB7JXCQZYB7SQKH8E2BHB0PR8X6SRVGTA30": {Kind: BadgeOfDesk, Key: "ffffffff", Meeting: "C-99999999", Registration: "R-ZZZZ-ZZZZ", Version: 1<<16 - 1, Until: time.Unix((1<<24-1)*secondsADay, 0).UTC()},
		"051G0000000000000000000000000000FXHJ56YRMPKHYB79G0C665JAJYA6P8TBN3KBMK6F5GYC3SYHH3NEWGD6QX6VV5QYNWEPB8YAPQP2H1ZNX6657SSZ7J0ZY1G217EYJ3R": {Kind: BadgeOfConfirmation, Key: "00000000", Meeting: "C-00000000", Registration: "R-0000-0000", Until: time.Unix(0, 0).UTC()},
	} {
		if got := signed(t, badgeSigner, b); got != text {
			t.Errorf("%+v: %s, want %s", b, got, text)
		}
		keys := []api.MeetingKey{badgeKey(b.Key, b.Meeting, badgeSigner)}
		if got, err := VerifyBadge(keys, b.Meeting, text, b.Until); err != nil || got != b {
			t.Errorf("%+v: read as %+v, %v", b, got, err)
		}
	}
	protocol, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	public := badgeKey("0a0b0c0d", badgeMeeting, badgeSigner).PublicKey
	for _, want := range []string{signed(t, badgeSigner, someBadge()), public, "plenary-badge-1"} {
		if !strings.Contains(string(protocol), want) {
			t.Errorf("docs/protocol.md has no %s", want)
		}
	}
}

// It is small enough to be read from a screen and from paper.
func TestSignBadge_sizeOfTheQRCode(t *testing.T) {
	code, err := qr.Encode(signed(t, badgeSigner, someBadge()), qr.M)
	if err != nil || code.Size > 41 {
		t.Errorf("%d modules, %v", code.Size, err)
	}
}

func TestSignBadge_refusesWhatNoCodeCanSay(t *testing.T) {
	for name, change := range map[string]func(*Badge){
		"kind":                func(b *Badge) { b.Kind = 'X' },
		"key":                 func(b *Badge) { b.Key = "0a0b0c" },
		"key's letters":       func(b *Badge) { b.Key = "0a0b0cxx" },
		"meeting":             func(b *Badge) { b.Meeting = "16105" },
		"meeting's number":    func(b *Badge) { b.Meeting = "C-4294967296" },
		"registration":        func(b *Badge) { b.Registration = "R-7F3K" },
		"registration's form": func(b *Badge) { b.Registration = "7F3K92QD" },
		"day before 1970":     func(b *Badge) { b.Until = time.Unix(-1, 0) },
		"day far off":         func(b *Badge) { b.Until = time.Unix(1<<24*secondsADay, 0) },
	} {
		b := someBadge()
		change(&b)
		if text, err := SignBadge(badgeSigner, b); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestVerifyBadge(t *testing.T) {
	good, other := someBadge(), ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, ed25519.SeedSize))
	elsewhere, unknown := good, good
	elsewhere.Meeting, unknown.Key = "C-00016106", "00000001"
	text := signed(t, badgeSigner, good)
	for name, c := range map[string]struct {
		text string
		now  time.Time
		want error
	}{
		"good":                        {text, badgeDay, nil},
		"on the last day":             {text, good.Until.Add(23*time.Hour + 59*time.Minute), nil},
		"the day after":               {text, good.Until.AddDate(0, 0, 1), ErrExpired},
		"small letters":               {strings.ToLower(text), badgeDay, nil},
		"typed in groups":             {"  " + text[:20] + "-" + text[20:60] + " \n" + text[60:] + "\r\n", badgeDay, nil},
		"O for 0, l for 1":            {strings.NewReplacer("0", "o", "1", "l").Replace(text), badgeDay, nil},
		"full width":                  {strings.Map(func(r rune) rune { return r - '0' + '０' }, text), badgeDay, nil},
		"for another meeting":         {signed(t, other, elsewhere), badgeDay, ErrWrongMeeting},
		"unknown key":                 {signed(t, badgeSigner, unknown), badgeDay, ErrUnknownKey},
		"signed by another meeting's": {signed(t, other, good), badgeDay, ErrForged},
		"nothing":                     {"", badgeDay, ErrNotACode},
		"a number":                    {"R7F3K92QD", badgeDay, ErrNotACode},
		"cut":                         {text[:134], badgeDay, ErrNotACode},
		"one more":                    {text + "0", badgeDay, ErrNotACode},
		"other signs":                 {text[:134] + "!", badgeDay, ErrNotACode},
		"other last bits":             {text[:134] + string(crockford[strings.IndexByte(crockford, text[134])|1]), badgeDay, ErrNotACode},
		"a web address":               {"https://example.org/" + text, badgeDay, ErrNotACode},
		"very long":                   {strings.Repeat("0", 1<<20), badgeDay, ErrNotACode},
	} {
		got, err := VerifyBadge(knownBadgeKeys(), badgeMeeting, c.text, c.now)
		if !errors.Is(err, c.want) || err == nil && got != good {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, c.want)
		}
	}
	broken := []api.MeetingKey{{ID: good.Key, Meeting: badgeMeeting, PublicKey: "AAAA"}}
	if _, err := VerifyBadge(broken, badgeMeeting, text, badgeDay); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("a key that is none: %v", err)
	}
}

// Whatever bit is changed, the code is refused.
func TestVerifyBadge_everyBitCounts(t *testing.T) {
	data, err := badgeText.DecodeString(signed(t, badgeSigner, someBadge()))
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(data) * 8 {
		changed := bytes.Clone(data)
		changed[bit/8] ^= 1 << (bit % 8)
		if got, err := VerifyBadge(knownBadgeKeys(), badgeMeeting, badgeText.EncodeToString(changed), badgeDay); err == nil {
			t.Errorf("bit %d changed: taken as %+v", bit, got)
		}
	}
}

// Nothing but the one code is taken, however it is written.
func FuzzVerifyBadge(f *testing.F) {
	text := signed(f, badgeSigner, someBadge())
	for _, seed := range []string{text, strings.ToLower(text), text[:134], text + text, "R7F3K92QD", "", "\x00\xff", strings.Repeat("-", 500)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := VerifyBadge(knownBadgeKeys(), badgeMeeting, s, badgeDay)
		if symbols, ok := symbolsOf(s, maxBadgeText); err == nil && (!ok || symbols != text || b != someBadge()) {
			t.Errorf("%q is taken as %+v", s, b)
		}
	})
}
