package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"plenary/api"
	"plenary/localdb"
)

var aLetterQuestion = &api.Question{ID: "letter", Kind: api.KindFile}

func pdf(text string) []byte { return []byte("%PDF-1.7\n" + text) }

// adds chooses a file, as the answer of a registration.
func (b *bench) adds(t *testing.T, in *api.Register, text string) (id string) {
	t.Helper()
	answer, err := b.app.Registrations.AddFile(t.Context(), aLetterQuestion, text+".pdf", pdf(text))
	if err != nil {
		t.Fatal(err)
	}
	if in.Answers == nil {
		in.Answers = api.Answers{}
	}
	in.Answers["letter"] = answer
	return answer[0]
}

func (b *bench) here(t *testing.T) []string {
	t.Helper()
	ids, err := filesHere(b.vault.store)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func fileBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, t.TempDir())
	t.Cleanup(b.server.Close)
	t.Cleanup(func() { b.close(t) })
	return b
}

// A file is here as long as something names it that is not over, and no longer; what just
// was chosen has the time until the program's end.
func TestFormFiles_stayAsLongAsTheyAreNamed(t *testing.T) {
	b := fileBench(t)
	r, ctx := b.app.Registrations, t.Context()
	in := api.Register{Meeting: "C-00000011", Participation: api.Remote}
	first := b.adds(t, &in, "first")
	r.tell() // as after anything that happens
	if here := b.here(t); !slices.Equal(here, []string{first}) {
		t.Fatalf("just chosen: %v", here)
	}
	if err := errors.Join(r.SaveDraft(ctx, in), r.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	second := b.adds(t, &in, "second")
	if err := errors.Join(r.SaveDraft(ctx, in), r.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	if here := b.here(t); !slices.Equal(here, []string{second}) {
		t.Errorf("another one was chosen: %v", here)
	}
	if work, err := b.vault.localWork(); err != nil || work != (LocalWork{Drafts: 1}) {
		t.Errorf("work: %+v, %v", work, err)
	}
	b.reopen(t)
	r = b.app.Registrations
	if content, err := r.File(ctx, second); err != nil || !bytes.Equal(content, pdf("second")) {
		t.Errorf("opened again: %q, %v", content, err)
	}
	if err := r.Submit(ctx, in); err != nil {
		t.Fatal(err)
	}
	if here := b.here(t); !slices.Equal(here, []string{second}) {
		t.Errorf("waits to be sent: %v", here)
	}
	if err := r.TakeBack(ctx, b.mine(t, in.Meeting).Operation); err != nil {
		t.Fatal(err)
	}
	if here := b.here(t); !slices.Equal(here, []string{second}) {
		t.Errorf("taken back: %v", here)
	}
	if err := r.DeleteDraft(ctx, in.Meeting); err != nil {
		t.Fatal(err)
	}
	if here := b.here(t); len(here) != 0 {
		t.Errorf("nothing names it: %v", here)
	}
}

// The program ends between the choice of a file and the form's being saved: the file is
// gone at the next start, and nothing else.
func TestFormFiles_endBeforeTheFormIsSaved(t *testing.T) {
	b := fileBench(t)
	r, ctx := b.app.Registrations, t.Context()
	saved := api.Register{Meeting: "C-00000011"}
	kept := b.adds(t, &saved, "kept")
	if err := errors.Join(r.SaveDraft(ctx, saved), r.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	b.adds(t, &api.Register{}, "lost")
	b.reopen(t)
	if here := b.here(t); !slices.Equal(here, []string{kept}) {
		t.Errorf("here: %v", here)
	}
}

// What the service does not take of a file needs attention, with the field and the reason;
// the form is a draft again, and has its file until one has dealt with it.
func TestFormFiles_refused(t *testing.T) {
	b := fileBench(t)
	r, ctx := b.app.Registrations, t.Context()
	in := api.Register{Meeting: "C-00000011", Participation: api.Remote}
	id := b.adds(t, &in, "letter")
	b.service.locked(func() { b.service.wrong = api.FieldTooLarge })
	if err := r.Submit(ctx, in); err != nil {
		t.Fatal(err)
	}
	other := api.Register{Meeting: "C-00000012", Participation: api.Remote}
	if err := r.Submit(ctx, other); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	mine := b.mine(t, in.Meeting)
	if mine.State != StateNeedsAttention || mine.Code != api.CodeInvalid || !slices.Equal(mine.Errors, []api.FieldError{{Pointer: "/answers/letter", Code: api.FieldTooLarge}}) {
		t.Errorf("%+v", mine)
	}
	if mine := b.mine(t, other.Meeting); mine.Number == "" {
		t.Errorf("what comes after it: %+v", mine)
	}
	if draft, ok := r.Draft(in.Meeting); !ok || draft.Answers["letter"][0] != id {
		t.Errorf("the draft: %+v", draft)
	}
	if err := errors.Join(r.Dismiss(ctx, mine.Operation)); err != nil {
		t.Fatal(err)
	}
	if here := b.here(t); !slices.Equal(here, []string{id}) {
		t.Errorf("the draft names it: %v", here)
	}
}

// There is a limit to what waits here.
func TestAddFile_limits(t *testing.T) {
	b := fileBench(t)
	ctx := t.Context()
	for i := range maxFilesHere {
		b.adds(t, &api.Register{}, fmt.Sprint(i))
	}
	if _, err := b.app.Registrations.AddFile(ctx, aLetterQuestion, "one more.pdf", pdf("")); !api.HasCode(err, api.CodeTooManyFiles) {
		t.Errorf("one more: %v", err)
	}
	b.reopen(t)
	for _, c := range []struct {
		kind    string
		content []byte
		want    string
	}{
		{api.KindFile, []byte("<html>"), api.FieldWrongType},
		{api.KindPhoto, pdf(""), api.FieldWrongType},
		{api.KindPhoto, []byte("\x89PNG\r\n\x1a\n<html>"), api.FieldDamaged},
		{api.KindFile, append(pdf(""), make([]byte, 5<<20)...), api.FieldTooLarge},
	} {
		_, err := b.app.Registrations.AddFile(ctx, &api.Question{ID: "q", Kind: c.kind}, "x.pdf", c.content)
		if p, ok := errors.AsType[*api.Problem](err); !ok || len(p.Errors) != 1 || p.Errors[0] != (api.FieldError{Pointer: "/answers/q", Code: c.want}) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
	if here := b.here(t); len(here) != 0 {
		t.Errorf("here: %v", here)
	}
}

// What was entered for a service that was set up anew is taken over with its file.
func TestLeftovers_withTheirFiles(t *testing.T) {
	m := newMachine(t)
	m.service.email = "amina@example.org"
	a := m.startStill()
	m.logIn(a, true)
	ctx := t.Context()
	save := func(meeting string) string {
		answer, err := a.Registrations.AddFile(ctx, aLetterQuestion, meeting+".pdf", pdf(meeting))
		if err != nil {
			t.Fatal(err)
		}
		in := api.Register{Meeting: meeting, Answers: api.Answers{"letter": answer}}
		if err := errors.Join(a.Registrations.SaveDraft(ctx, in), a.Registrations.Flush(ctx)); err != nil {
			t.Fatal(err)
		}
		return answer[0]
	}
	taken, dropped := save("C-1"), save("C-2")
	a = m.anew(a, secondServiceID)
	m.logIn(a, true)
	list, err := a.Session.Leftovers(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := errors.Join(a.Session.TakeOver(ctx, list[0]), a.Session.DropLeftover(ctx, list[1])); err != nil {
		t.Fatal(err)
	}
	if content, err := a.Registrations.File(ctx, taken); err != nil || !bytes.Equal(content, pdf("C-1")) {
		t.Errorf("taken over: %q, %v", content, err)
	}
	if n := a.Registrations.FileSize(dropped); n != 0 {
		t.Errorf("dropped: %d", n)
	}
	if err := a.Close(); err != nil && !errors.Is(err, localdb.ErrClosed) {
		t.Fatal(err)
	}
}

// killed is the program as it begins again after it was killed just now: with what is on the
// disk.
func (b *bench) killed(t *testing.T) *bench {
	t.Helper()
	again := &bench{service: b.service, clocks: b.clocks, server: b.server, dir: t.TempDir(), key: b.key}
	if err := os.CopyFS(again.dir, os.DirFS(b.dir)); err != nil {
		t.Fatal(err)
	}
	again.open(t)
	t.Cleanup(func() { again.close(t) })
	return again
}

// Killed at whatever moment, the program has what it had said that it keeps, and what is
// sent has one effect.
func TestFormFiles_killed(t *testing.T) {
	b := fileBench(t)
	r, ctx := b.app.Registrations, t.Context()
	in := api.Register{Meeting: "C-00000011", Participation: api.Remote}
	id := b.adds(t, &in, "letter")
	if here := b.killed(t).here(t); len(here) != 0 {
		t.Errorf("chosen, and named by nothing: %v", here)
	}
	if err := errors.Join(r.SaveDraft(ctx, in), r.Flush(ctx)); err != nil {
		t.Fatal(err)
	}
	if k := b.killed(t); !slices.Equal(k.here(t), []string{id}) {
		t.Errorf("with its draft: %v", k.here(t))
	}
	if err := r.Submit(ctx, in); err != nil {
		t.Fatal(err)
	}
	before := b.killed(t)
	b.service.locked(func() { b.service.faults = []fault{faultNone, faultLostAfter} })
	if err := b.round(); err == nil {
		t.Fatal("nothing was lost")
	}
	for name, k := range map[string]*bench{"before it was sent": before, "after its answer was lost": b.killed(t)} {
		if !slices.Equal(k.here(t), []string{id}) {
			t.Errorf("%s: %v", name, k.here(t))
		}
		if err := k.round(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if mine := k.mine(t, in.Meeting); mine.Number == "" || len(k.here(t)) != 0 {
			t.Errorf("%s: %+v, and here %v", name, mine, k.here(t))
		}
	}
	if done := b.service.snapshot().performed; len(done) != 1 {
		t.Errorf("done: %v", done)
	}
	if puts := b.service.count("PUT /v1/files/" + id); puts != 3 {
		t.Errorf("sent %d times", puts)
	}
}

// A file that a form names which is kept nowhere but in the memory outlives the lock.
func TestFormFiles_lock(t *testing.T) {
	b := fileBench(t)
	id := b.adds(t, &api.Register{}, "letter")
	b.app.Registrations.load(nil)
	b.app.Registrations.load(b.vault)
	if here := b.here(t); !slices.Equal(here, []string{id}) {
		t.Errorf("here: %v", here)
	}
}
