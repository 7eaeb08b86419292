package baseline

import (
	"slices"
	"strings"

	"jobzero/internal/fault"
)

// Kind is a way in which an event can be unusual.
type Kind int

// The kinds. The first ones are the traits of an event, in whose order sets of values are kept: new ones go to the end.
const (
	API      Kind = iota // a call that the principal does not make
	Service              // a service that it does not use
	Region               // a region in which it is not active
	Network              // a network from which it does not come
	Agent                // a client that it does not use
	Key                  // a long-term access key that it did not use
	Account              // an account in which it does nothing
	Reads                // more reading calls than usual at that hour
	Writes               // more changing calls than usual at that hour
	Errors               // more errors among its calls than usual
	Calls                // more different calls in an hour than usual
	Regions              // more regions in an hour than usual
	Things               // more different things touched in an hour than usual
	Travel               // in two places at once
	Dormant              // a key or principal that was out of use
	Instance             // an instance's credential used elsewhere
	Newcomer             // a principal that nobody has seen before
	Silence              // a log that stopped; it is of no principal
	kinds
)

// traits is how many kinds are about a value.
const traits = int(Account) + 1

// judged is how many kinds are about a principal's hours.
const judged = int(Silence)

var kindNames = [kinds]string{
	"api", "service", "region", "network", "agent", "key", "account", "reads", "writes", "errors", "calls", "regions",
	"things", "travel", "dormant", "instance", "newcomer", "silence",
}

// String is the kind in one word.
func (k Kind) String() string { return kindNames[k] }

// MarshalText is the kind in one word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// ParseKind is the kind of a word. An error is fault.Invalid.
func ParseKind(word string) (Kind, error) {
	if i := slices.Index(kindNames[:], word); i >= 0 {
		return Kind(i), nil
	}
	return 0, fault.New(fault.Invalid, "%q is no kind of baseline: use %s", word, strings.Join(kindNames[:], ", "))
}

// Kinds are the words for all kinds.
func Kinds() []string { return kindNames[:] }

// mostValues is how many values of each trait a principal has; the one unseen longest makes room.
var mostValues = [traits]int{256, 96, 40, 64, 24, 16, 64}

// nouns are what values of a trait are called.
var nouns = [traits]string{"call", "service", "region", "network", "client", "access key", "account"}
