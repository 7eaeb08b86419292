package world

import (
	"crypto/rand"
	"fmt"
	"time"
)

// Call is what a CloudTrail record says about one call.
type Call struct {
	Account  string
	Service  string // such as s3
	Name     string
	User     string // IAM user that called
	Key      string // access key that signed
	Agent    string
	Source   string
	Request  map[string]any
	Response map[string]any
	Read     bool
	At       time.Time
}

// Record is the call in the form of a CloudTrail record.
func (c Call) Record() map[string]any {
	if c.At.IsZero() {
		c.At = time.Now()
	}
	if c.Source == "" {
		c.Source = "198.51.100.23"
	}
	if c.Agent == "" {
		c.Agent = "aws-cli/2.17.0 md/Botocore#2.17.0"
	}
	return map[string]any{
		"eventVersion": "1.09",
		"userIdentity": map[string]any{
			"type": "IAMUser", "principalId": "AIDA" + c.User, "arn": "arn:aws:iam::" + c.Account + ":user/" + c.User,
			"accountId": c.Account, "accessKeyId": c.Key, "userName": c.User,
		},
		"eventTime":   c.At.UTC().Format(time.RFC3339),
		"eventSource": c.Service + ".amazonaws.com", "eventName": c.Name, "awsRegion": Region,
		"sourceIPAddress": c.Source, "userAgent": c.Agent,
		"requestParameters": orNil(c.Request), "responseElements": orNil(c.Response),
		"requestID": unique(), "eventID": unique(), "readOnly": c.Read, "eventType": "AwsApiCall",
		"managementEvent": true, "recipientAccountId": c.Account, "eventCategory": "Management",
	}
}

func orNil(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}

func unique() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
