package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"plenary/service/store"
)

// servicePath answers also programs that are too old, so that they can say so.
const servicePath = "/v1/service"

// healthPath and readyPath are asked by whatever watches over the service, also
// where it asks without TLS: there is nothing in them.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

func (s *API) registerService() {
	open(s, operation{Route: "GET " + servicePath, ID: "get-service", Tag: "service", Summary: "What anyone may know of the service"},
		openAsk(s.Info))
	open(s, operation{
		Route: "POST " + servicePath + "/proof", ID: "prove-service", Tag: "service", Summary: "Prove that the service is the one that was met at another address",
	}, openAskWith(s.ProveService))
	s.mux.HandleFunc("GET "+healthPath, s.health)
	s.mux.HandleFunc("GET "+readyPath, s.ready)
}

// health says that the process lives.
func (s *API) health(w http.ResponseWriter, _ *http.Request) {
	s.say(w, http.StatusOK, "ok")
}

// Stop makes readyPath say that the service is about to stop, so that a proxy in
// front sends nothing more; what still comes is answered. It is called before the
// listener closes.
func (s *API) Stop() { s.stopping.Store(true) }

// readyTime is how long the database may take to show that it takes work.
const readyTime = 2 * time.Second

// notReady says why the database takes no work.
var notReady = map[store.Reason]string{
	store.Down:   "the database does not answer",
	store.Locked: "the database is locked",
	store.Full:   "the database has no room, or its disk fails",
	store.Busy:   "the database has too much to do",
}

// ready says whether the database takes work, reads and writes, within two seconds,
// and Stop was not called.
func (s *API) ready(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		s.say(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := s.DB.Ready(ctx); err != nil {
		s.log.Warn("not ready", "error", err)
		why := notReady[store.Down]
		if u, ok := errors.AsType[*store.Unavailable](err); ok {
			why = notReady[u.Reason]
		}
		s.say(w, http.StatusServiceUnavailable, why)
		return
	}
	s.say(w, http.StatusOK, "ok")
}

func (s *API) say(w http.ResponseWriter, status int, what string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here means that the client has gone.
	_ = json.NewEncoder(w).Encode(map[string]string{"status": what})
}
