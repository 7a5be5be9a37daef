package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/service"
)

// A renewed certificate is shown without a restart; files that cannot be used leave
// the one of before in use, and the log says so once.
func TestCertificate_isReadAgainWhenItsFilesChange(t *testing.T) {
	dir := t.TempDir()
	path, first := writeCertificate(t, dir)
	logged := &lockedBuffer{}
	c, err := loadCertificate(path, path, textLog(logged))
	if err != nil {
		t.Fatal(err)
	}
	c.every = 0
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := service.NewServer(http.NotFoundHandler())
	server.TLSConfig = c.config()
	go server.ServeTLS(listener, "", "")
	defer server.Close()
	shows := func(pool *x509.CertPool) error {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{RootCAs: pool})
		if err == nil {
			err = conn.Close()
		}
		return err
	}
	if err := shows(first); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("half a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := shows(first); err != nil {
			t.Errorf("with a broken file: %v", err)
		}
	}
	if n := strings.Count(logged.String(), "cannot be used"); n != 1 {
		t.Errorf("said %d times", n)
	}
	renewed := filepath.Join(dir, "renewed")
	if err := os.Mkdir(renewed, 0o700); err != nil {
		t.Fatal(err)
	}
	from, second := writeCertificate(t, renewed)
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := shows(second); err != nil {
		t.Errorf("after the renewal: %v", err)
	}
	if err := shows(first); err == nil {
		t.Error("it still shows the certificate of before")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := shows(second); err != nil {
		t.Errorf("without a file: %v", err)
	}
}
