package app

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"plenary/localdb"
)

// Items in the keyring, one small one each (Windows allows 2,560 bytes), all
// under the service name keyringService.
const keyringService = "Plenary"

func keyItem(service, account string) string     { return service + "/" + account + "/key" }
func refreshItem(service, account string) string { return service + "/" + account + "/refresh" }
func currentItem(service string) string          { return service + "/current" }
func deviceItem(service string) string           { return service + "/devices" }

// current says who is logged in, and where: the refresh token of one address
// is never shown to another.
type current struct {
	Account string   `json:"account"`
	Address string   `json:"address"`
	Lock    *pinLock `json:"lock,omitempty"`
}

func (c current) encode() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic("app: JSON of strings: " + err.Error())
	}
	return string(text)
}

func encodeKey(k localdb.Key) string { return base64.RawStdEncoding.EncodeToString(k[:]) }

func decodeKey(s string) (k localdb.Key, err error) {
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(b) != len(k) {
		return k, fmt.Errorf("%w: not a key", ErrKeyLost)
	}
	copy(k[:], b)
	return k, nil
}

// devices are the tokens that known-device log-ins use (security.md), by digests
// of the identifier typed and of the account, the newest last.
type devices []device

type device struct {
	Identifier string `json:"i"`
	Account    string `json:"a,omitempty"` // accountDigest; empty in older entries
	Token      string `json:"t"`
}

// maxDevices keeps the item below the limit of Windows.
const maxDevices = 8

func parseDevices(s string) devices {
	var d devices
	if json.Unmarshal([]byte(s), &d) != nil {
		return nil // it grants nothing, so it is given up
	}
	return d
}

func (d devices) token(identifier string) string {
	for _, e := range d {
		if e.Identifier == identifier {
			return e.Token
		}
	}
	return ""
}

func (d devices) with(n device) devices {
	_, out := d.split(func(e device) bool { return e.Identifier == n.Identifier })
	out = append(out, n)
	return out[max(0, len(out)-maxDevices):]
}

// split sorts the tokens into those that are meant and the rest.
func (d devices) split(meant func(device) bool) (these, rest devices) {
	for _, e := range d {
		if meant(e) {
			these = append(these, e)
		} else {
			rest = append(rest, e)
		}
	}
	return these, rest
}
