package block

import (
	"strings"

	"jobzero/internal/fault"
)

// longestName is how long a name may be, and longestPart a part of it (RFC 1035, 2.3.4).
const (
	longestName = 253
	longestPart = 63
)

// Name reads a name of the DNS that is to be kept out, and gives it in small letters without the dot behind it. Refused says why it must
// not be: it is a whole top-level domain, or AWS's own, without which nothing here works.
func Name(text string) (name, refused string, err error) {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), "."))
	parts := strings.Split(name, ".")
	for _, p := range parts {
		if p == "" || len(p) > longestPart || len(name) > longestName || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || p[0] == '-' || p[len(p)-1] == '-' {
			return "", "", fault.New(fault.Invalid, "domain is %q, want a name such as bad.example.com, in the form of the DNS", text)
		}
	}
	if len(parts) < 2 {
		return name, name + " is a whole top-level domain", nil
	}
	for _, own := range []string{"amazonaws.com", "amazonaws.com.cn", "aws.amazon.com", "amazon.com", "aws", "amazonaws.eu"} {
		if name == own || strings.HasSuffix(name, "."+own) && !strings.HasSuffix(name, ".s3."+own) {
			return name, name + " is AWS's own: machines could not reach its services", nil
		}
	}
	return name, "", nil
}
