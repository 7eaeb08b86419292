package subscription

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is how programs of others are told of changes.
type Config struct {
	Key     telemetry.Secret `yaml:"key"`     // that all secrets follow from; empty: a file in data_dir, where the database is there too
	Private bool             `yaml:"private"` // addresses inside may be subscribed too, also without TLS
	Overlap time.Duration    `yaml:"overlap"` // for how long the secret of before is valid after a rotation
	GiveUp  time.Duration    `yaml:"give_up"` // after so long without a post that was taken, no more are made
}

// DefaultConfig is what nobody has to say.
func DefaultConfig() Config { return Config{Overlap: 24 * time.Hour, GiveUp: 72 * time.Hour} }

const (
	leastKey     = 32
	longest      = 31 * 24 * time.Hour
	leastPatient = time.Hour
)

// Validate names the first thing that is wrong, with its key.
func (c Config) Validate() error {
	switch {
	case c.Key != "" && len(c.Key.Reveal()) < leastKey:
		return fault.New(fault.Invalid, "key: is shorter than %d bytes: make one with `openssl rand -base64 32`", leastKey)
	case c.Overlap < 0 || c.Overlap > longest:
		return fault.New(fault.Invalid, "overlap: %s: want up to %s", c.Overlap, longest)
	case c.GiveUp < leastPatient || c.GiveUp > longest:
		return fault.New(fault.Invalid, "give_up: %s: want %s to %s", c.GiveUp, leastPatient, longest)
	}
	return nil
}

// NewKey makes a key for a file.
func NewKey() telemetry.Secret {
	b := make([]byte, leastKey)
	_, _ = rand.Read(b) // never fails, crypto/rand says
	return telemetry.Secret(base64.StdEncoding.EncodeToString(b))
}

// secret is what the posts of a subscription are signed with, in the form of Standard Webhooks. It follows from the key, so that whoever reads
// the database can sign nothing.
func (c Config) secret(id string, number int) telemetry.Secret {
	mac := hmac.New(sha256.New, []byte(c.Key.Reveal()))
	_, _ = fmt.Fprintf(mac, "jobzero subscription %s %d", id, number) // a hash takes everything
	return telemetry.Secret("whsec_" + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}
