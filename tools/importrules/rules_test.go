package main

import (
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	tests := []struct {
		name string
		pkg  pkg
		want string // part of the one complaint, empty for none
	}{
		{"screens use app, words and Fyne's widgets", pkg{"plenary/screens", []string{"plenary/app", "plenary/words", "fyne.io/fyne/v2/widget"}, nil}, ""},
		{"screens never import fyne/app", pkg{"plenary/screens", []string{"fyne.io/fyne/v2/app"}, nil}, "needs cgo"},
		{"screens know nothing of HTTP", pkg{"plenary/screens/parts", []string{"net/http"}, nil}, "client's and service's"},
		{"screens know nothing of the store", pkg{"plenary/screens", []string{"plenary/localdb"}, nil}, "may import only"},
		{"app knows nothing of Fyne", pkg{"plenary/app", []string{"fyne.io/fyne/v2"}, nil}, "only screens"},
		{"service does not know the program", pkg{"plenary/service/web", []string{"plenary/app"}, nil}, "may import only"},
		{"service knows its own packages", pkg{"plenary/service/web", []string{"plenary/service/mail", "net/http"}, nil}, ""},
		{"the program may import all", pkg{"plenary", []string{"plenary/service", "plenary/localdb", "fyne.io/fyne/v2/app"}, nil}, ""},
		{"no cgo below the program", pkg{"plenary/localdb", nil, []string{"x.go"}}, "uses cgo"},
		{"other modules are not our affair", pkg{"example.org/x", []string{"net/http"}, nil}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(judge(test.pkg), "\n")
			if test.want == "" && got != "" {
				t.Errorf("complains: %s", got)
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("got %q, want it to say %q", got, test.want)
			}
		})
	}
}
