//go:build e2e

package installer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWine_signingSignsTheProgramAndThePackage signs with a certificate and a
// time-stamping authority of its own, and lets another program say that program,
// package and time are signed.
func TestWine_signingSignsTheProgramAndThePackage(t *testing.T) {
	program := standIn(t, "0.0.1.0")
	a := newAuthority(t)
	t.Setenv("SIGN", fmt.Sprintf(`case $1 in *.msi) set -- "$1" -add-msi-dse ;; esac
		osslsigncode sign -certs %[1]s/signer.pem -key %[1]s/signer.key -h sha256 -n Plenary -ts %[2]s ${2:-} -in "$1" -out "$1.new" &&
		mv "$1.new" "$1"`, a.dir, a.timestamps))
	t.Setenv("no_proxy", "127.0.0.1")
	msi := machine.pack(t, program, "0.0.1")

	a.verify(t, msi)
	unpacked := t.TempDir()
	if said, err := exec.Command("msiextract", "-C", unpacked, msi).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	a.verify(t, filepath.Join(unpacked, "Plenary", "plenary.exe"))
}

func TestWine_signingIsSaidWhenItIsNotDone(t *testing.T) {
	program := standIn(t, "0.0.1.0")
	pack := func(sign string) (said string, err error) {
		cmd := exec.Command("sh", filepath.Join(root, "packaging/package-msi.sh"), program, "0.0.1", t.TempDir(), "machine")
		cmd.Env = append(os.Environ(), "SIGN="+sign)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if said, err := pack(""); err != nil || strings.Count(said, "Not signed, since SIGN names no command") != 2 {
		t.Errorf("without a command: %v, it says %s", err, said)
	}
	if said, err := pack("true"); err == nil || !strings.Contains(said, "has left") {
		t.Errorf("a command that does nothing: %v, it says %s", err, said)
	}
	if said, err := pack("false"); err == nil || !strings.Contains(said, "could not sign") {
		t.Errorf("a command that fails: %v, it says %s", err, said)
	}
}

// authority is a certificate authority with a signer of programs and a signer of times.
type authority struct {
	dir        string // ca.pem, signer.pem, signer.key, times.pem, times.key
	timestamps string // address of the time-stamping authority
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	dir := t.TempDir()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "A throw-away authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	write := func(name, kind string, der []byte) {
		t.Helper()
		must(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	must(t, err)
	write("ca.pem", "CERTIFICATE", der)
	for i, one := range []struct {
		name  string
		usage []byte // of the key, as the extension's content
	}{
		{"signer", []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 3}},
		{"times", []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8}},
	} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		must(t, err)
		certificate := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 2)), Subject: pkix.Name{CommonName: "A throw-away " + one.name},
			NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
			// RFC 3161 wants it critical, which ExtKeyUsage does not offer.
			ExtraExtensions: []pkix.Extension{{Id: []int{2, 5, 29, 37}, Critical: true, Value: one.usage}},
		}
		der, err := x509.CreateCertificate(rand.Reader, certificate, ca, key.Public(), caKey)
		must(t, err)
		write(one.name+".pem", "CERTIFICATE", der)
		der, err = x509.MarshalPKCS8PrivateKey(key)
		must(t, err)
		write(one.name+".key", "PRIVATE KEY", der)
	}
	must(t, os.WriteFile(filepath.Join(dir, "times.conf"), []byte(`[tsa]
default_tsa = config
[config]
serial = `+dir+`/serial
default_policy = 1.2.3.4
signer_digest = sha256
digests = sha256, sha384, sha512
`), 0o600))
	times := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cmd := exec.Command("openssl", "ts", "-reply", "-config", dir+"/times.conf", "-queryfile", "/dev/stdin",
			"-signer", dir+"/times.pem", "-inkey", dir+"/times.key", "-chain", dir+"/ca.pem")
		cmd.Stdin = r.Body
		var said bytes.Buffer
		cmd.Stderr = &said
		b, err := cmd.Output()
		if err != nil {
			t.Errorf("signing a time: %v\n%s", err, &said)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(b)
	}))
	t.Cleanup(times.Close)
	return authority{dir, times.URL}
}

func (a authority) verify(t *testing.T, file string) {
	t.Helper()
	ca := filepath.Join(a.dir, "ca.pem")
	said, err := exec.Command("osslsigncode", "verify", "-CAfile", ca, "-TSA-CAfile", ca, "-in", file).CombinedOutput()
	if err != nil || !bytes.Contains(said, []byte("Signature verification: ok")) || !bytes.Contains(said, []byte("Timestamp Server Signature verification: ok")) {
		t.Errorf("%s is not signed with a time: %v\n%s", filepath.Base(file), err, said)
	}
}
