package inventory

import "testing"

func TestBrokenTouches(t *testing.T) {
	for _, line := range []string{
		"s3 A", "s3 A AWS::S3::Bucket", "s3 A Bucket requestParameters.a", "s3 A AWS::S3::Bucket a", "s3 A AWS::S3::Bucket userIdentity.arn",
		"s3 A AWS::S3::Bucket requestParameters.a@first", "s3 A AWS::S3::Bucket requestParameters.a+x",
	} {
		if got, err := parseTouches(line); err == nil {
			t.Errorf("%s: got %v", line, got)
		}
	}
}
