package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	_ "plenary/service/store/postgres"
)

func TestJudge_tellsWhatPasses(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("x: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err    error
		want   verdict
		reason Reason
	}{
		"serialization failure":     {pg("40001"), passes, Busy},
		"deadlock":                  {pg("40P01"), passes, Busy},
		"completion unknown":        {pg("40003"), refused, Down},
		"connection does not exist": {pg("08003"), refused, Down},
		"connection failure":        {pg("08006"), refused, Down},
		"shut down":                 {pg("57P01"), refused, Down},
		"crash":                     {pg("57P02"), refused, Down},
		"starting":                  {pg("57P03"), refused, Down},
		"a standby":                 {pg("25006"), refused, Down},
		"a standby at the start":    {beginError(pg("0A000")), refused, Down},
		"a feature that it lacks":   {pg("0A000"), lasts, ""},
		"lock not had":              {pg("55P03"), refused, Locked},
		"disk full":                 {pg("53100"), refused, Full},
		"I/O error":                 {pg("58030"), refused, Full},
		"too many connections":      {pg("53300"), refused, Busy},
		"canceled":                  {pg("57014"), refused, Busy},
		"unique":                    {pg("23505"), lasts, ""},
		"syntax":                    {pg("42601"), lasts, ""},
		"password":                  {pg("28P01"), lasts, ""},
		"no connection":             {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, refused, Down},
		"cut":                       {fmt.Errorf("x: %w", io.ErrUnexpectedEOF), refused, Down},
		"closed":                    {fmt.Errorf("x: %w", pgconn.ErrConnClosed), refused, Down},
		"waited too long":           {errWaitedTooLong, refused, Busy},
		"lost commit":               {&commitError{io.EOF, true}, lost, Down},
		"commit refused":            {&commitError{pg("40001"), false}, passes, Busy},
		"taken back meanwhile":      {&commitError{sql.ErrTxDone, false}, passes, Busy},
		"one's own":                 {errors.New("own"), lasts, ""},
		"no rows":                   {sql.ErrNoRows, lasts, ""},
		"given up":                  {context.Canceled, lasts, ""},
	} {
		if got, reason := judge(c.err); got != c.want || reason != c.reason {
			t.Errorf("%s: %v %q, want %v %q", name, got, reason, c.want, c.reason)
		}
	}
}

func TestCommitLost_isWhereNobodyKnows(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"cut":                            {io.ErrUnexpectedEOF, true},
		"time over while it was asked":   {fmt.Errorf("timeout: %w", context.DeadlineExceeded), true},
		"time over before":               {context.DeadlineExceeded, false},
		"given up before":                {context.Canceled, false},
		"over already":                   {sql.ErrTxDone, false},
		"serialization failure":          {&pgconn.PgError{Code: "40001"}, false},
		"constraint checked at the end":  {&pgconn.PgError{Code: "23503"}, false},
		"the server goes down":           {&pgconn.PgError{Code: "57P01"}, true},
		"the server does not know":       {&pgconn.PgError{Code: "40003"}, true},
		"resolution of it is not known":  {&pgconn.PgError{Code: "08007"}, true},
		"the disk is full at the commit": {&pgconn.PgError{Code: "53100"}, false},
	} {
		if got := commitLost(c.err); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
