package screens

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"plenary/api"
)

func (k *knownMine) SaveDraft(_ context.Context, in api.Register) error {
	if k.drafts == nil {
		k.drafts = map[string]api.Register{}
	}
	k.drafts[in.Meeting] = in
	return k.err
}

func (k *knownMine) DeleteDraft(_ context.Context, meeting string) error {
	delete(k.drafts, meeting)
	return k.err
}

func (k *knownMine) Flush(context.Context) error { k.flushed++; return nil }

func (k *knownMine) Submit(_ context.Context, in api.Register) error {
	if k.err != nil {
		return k.err
	}
	k.submitted = append(k.submitted, in)
	delete(k.drafts, in.Meeting)
	if k.onSubmit != nil {
		k.onSubmit(in)
	}
	return nil
}

func TestRegister_pictures(t *testing.T) {
	capture(t, "register", func(e Env) fyne.CanvasObject {
		return NewRegister(e, testMeetings()[1], testAccount, testMine(), RegisterEvents{}).Content()
	})
	capture(t, "register-missing", func(e Env) fyne.CanvasObject {
		r := NewRegister(e, testMeetings()[1], testAccount, testMine(), RegisterEvents{})
		r.SetOnline(false)
		r.send()
		return r.Content()
	})
}
