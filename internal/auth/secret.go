package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// secretBytes of randomness are in everything that opens a door: nobody guesses 256 bits, so that a plain hash of them keeps them.
const secretBytes = 32

func newSecret() telemetry.Secret {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails, crypto/rand says
	return telemetry.Secret(base64.RawURLEncoding.EncodeToString(b))
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func same(hashed, secret string) bool {
	return subtle.ConstantTimeCompare([]byte(hashed), []byte(hash(secret))) == 1
}

// tokenMark begins every service token, so that scanners of secrets find one that was left somewhere.
const tokenMark = "jobzero_"

// NewToken makes a service token: what is kept, and what is shown once.
func NewToken(t Token, id string, now time.Time) (Token, telemetry.Secret, error) {
	if err := t.check(now); err != nil {
		return Token{}, "", err
	}
	secret := newSecret()
	t.ID, t.Made, t.Hash = strings.ToLower(id), now, hash(secret.Reveal())
	return t, tokenMark + telemetry.Secret(t.ID) + "_" + secret, nil
}

// longestToken is how long a token may last.
const longestToken = 366 * 24 * time.Hour

func (t Token) check(now time.Time) error {
	switch lasts := t.Ends.Sub(now); {
	case !plainName(t.Name):
		return fault.New(fault.Invalid, "a token's name is 1 to 64 letters, digits, dots and dashes, not %q", t.Name)
	case len(t.Scopes) == 0:
		return fault.New(fault.Invalid, "a token without scopes opens nothing: name some of %s", words(Scopes()))
	case lasts < time.Minute || lasts > longestToken:
		return fault.New(fault.Invalid, "a token lasts from 1m to %dd", longestToken/24/time.Hour)
	}
	for _, s := range t.Scopes {
		if _, ok := scope(s); !ok {
			return fault.New(fault.Invalid, "%q is no scope: name some of %s", s, words(Scopes()))
		}
	}
	return nil
}

// Scopes are the verbs that a token may have: all but approving, which is for people.
func Scopes() []Verb {
	var out []Verb
	for _, v := range Verbs() {
		if v != Approve {
			out = append(out, v)
		}
	}
	return out
}

func scope(v Verb) (Verb, bool) {
	for _, s := range Scopes() {
		if s == v {
			return s, true
		}
	}
	return "", false
}

func plainName(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == ""
}

// parseToken takes a token apart.
func parseToken(text string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(text, tokenMark)
	if !ok {
		return "", "", false
	}
	id, secret, ok = strings.Cut(rest, "_")
	return id, secret, ok && id != "" && len(id) <= 64 && secret != "" && len(secret) <= 128
}

// LinkTime is how long a one-time link opens the door.
const LinkTime = 15 * time.Minute

// LinkRoles are the roles that a link can give: all but that of a team, which org.yaml gives.
func LinkRoles() []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return r == OwnerOfTeam })
}

// NewLink makes a one-time link: what is kept, and the path below the door's address that opens it once.
func NewLink(name string, roles []Role, now time.Time) (Link, telemetry.Secret, error) {
	if !plainName(name) {
		return Link{}, "", fault.New(fault.Invalid, "a name is 1 to 64 letters, digits, dots and dashes, not %q", name)
	}
	for _, r := range roles {
		if !slices.Contains(LinkRoles(), r) {
			return Link{}, "", fault.New(fault.Invalid, "%q is no role that a link can give: want some of %s", r, words(LinkRoles()))
		}
	}
	secret := newSecret()
	return Link{Hash: hash(secret.Reveal()), Name: name, Roles: roles, Ends: now.Add(LinkTime)}, telemetry.Secret(LinkPath) + secret, nil
}
