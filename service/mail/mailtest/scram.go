package mailtest

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/emersion/go-smtp"
)

// scram is the server's part of SCRAM-SHA-256 (RFC 5802, RFC 7677).
type scram struct {
	user, password string
	done           func()

	first, challenge, nonce string
	salt                    []byte
	finished                bool
}

const iterations = 4096

func (s *scram) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case s.finished:
		return nil, true, nil
	case s.challenge != "":
		return s.final(string(response))
	case len(response) == 0: // the client speaks first, in a line of its own
		return nil, false, nil
	}
	first, ok := strings.CutPrefix(string(response), "n,,")
	user, nonce, also := strings.Cut(strings.TrimPrefix(first, "n="), ",r=")
	if !ok || !also {
		return nil, false, errScram
	}
	if user != s.user {
		return nil, false, smtp.ErrAuthFailed
	}
	s.first, s.nonce, s.salt = first, nonce+rand.Text(), []byte(rand.Text())
	s.challenge = fmt.Sprintf("r=%s,s=%s,i=%d", s.nonce, base64.StdEncoding.EncodeToString(s.salt), iterations)
	return []byte(s.challenge), false, nil
}

func (s *scram) final(response string) (challenge []byte, done bool, err error) {
	bare, proof, ok := strings.Cut(response, ",p=")
	if !ok || bare != "c=biws,r="+s.nonce {
		return nil, false, errScram
	}
	given, err := base64.StdEncoding.DecodeString(proof)
	if err != nil {
		return nil, false, errScram
	}
	salted, err := pbkdf2.Key(sha256.New, s.password, s.salt, iterations, sha256.Size)
	if err != nil {
		return nil, false, err
	}
	message := []byte(s.first + "," + s.challenge + "," + bare)
	client := mac(salted, []byte("Client Key"))
	stored := sha256.Sum256(client)
	want := make([]byte, sha256.Size)
	subtle.XORBytes(want, client, mac(stored[:], message))
	if !bytes.Equal(want, given) {
		return nil, false, smtp.ErrAuthFailed
	}
	s.done()
	s.finished = true
	signature := mac(mac(salted, []byte("Server Key")), message)
	return []byte("v=" + base64.StdEncoding.EncodeToString(signature)), false, nil
}

func mac(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}
