package store

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestVersions_refuseTwoWithOneNumber(t *testing.T) {
	file := &fstest.MapFile{}
	_, err := versions(fstest.MapFS{"migrations/00201_a.sql": file, "migrations/00202_b.sql": file, "migrations/00202_c.sql": file})
	if err == nil || !strings.Contains(err.Error(), "00202_c.sql") {
		t.Errorf("two with one number: %v", err)
	}
}
