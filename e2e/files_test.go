//go:build e2e

package e2e

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"plenary/api"
	"plenary/app"
	"plenary/e2e/service"
)

// TestFiles answers a form with a photo and a letter, by the keyboard, in the real window; the
// program is killed before it is sent, and has them still.
func TestFiles(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "face@example.org", Password: "Petit-Palais-Geneve-8"}
	must(t, j.service.SignUp(j.mails, person, "Fabienne", "Portrait"))
	photo, letter := filepath.Join(j.desk.Home, "me.png"), filepath.Join(j.desk.Home, "letter.pdf")
	file, err := os.Create(photo)
	must(t, err)
	must(t, png.Encode(file, image.NewGray(image.Rect(0, 0, 1600, 1200))))
	must(t, file.Close())
	must(t, os.WriteFile(letter, []byte("%PDF-1.7\nDear colleagues"), 0o600))
	saved := func(name string) func() error {
		return func() error { return j.window(filepath.Join(pictures(t), name+".png")) }
	}
	choose := func(question, path string) func() error {
		return all(j.reach("register."+question+".choose"), j.click("register."+question+".choose"), j.see("files.search"),
			j.fill("files.search", path), j.see("files.row."+path), saved("files-"+question), j.press("Down"), j.press("Enter"), j.gone("files.search"), j.reach("register."+question+".remove"))
	}
	t.Cleanup(func() { j.plenary.Kill() })
	must(t, all(j.start, j.logsInAs(person), j.reach("meetings.row."+approved), j.click("meetings.row."+approved), j.click("meetings.register"),
		j.see("register.check"), j.click("register.participation.onsite"),
		j.reach("register.meals.vegetarian"), j.click("register.meals.vegetarian"), j.reach("register.speaker.no"), j.click("register.speaker.no"),
		choose("photo", photo), choose("letter", letter), saved("files-chosen"),
		j.click("nav.mymeetings"), j.see("mymeetings.state."+approved+"."+app.StateDraft), saved("files-draft"))()) // which writes the draft
	must(t, all(func() error { return j.plenary.Signal(syscall.SIGKILL) }, j.start, j.see("meetings.list"), j.click("nav.mymeetings"), j.click("mymeetings.row."+approved),
		j.see("register.check"), j.reach("register.photo.remove"), j.reach("register.letter.remove"), j.says("register.letter.name", "", nil, "letter.pdf"), saved("files-after-the-end"))())
	must(t, all(j.click("register.check"), j.see("register.check.title"), j.click("register.submit"),
		j.see("registration.state."+api.WaitingSecretariat), j.reach("answer.photo"), saved("files-sent"))())
	registrations, err := j.service.Registrations(approved)
	must(t, err)
	names := ""
	for _, r := range registrations {
		for _, question := range []string{"photo", "letter"} {
			if answer := r.Answers[question]; len(answer) == 2 {
				names += fmt.Sprintf("%s: %s; ", question, answer[1])
			}
		}
	}
	if names != "photo: me.jpg; letter: letter.pdf; " {
		t.Errorf("the service has %q", names)
	}
	must(t, j.plenary.Close())
}
