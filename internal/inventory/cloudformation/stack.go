package cloudformation

import "github.com/aws/aws-sdk-go-v2/service/cloudformation"

var _ = cloudformation.New
