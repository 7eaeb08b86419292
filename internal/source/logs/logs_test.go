package logs_test

import (
	"strings"
	"testing"

	"jobzero/internal/event"
	"jobzero/internal/fault"
	"jobzero/internal/source/line"
	"jobzero/internal/source/logs"
)

const (
	trail = `{"eventTime":"2026-03-02T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","eventID":"e-1","recipientAccountId":"111122223333"}`
	audit = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a-1","verb":"get","requestReceivedTimestamp":"2026-03-02T09:00:00.123456Z"}`
	flow  = "2 111122223333 eni-0a1b2c3d4e5f60718 203.0.113.9 10.0.0.5 49152 3389 6 20 4249 1772442000 1772442060 ACCEPT OK"
)

// TestAmong: of several logs an entry is the one that it looks like, lines follow their header, and nothing is guessed.
func TestAmong(t *testing.T) {
	all := []event.Log{event.CloudTrail, event.VPCFlow, event.EKSAudit}
	read := logs.Options{}.Among(all)
	for i, c := range []struct {
		text string
		want string
	}{
		{"hello", "an entry of none of the logs"},
		{trail, "aws/cloudtrail"},
		{audit, "aws/eks"},
		{"version account-id start", ""},
		{"5 111122223333 1772442000", "aws/vpcflow"},
		{`{"query_name":"a"}`, "not a CloudTrail record"},
	} {
		e, err := read([]byte(c.text), event.Origin{})
		switch {
		case err != nil && !strings.Contains(err.Error(), strings.TrimPrefix(c.want, "not a ")):
			t.Errorf("%d: %v", i, err)
		case err == nil && c.want == "" && e != nil:
			t.Errorf("%d: a header is an event", i)
		case err == nil && c.want != "" && e.Log.String() != c.want:
			t.Errorf("%d: %s", i, e.Log)
		}
	}
	one := logs.Options{}.Among([]event.Log{event.VPCFlow})
	if e, err := one([]byte(flow), event.Origin{}); err != nil || e.Log != event.VPCFlow {
		t.Errorf("%v %v", e, err)
	}
}

func TestOpen(t *testing.T) {
	for _, log := range []event.Log{
		event.CloudTrail, event.VPCFlow, event.Resolver, event.S3Access, event.WAF, event.LoadBalancer, event.CloudFront, event.APIGateway, event.EKSAudit,
	} {
		if r, err := (logs.Options{}).Open(log, line.Place{}); err != nil || r == nil {
			t.Errorf("%s: %v", log, err)
		}
	}
	if _, err := (logs.Options{}).Open("aws/moon", line.Place{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a log that there is not: %v", err)
	}
}
