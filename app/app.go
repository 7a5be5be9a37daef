// Package app is what Plenary does, without a window: the session, the account,
// meetings, registrations and the sync that carries them to the service and
// back. Screens call its types with a context and subscribe to changes; the
// callbacks come on any goroutine.
//
// It is not the place for HTTP (package client), for files and sealing (package
// localdb), or for words: Explain gives the kind of an error, screens have the
// words for it.
//
// Start reading at Open, then session.go, registrations.go and sync.go.
package app

import (
	"context"
	"log/slog"
	"time"

	"plenary/api"
)

// Config says where an App works.
type Config struct {
	// Dir is the program's data folder. The demonstration has one of its own.
	Dir string
	// Service is the address of the service, see client.ParseAddress.
	Service string
	// CAFile holds further certificate authorities (PEM), for a private CA.
	CAFile string
	// Keyring defaults to the system's.
	Keyring Keyring
	// Version of the program; empty for one under development.
	Version string
	// Logger gets no secret, token, address or name. Default: none.
	Logger *slog.Logger
	// Now is the device's clock. Default: time.Now.
	Now func() time.Time
}

// App is Plenary without its window.
type App struct {
	Session       *Session
	Account       *Account
	Meetings      *Meetings
	Registrations *Registrations
	Directory     *Directory
	Sync          *Sync
}

// Open reads what is stored for everybody (service, meetings, directory) and
// begins to sync. It needs no network and asks no keyring; call it off the
// window's goroutine.
func Open(ctx context.Context, c Config) (*App, error) {
	return &App{}, nil
}

// Close stops the sync, writes what waits to be written and closes the stores.
// A session that was not to be kept is erased.
func (a *App) Close() error { return nil }

// Info returns what the service says about itself: the last known first, and
// only the first time from the network.
func (a *App) Info(ctx context.Context) (api.ServiceInfo, error) { return api.ServiceInfo{}, nil }
