package subscription

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/fault"
	"jobzero/internal/notify/webhook"
	"jobzero/internal/telemetry"
)

// State is whether a subscription is told.
type State string

// The states. A removed one stays as a row, so that nobody can make it not have been.
const (
	Live    State = "live"
	Off     State = "off" // it failed for too long
	Removed State = "removed"
)

// Subscription is one address that is told of changes. It holds no secret but the address, which often is one: show Shown to people.
type Subscription struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Kinds   []string  `json:"kinds,omitempty"` // empty: all of Kinds
	By      string    `json:"by"`
	Made    time.Time `json:"made"`
	State   State     `json:"state"`
	Why     string    `json:"why,omitempty"`
	Secret  int       `json:"secret"`           // how often a new secret was made; the secret itself follows from the key of the settings
	Rotated time.Time `json:"rotated,omitzero"` // when the secret before was made the former one
	Version int64     `json:"version"`
}

// Place is how far a subscription was told.
type Place struct {
	Seq     int64     `json:"seq"`              // of the last link of the chain that it has had
	Taken   time.Time `json:"taken,omitzero"`   // when it took something last
	Failing time.Time `json:"failing,omitzero"` // since when it takes nothing
	Tries   int       `json:"tries,omitempty"`
	Next    time.Time `json:"next,omitzero"` // not tried again before
	Error   string    `json:"error,omitempty"`
}

// Kinds are what one can be told of: rows of the chain, by the names that /api/v1/events has for them. What is left out is nobody's business: who wrote
// what, and what is remembered of verdicts.
func Kinds() []string {
	return []string{"brake", "canary", "delivery", "effect", "glass", "handoff", "oncall_change", "page", "page_call", "report", "run", "ticket"}
}

// Wants reports whether it is told of a kind.
func (s Subscription) Wants(kind string) bool {
	all := s.Kinds
	if len(all) == 0 {
		all = Kinds()
	}
	return slices.Contains(all, kind)
}

const (
	most    = 50 // subscriptions that there may be
	mostURL = 2 << 10
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// check says what is wrong with a new one.
func (s Subscription) check(c Config) error {
	if !nameForm.MatchString(s.Name) {
		return fault.New(fault.Invalid, "name: %q: want small letters, digits and hyphens", s.Name)
	}
	if len(s.URL) > mostURL {
		return fault.New(fault.Invalid, "url: %d bytes, more than %d", len(s.URL), mostURL)
	}
	for i, k := range s.Kinds {
		if !slices.Contains(Kinds(), k) || slices.Contains(s.Kinds[:i], k) {
			return fault.New(fault.Invalid, "kinds: %q is none, or is there twice: want some of %s", k, strings.Join(Kinds(), ", "))
		}
	}
	if err := s.hook(c, s.Made).Validate(); err != nil {
		return fault.Wrap(fault.Invalid, err, "webhook %s", s.Name)
	}
	return nil
}

// hook is the address with the secrets that are valid now.
func (s Subscription) hook(c Config, now time.Time) webhook.Config {
	w := webhook.Config{Name: s.Name, URL: telemetry.Secret(s.URL), Secret: c.secret(s.ID, s.Secret), Private: c.Private}
	if s.Secret > 0 && now.Before(s.Rotated.Add(c.Overlap)) {
		w.Former = c.secret(s.ID, s.Secret-1)
	}
	return w
}

// Shown is a subscription as people may see it.
type Shown struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Host    string    `json:"host"` // of the address: the rest of it is often a secret
	Kinds   []string  `json:"kinds"`
	By      string    `json:"by"`
	Made    time.Time `json:"made"`
	State   State     `json:"state"`
	Why     string    `json:"why,omitempty"`
	Former  time.Time `json:"former_until,omitzero"` // until when the secret of before is signed with too
	Behind  int64     `json:"behind"`                // links of the chain that it has not been told of
	Taken   time.Time `json:"taken,omitzero"`
	Failing time.Time `json:"failing_since,omitzero"`
	Tries   int       `json:"tries,omitempty"`
	Next    time.Time `json:"next,omitzero"`
	Error   string    `json:"error,omitempty"`
}

func (s Subscription) shown(c Config, p Place, last int64, now time.Time) Shown {
	out := Shown{
		ID: s.ID, Name: s.Name, Kinds: s.Kinds, By: s.By, Made: s.Made, State: s.State, Why: s.Why, Behind: last - p.Seq, Taken: p.Taken,
		Failing: p.Failing, Tries: p.Tries, Next: p.Next, Error: p.Error,
	}
	if u, err := url.Parse(s.URL); err == nil {
		out.Host = u.Host
	}
	if len(out.Kinds) == 0 {
		out.Kinds = Kinds()
	}
	if until := s.Rotated.Add(c.Overlap); s.Secret > 0 && now.Before(until) {
		out.Former = until
	}
	return out
}
