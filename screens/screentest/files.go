package screentest

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/rules"
)

// Files keep what answers a form, in memory, judged as the program does.
type Files struct {
	Kept    map[string][]byte // by id
	FileErr error
}

// AddFile keeps a file.
func (k *Files) AddFile(_ context.Context, q *api.Question, name string, content []byte) ([]string, error) {
	if k.FileErr != nil {
		return nil, k.FileErr
	}
	wrong := ""
	if q.Kind == api.KindPhoto {
		content, wrong = rules.Photo(content, rules.FileLimit(q))
	}
	if wrong == "" {
		_, wrong = rules.CheckFile(q, content)
	}
	if wrong != "" {
		return nil, api.Invalid(api.FieldError{Pointer: "/answers/" + q.ID, Code: wrong})
	}
	return k.Keep(name, content), nil
}

// Keep has a file there, and gives the answer that names it.
func (k *Files) Keep(name string, content []byte) []string {
	if k.Kept == nil {
		k.Kept = map[string][]byte{}
	}
	id := fmt.Sprintf("01920000-0000-7000-8000-%012d", len(k.Kept)+1)
	k.Kept[id] = content
	return rules.FileAnswer(id, rules.FileName(name, rules.MediaOf(content)))
}

// File gives the content of a file.
func (k *Files) File(_ context.Context, id string) ([]byte, error) {
	if content, ok := k.Kept[id]; ok && k.FileErr == nil {
		return content, nil
	}
	if k.FileErr != nil {
		return nil, k.FileErr
	}
	return nil, &api.Problem{Code: api.CodeNotFound, Reference: "3F7K-92QD"}
}

// FileSize is how many bytes a file has.
func (k *Files) FileSize(id string) int { return len(k.Kept[id]) }
