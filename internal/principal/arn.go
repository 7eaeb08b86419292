package principal

import (
	"strings"

	"jobzero/internal/fault"
)

// ARN is an Amazon Resource Name in its six parts. Resource keeps its own colons and slashes.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN reads arn:partition:service:region:account:resource.
func ParseARN(s string) (ARN, error) {
	p := strings.SplitN(s, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[1] == "" || p[2] == "" || p[5] == "" {
		return ARN{}, fault.New(fault.Invalid, "ARN %q: want arn:partition:service:region:account:resource", s)
	}
	return ARN{Partition: p[1], Service: p[2], Region: p[3], Account: p[4], Resource: p[5]}, nil
}

// String writes the ARN as ParseARN reads it.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// IsAccount reports whether s is a twelve-digit account number.
func IsAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
