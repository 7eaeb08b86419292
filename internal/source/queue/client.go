package queue

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Client is SQS itself as the API, with the credentials of the configuration.
func Client(cfg aws.Config) API { return sqs.NewFromConfig(cfg) }
