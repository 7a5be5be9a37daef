package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookAtCertificate is the least time between two looks at the certificate's files.
const lookAtCertificate = 5 * time.Second

// certificate is the service's, read again when its files have changed: a renewal
// needs no restart. Files that cannot be used (one of them is written, the other is
// not yet) leave the certificate of before in use.
type certificate struct {
	cert, key string // files
	log       *slog.Logger
	every     time.Duration

	mu      sync.Mutex
	now     *tls.Certificate
	stamp   string // of the files as they were last read
	looked  time.Time
	failing bool
}

func loadCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log, every: lookAtCertificate}
	stamp, err := c.files()
	if err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("the certificate: %w", err)
	}
	c.now, c.stamp = &pair, stamp
	return c, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil }}
}

// current gives the certificate, after a look at the files now and then.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < c.every {
		return c.now
	}
	c.looked = time.Now()
	stamp, err := c.files()
	if err == nil && stamp == c.stamp {
		return c.now
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.now, c.stamp = &pair, stamp
			c.log.Info("the certificate was read again", slog.Time("expires", pair.Leaf.NotAfter))
		}
	}
	if err != nil && !c.failing {
		c.log.Error("the certificate's files have changed and cannot be used; the one of before stays in use", slog.Any("error", err))
	}
	c.failing = err != nil
	return c.now
}

// files is what the files are known by: when they were written, and their sizes.
func (c *certificate) files() (stamp string, err error) {
	for _, path := range []string{c.cert, c.key} {
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		stamp += fmt.Sprintf("%d %d\n", info.ModTime().UnixNano(), info.Size())
	}
	return stamp, nil
}

// expires is when the certificate in use does.
func (c *certificate) expires() time.Time { return c.current().Leaf.NotAfter }
