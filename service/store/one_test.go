package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	_ "plenary/service/store/postgres"
)

// Of a statement that is a transaction by itself, what the server says counts; where
// the way to it broke after it was asked, nobody knows.
func TestAnswerLost(t *testing.T) {
	for _, c := range []struct {
		err  error
		lost bool
	}{
		{&pgconn.PgError{Code: "23505"}, false},
		{&pgconn.PgError{Code: "40001"}, false},
		{&pgconn.PgError{Code: "57P01"}, true},
		{&pgconn.PgError{Code: "40003"}, true},
		{io.ErrUnexpectedEOF, true},
		{io.EOF, true},
		{driver.ErrBadConn, false},
		{&pgconn.ConnectError{}, false},
		{errors.New("a function's own"), false},
	} {
		if got := answerLost(fmt.Errorf("accounts.present: UPDATE sessions: %w", c.err)); got != c.lost {
			t.Errorf("%T %v: %v", c.err, c.err, got)
		}
	}
}
