package coverage

import (
	"fmt"
	"strings"
	"time"

	"jobzero/internal/event"
)

// Heard is a kind of record that came from an account by one way.
type Heard struct {
	Account string    `json:"account"`
	Way     Way       `json:"way"`
	Log     event.Log `json:"log,omitempty"`
	Class   Class     `json:"class"`
	Service string    `json:"service,omitempty"`
	First   time.Time `json:"first"` // when it was heard, not when it happened
	Last    time.Time `json:"last"`
}

// Way is how records come.
type Way string

// The ways, as event.Origin names them.
const (
	Live   Way = "eventbridge" // within seconds
	Stored Way = "s3"          // within minutes
)

// Sight is how a rule sees an account.
type Sight string

// The sights.
const (
	SeesLive Sight = "live"  // what it needs comes by EventBridge
	SeesLate Sight = "late"  // what it needs comes by S3 alone
	Blind    Sight = "blind" // nothing that it needs has come
)

// Answer is how one rule sees one account, and why.
type Answer struct {
	Account string `json:"account"`
	Sight   Sight  `json:"sight"`
	Why     string `json:"why,omitempty"`
}

// Judge says how a rule with some needs sees an account by what was heard of it since a time. Nothing heard is blind: silence is
// never taken for quiet.
func Judge(needs []Need, account string, heard []Heard, since time.Time) Answer {
	a := Answer{Account: account, Sight: Blind}
	var newest time.Time
	stored, any := false, false
	for _, h := range heard {
		if h.Account != account {
			continue
		}
		any = true
		for _, n := range needs {
			if h.Log != n.Log || h.Class != n.Class || h.Service != n.Service {
				continue
			}
			if h.Last.Before(since) {
				if h.Last.After(newest) {
					newest = h.Last
				}
				continue
			}
			if h.Way == Live {
				return Answer{Account: account, Sight: SeesLive}
			}
			stored = true
		}
	}
	switch {
	case stored:
		a.Sight, a.Why = SeesLate, fmt.Sprintf("%s come by S3 alone", words(needs))
	case !newest.IsZero():
		a.Why = fmt.Sprintf("the last of %s came at %s", words(needs), newest.UTC().Format(time.RFC3339))
	case !any:
		a.Why = "nothing was ever heard from this account"
	default:
		a.Why = fmt.Sprintf("%s were never heard from this account", words(needs))
	}
	return a
}

func words(needs []Need) string {
	texts := make([]string, len(needs))
	for i, n := range needs {
		texts[i] = n.String()
	}
	return strings.Join(texts, " or ")
}
