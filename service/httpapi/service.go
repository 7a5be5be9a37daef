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

func (s *API) registerService() {
	open(s, operation{
		Method: http.MethodGet, Path: servicePath, ID: "get-service", Tag: "service",
		Summary: "What anyone may know of the service",
	}, func(ctx context.Context, _ *none) (*out[api.ServiceInfo], error) {
		return answer(s.Info(ctx))
	})
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /readyz", s.ready)
	s.mux.HandleFunc("GET /metrics", s.serveMetrics)
}

// health says that the process lives.
func (s *API) health(w http.ResponseWriter, _ *http.Request) {
	s.say(w, http.StatusOK, "ok")
}

// ready says whether the database answers within two seconds.
func (s *API) ready(w http.ResponseWriter, r *http.Request) {
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
