package iam

import (
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/fault"
)

// written is a policy as the API gives it: percent-encoded as RFC 3986 says, unless it is plain already.
func written(document *string) (string, error) {
	plain := aws.ToString(document)
	if strings.HasPrefix(strings.TrimSpace(plain), "{") {
		return plain, nil
	}
	plain, err := url.PathUnescape(plain)
	return plain, fault.Wrap(fault.Unavailable, err, "a policy that is not encoded as IAM encodes")
}
