package main

import (
	"errors"

	"plenary/service/store"
)

// errOld and errNewer are what an operator is told of a database that this
// version cannot use, and what to do.
var (
	errOld = errors.New("the database is from before the first release of Plenary, and this version cannot take its data over. " +
		"Nothing in it was changed. To begin anew, put the data folder away (with PostgreSQL, name an empty database too) and run plenaryd init")
	errNewer = errors.New("the database was used by a newer version of plenaryd, and this one could damage it. " +
		"Nothing in it was changed. Run the newer version, or put back a backup from before the upgrade")
)

// sayDatabase puts what an operator can do in the place of such an error.
func sayDatabase(err error) error {
	switch {
	case errors.Is(err, store.ErrOldDatabase):
		return errOld
	case errors.Is(err, store.ErrNewerDatabase):
		return errNewer
	}
	return err
}
