package inflate

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// trail is JSON as CloudTrail delivers it, of at least this many bytes: few callers and programs, many calls, ids that are new each
// time. It packs about 9 to 1, as the real thing does. The same seed makes the same bytes.
func trail(size int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	hex := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0123456789abcdef"[r.IntN(16)]
		}
		return string(b)
	}
	id := func() string { return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12) }
	upper := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[r.IntN(32)]
		}
		return string(b)
	}
	callers := make([]string, 12)
	for i := range callers {
		role, account, unique := fmt.Sprintf("service-%d-role", i), 111122223333+int64(i%3), upper(16)
		callers[i] = fmt.Sprintf(`{"type":"AssumedRole","principalId":"AROA%s:i-0%s","arn":"arn:aws:sts::%d:assumed-role/%s/i-0a","accountId":"%d",`+
			`"accessKeyId":"ASIA","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA%s","arn":"arn:aws:iam::%d:role/%s",`+
			`"accountId":"%d","userName":"%s"},"attributes":{"creationDate":"2024-05-06T07:%02d:00Z","mfaAuthenticated":"false"}}}`,
			unique, hex(16), account, role, account, unique, account, role, account, role, i)
	}
	calls := []string{"sts GetCallerIdentity", "s3 GetBucketAcl", "ec2 DescribeInstances", "iam ListRoles", "kms Decrypt", "s3 PutObject", "logs CreateLogStream"}
	agents := []string{
		"aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/sts#1.30.3", "Boto3/1.34.2 md/Botocore#1.34.2 ua/2.0",
		"APN/1.0 HashiCorp/1.0 Terraform/1.8.2 (+https://www.terraform.io) terraform-provider-aws/5.48.0",
	}
	out := []byte(`{"Records":[`)
	for i := 0; len(out) < size; i++ {
		var service, name string
		_, _ = fmt.Sscan(calls[r.IntN(len(calls))], &service, &name)
		parameters := "null"
		if r.IntN(5) < 2 {
			parameters = fmt.Sprintf(`{"bucketName":"lake-%d","key":"year=2024/part-%s.parquet","x-amz-id-2":"%s"}`, r.IntN(5), hex(32), upper(76))
		} else if r.IntN(2) == 0 {
			parameters = fmt.Sprintf(`{"roleArn":"arn:aws:iam::111122223333:role/worker-%d","roleSessionName":"%s","durationSeconds":3600}`, r.IntN(9), hex(20))
		}
		caller := callers[r.IntN(len(callers))]
		if r.IntN(2) == 0 {
			caller = strings.Replace(caller, "ASIA", "ASIA"+upper(16), 1) // another session
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, `{"eventVersion":"1.09","userIdentity":%s,"eventTime":"2024-05-06T07:%02d:%02dZ","eventSource":"%s.amazonaws.com","eventName":"%s",`+
			`"awsRegion":"eu-central-1","sourceIPAddress":"10.0.%d.%d","userAgent":"%s","requestParameters":%s,"responseElements":null,`+
			`"requestID":"%s","eventID":"%s","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333",`+
			`"eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"%s.eu-central-1.amazonaws.com"}}`,
			caller, i/60%60, i%60, service, name, r.IntN(4), r.IntN(256), agents[r.IntN(len(agents))], parameters, id(), id(), service)
	}
	return append(out, "]}"...)
}

// pack makes a gzip member with the standard library.
func pack(tb testing.TB, content []byte, level int) []byte {
	tb.Helper()
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, level)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return z.Bytes()
}

// library is what the standard library makes of src, of which it writes at most limit bytes and one.
func library(src []byte, limit int) ([]byte, error) {
	if err := standard.Reset(bytes.NewReader(src)); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(&standard, int64(limit)+1))
}

var standard gzip.Reader // one for all tests, which run one after the other: a new one takes 40 KB

func TestTrailPacksAsTheRealOnesDo(t *testing.T) {
	content := trail(500_000, 1)
	if ratio := float64(len(content)) / float64(len(pack(t, content, 6))); ratio < 8 || ratio > 10.5 {
		t.Errorf("it packs %.1f to 1, want about 9", ratio)
	}
}
