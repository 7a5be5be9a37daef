package main

import "testing"

func TestShellWord(t *testing.T) {
	tests := []struct{ system, text, want string }{
		{"linux", "/var/lib/plenary", "/var/lib/plenary"},
		{"linux", "/srv/données", "/srv/données"},
		{"linux", "/srv/my data", "'/srv/my data'"},
		{"linux", "/srv/the chair's $HOME", `'/srv/the chair'\''s $HOME'`},
		{"linux", `/srv/a\b`, `'/srv/a\b'`},
		{"windows", `C:\svc`, `C:\svc`},
		{"windows", `C:\svc1 données`, `"C:\svc1 données"`},
		{"windows", `C:\R&D`, `"C:\R&D"`},
	}
	for _, tt := range tests {
		if got := shellWord(tt.system, tt.text); got != tt.want {
			t.Errorf("on %s %s becomes %s, want %s", tt.system, tt.text, got, tt.want)
		}
	}
}
