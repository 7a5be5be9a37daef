package registrations

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/delegations"
	"plenary/service/job"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// Limits of an account's files: those that no registration names yet, and all within a day.
const (
	maxUnusedFiles = 20
	maxUnusedBytes = 40 << 20
	maxFilesInADay = 500
	maxBytesInADay = 200 << 20
)

// unusedFor is how long a file is kept that no registration names.
const unusedFor = 24 * time.Hour

// decoding is how many photos are decoded at once. Each takes some 20 MB for a moment.
const decoding = 2

// filePurpose is of keys for the content of files.
const filePurpose = "file"

// fileOf is a file that answers a question.
type fileOf struct{ question, id, name string }

// filesIn are the files that answers to a meeting's form name, in its order.
func filesIn(form *api.Form, answers api.Answers) (list []fileOf) {
	for _, s := range form.Sections {
		for _, q := range s.Questions {
			if id, name, ok := rules.FileOf(answers[q.ID]); ok && rules.IsFile(q.Kind) {
				list = append(list, fileOf{q.ID, id, name})
			}
		}
	}
	return list
}

// fileQuestion is the question of a published meeting that is answered by a file. It refuses
// with api.CodeNotFound, or CodeInvalid.
func (rs *Registrations) fileQuestion(ctx context.Context, code, id string) (q api.Question, err error) {
	meeting, err := rs.Meetings.Get(ctx, code)
	if err != nil {
		return q, err
	}
	for _, s := range meeting.Form.Sections {
		for _, q := range s.Questions {
			if q.ID == id && rules.IsFile(q.Kind) {
				return q, nil
			}
		}
	}
	return q, api.Invalid(api.FieldError{Pointer: "/question", Code: api.FieldUnknown})
}

// SendFile keeps a file for a registration that is going to name it. Sent again it is the
// same file. A photo is kept as this service has encoded it, whatever was sent.
//
// Errors: api.CodeInvalid, with what is wrong with the file; CodeNotFound; CodeKeyReused for
// an id that another file has; CodeTooManyFiles.
func (rs *Registrations) SendFile(ctx context.Context, who caller.Caller, id string, in api.SendFile) error {
	if !rules.IsFileID(id) {
		return api.Invalid(api.FieldError{Pointer: "/id", Code: api.FieldInvalid})
	}
	q, err := rs.fileQuestion(ctx, in.Meeting, in.Question)
	if err != nil {
		return err
	}
	media, wrong := rules.CheckFile(&q, in.Content)
	if wrong == "" && q.Kind == api.KindPhoto {
		wrong = rules.IsPhoto(in.Content)
	}
	if wrong != "" {
		return api.Invalid(api.FieldError{Pointer: "/content", Code: wrong})
	}
	hash := rs.Key.MAC(filePurpose, []byte(in.Meeting), []byte(in.Question), []byte(rules.FileName(in.Name, "")), in.Content)
	var there bool
	err = rs.DB.Peek(ctx, func(tx *store.Tx) (err error) {
		there, err = fileIsThere(tx, who.AccountID, id, hash)
		return err
	})
	if err != nil || there {
		return err
	}
	content := in.Content
	if q.Kind == api.KindPhoto {
		if content, err = rs.photo(ctx, content); err != nil {
			return err
		}
		media = api.MediaJPEG
	}
	sealed := rs.Key.Seal(filePurpose, boundTo(id, in.Meeting, in.Question), content)
	// READ COMMITTED: the account is held before its files are counted.
	return rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if !tx.HoldOwner(who.AccountID) {
			return api.Refuse(api.CodeNotFound)
		}
		if there, err := fileIsThere(tx, who.AccountID, id, hash); err != nil || there {
			return err
		}
		if err := rs.refuseMoreFiles(tx, who.AccountID, len(content)); err != nil {
			return err
		}
		if tx.Do(`INSERT INTO registration_files (id, account_id, meeting, question, name, media, size, hash, content, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`, id, who.AccountID, in.Meeting, in.Question,
			rules.FileName(in.Name, media), media, len(content), hash, sealed, store.Micros(rs.Now())) == 0 && tx.Err() == nil {
			return api.Refuse(api.CodeKeyReused)
		}
		return nil
	})
}

// fileIsThere tells whether an account has sent this file already. It refuses with
// api.CodeKeyReused an id that another one has.
func fileIsThere(tx *store.Tx, accountID, id string, hash []byte) (bool, error) {
	var owner string
	var before []byte
	switch there := tx.Get(`SELECT account_id, hash FROM registration_files WHERE id = $1`, id).Into(&owner, &before); {
	case !there:
		return false, tx.Err()
	case owner != accountID || !bytes.Equal(before, hash):
		return false, api.Refuse(api.CodeKeyReused)
	}
	return true, nil
}

// refuseMoreFiles refuses with api.CodeTooManyFiles. The account is held.
func (rs *Registrations) refuseMoreFiles(tx *store.Tx, accountID string, size int) error {
	var unused, unusedBytes, day, dayBytes int
	tx.Get(`SELECT COALESCE(SUM(CASE WHEN registration = '' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN registration = '' THEN size ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN created_at > $2 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN created_at > $2 THEN size ELSE 0 END), 0)
		FROM registration_files WHERE account_id = $1`, accountID, store.Micros(rs.Now().AddDate(0, 0, -1))).Into(&unused, &unusedBytes, &day, &dayBytes)
	if unused >= maxUnusedFiles || unusedBytes+size > maxUnusedBytes || day >= maxFilesInADay || dayBytes+size > maxBytesInADay {
		return api.Refuse(api.CodeTooManyFiles)
	}
	return tx.Err()
}

// photo encodes a photo anew. It waits for those that are being decoded.
func (rs *Registrations) photo(ctx context.Context, content []byte) ([]byte, error) {
	select {
	case rs.decoding <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("registrations: wait for other photos: %w", ctx.Err())
	}
	defer func() { <-rs.decoding }()
	photo, wrong := rules.Photo(content, rules.MaxFileBytes)
	if wrong != "" {
		return nil, api.Invalid(api.FieldError{Pointer: "/content", Code: wrong})
	}
	return photo, nil
}

// boundTo is what a file's content is sealed together with.
func boundTo(id, meeting, question string) []byte {
	return []byte(id + "\n" + meeting + "\n" + question)
}

const fileColumns = `f.id, f.meeting, f.question, f.registration, f.name, f.media, f.size, f.created_at`

func scanFile(f *api.File, created *int64, more ...any) []any {
	return append([]any{&f.ID, &f.Meeting, &f.Question, &f.Registration, &f.Name, &f.Media, &f.Size, created}, more...)
}

// File gives a file with its content: to whoever sent it, as long as no registration names
// it; then to the registered person, the managers of the meeting and whoever is appointed
// for the registration's organization. Anybody else is refused with api.CodeNotFound, as for
// one that is not there.
func (rs *Registrations) File(ctx context.Context, who caller.Caller, id string) (f api.File, content []byte, err error) {
	var sealed []byte
	err = rs.DB.View(ctx, func(tx *store.Tx) error {
		var created int64
		var sender, person, organization string
		if !tx.Get(`SELECT `+fileColumns+`, f.content, f.account_id, COALESCE(r.account_id, ''), COALESCE(r.organization_id, '')
			FROM registration_files f LEFT JOIN registrations r ON r.number = f.registration WHERE f.id = $1`, id).
			Into(scanFile(&f, &created, &sealed, &sender, &person, &organization)...) {
			return cmp.Or(tx.Err(), api.Refuse(api.CodeNotFound))
		}
		f.Sent = store.Time(created)
		if f.Registration == "" {
			person = sender
		}
		switch {
		case who.AccountID == person:
		case f.Registration != "" && rs.Meetings.Manages(tx, f.Meeting, who.AccountID, who.Roles):
		case f.Registration != "" && organization != "" && delegations.Of(tx, who.AccountID).For(organization):
		default:
			return cmp.Or(tx.Err(), api.Refuse(api.CodeNotFound))
		}
		return nil
	})
	if err != nil {
		return api.File{}, nil, err
	}
	content, err = rs.Key.Open(filePurpose, boundTo(f.ID, f.Meeting, f.Question), sealed)
	if err != nil {
		return api.File{}, nil, fmt.Errorf("registrations: open a file: %w", err)
	}
	return f, content, nil
}

// filesThere checks that files are there for a registration: sent by the account, which is held,
// for these questions, and named by no other. It refuses with api.CodeInvalid.
func filesThere(tx *store.Tx, sender, meeting string, files []fileOf) error {
	var missing []api.FieldError
	for _, f := range files {
		there := false
		tx.Get(`SELECT COUNT(*) > 0 FROM registration_files WHERE id = $1 AND account_id = $2 AND meeting = $3 AND question = $4
			AND name = $5 AND registration = ''`, f.id, sender, meeting, f.question, f.name).Into(&there)
		if !there {
			missing = append(missing, api.FieldError{Pointer: "/answers/" + f.question, Code: api.FieldNotFound})
		}
	}
	if tx.Err() == nil && len(missing) > 0 {
		return api.Invalid(missing...)
	}
	return tx.Err()
}

// useFiles gives files, which are there, to a registration. One that was swept meanwhile is
// operation.ErrChanged.
func useFiles(tx *store.Tx, number string, files []fileOf) error {
	for _, f := range files {
		if tx.Do(`UPDATE registration_files SET registration = $1 WHERE id = $2 AND registration = ''`, number, f.id) == 0 && tx.Err() == nil {
			return operation.ErrChanged
		}
	}
	return tx.Err()
}

// bringFiles gives a newcomer the files that its answers name. Nothing else refuses it then.
func (n *newcomer) bringFiles(tx *store.Tx, sender string) error {
	files := filesIn(&n.meeting.Form, n.Answers)
	if err := filesThere(tx, sender, n.Meeting, files); err != nil {
		return err
	}
	return useFiles(tx, n.Number, files)
}

// exchangeFiles gives a registration the files that its answers name now and did not before,
// and erases those that they name no more. Nothing else refuses the change then.
func exchangeFiles(tx *store.Tx, in *meetings.Row, r *registration, sender string, after api.Answers) error {
	var had []string
	for scan := range tx.Each(`SELECT id FROM registration_files WHERE registration = $1`, r.Number) {
		var id string
		scan(&id)
		had = append(had, id)
	}
	files := filesIn(&in.Form, after)
	fresh := slices.DeleteFunc(slices.Clone(files), func(f fileOf) bool {
		return slices.Contains(had, f.id) && slices.Equal(r.Answers[f.question], rules.FileAnswer(f.id, f.name))
	})
	if err := filesThere(tx, sender, r.Meeting, fresh); err != nil {
		return err
	}
	for _, id := range had {
		if !slices.ContainsFunc(files, func(f fileOf) bool { return f.id == id }) {
			tx.Do(`DELETE FROM registration_files WHERE id = $1`, id)
		}
	}
	return useFiles(tx, r.Number, fresh)
}

// sweepFiles erases the files that no registration has named for a day.
func (rs *Registrations) sweepFiles() job.Job {
	return job.Job{Name: "sweep-files", Every: time.Hour, Do: rs.SweepFiles}
}

// SweepFiles is the job of that.
func (rs *Registrations) SweepFiles(ctx context.Context) error {
	err := rs.DB.UpdateOne(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM registration_files WHERE registration = '' AND created_at < $1`, store.Micros(rs.Now().Add(-unusedFor)))
		return nil
	})
	if err != nil {
		return fmt.Errorf("registrations: sweep files: %w", err)
	}
	return nil
}

// Files are those that a person has sent and that are not in somebody else's registration,
// and those of the person's registrations, without their contents.
func (rs *Registrations) Files(tx *store.Tx, accountID string) ([]api.File, error) {
	return queryFiles(tx, ` LEFT JOIN registrations r ON r.number = f.registration
		WHERE f.account_id = $1 AND f.registration = '' OR r.account_id = $1 ORDER BY f.created_at, f.id`, accountID)
}

func queryFiles(tx *store.Tx, where string, args ...any) ([]api.File, error) {
	files := []api.File{}
	for scan := range tx.Each(`SELECT `+fileColumns+` FROM registration_files f`+where, args...) {
		var f api.File
		var created int64
		scan(scanFile(&f, &created)...)
		f.Sent = store.Time(created)
		files = append(files, f)
	}
	return files, tx.Err()
}
