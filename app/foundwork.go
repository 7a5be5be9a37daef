package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"plenary/localdb"
	"plenary/platform/files"
)

// keptKey is, beside the profile, where a store says that its person has left work in it
// knowingly: by a log-out, or by the end of the program.
const keptKey = "kept"

// FoundWork counts the work of an earlier run of which nobody was asked, since the system
// has ended that run, or it crashed; for each store once in a run, and nothing after that.
// It waits for the disk.
func (s *Session) FoundWork(ctx context.Context) (LocalWork, error) {
	v := s.open()
	if v == nil || v.looked.Swap(true) {
		return LocalWork{}, ctx.Err()
	}
	knows, err := v.knowsOfWork()
	if err == nil && knows {
		return LocalWork{}, v.knowOfWork(false) // and not of what comes now
	}
	if err != nil {
		return LocalWork{}, fmt.Errorf("look for work of an earlier run: %w", err)
	}
	return v.localWork()
}

// knowsOfWork tells whether the person has left work knowingly.
func (v *vault) knowsOfWork() (bool, error) {
	b, err := v.store.Get(profileSet, keptKey)
	if errors.Is(err, localdb.ErrNotFound) {
		err = nil
	}
	return string(b) == "yes", err
}

// knowOfWork notes whether the person knows of the work that is left.
func (v *vault) knowOfWork(knows bool) error {
	value := "no"
	if knows {
		value = "yes"
	}
	return v.store.Put(profileSet, keptKey, []byte(value))
}

// leftKnowingly is knowOfWork where work is left; without the note, the person is told of
// it once more.
func (s *Session) leftKnowingly(v *vault) {
	if err := v.knowOfWork(true); err != nil {
		s.core.log.Warn("that work is left knowingly was not noted", "cause", Explain(err).Kind)
	}
}

// WorkIsKept tells whether somebody's work is sealed on this machine, until its person
// logs in: of this service, or of one that it has replaced. It waits for the disk.
func (s *Session) WorkIsKept() bool {
	if v := s.open(); v != nil {
		return v.worth()
	}
	id, _ := s.core.place.known()
	folders := []string{id}
	known, err := loadServices(s.core.config.Dir)
	if err != nil {
		s.core.log.Warn("the services that were replaced are not known", "cause", Explain(err).Kind)
	}
	for name, service := range known {
		if name == replaced(service.ID) {
			folders = append(folders, service.ID)
		}
	}
	for _, folder := range folders {
		if folder != "" && len(matching(filepath.Join(s.core.config.Dir, folder), "*"+workSuffix, s.core.log)) > 0 {
			return true
		}
	}
	return false
}

// noteWork notes beside a store that is closed whether there is work in it: who looks has
// no key.
func noteWork(own string, work bool) error {
	if work {
		return writeFile(own+workSuffix, nil)
	}
	return files.RemoveIfThere(own + workSuffix)
}
