package files_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"plenary/platform/files"
)

func TestMeanings(t *testing.T) {
	for meaning, errs := range meanings {
		for _, errno := range errs {
			err := fmt.Errorf("save: %w", &os.PathError{Op: "write", Path: "x", Err: errno})
			for name, is := range map[string]func(error) bool{
				"disk full": files.IsDiskFull, "read only": files.IsReadOnly, "not folder": files.IsNotFolder, "busy": files.IsBusy,
			} {
				if is(err) != (name == meaning) {
					t.Errorf("%v (%d): %s is %v", errno, errno, name, is(err))
				}
			}
		}
	}
	for _, is := range []func(error) bool{files.IsDiskFull, files.IsReadOnly, files.IsNotFolder, files.IsBusy} {
		if is(nil) || is(errors.New("other")) {
			t.Error("says so of any error")
		}
	}
}
