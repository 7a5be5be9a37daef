package api

import "time"

// OpAttend is the operation by which somebody who takes part remotely has joined a session;
// payload: Attend. The first time that a session was joined counts.
const OpAttend = "attend"

// Attend is the payload of the operation OpAttend.
type Attend struct {
	Registration string    `json:"registration" doc:"number"`
	Session      int       `json:"session" minimum:"1" doc:"which session of the meeting, from 1"`
	At           time.Time `json:"at" doc:"by the service's clock, as far as the device knows it; from 30 minutes before the session's start until its end"`
}

// Join asks for the address of a session's platform: POST /v1/registrations/{id}/join. It
// is answered from 30 minutes before the session's start until its end, for a confirmed
// remote registration of one's own, and records attendance as OpAttend does.
type Join struct {
	Session int `json:"session" minimum:"1" doc:"which session of the meeting, from 1"`
}

// Joined answers Join.
type Joined struct {
	// Address lets its holder in as the registered person until Expires, if that is there.
	Address string    `json:"address" doc:"to be opened in a browser; with the token, if the meeting has one, in its parameter jwt"`
	Expires time.Time `json:"expires,omitzero" doc:"when the token ends; not there without one"`
}

// JWKS are the public keys with which platforms verify join tokens (RFC 7517):
// GET /.well-known/jwks.json.
type JWKS struct {
	Keys []JWK `json:"keys"`
}

// JWK is one key of JWKS, for RS256.
type JWK struct {
	KeyType   string `json:"kty" enum:"RSA"`
	Use       string `json:"use" enum:"sig"`
	Algorithm string `json:"alg" enum:"RS256"`
	ID        string `json:"kid" doc:"as in the header of the tokens"`
	Modulus   string `json:"n" doc:"base64url"`
	Exponent  string `json:"e" doc:"base64url"`
}
