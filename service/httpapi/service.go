package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"plenary/api"
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
	open(s, operation{
		Method: http.MethodGet, Path: servicePath, ID: "get-service", Tag: "service",
		Summary: "What anyone may know of the service",
	}, func(ctx context.Context, _ *none) (*out[api.ServiceInfo], error) {
		return answer(s.Info(ctx))
	})
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

// ready says whether the database answers within two seconds, and Stop was not
// called.
func (s *API) ready(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		s.say(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.DB.Ping(ctx); err != nil {
		s.log.Warn("not ready", "error", err)
		s.say(w, http.StatusServiceUnavailable, "the database does not answer")
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
