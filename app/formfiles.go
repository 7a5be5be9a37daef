package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/localdb"
	"plenary/rules"
)

// filePrefix is in front of a file's id in the name of the draft that has its content. Such
// a draft belongs to those of forms, and to the operations, whose answers name the file. It
// is there until the last of them is over; the service has the file then, if anybody.
const filePrefix = "file/"

// Limits of the files that wait here: all of them are in the memory too.
const (
	maxFilesHere = 20
	maxBytesHere = 40 << 20
)

// AddFile keeps a file that answers a question, safely on the disk, and gives the answer
// that names it. A photo is made of a picture (rules.Photo). What no draft or operation names
// by the program's next start is gone then.
//
// Errors to test for: api.CodeInvalid, with one field whose code says what is wrong with the
// file; api.CodeTooManyFiles; ErrNoSession, localdb.ErrDiskFull.
func (r *Registrations) AddFile(ctx context.Context, q *api.Question, name string, content []byte) (answer []string, err error) {
	media, content, err := r.fileFor(ctx, q, content)
	if err == nil {
		answer = rules.FileAnswer(uuid.Must(uuid.NewV7()).String(), rules.FileName(name, media))
		err = r.putFile(ctx, answer[0], content)
	}
	if err != nil {
		return nil, fmt.Errorf("keep a file: %w", err)
	}
	return answer, nil
}

// fileFor is a file as the question takes it.
func (r *Registrations) fileFor(ctx context.Context, q *api.Question, content []byte) (media string, _ []byte, err error) {
	refuse := func(code string) error {
		return api.Invalid(api.FieldError{Pointer: "/answers/" + q.ID, Code: code})
	}
	if q.Kind == api.KindPhoto {
		give, err := r.decoding.take(ctx)
		if err != nil {
			return "", nil, err
		}
		defer give()
		photo, wrong := rules.Photo(content, rules.FileLimit(q))
		if wrong != "" {
			return "", nil, refuse(wrong)
		}
		content = photo
	}
	media, wrong := rules.CheckFile(q, content)
	if wrong != "" {
		return "", nil, refuse(wrong)
	}
	return media, content, nil
}

// putFile keeps a file, unless there are too many here.
func (r *Registrations) putFile(ctx context.Context, id string, content []byte) error {
	store, give, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	ids, err := filesHere(store)
	if err != nil {
		return err
	}
	size := len(content)
	for _, other := range ids {
		size += store.DraftSize(filePrefix + other)
	}
	if len(ids) >= maxFilesHere || size > maxBytesHere {
		return &api.Problem{Status: 409, Code: api.CodeTooManyFiles}
	}
	r.mu.Lock()
	r.fresh[id] = true // before it is there
	r.mu.Unlock()
	return store.PutDraft(filePrefix+id, content)
}

// FileSize is how many bytes a file has that waits here; 0 for any other.
func (r *Registrations) FileSize(id string) int {
	v, err := r.open()
	if err != nil {
		return 0
	}
	return v.store.DraftSize(filePrefix + id)
}

// File gives the content of a file: from here, or else from the service.
func (r *Registrations) File(ctx context.Context, id string) ([]byte, error) {
	v, err := r.open()
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	content, err := v.store.Draft(filePrefix + id)
	if errors.Is(err, localdb.ErrNotFound) {
		content, err = r.session.as(v).File(ctx, id)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return content, nil
}

// filesHere are the ids of the files that a store has.
func filesHere(store *localdb.Store) (ids []string, err error) {
	names, err := store.Drafts()
	for _, name := range names {
		if id, ok := strings.CutPrefix(name, filePrefix); ok {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// fileNamed is a file that an answer names.
type fileNamed struct{ meeting, question, id, name string }

func filesOf(in *api.Register) (list []fileNamed) {
	for _, question := range slices.Sorted(maps.Keys(in.Answers)) {
		if id, name, ok := rules.FileOf(in.Answers[question]); ok {
			list = append(list, fileNamed{in.Meeting, question, id, name})
		}
	}
	return list
}

// filesNamed are those that an operation names.
func filesNamed(kind string, payload []byte) []fileNamed {
	if a, ok := aboutOf(kind, payload); ok && a.asked != nil {
		return filesOf(a.asked)
	}
	return nil
}

// namedIn adds the files that the drafts and the operations of a store name.
func namedIn(store *localdb.Store, named map[string]bool) error {
	drafts := map[string]draft{}
	loadDrafts(store, drafts)
	for _, in := range drafts {
		nameFiles(named, &in.Register)
	}
	pending, err := store.Pending()
	refused, errRefused := store.NeedAttention()
	for _, op := range append(pending, refused...) {
		for _, f := range filesNamed(op.Kind, op.Payload) {
			named[f.id] = true
		}
	}
	return errors.Join(err, errRefused)
}

func nameFiles(named map[string]bool, in *api.Register) {
	for _, f := range filesOf(in) {
		named[f.id] = true
	}
}

// sweepFiles removes the files that nothing names any more, but for those that were just
// chosen: the form that does is not saved yet.
func (r *Registrations) sweepFiles() {
	v, err := r.open()
	if err != nil {
		return
	}
	ids, err := filesHere(v.store)
	if err != nil || len(ids) == 0 {
		return
	}
	named := map[string]bool{}
	if namedIn(v.store, named) != nil {
		return
	}
	var gone []string
	r.mu.Lock()
	for _, in := range r.drafts.all() {
		nameFiles(named, &in.Register)
	}
	if r.vault == v {
		for _, id := range ids {
			if named[id] {
				delete(r.fresh, id)
			} else if !r.fresh[id] {
				gone = append(gone, id)
			}
		}
	}
	r.mu.Unlock()
	for _, id := range gone {
		if err := v.store.DeleteDraft(filePrefix + id); err != nil {
			r.core.log.Warn("a file was not removed", "cause", Explain(err).Kind)
		}
	}
}

// sentLately is for how long a file is taken for still being at the service, which erases
// those after a day that nothing names.
const sentLately = time.Hour

// sendFiles sends the files that an operation names, before it. gone tells that the
// operation does not wait any more, since the service does not take one of them.
func (d *delivery) sendFiles(ctx context.Context, op api.Operation) (gone bool, err error) {
	for _, f := range filesNamed(op.Kind, op.Payload) {
		content, err := d.vault.store.Draft(filePrefix + f.id)
		if errors.Is(err, localdb.ErrNotFound) || err == nil && time.Since(d.vault.sentFiles[f.id]) < sentLately {
			continue // the service has it, or says that it has not
		}
		if err == nil {
			err = d.sync.session.as(d.vault).SendFile(ctx, f.id, api.SendFile{Meeting: f.meeting, Question: f.question, Name: f.name, Content: content})
		}
		if p, ok := errors.AsType[*api.Problem](err); ok && api.HasCode(err, api.CodeInvalid, api.CodeNotFound, api.CodeKeyReused, api.CodeTooManyFiles, api.CodeTooLarge) {
			return true, d.refuseFile(ctx, op, f, p)
		}
		if err != nil {
			return false, fmt.Errorf("send a file: %w", err)
		}
		if d.vault.sentFiles == nil {
			d.vault.sentFiles = map[string]time.Time{}
		}
		d.vault.sentFiles[f.id] = time.Now()
	}
	return false, nil
}

// refuseFile keeps an operation for the person to deal with, of which the service does not
// take a file.
func (d *delivery) refuseFile(ctx context.Context, op api.Operation, f fileNamed, p *api.Problem) error {
	wrong := api.FieldError{Pointer: "/answers/" + f.question, Code: api.FieldInvalid}
	for _, e := range p.Errors {
		if e.Pointer == "/content" {
			wrong.Code = e.Code
		}
	}
	r := d.sync.registrations
	r.seen(d.vault, nil, map[string][]api.FieldError{op.ID: {wrong}})
	defer r.tell()
	return d.refuse(ctx, op, string(p.Code), p.Reference)
}

// takeOverFiles copies the files of a leftover into the session's store.
func (s *Session) takeOverFiles(ctx context.Context, l Leftover) error {
	files := filesOf(&l.Form)
	if len(files) == 0 {
		return nil
	}
	store, err := s.openReplaced(ctx, l.service, l.account)
	if err != nil {
		return err
	}
	for _, f := range files {
		content, missing := store.Draft(filePrefix + f.id)
		if missing == nil && s.registrations.FileSize(f.id) == 0 {
			err = errors.Join(err, s.registrations.putFile(ctx, f.id, content))
		}
	}
	return errors.Join(err, store.Close())
}

// dropFiles removes the files of a leftover from its store, but for those that others name
// which are left.
func dropFiles(store *localdb.Store, l Leftover, left []Leftover) (err error) {
	named := map[string]bool{}
	for i := range left {
		nameFiles(named, &left[i].Form)
	}
	for _, f := range filesOf(&l.Form) {
		if !named[f.id] {
			err = errors.Join(err, store.DeleteDraft(filePrefix+f.id))
		}
	}
	return err
}

// AddFile keeps a file for somebody who is being registered, see Registrations.AddFile.
func (d *Delegation) AddFile(ctx context.Context, q *api.Question, name string, content []byte) ([]string, error) {
	return d.session.registrations.AddFile(ctx, q, name, content)
}

// FileSize is how many bytes a file has that waits here; 0 for any other.
func (d *Delegation) FileSize(id string) int { return d.session.registrations.FileSize(id) }

// File gives the content of a file: from here, or else from the service.
func (d *Delegation) File(ctx context.Context, id string) ([]byte, error) {
	return d.session.registrations.File(ctx, id)
}
