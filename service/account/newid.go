package account

import (
	"fmt"

	"github.com/google/uuid"
)

// NewID makes the id of a row: UUIDv7.
func NewID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("account: make id: %w", err)
	}
	return id.String(), nil
}
