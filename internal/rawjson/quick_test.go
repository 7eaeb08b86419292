package rawjson

import (
	"bytes"
	"testing"
)

// FuzzQuick: what the quick reader takes, the careful one takes with the same members; and what it takes ends where it says.
func FuzzQuick(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e3,"\u0041",null,true,{}],"b":{"c":[[],[{"d":false}]]}},`, `{"a":1}]}`, `{"a":"\ud800"}     `, `{"":0,"":null}    `,
		`{"a":1E5,"b":00}   `, `{}      `, `{"a":{"b":"\\\"x"},"c\n":"é"}      `, `{"a":nulk}     `, "{\"a\":\"\x01\"}      ", `{"a":[}]      `,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		type member struct{ name, value string }
		var quick, careful []member
		var q Quick
		q.Reset(in)
		end := q.Object(0, func(name []byte, at int) int {
			end := q.Value(at)
			if end > 0 {
				quick = append(quick, member{unquote(in[at-len(name)-3 : at-1]), string(in[at:end])})
			}
			return end
		})
		if end < 0 {
			return
		}
		err := Object(in[:end], func(name []byte, v Value) error {
			careful = append(careful, member{string(name), string(v)})
			return nil
		})
		if err != nil {
			t.Fatalf("the careful reader says %v: %q", err, in[:end])
		}
		if len(quick) != len(careful) {
			t.Fatalf("%d members, want %d: %q", len(quick), len(careful), in[:end])
		}
		for i := range quick {
			if quick[i] != careful[i] {
				t.Fatalf("member %d is %q, want %q", i, quick[i], careful[i])
			}
		}
	})
}

// The quick reader must take what AWS writes, or it is quick for nothing.
func TestQuickTakesCompactRecords(t *testing.T) {
	record := []byte(`{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},` +
		`"requestParameters":{"policy":"{\"Version\":\"2012-10-17\"}","items":[{"id":1},{"id":-2.5e3}],"none":null,"empty":{},"list":[]},` +
		`"responseElements":null,"readOnly":true,"managementEvent":false}`)
	names := ""
	var q Quick
	q.Reset(record)
	end := q.Object(0, func(name []byte, at int) int { names += string(name) + " "; return q.Value(at) })
	if end != len(record) || names != "eventVersion userIdentity requestParameters responseElements readOnly managementEvent " {
		t.Errorf("ends at %d of %d: %s", end, len(record), names)
	}
	for _, cut := range []int{1, 10, len(record) / 2, len(record) - 1} {
		q.Reset(record[:cut])
		if q.Object(0, func(_ []byte, at int) int { return q.Value(at) }) >= 0 {
			t.Errorf("a record cut at %d was taken", cut)
		}
	}
	deep := bytes.Repeat([]byte("["), quickDepth+1)
	deep = append([]byte(`{"a":`), deep...)
	q.Reset(deep)
	if q.Object(0, func(_ []byte, at int) int { return q.Value(at) }) >= 0 {
		t.Error("brackets that nest too deep were taken")
	}
}

func BenchmarkQuickObject(b *testing.B) {
	record := []byte(`{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLEEXAMPLE:session","arn":"arn:aws:sts::111122223333:assumed-role/deploy/session","accountId":"111122223333","accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLEEXAMPLE","arn":"arn:aws:iam::111122223333:role/deploy","accountId":"111122223333","userName":"deploy"},"attributes":{"creationDate":"2026-11-21T08:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-11-21T09:00:00Z","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-sdk-go-v2/1.30.0 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.170.0","requestParameters":{"maxResults":100,"instancesSet":{"items":[{"instanceId":"i-0123456789abcdef0"}]},"filterSet":{}},"responseElements":null,"requestID":"8c1d9e02-5b7a-4f36-8d44-0e9a7b6c5d02","eventID":"3f0c5b7e-2a64-4d0b-9a3f-6f1d2c8e4b01","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"ec2.eu-central-1.amazonaws.com"}}`)
	b.SetBytes(int64(len(record)))
	n := 0
	var q Quick
	for b.Loop() {
		q.Reset(record)
		q.Object(0, func(_ []byte, at int) int { n++; return q.Value(at) })
	}
}
