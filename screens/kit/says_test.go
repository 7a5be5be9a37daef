package kit_test

import (
	"strings"
	"testing"

	"plenary/client"
	"plenary/screens/screentest"
)

func TestSay_whoIssuedACertificateAndWhatTheClockSays(t *testing.T) {
	for reason, says := range map[string][]string{
		client.CertificateUnknown: {"IT team", "issued by “Example Gateway”"},
		client.CertificateTime:    {"Set the clock", "issued by “Example Gateway”", "This computer’s clock says"},
		client.CertificateName:    {"not trusted", "issued by “Example Gateway”"},
	} {
		e := screentest.NewEnv(t)
		said := e.Say(&client.CertificateError{Reason: reason, Issuer: "Example Gateway"})
		for _, want := range says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: says %q", reason, said)
			}
		}
	}
}
