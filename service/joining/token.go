package joining

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"plenary/api"
)

// TokenLife is how long a token lets in: long enough for a browser to start.
const TokenLife = time.Minute

// algorithm is the one that signs, as JSON Web Tokens name it.
const algorithm = "RS256"

// parameter is what the token is called in the address of a platform.
const parameter = "jwt"

// Person is who joins.
type Person struct {
	AccountID    string
	Meeting      string // code
	Name         string
	Organization string
	Email        string
}

// claims are what a token says.
type claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	Room      string `json:"room"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	ID        string `json:"jti"`
	Context   struct {
		User user `json:"user"`
	} `json:"context"`
}

// user is the person as the platform shows them. There is no affiliation: that is a role to
// some platforms, and people choose what their organizations are called.
type user struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organization string `json:"organization,omitempty"`
	Email        string `json:"email,omitempty"`
}

// Token signs a token for a person, and says when it ends.
func (k *Keys) Token(ctx context.Context, of api.JoinToken, p Person) (token string, expires time.Time, err error) {
	signs, err := k.signing(ctx)
	if err != nil {
		return "", expires, err
	}
	now := k.Now()
	expires = now.Add(TokenLife).Truncate(time.Second)
	// The same person is another one in each meeting.
	person := hex.EncodeToString(k.Key.MAC("join-subject", []byte(p.Meeting), []byte(p.AccountID))[:16])
	id := make([]byte, 16)
	rand.Read(id) // crypto/rand never fails
	c := claims{
		Issuer: k.Address(), Audience: of.Audience, Subject: of.Subject, Room: of.Room,
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: expires.Unix(), ID: hex.EncodeToString(id),
	}
	if c.Subject == "" {
		c.Subject = person
	}
	c.Context.User = user{ID: person, Name: p.Name, Organization: p.Organization}
	if of.Email {
		c.Context.User.Email = p.Email
	}
	token, err = sign(signs, c)
	return token, expires, err
}

// sign is JWS compact serialization (RFC 7515, 3.1).
func sign(with *key, c claims) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": algorithm, "typ": "JWT", "kid": with.id})
	if err != nil {
		return "", fmt.Errorf("joining: write a token: %w", err)
	}
	body, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("joining: write a token: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, with.private, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("joining: sign a token: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// With puts a token into the address of a platform.
func With(address, token string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("joining: the platform's address: %w", err)
	}
	query := u.Query()
	query.Set(parameter, token)
	u.RawQuery = query.Encode()
	return u.String(), nil
}
