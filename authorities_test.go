package main

import (
	"encoding/pem"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"plenary/app"
	"plenary/platform/managed"
)

func TestParse_theFileOfAuthoritiesIsFoundFromAnyFolder(t *testing.T) {
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(folder)
	whole := filepath.Join(folder, "ca.pem")
	for typed, want := range map[string]string{"ca.pem": whole, whole: whole, "": ""} {
		o, err := parse([]string{"--data", "data", "--ca", typed}, io.Discard)
		if err != nil || o.caFile != want {
			t.Errorf("%q is %q, want %q: %v", typed, o.caFile, want, err)
		}
	}
}

// Nobody answers at any of these addresses: what is known need not.
func TestOpen_remembersAuthoritiesForAKnownService(t *testing.T) {
	const here, there = "https://127.0.0.1:1", "https://127.0.0.1:2"
	old, file := writeAuthorities(t, "old.pem"), writeAuthorities(t, "new.pem")
	tests := map[string]struct {
		settings app.Settings
		flags    app.Flags
		system   managed.System
		want     app.Settings
	}{
		"none before": {
			settings: app.Settings{Service: here}, flags: app.Flags{CAFile: file},
			want: app.Settings{Service: here, CAFile: file},
		},
		"in place of those of before, and beside the rest": {
			settings: app.Settings{Service: here, CAFile: old, Proxy: "direct"}, flags: app.Flags{CAFile: file},
			want: app.Settings{Service: here, CAFile: file, Proxy: "direct"},
		},
		"none given: as it was": {
			settings: app.Settings{Service: here, CAFile: old},
			want:     app.Settings{Service: here, CAFile: old},
		},
		"a file that is none": {
			settings: app.Settings{Service: here, CAFile: old}, flags: app.Flags{CAFile: filepath.Join(t.TempDir(), "none.pem")},
			want: app.Settings{Service: here, CAFile: old},
		},
		"the installer's service": {
			flags: app.Flags{CAFile: file}, system: managed.System{Defaults: managed.Layer{Settings: managed.Settings{Service: here}}},
			want: app.Settings{Service: here, CAFile: file},
		},
		"a service that is opened this time only": {
			settings: app.Settings{Service: there, CAFile: old}, flags: app.Flags{Service: here, CAFile: file},
			want: app.Settings{Service: there, CAFile: old},
		},
		"the remembered service, named once more": {
			settings: app.Settings{Service: here}, flags: app.Flags{Service: here, CAFile: file},
			want: app.Settings{Service: here, CAFile: file},
		},
		"a policy that does not let anybody name them": {
			settings: app.Settings{Service: here}, flags: app.Flags{CAFile: file},
			system: managed.System{Policy: managed.Layer{Settings: managed.Settings{Service: here, ServiceLocked: true}}},
			want:   app.Settings{Service: here},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := app.SaveSettings(dir, tt.settings); err != nil {
				t.Fatal(err)
			}
			o := options{dir: dir, service: tt.flags.Service, caFile: tt.flags.CAFile}
			p := newProgram(o, app.Resolve(tt.system, tt.flags, tt.settings))
			defer p.close()
			if services, err := p.open(t.Context(), here); err == nil {
				defer services.Close()
			}
			if got, err := app.LoadSettings(dir); got != tt.want || err != nil {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
}

// writeAuthorities writes a file with a certificate.
func writeAuthorities(t *testing.T, name string) (path string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	path = filepath.Join(t.TempDir(), name)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
