//go:build e2e

package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"plenary/app"
	"plenary/e2e/await"
	"plenary/e2e/program"
	"plenary/e2e/service"
	"plenary/words"
)

// TestLinks follows links of invitations as a person does who clicks on them:
// each click starts Plenary, with the link.
func TestLinks(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	person := service.Person{Identifier: "claire@example.org", Password: "Pont-du-Mont-Blanc-1862"}
	must(t, j.service.SignUp(j.mails, person, "Claire", "Rochat"))
	r := newReport(t, filepath.Join(pictures(t), "links"))
	host := strings.TrimPrefix(j.service.Address, "http://")
	link := func(code string) string { return "plenary://" + host + "/m/" + code }

	r.step("first-start", func() error {
		var err error
		j.plenary, err = program.Start(j.desk, "plenary", binary(t, "e2e/plenary"), "--data", j.data, link(approved))
		if err != nil {
			return err
		}
		j.address = ""
		return all(j.says("firststart.bar", "firststart.link", data{"Host": host}), j.says("firststart.address", "", nil, j.service.Address))()
	}, j.window)
	r.step("connected", all(j.click("firststart.connect"), j.see("login.submit"), j.says("login.bar", "shell.link.kept", data{"Meeting": j.title(approved)})), j.window)
	r.step("another-link-logged-out", all(j.startsAgain(link(open)), j.inFront, j.says("login.bar", "shell.link.kept", data{"Meeting": j.title(open)})), j.window)
	r.step("kept-over-the-log-in", all(j.fill("login.identifier", person.Identifier), j.fill("login.password", person.Password), j.press("Enter"), j.showsForm(open)), j.window)
	r.step("logged-in", all(j.minimized, j.startsAgain(link(approved)), j.inFront, j.showsForm(approved)), j.window)
	r.step("another-organization", all(
		j.click("nav.meetings"), j.startsAgain("https://meetings.example.net/m/"+open), j.says("shell.bar", "", nil, "another service, meetings.example.net"),
		j.see("meetings.list"),
	), j.window)
	// What is typed comes by the display, a link by another way: it must not overtake.
	r.step("typed-in-settings", all(j.section("profile"), j.fill("settings.profile.first", "Clara"), j.says("settings.profile.first", "", nil, "Clara"),
		j.startsAgain(link(open)), j.showsForm(open)), j.window)
	r.step("still-typed-there", all(j.section("profile"), j.says("settings.profile.first", "", nil, "Clara"), j.fill("settings.profile.first", "Claire")), j.window)
	r.step("no-flag", all(j.startsAgain("--", "-x"), j.says("shell.bar", "shell.link.unknown", data{"Link": "-x"})), j.window)
	for _, hostile := range []string{
		"plenary://../../etc/passwd", "plenary://" + strings.Repeat("x", 3000), "javascript:alert(1)",
		"plenary://\u202egro.elpmaxe/\r\n\x1b[31m", "file:///etc/passwd", `\\example.net\share\m\C-16512`,
	} {
		must(t, all(j.startsAgain("--", "-y"), j.says("shell.bar", "shell.link.unknown", data{"Link": "-y"}))()) // what the one before said is gone
		must(t, all(j.startsAgain("--", hostile), j.says("shell.bar", "", nil, beginning(hostile)))())
	}
	r.step("hostile", j.see("nav.meetings"), j.window)
	r.step("a-hundred", all(
		func() error {
			return j.startsMany(100, func(i int) string { return link(fmt.Sprintf("C-%08d", 20000+i)) })
		},
		j.startsAgain(link(approved)), j.inFront, j.showsForm(approved), j.gone("shell.bar"), j.click("nav.meetings"), j.see("meetings.list"),
	), j.window)
	must(t, j.plenary.Close())
}

// data is for the words of a key.
type data = map[string]any

// beginning is what the notice about a link that is none begins with.
func beginning(link string) string {
	said := app.LinkMessage(link)
	return "No meeting can be found in this link: “" + said[:min(len(said), 20)]
}

// title is the name of one of the service's meetings.
func (j *journey) title(code string) string {
	meetings, err := j.service.Meetings()
	must(j.t, err)
	for _, m := range meetings {
		if m.Code == code {
			return m.Title.In("en")
		}
	}
	j.t.Fatalf("the service has no meeting %s", code)
	return ""
}

// showsForm waits for the registration form of a meeting.
func (j *journey) showsForm(code string) func() error {
	return all(j.see("register.check"), j.says("register.title", "", nil, j.title(code)))
}

// says waits until a widget has the words of a key in it, in English, or a text.
func (j *journey) says(id, key string, with data, text ...string) func() error {
	return j.saysIn("en", id, key, with, text...)
}

func (j *journey) saysIn(language, id, key string, with data, text ...string) func() error {
	want := strings.Join(text, " ")
	if key != "" {
		want = words.For(language).T(key, with)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return func() error {
		var last string
		err := await.Until(program.Limit, "the words", func() (bool, error) {
			said, err := j.plenary.Text(id)
			last = said
			return strings.Contains(squeeze(said), squeeze(want)), err
		})
		if err != nil {
			return fmt.Errorf("%s says %q, want %q: %w", id, last, want, err)
		}
		return nil
	}
}

// startsMany starts Plenary n times as fast as it goes, four at once, each with a
// link, while it runs. All of them must end well.
func (j *journey) startsMany(n int, link func(i int) string) error {
	var (
		all   sync.WaitGroup
		turns = make(chan struct{}, 4)
		errs  = make(chan error, n)
	)
	for i := range n {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if out, err := j.command("second", link(i)).CombinedOutput(); err != nil {
				errs <- fmt.Errorf("start %d: %w: %s", i, err, out)
			}
		})
	}
	all.Wait()
	close(errs)
	return <-errs
}
