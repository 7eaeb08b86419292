package intel

import (
	"time"

	"jobzero/internal/finding"
)

// Kind is what an indicator names.
type Kind uint8

// The kinds.
const (
	Nothing Kind = iota
	Address      // an IP address or a range of them
	Domain       // a name and all below it
	URL
	Hash      // of a file: MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal
	Email     // an address of a person
	UserAgent // all of it
	AccessKey // an access key ID of AWS
	Account   // an AWS account, twelve digits
	User      // a name of a user
	ASN       // an autonomous system; no log that is read here names one
	kinds
)

var kindWords = [kinds]string{"nothing", "address", "domain", "url", "hash", "email", "user-agent", "access-key", "account", "user", "asn"}

// String is the kind in one word.
func (k Kind) String() string { return kindWords[k] }

// Indicator is one thing that is known to be bad.
type Indicator struct {
	Kind       Kind
	Value      string // as it is compared; of a pattern of several values the one that it is found by
	ID         string // its own, such as indicator--… of STIX or a UUID of MISP; empty for a line of a list
	Source     string // the file, and who says so where that is told
	Note       string // what it is about
	Confidence int    // 0 to 100; Unsaid when nobody says
	From       time.Time
	Until      time.Time // not at that time any more; zero for ever
	Line       int       // in the file

	test *expr // nil: the value alone
}

// Unsaid is the confidence of an indicator that tells none.
const Unsaid = -1

// Severity is what a match means. The bounds are those of the scale None/Low/Medium/High in appendix A of STIX 2.1; a key that is
// known to be in wrong hands is one step worse than an address, which many may share.
func (i Indicator) Severity() finding.Severity {
	step := 0
	switch c := i.Confidence; {
	case c == 0:
	case c < 0:
		step = 2
	case c < 30:
		step = 1
	case c < 70:
		step = 2
	default:
		step = 3
	}
	if i.Kind == AccessKey {
		step++
	}
	return finding.Severities()[step]
}

// valid reports whether the indicator counts at a time. Of an event without a time it cannot be said that it does not.
func (i Indicator) valid(at time.Time) bool {
	return at.IsZero() || !at.Before(i.From) && (i.Until.IsZero() || at.Before(i.Until))
}
