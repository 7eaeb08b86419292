package role

import (
	"strings"
	"testing"
)

// FuzzSections: an ARN has six parts, which together are the ARN, whatever CloudFormation has to fill in.
func FuzzSections(f *testing.F) {
	f.Add("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/a:b")
	f.Add("arn:aws:s3:::bucket/*")
	f.Add("*")
	f.Fuzz(func(t *testing.T, arn string) {
		part := sections(arn)
		if len(part) != 6 || strings.TrimRight(strings.Join(part, ":"), ":") != strings.TrimRight(arn, ":") && !strings.Contains(arn, "\x00") {
			t.Errorf("%q: %q", arn, part)
		}
	})
}
