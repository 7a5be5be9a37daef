package service

import (
	"io"
	"log"
	"net/http"
	"time"
)

// NewServer makes the HTTP server around a Handler, with limits of time and
// size for every request: nobody holds a connection open for nothing.
func NewServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second, // a directory of a megabyte over a bad line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0), // it would hold addresses; requests are logged by httpapi
	}
}
