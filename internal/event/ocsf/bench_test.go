package ocsf_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/event/ocsf"
	"jobzero/internal/source/cloudtrail"
)

// record is a record of usual size, made up.
const record = `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:eve","arn":"arn:aws:sts::444455556666:assumed-role/ops/eve",` +
	`"accountId":"444455556666","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::444455556666:role/ops",` +
	`"accountId":"444455556666","userName":"ops"},"attributes":{"creationDate":"2026-03-04T05:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-03-04T05:06:07Z",` +
	`"eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2",` +
	`"requestParameters":{"bucketName":"shop","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::shop/*"}]}},` +
	`"responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":212},"requestID":"3E57","eventID":"e-1",` +
	`"readOnly":false,"resources":[{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::shop"}],"eventType":"AwsApiCall","managementEvent":true,` +
	`"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"shop.s3.eu-central-1.amazonaws.com"}}`

func BenchmarkOf(b *testing.B) {
	e, err := cloudtrail.Parse([]byte(record), event.Origin{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(record)))
	b.ReportAllocs()
	var buf bytes.Buffer
	out := json.NewEncoder(&buf)
	out.SetEscapeHTML(false)
	for b.Loop() {
		buf.Reset()
		if err := out.Encode(ocsf.Of(e)); err != nil {
			b.Fatal(err)
		}
	}
}
