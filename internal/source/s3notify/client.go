package s3notify

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Client is S3 itself as the API, with the credentials of the configuration.
func Client(cfg aws.Config) API { return s3.NewFromConfig(cfg) }
