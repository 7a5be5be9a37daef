package app

import (
	"context"
	"errors"
	"os"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
	"plenary/platform/files"
	"plenary/platform/proxy"
)

// Kinds of an Explanation beyond those of api.Code.
const (
	KindUnreachable      = "unreachable"           // no network, or the service is down
	KindUntrusted        = "untrusted-certificate" // not the service, or its certificate has expired
	KindUnknownIssuer    = "unknown-issuer"        // of the certificate
	KindCertificateTime  = "certificate-time"      // it has expired or is not valid yet, by this computer's clock
	KindProxy            = "proxy"                 // it cannot be reached
	KindProxyLogIn       = "proxy-login"           // it wants a log-in
	KindProxyRefused     = "proxy-refused"         // it does not lead to the service
	KindProxySetting     = "proxy-setting"         // what was entered is no proxy
	KindProxyPassword    = "proxy-password"        // ... has a name or a password in it
	KindProxyScript      = "proxy-script"          // ... is a configuration script
	KindNotPlenary       = "not-plenary"           // captive portal, another server
	KindOtherService     = "other-service"         // the address now leads to another service than before
	KindUnproven         = "unproven-service"      // it says that it is known from another address, and does not prove it
	KindBrokenAnswer     = "broken-answer"         // cut in the middle
	KindTimeout          = "timeout"               //
	KindKeyringMissing   = "keyring-missing"       // no keyring on this machine
	KindKeyringLocked    = "keyring-locked"        // unlocking was refused
	KindKeyringHangs     = "keyring-hangs"         // it does not answer
	KindPassphraseNeeded = "passphrase-needed"     // the session is sealed under a passphrase
	KindWrongPassphrase  = "wrong-passphrase"      //
	KindLocked           = "locked"                // the session is
	KindWrongPIN         = "wrong-pin"             //
	KindLockedOut        = "locked-out"            // after too many of them
	KindNoPIN            = "no-pin"                // that could be compared
	KindNoLock           = "no-lock"               // the session is not in the keyring
	KindDiskFull         = "disk-full"             //
	KindDiskStopped      = "disk-stopped"          // the disk did not confirm a write; a new start is needed
	KindNoAccess         = "no-access"             // the data folder cannot be used by this person
	KindFileBusy         = "file-busy"             // another program has a file of Plenary's open
	KindSettings         = "settings"              // the settings cannot be read, so the address is not known
	KindAuthorities      = "authorities"           // the file of certificate authorities cannot be read
	KindDamaged          = "damaged"               // data on this machine cannot be read
	KindNewerData        = "newer-data"            // written by a newer Plenary
	KindInUse            = "in-use"                // another Plenary has the data open
	KindNotAnswering     = "not-answering"         // ... and hangs
	KindWrongKey         = "wrong-key"             // there is data, and the key for it is lost
	KindCanceled         = "canceled"              // the person changed their mind
	KindNoSession        = "no-session"            // nobody is logged in
	KindUnsent           = "unsent"                // work would be lost
	KindSent             = "sent"                  // what was to be taken back
	KindAddress          = "address"               // not an address of a service
	KindExpired          = "expired"               // waited too long to be sent; the Code of a Mine
)

// Explanation is an error, as a screen needs it: Kind picks the words
// (error.KIND), Reference is what the service's log also has, RetryAfter is
// the wait that the service asked for, Fields say what is wrong with which
// field, Effects what a change of a form does to answers. Issuer is who has issued a certificate that is not trusted, as it says.
type Explanation struct {
	Kind       string
	Reference  string
	RetryAfter time.Duration
	Fields     []api.FieldError
	Effects    []api.FormEffect
	Issuer     string
}

// kinds goes from the special to the general: the first that fits is taken.
var kinds = []struct {
	err  error
	kind string
}{
	{ErrPassphraseNeeded, KindPassphraseNeeded},
	{ErrKeyringHangs, KindKeyringHangs},
	{context.Canceled, KindCanceled},
	{ErrKeyringMissing, KindKeyringMissing},
	{ErrKeyringLocked, KindKeyringLocked},
	{ErrWrongPassphrase, KindWrongPassphrase},
	{ErrKeyLost, KindWrongKey},
	{ErrLocked, KindLocked},
	{ErrWrongPIN, KindWrongPIN},
	{ErrLockedOut, KindLockedOut},
	{ErrNoPIN, KindNoPIN},
	{ErrNoLock, KindNoLock},
	{ErrOtherService, KindOtherService},
	{client.ErrUnproven, KindUnproven},
	{ErrNoSession, KindNoSession},
	{ErrUnsent, KindUnsent},
	{ErrSent, KindSent},
	{ErrSettings, KindSettings},
	{ErrNotAnswering, KindNotAnswering},
	{ErrAlreadyRunning, KindInUse},
	{client.ErrAuthorities, KindAuthorities},
	{client.ErrAddress, KindAddress},
	{client.ErrUntrusted, KindUntrusted},
	{proxy.ErrLogIn, KindProxyPassword},
	{proxy.ErrScript, KindProxyScript},
	{proxy.ErrSetting, KindProxySetting},
	{client.ErrProxyLogIn, KindProxyLogIn},
	{client.ErrProxyRefused, KindProxyRefused},
	{client.ErrProxy, KindProxy},
	{client.ErrNotPlenary, KindNotPlenary},
	{client.ErrBrokenAnswer, KindBrokenAnswer},
	{client.ErrTimeout, KindTimeout},
	{client.ErrUnreachable, KindUnreachable},
	{localdb.ErrStopped, KindDiskStopped}, // also when that was for want of room
	{localdb.ErrDiskFull, KindDiskFull},
	{localdb.ErrNewerFormat, KindNewerData},
	{localdb.ErrInUse, KindInUse},
	{localdb.ErrWrongKey, KindWrongKey},
	{ErrDamaged, KindDamaged},
	{localdb.ErrTooLarge, string(api.CodeTooLarge)},
	{context.DeadlineExceeded, KindTimeout},
	{os.ErrPermission, KindNoAccess},
}

// systemKinds is what the system says of the data folder.
var systemKinds = []struct {
	is   func(error) bool
	kind string
}{
	{files.IsDiskFull, KindDiskFull},
	{files.IsReadOnly, KindNoAccess},
	{files.IsNotFolder, KindNoAccess}, // a file is where the folder should be
	{files.IsBusy, KindFileBusy},
}

// Explain says what an error of this package is about, for words.
// An error that nobody foresaw is api.CodeInternal; nil explains to nothing.
func Explain(err error) Explanation {
	if err == nil {
		return Explanation{}
	}
	var p *api.Problem
	if errors.As(err, &p) && !errors.Is(err, ErrUnsent) {
		return Explanation{Kind: string(p.Code), Reference: p.Reference, RetryAfter: p.RetryAfter, Fields: p.Errors, Effects: p.Effects}
	}
	var c *client.CertificateError
	if errors.As(err, &c) {
		kind := KindUntrusted
		switch c.Reason {
		case client.CertificateUnknown:
			kind = KindUnknownIssuer
		case client.CertificateTime:
			kind = KindCertificateTime
		}
		return Explanation{Kind: kind, Issuer: c.Issuer}
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return Explanation{Kind: k.kind}
		}
	}
	for _, k := range systemKinds {
		if k.is(err) {
			return Explanation{Kind: k.kind}
		}
	}
	return Explanation{Kind: string(api.CodeInternal)}
}
